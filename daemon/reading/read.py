"""The one door of this room: bytes of an arrival become documents and findings, whatever they are."""

from collections.abc import Sequence
from typing import BinaryIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.document import Automatic, Mail, Unreadable
from daemon.domain.finding import (
    ATTACHMENT,
    Automated,
    DeviceNamed,
    Doubt,
    Evidence,
    Finding,
    Parcel,
    Reading,
    Said,
    Trouble,
)
from daemon.domain.snapshot import Context
from daemon.reading.attachments import read_files
from daemon.reading.gates import MAIL_AT_MOST
from daemon.reading.mails.mail import Opened, open_mail
from daemon.reading.mails.spoken import STRUCK_OUT, TEXTS_DIFFER
from daemon.reading.mails.structured import parcel_findings
from daemon.reading.mails.writing_day import writing_day
from daemon.reading.passed_on import read_handed_on
from daemon.reading.tables.files import read_file
from daemon.reading.tables.whose import owned
from daemon.reading.texts.days import dated_list
from daemon.reading.texts.text_findings import text_findings
from daemon.rules.rulebook import Rulebook

EXCERPT_AT_MOST = 300
_ANYWHERE = Evidence(where="", text="")


def read(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """Read one portion of an arrival. Whatever goes wrong is a finding, because a bad input must not stop the rest."""
    try:
        if arrival.kind is ArrivalKind.MAIL:
            return _read_mail(arrival, source.read(MAIL_AT_MOST + 1), context, rulebook)
        return owned(read_file(arrival, source, context, rulebook), arrival.party or "", rulebook)
    except Exception as error:  # noqa: BLE001 - the promise of this room: bytes cannot raise
        return _unreadable(arrival.name, "unreadable", type(error).__name__)


def _unreadable(name: str, code: str, why: str) -> Reading:
    doubt = Doubt(evidence=Evidence(where=name, text=why), code=code, value=name, values={"name": name})
    return Reading(documents=(Unreadable(name=name, code=code, values={"name": name}),), findings=(doubt,))


def _read_mail(arrival: Arrival, raw: bytes, context: Context, rulebook: Rulebook) -> Reading:
    opened = open_mail(raw, arrival.envelope, context)
    mail = opened.mail
    if mail.automatic:
        notice = Automated(evidence=Evidence(where="header", text=mail.subject), automatic=mail.automatic)
        numbers = _numbers(opened, arrival, context, rulebook) if mail.automatic is Automatic.GENERATED else ()
        return Reading(documents=(mail,), findings=(notice, *opened.undelivered, *numbers), excerpt=_excerpt(mail))
    today = writing_day(mail, arrival.received_at, context.timezone)
    said, trace, orders = text_findings(mail, context, rulebook, today)
    trouble = opened.trouble
    if not trouble and opened.other_text:
        shown, _, _ = text_findings(replace(mail, new_text=opened.other_text), context, rulebook, today)
        trouble = TEXTS_DIFFER if _claims_more(shown, said) else None
    if trouble in {TEXTS_DIFFER, STRUCK_OUT}:
        said = ()  # nobody can tell what its sender meant in the end
    named = parcel_findings(opened.parcels, rulebook)
    carried = read_files(opened.files, context, rulebook, arrival.received_at, said=said)
    carried.findings = dated_list(carried.findings, mail, today, rulebook.carrier_book)
    if opened.handed_on:
        carried.findings += read_handed_on(opened.handed_on, said, context, rulebook, today)
    findings = _merged(named, said, [_attached(one) for one in carried.findings])
    return Reading(
        documents=(replace(mail, attachments=carried.listed(mail.attachments)), *carried.documents),
        findings=(*_troubles(mail, trouble), *findings),
        rules=trace,
        orders=tuple(dict.fromkeys([*orders, *(one.order for one in (*named, *carried.findings) if one.order)])),
        columns=carried.table.columns if carried.table else (),
        rows=carried.table.rows if carried.table else (),
        excerpt=_excerpt(mail),
    )


def _numbers(opened: Opened, arrival: Arrival, context: Context, rulebook: Rulebook) -> list[Finding]:
    """The numbers in what a program wrote of its own accord: nobody's word, and yet not to be lost."""
    today = writing_day(opened.mail, arrival.received_at, context.timezone)
    said, _, _ = text_findings(opened.mail, context, rulebook, today)
    carried = read_files(opened.files, context, rulebook, arrival.received_at).findings
    return [one for one in (*said, *map(_attached, carried)) if isinstance(one, Parcel | DeviceNamed)]


def _excerpt(mail: Mail) -> str:
    return mail.new_text[:EXCERPT_AT_MOST]


def _troubles(mail: Mail, trouble: str | None) -> tuple[Finding, ...]:
    if not trouble:
        return ()
    return (Doubt(evidence=Evidence(where="mail", text=mail.subject), code=trouble, value=""),)


def _claims_more(shown: Sequence[Finding], said: Sequence[Finding]) -> bool:
    """Whether one text of a mail claims what the other does not, in whatever words."""
    known = [_claim(one) for one in said]
    return any(_claim(one) not in known for one in shown)


def _claim(finding: Finding) -> Finding:
    bare = replace(finding, evidence=_ANYWHERE)
    return replace(bare, rule="") if isinstance(bare, Said | Trouble) else bare


def _attached(finding: Finding) -> Finding:
    return replace(finding, evidence=replace(finding.evidence, where=f"{ATTACHMENT}{finding.evidence.where}"))


def _merged(
    named: Sequence[Parcel | Doubt], said: Sequence[Finding], carried: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Structured data first; the same number in the text adds nothing."""
    numbers = {one.number for one in named if isinstance(one, Parcel)}
    return (*named, *(one for one in said if not (isinstance(one, Parcel) and one.number in numbers)), *carried)
