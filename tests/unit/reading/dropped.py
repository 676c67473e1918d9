"""Files as they are dropped, with the shipped formats and a few carriers of our own."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from daemon.domain.arrival import Arrival, ArrivalKind
from daemon.domain.document import Unreadable
from daemon.domain.finding import Doubt, Finding, Reading
from daemon.domain.identifiers import ArrivalId
from daemon.domain.snapshot import Context
from daemon.reading.attachments import read_attachment
from daemon.reading.mails.contents import File
from daemon.reading.samples import value_of
from daemon.reading.tables.files import read_file
from daemon.rules.carriers import Carrier, NumberForm
from daemon.rules.column_files import columns_from
from daemon.rules.format_files import formats_from
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

FORMATS = Path(__file__).parents[3] / "rules" / "formats"
RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)
DHL_NUMBER = "00340434161094042557"
UPS_NUMBER = "1Z999AA10123456784"
DPD_NUMBER = "01015026003653C"
IMEI = "352099001761481"
OTHER_IMEI = "490154203237518"

CARRIERS = (
    Carrier(
        id="dhl",
        name="DHL",
        aliases=("DHL Paket",),
        numbers=(NumberForm(pattern="0034043[0-9]{13}", check="gs1", alone=True, lead="00"),),
        hosts=("www.dhl.de",),
    ),
    Carrier(id="ups", name="UPS", numbers=(NumberForm(pattern="1Z[0-9A-Z]{16}", check="ups", alone=True),)),
    Carrier(id="dpd", name="DPD", numbers=(NumberForm(pattern="[0-9]{14}[0-9A-Z]", check="dpd", alone=True),)),
)


@cache
def rulebook() -> Rulebook:
    shared, mistakes = columns_from("columns.yaml", (FORMATS.parent / "columns.yaml").read_text(encoding="utf-8"))
    assert not mistakes, mistakes
    formats: list[Format] = []
    for path in sorted(FORMATS.glob("*.yaml")):
        found, mistakes = formats_from(path.name, path.read_text(encoding="utf-8"), shared)
        assert not mistakes, mistakes
        formats += found
    return Rulebook(hash="test", carriers=CARRIERS, formats=tuple(formats))


def dropped(party: str = "sellers/acme", position: int = 0, name: str = "file.csv") -> Arrival:
    return Arrival(
        id=ArrivalId("a1"),
        kind=ArrivalKind.FILE,
        source=f"folder:{party}",
        name=name,
        received_at=RECEIVED,
        party=party,
        position=position,
    )


def read(content: str | bytes, party: str = "sellers/acme", position: int = 0) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return read_file(dropped(party, position), BytesIO(raw), Context(), rulebook())


def attached(name: str, data: bytes, context: Context) -> Reading:
    return read_attachment(File(name=name, media_type="", data=data), context, rulebook(), RECEIVED)


def row(*findings_of: str, columns: str = "Bestellnummer;Sendungsnummer;Versanddienstleister;IMEI;Menge") -> Reading:
    """One or more semicolon rows under a header."""
    return read("\n".join((columns, *findings_of, "")))


def kinds(reading: Reading) -> list[tuple[str, str | None]]:
    return [(type(one).__name__, value_of(one)) for one in reading.findings]


def codes(reading: Reading) -> list[str]:
    return [one.code for one in reading.findings if isinstance(one, Doubt)]


def unreadable_code(reading: Reading) -> str:
    document = reading.documents[0]
    assert isinstance(document, Unreadable)
    return document.code


def only(reading: Reading) -> Finding:
    assert len(reading.findings) == 1, reading.findings
    return reading.findings[0]
