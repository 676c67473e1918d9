"""The one door of this room: bytes of an arrival become documents and findings, whatever they are."""

from typing import BinaryIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.document import Attachment, Document, Mail, Unreadable
from daemon.domain.finding import Automated, Doubt, Evidence, Finding, Parcel, Reading
from daemon.domain.snapshot import Context
from daemon.reading.attachments import attachment_findings
from daemon.reading.files import read_file
from daemon.reading.gates import MAIL_AT_MOST
from daemon.reading.html import NamedParcel
from daemon.reading.mail import File, Opened, open_mail
from daemon.reading.text_findings import text_findings
from daemon.rules.carriers import recognise
from daemon.rules.rulebook import Rulebook

EXCERPT_AT_MOST = 300

_READABLE = (".csv", ".tsv", ".xlsx", ".xml", ".json")
_READABLE_TYPES = {"text/csv", "application/json", "application/xml", "text/xml"}


def read(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """Read one portion of an arrival. Whatever goes wrong is a finding, because a bad input must not stop the rest."""
    try:
        if arrival.kind is ArrivalKind.MAIL:
            return _read_mail(arrival, source.read(MAIL_AT_MOST + 1), context, rulebook)
        return read_file(arrival, source, context, rulebook)
    except Exception as error:  # noqa: BLE001 - the promise of this room: bytes cannot raise
        return _unreadable(arrival.name, "unreadable", type(error).__name__)


def _unreadable(name: str, code: str, why: str) -> Reading:
    doubt = Doubt(evidence=Evidence(where=name, text=why), code=code, value=name, values={"name": name})
    return Reading(documents=(Unreadable(name=name, code=code, values={"name": name}),), findings=(doubt,))


def _read_mail(arrival: Arrival, raw: bytes, context: Context, rulebook: Rulebook) -> Reading:
    opened = open_mail(raw, arrival.envelope, context)
    if opened.mail.automatic:
        notice = Automated(evidence=Evidence(where="header", text=opened.mail.subject), automatic=opened.mail.automatic)
        return Reading(
            documents=(opened.mail,),
            findings=(notice, *opened.undelivered),
            excerpt=opened.mail.new_text[:EXCERPT_AT_MOST],
        )
    findings, trace, orders = text_findings(opened.mail, context, rulebook, arrival.received_at)
    named = _named_parcels(opened, rulebook)
    documents, carried, attachments = _carried(opened.files, opened.mail, context, rulebook)
    return Reading(
        documents=(replace(opened.mail, attachments=attachments), *documents),
        findings=(*_troubles(opened), *_merged(named, findings), *carried),
        rules=trace,
        orders=tuple(dict.fromkeys([*orders, *(one.order for one in (*named, *carried) if one.order)])),
        excerpt=opened.mail.new_text[:EXCERPT_AT_MOST],
    )


def _troubles(opened: Opened) -> tuple[Finding, ...]:
    if not opened.trouble:
        return ()
    return (Doubt(evidence=Evidence(where="mail", text=opened.mail.subject), code=opened.trouble, value=""),)


def _named_parcels(opened: Opened, rulebook: Rulebook) -> list[Parcel | Doubt]:
    return [_named_parcel(parcel, rulebook) for parcel in opened.parcels]


def _named_parcel(parcel: NamedParcel, rulebook: Rulebook) -> Parcel | Doubt:
    evidence = Evidence(where="structured data", text=f"{parcel.carrier} {parcel.number}".strip())
    answer = recognise(parcel.number, rulebook.carriers, parcel.carrier or None, None)
    order = parcel.order or None
    if answer.ok:
        carrier = answer.carrier.id if answer.carrier else None
        return Parcel(evidence=evidence, order=order, number=answer.number, carrier=carrier)
    values = {"number": parcel.number, "carriers": ", ".join(answer.candidates)}
    code = answer.code or "number_unknown_form"
    return Doubt(evidence=evidence, order=order, code=code, value=parcel.number, values=values)


def _merged(named: list[Parcel | Doubt], findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Structured data first; the same number in the text adds nothing."""
    numbers = {one.number for one in named if isinstance(one, Parcel)}
    rest = [one for one in findings if not (isinstance(one, Parcel) and one.number in numbers)]
    return (*named, *rest)


def _carried(
    files: tuple[File, ...], mail: Mail, context: Context, rulebook: Rulebook
) -> tuple[tuple[Document, ...], tuple[Finding, ...], tuple[Attachment, ...]]:
    documents: list[Document] = []
    findings: list[Finding] = []
    attachments = dict(enumerate(mail.attachments))
    for at, file in enumerate(files):
        if not (file.name.lower().endswith(_READABLE) or file.media_type in _READABLE_TYPES):
            continue
        document, found = attachment_findings(file.name, file.data, context, rulebook)
        documents.append(document)
        findings.extend(_attached(one) for one in found)
        attachments[at] = replace(attachments[at], read=not isinstance(document, Unreadable))
    return tuple(documents), tuple(findings), tuple(attachments.values())


def _attached(finding: Finding) -> Finding:
    evidence = replace(finding.evidence, where=f"attachment {finding.evidence.where}")
    return replace(finding, evidence=evidence)
