import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from daemon.domain.document import Sheet
from daemon.domain.finding import OrderRow, Parcel
from daemon.domain.snapshot import Context
from daemon.reading.tables.book import read_workbook
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import (
    DHL_NUMBER,
    IMEI,
    UPS_NUMBER,
    codes,
    dropped,
    kinds,
    only,
    read,
    rulebook,
    unreadable_code,
)

HEADER = ("Bestellnummer", "Sendungsnummer", "IMEI", "Versanddatum")


def workbook(*rows: tuple[Any, ...], above: int = 0) -> bytes:
    book = openpyxl.Workbook()
    for _ in range(above):
        book.active.append(["Versandliste"])
    for row in rows:
        book.active.append(list(row))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(**entries: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries.items():
            opened.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.mark.parametrize("number", [int(IMEI), float(IMEI), IMEI])
def test_an_imei_is_exact_as_number_and_as_text(number: object) -> None:
    assert kinds(read(workbook(HEADER, ("A-1", None, number, None)))) == [("DeviceNamed", IMEI)]


def test_a_number_of_more_than_fifteen_digits_is_doubted_as_spoiled() -> None:
    assert codes(read(workbook(HEADER, ("A-1", 340434161094042557, None, None)))) == ["spreadsheet_damage"]


def test_a_long_number_as_text_is_taken_and_gets_its_zeros_back() -> None:
    assert kinds(read(workbook(HEADER, ("A-1", DHL_NUMBER[2:], None, None)))) == [("Parcel", DHL_NUMBER)]


@pytest.mark.parametrize("day", [date(2026, 11, 23), datetime(2026, 11, 23, 14, 5), 46349, "23.11.2026"])  # noqa: DTZ001
def test_a_day_is_read_as_date_cell_as_serial_and_as_text(day: object) -> None:
    found = only(read(workbook(HEADER, ("A-1", UPS_NUMBER, None, day))))
    assert isinstance(found, Parcel)
    assert found.shipped_on == date(2026, 11, 23)


def test_an_order_number_that_is_a_number_has_no_point() -> None:
    found = only(read(workbook(("order_id", "sku", "quantity"), (1001.0, "IP13", 2)), party="orders"))
    assert isinstance(found, OrderRow)
    assert found.fields == {"order_id": "1001", "sku": "IP13", "quantity": "2"}


def test_zeros_that_a_cell_only_shows_are_kept() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(("order_id", "sku"), (17, "IP13"))))
    book.active["A2"].number_format = "00000"
    stream = BytesIO()
    book.save(stream)
    assert read(stream.getvalue(), party="orders").orders == ("00017",)


def test_the_header_is_found_under_a_title_and_rows_keep_their_numbers() -> None:
    reading = read(workbook(HEADER, ("A-1", UPS_NUMBER, None, None), above=2))
    assert reading.rows[0].number == 4
    assert reading.rows[0].cells == ("A-1", UPS_NUMBER, "", "")


def test_the_sheet_with_a_known_header_is_read_wherever_it_is() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Deckblatt"])
    second = book.create_sheet("Versand")
    second.append(list(HEADER))
    second.append(["A-1", UPS_NUMBER])
    stream = BytesIO()
    book.save(stream)
    assert kinds(read(stream.getvalue())) == [("Parcel", UPS_NUMBER)]


def test_a_cell_beyond_the_columns_moves_nothing() -> None:
    assert kinds(read(workbook(HEADER, ("A-1", UPS_NUMBER, None, None, "x")))) == [("Parcel", UPS_NUMBER)]


def test_words_beyond_the_columns_are_a_remark_or_a_note() -> None:
    assert codes(read(workbook(HEADER, ("A-1", UPS_NUMBER, None, None, "kommt erst Freitag")))) == ["unknown_status"]
    below = (None, None, None, None, "A-1 bleibt hier")
    assert codes(read(workbook(HEADER, ("A-1", UPS_NUMBER), below))) == ["not_left_yet", "note_unclear"]


def test_a_sheet_that_says_it_has_one_cell_is_read_whole() -> None:
    stream = BytesIO()
    content = BytesIO(workbook(HEADER, ("A-1", UPS_NUMBER, None, None)))
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        assert b'"A1:D2"' in old.read("xl/worksheets/sheet1.xml")
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:A1"'))
    assert kinds(read(stream.getvalue())) == [("Parcel", UPS_NUMBER)]


def test_an_empty_row_between_others_is_passed_over_and_counted() -> None:
    reading = read(workbook(HEADER, ("A-1", UPS_NUMBER, None, None), (), ("A-2", UPS_NUMBER, None, None)))
    assert [row.number for row in reading.rows] == [2, 4]


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(HEADER, ("A-1", UPS_NUMBER, None, None))))
    book.active["XFD5"] = "x"
    book.active["A1048576"] = ""
    stream = BytesIO()
    book.save(stream)
    assert kinds(read(stream.getvalue())) == [("Parcel", UPS_NUMBER)]


def test_the_error_of_a_formula_is_doubted() -> None:
    assert codes(read(workbook(HEADER, ("A-1", "#N/A", None, None)))) == ["spreadsheet_damage"]


@pytest.mark.parametrize("digest", ["", "d"])
def test_portions_together_are_the_whole_sheet(digest: str) -> None:
    content = workbook(HEADER, *((f"A-{n}", UPS_NUMBER, None, None) for n in range(7)))
    numbers: list[int] = []
    position: int | None = 0
    while position is not None:
        arrival = replace(dropped(position=position), digest=digest)
        reading = read_workbook(arrival, BytesIO(content), Context(), rulebook(), 3)
        numbers += [row.number for row in reading.rows]
        position = reading.next_position
    assert numbers == list(range(2, 9))


def test_a_workbook_is_known_by_its_content_not_by_its_name() -> None:
    content = workbook(HEADER, ("A-1", UPS_NUMBER, None, None))
    reading = read_file(dropped(name="liste.csv"), BytesIO(content), Context(), rulebook())
    assert isinstance(reading.documents[0], Sheet)


def test_an_archive_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    bomb = archive(xl__workbook_xml=b"", bomb=b"\0" * 60 * 1024 * 1024)
    assert unreadable_code(read(bomb)) == "archive_too_large"


def test_an_archive_of_very_many_entries_is_refused() -> None:
    assert unreadable_code(read(archive(**{f"e{n}": b"x" for n in range(1001)}))) == "archive_too_large"


def test_an_archive_of_nothing_is_not_read() -> None:
    assert unreadable_code(read(archive(**{".DS_Store": b"hello"}))) == "archive_not_read"


def test_a_workbook_with_a_document_type_is_refused() -> None:
    content = archive(**{"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'})
    assert unreadable_code(read(content)) == "xml_forbidden_dtd"


@pytest.mark.parametrize("broken", [b"PK\x03\x04" + b"\0" * 100, archive(**{"xl/workbook.xml": b"<workbook"})])
def test_a_broken_workbook_is_unreadable(broken: bytes) -> None:
    assert unreadable_code(read(broken)) == "not_a_workbook"
