"""Files that come with a mail: read like dropped ones, all portions at once."""

from datetime import UTC, datetime
from io import BytesIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.document import Document
from daemon.domain.finding import Finding, Reading
from daemon.domain.identifiers import ArrivalId
from daemon.domain.snapshot import Context
from daemon.reading.files import read_file
from daemon.rules.rulebook import Rulebook

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def attachment_findings(
    name: str, data: bytes, context: Context, rulebook: Rulebook
) -> tuple[Document, tuple[Finding, ...]]:
    """What an attachment is and claims. The folder it would lie in is that of the partner who speaks."""
    reading = _portion(name, data, context, rulebook, 0)
    document, findings = reading.documents[0], list(reading.findings)
    while reading.next_position is not None:
        reading = _portion(name, data, context, rulebook, reading.next_position)
        findings += reading.findings
    return document, tuple(_placed(one, name) for one in findings)


def _portion(name: str, data: bytes, context: Context, rulebook: Rulebook, position: int) -> Reading:
    arrival = Arrival(
        id=ArrivalId(""),
        kind=ArrivalKind.FILE,
        source="",
        name=name,
        received_at=_ANY_TIME,
        party=context.party,
        position=position,
    )
    return read_file(arrival, BytesIO(data), context, rulebook)


def _placed(finding: Finding, name: str) -> Finding:
    """The finding with the attachment's name before its place."""
    where = finding.evidence.where
    evidence = replace(finding.evidence, where=name if where == name else f"{name}, {where}")
    return replace(finding, evidence=evidence)
