import zipfile
from io import BytesIO

import pytest
from msgspec.structs import replace

from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import DHL_NUMBER, UPS_NUMBER, codes, dropped, read, rulebook, unreadable_code

CSV = "Bestellnummer;Sendungsnummer\n"
JSON = f'[{{"order_id": "A-9", "tracking_number": "{UPS_NUMBER}"}}]'


def archive(**files: str | bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def portions(content: bytes, digest: str = "") -> list[Reading]:
    found: list[Reading] = []
    position: int | None = 0
    while position is not None:
        arrival = replace(dropped(name="all.zip", position=position), digest=digest)
        found.append(read_file(arrival, BytesIO(content), Context(), rulebook()))
        position = found[-1].next_position
    return found


@pytest.mark.parametrize("digest", ["", "d"])
def test_every_file_of_an_archive_is_read_to_its_end(digest: str) -> None:
    rows = "".join(f"A-{number};{DHL_NUMBER}\n" for number in range(2500))
    found = portions(archive(a__csv=CSV + rows, b__json=JSON, __DS_Store=b"x"), digest)
    assert sum(len(one.findings) for one in found) == 2501
    assert found[0].findings[0].evidence.where == "a.csv, row 2, column Sendungsnummer"
    assert found[-1].findings[0].evidence.where == "b.json, row 1, column tracking_number"


def test_a_file_that_cannot_be_read_stops_none_of_the_others() -> None:
    found = portions(archive(a__pdf=b"%PDF-1.7", b__json=JSON))
    assert [code for one in found for code in codes(one)] == ["pdf_file"]
    assert [one.order for one in found[1].findings] == ["A-9"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive(a__zip=archive(a__csv=CSV)), "archive_in_archive"),
        (archive(a__csv=b"\0" * 60 * 1024 * 1024), "archive_too_large"),
        (archive(**{f"{n}.csv": CSV for n in range(201)}), "archive_too_large"),
        (archive(), "archive_not_read"),
    ],
)
def test_an_archive_over_its_limits_is_refused(content: bytes, code: str) -> None:
    assert unreadable_code(read(content)) == code


def test_an_archive_that_is_broken_inside_is_unreadable() -> None:
    content = bytearray(archive(a__csv=CSV + f"A-1;{DHL_NUMBER}\n" * 50))
    content[45:60] = bytes(15)
    assert unreadable_code(read(bytes(content)))
