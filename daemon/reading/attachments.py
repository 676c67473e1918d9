"""Files that come with a mail: tables and trees are read like dropped ones, archives and forwarded mails opened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from msgspec.structs import replace

from daemon.domain.arrival import Arrival, ArrivalKind, Envelope
from daemon.domain.document import Attachment, Automatic, Document, Mail, Unreadable
from daemon.domain.finding import Doubt, Finding, Reading, StockRow
from daemon.domain.identifiers import ArrivalId
from daemon.domain.snapshot import Context
from daemon.reading.mails.contents import File
from daemon.reading.mails.mail import open_mail
from daemon.reading.mails.structured import parcel_findings
from daemon.reading.mails.writing_day import writing_day
from daemon.reading.passed_on import as_link, counting, names_another, placed, read_handed_on
from daemon.reading.tables.files import read_file
from daemon.reading.texts.text_findings import text_findings
from daemon.rules.rulebook import Rulebook

FORWARDS_AT_MOST = 3
"""So many mails in one another are opened."""

_READABLE = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xml", ".json")
_READABLE_TYPES = {"text/csv", "application/json", "application/xml", "text/xml"}
_ZIP_TYPES = {"application/zip", "application/x-zip-compressed"}
_LEFT_UNREAD = {"pdf_file", "picture_file"}
"""What may lie beside a table in an archive, and says nothing of it."""


@dataclass(kw_only=True)
class Carried:
    """What the files of a mail are and claim; `read` are the places of those that were understood."""

    documents: list[Document] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    tables: list[Reading] = field(default_factory=list)

    @property
    def table(self) -> Reading | None:
        """The one table that came with the mail, if it says more than what is in stock."""
        only = self.tables[0] if len(self.tables) == 1 else None
        return only if only and not all(isinstance(one, StockRow) for one in only.findings) else None

    def listed(self, attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
        return tuple(replace(one, read=at in self.read) for at, one in enumerate(attachments))


def read_files(
    files: Sequence[File],
    context: Context,
    rulebook: Rulebook,
    received_at: datetime,
    *,
    said: Sequence[Finding] = (),
    depth: int = 0,
) -> Carried:
    """Read what can be read; PDF files, pictures and the like stay unread. `said` is what the sender writes himself."""
    carried = Carried()
    for at, file in enumerate(files):
        before = len(carried.findings)
        if _is_mail(file):
            carried.findings += _forwarded(file, context, rulebook, received_at, said, depth)
            if len(carried.findings) > before:
                carried.read.add(at)
        elif _is_readable(file):
            reading = read_attachment(file, context, rulebook, received_at)
            carried.documents.append(reading.documents[0])
            found = [one for one in reading.findings if not (isinstance(one, Doubt) and one.code in _LEFT_UNREAD)]
            carried.findings += found
            if not isinstance(reading.documents[0], Unreadable):
                carried.read.add(at)
            if reading.rows:
                carried.tables.append(reading)
    return carried


def _is_readable(file: File) -> bool:
    name = file.name.lower()
    if name.endswith(".zip") or file.media_type in _ZIP_TYPES:
        return _holds_readable(file.data)
    return name.endswith(_READABLE) or file.media_type in _READABLE_TYPES


def _holds_readable(data: bytes) -> bool:
    """Whether an archive holds more than pictures and the like; of a broken one its reader says what is wrong.

    What lies in an archive within it nobody has seen: its reader says so.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            return any(name.lower().endswith((*_READABLE, ".zip")) for name in archive.namelist())
    except (BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return True


def _is_mail(file: File) -> bool:
    return file.media_type == "message/rfc822" or file.name.lower().endswith(".eml")


def _forwarded(
    file: File, context: Context, rulebook: Rulebook, received_at: datetime, said: Sequence[Finding], depth: int
) -> list[Finding]:
    """The numbers in a mail that the sender hands on; what its writer says of them are not the sender's words."""
    if depth == FORWARDS_AT_MOST:
        return []
    opened = open_mail(file.data, Envelope(), context)
    if opened.mail.automatic in {Automatic.OURS, Automatic.BOUNCE, Automatic.DELAYED}:
        return []
    stranger, day = replace(context, proven=None), writing_day(opened.mail, received_at, context.timezone)
    values = _of_another(opened.mail, said, stranger, rulebook, day)
    inner = read_files(opened.files, stranger, rulebook, received_at, said=said, depth=depth + 1).findings
    if opened.handed_on:
        inner += read_handed_on((as_link(opened.mail), *opened.handed_on), said, context, rulebook, day)
    return [placed(one, file.name) for one in (*parcel_findings(opened.parcels, rulebook), *values, *inner)]


def _of_another(mail: Mail, said: Sequence[Finding], stranger: Context, rulebook: Rulebook, day: date) -> list[Finding]:
    """What counts in a mail whose writer did not answer one of ours: the mere shape of a number says nothing there."""
    found, _, named = text_findings(mail, stranger, rulebook, day)
    by_carrier = rulebook.carrier_book.named(as_link(mail).sender) is not None
    if by_carrier and names_another(mail, named, stranger):
        return []
    return counting(found, said, by_carrier=by_carrier)


def read_attachment(file: File, context: Context, rulebook: Rulebook, received_at: datetime) -> Reading:
    """What an attachment is and claims. The folder it would lie in is that of the partner who speaks."""
    portions = [_portion(file, context, rulebook, received_at, 0)]
    while (position := portions[-1].next_position) is not None:
        portions.append(_portion(file, context, rulebook, received_at, position))
    one_table = len({one.columns for one in portions}) == 1
    return replace(
        portions[0],
        findings=tuple(placed(one, file.name) for portion in portions for one in portion.findings),
        rows=tuple(row for portion in portions for row in portion.rows) if one_table else (),
        next_position=None,
    )


def _portion(file: File, context: Context, rulebook: Rulebook, received_at: datetime, position: int) -> Reading:
    arrival = Arrival(
        id=ArrivalId(""),
        kind=ArrivalKind.FILE,
        source="",
        name=file.name,
        received_at=received_at,
        party=context.party,
        position=position,
    )
    return read_file(arrival, BytesIO(file.data), context, rulebook)
