from io import BytesIO

import pytest

from daemon.domain.document import Sheet, Unreadable
from daemon.domain.finding import Parcel
from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import UPS_NUMBER, attached, codes, dropped, read, rulebook, unreadable_code

CONTENT = f"Bestellnummer;Sendungsnummer\nA-1;{UPS_NUMBER}\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 ...", "pdf_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 xls", "old_excel_file"),
        (b"\x89PNG\r\n\x1a\n", "picture_file"),
        (b"\xff\xd8\xff\xe0 jpeg", "picture_file"),
        (b"\x1f\x8b gzip", "archive_not_read"),
        (b"<html><table><tr><td>A-1</td></tr></table></html>", "not_a_table"),
        (b"<!DOCTYPE html><html></html>", "html_file"),
    ],
)
def test_what_is_no_table_is_told_by_its_content(content: bytes, code: str) -> None:
    reading = read(content)
    assert unreadable_code(reading) == code
    assert codes(reading) == [code]


def test_the_name_of_a_file_does_not_matter() -> None:
    reading = read_file(dropped(name="liste.xml"), BytesIO(CONTENT.encode()), Context(), rulebook())
    assert isinstance(reading.documents[0], Sheet)


@pytest.mark.parametrize("length", range(0, 60, 7))
def test_a_file_cut_off_anywhere_is_read_without_an_error(length: int) -> None:
    assert read(CONTENT.encode()[:length]).documents


def test_an_attachment_is_read_like_a_file_of_the_partner_who_speaks() -> None:
    context = Context(party="sellers/acme")
    reading = attached("liste.csv", CONTENT.encode(), context)
    assert isinstance(reading.documents[0], Sheet)
    assert reading.findings[0].evidence.where == "liste.csv, row 2, column Sendungsnummer"


def test_a_day_in_an_attachment_is_compared_with_that_of_the_mail() -> None:
    content = f"Datum;Bestellnummer;Sendungsnummer\n22.11.2026;A-1;{UPS_NUMBER}\n".encode()
    reading = attached("liste.csv", content, Context(party="sellers/acme"))
    assert [type(one) for one in reading.findings] == [Parcel]


def test_an_attachment_is_read_to_its_end() -> None:
    rows = "".join(f"A-{n};{UPS_NUMBER}\n" for n in range(2100))
    content = ("Bestellnummer;Sendungsnummer\n" + rows).encode()
    reading = attached("liste.csv", content, Context(party="sellers/acme"))
    assert len(reading.findings) == len(reading.rows) == 2100
    assert reading.next_position is None


def test_an_attachment_that_cannot_be_read_says_why_once() -> None:
    reading = attached("x.pdf", b"%PDF-1.7", Context())
    assert isinstance(reading.documents[0], Unreadable)
    assert [one.evidence.where for one in reading.findings] == ["x.pdf"]
