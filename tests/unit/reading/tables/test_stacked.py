from io import BytesIO

import pytest

from daemon.domain.finding import Finding, Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, UPS_NUMBER, dropped, rulebook
from tests.unit.reading.tables.test_book import saved, workbook

PARCELS = f"Bestellnummer;Sendungsnummer\nA-1;{DHL_NUMBER}\n"
DEVICES = f"Bestellnummer;Artikel;IMEI\nA-2;X;{IMEI}\n"


def whole(content: bytes) -> list[Reading]:
    found: list[Reading] = []
    position: int | None = 0
    while position is not None:
        found.append(read_file(dropped(position=position), BytesIO(content), Context(), rulebook()))
        position = found[-1].next_position
    return found


def told(text: str) -> list[tuple[str, str | None]]:
    return [_told(one) for reading in whole(text.encode()) for one in reading.findings]


def _told(finding: Finding) -> tuple[str, str | None]:
    return getattr(finding, "code", type(finding).__name__), finding.order


@pytest.mark.parametrize(
    "between", ["", "\n", ";;\n", "IMEI-Nummern\n", "\nGeräte;;\n", "DHL\n", "Versand 23.11.2026\n", "23.11.2026\n"]
)
def test_a_table_of_other_columns_below_the_first_is_read_by_its_own(between: str) -> None:
    assert told(f"{PARCELS}{between}{DEVICES}") == [("Parcel", "A-1"), ("DeviceNamed", "A-2")]


@pytest.mark.parametrize(
    "between", ["Noch offen\n", "Morgen\n", "DHL Donnerstag\n", "Retouren;;\n", "Halle 3, bitte beachten\n"]
)
def test_below_words_that_may_put_off_no_table_is_read(between: str) -> None:
    parcels, *others = told(f"{PARCELS}{between}{DEVICES}")
    assert parcels == ("Parcel", "A-1")
    assert {code for code, _ in others} <= {"note_unclear", "another_table", "not_read_below"}


def test_a_better_header_below_does_not_make_the_first_table_a_title() -> None:
    better = f"Bestellnummer;Versanddienst;Sendungsnummer;Versanddatum\nA-2;UPS;{UPS_NUMBER};23.11.2026\n"
    assert told(PARCELS + better) == [("Parcel", "A-1"), ("Parcel", "A-2")]
    again = f"Morgen\n{PARCELS.replace('A-1', 'A-2').replace(DHL_NUMBER, UPS_NUMBER)}"
    assert [code for code, _ in told(PARCELS + again)] == ["Parcel", "note_unclear", "not_read_below"]


def test_what_looks_like_a_header_and_has_no_rows_is_a_title() -> None:
    assert told(f"Bestellungen;Sendungen\n{PARCELS}") == [("Parcel", "A-1")]


def test_rows_keep_their_lines_and_each_table_its_columns() -> None:
    first, second = whole(f"{PARCELS}\n{DEVICES}".encode())
    assert [(one.columns, [row.number for row in one.rows]) for one in (first, second)] == [
        (("Bestellnummer", "Sendungsnummer"), [2]),
        (("Bestellnummer", "Artikel", "IMEI"), [5]),
    ]


def test_the_sheets_of_a_workbook_may_hold_several_too() -> None:
    book = workbook(
        Heute=[("Bestellnummer", "Sendungsnummer"), ("A-1", DHL_NUMBER), (), ("Bestellnummer", "", "x", "IMEI")],
    )
    book["Heute"].append(("A-2", "", "", IMEI))
    assert [_told(one) for reading in whole(saved(book)) for one in reading.findings] == [
        ("Parcel", "A-1"),
        ("DeviceNamed", "A-2"),
    ]


def test_a_number_above_the_headings_is_given_back() -> None:
    (reading,) = whole(f"Paket;{UPS_NUMBER}\n\n{PARCELS}".encode())
    assert [_told(one)[0] for one in reading.findings] == ["Parcel", "not_read_above"]
    assert [row.number for row in reading.rows] == [1, 4]
    assert [code for code, _ in told(f"Liste 4711 vom 23.11.2026\n{PARCELS}")] == ["Parcel"]


def test_a_column_of_numbers_without_a_heading_is_told_by_its_cells() -> None:
    book = workbook(Heute=[("Bestellnummer", "Sendungsnummer"), ("A-1", DHL_NUMBER, "", IMEI)])
    assert [_told(one)[0] for reading in whole(saved(book)) for one in reading.findings] == ["Parcel", "DeviceNamed"]


@pytest.mark.parametrize("further", [UPS_NUMBER, IMEI])
def test_one_number_without_a_heading_holds_its_row(further: str) -> None:
    rows = [("Bestellnummer", "Sendungsnummer"), ("A-1", DHL_NUMBER), ("A-2", DHL_NUMBER, "", further, "x")]
    found = whole(saved(workbook(Heute=[*rows, ("A-3", DHL_NUMBER, "", "4711/2026-11-23")])))
    assert [_told(one) for reading in found for one in reading.findings] == [
        ("Parcel", "A-1"),
        ("unknown_status", "A-2"),
        ("Parcel", "A-3"),
    ]
    text = f"Bestellnummer;Sendungsnummer\nA-1;{DHL_NUMBER};{further}\n"
    assert [code for code, _ in told(text)] in (["unknown_status"], ["ragged_row"])
