from io import BytesIO

import pytest

from daemon.reading.tables.encoding import decoded, encoding_of, raw_lines
from tests.unit.reading.dropped import DHL_NUMBER, codes, kinds, read, unreadable_code

TABLE = f"Bestellnummer;Sendungsnummer;Empfänger\nA-1;{DHL_NUMBER};Jörg Müller\n"
PARCEL = [("Parcel", DHL_NUMBER)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_is_read_in_every_usual_encoding(encoding: str) -> None:
    reading = read(TABLE.encode(encoding))
    assert kinds(reading) == PARCEL
    assert reading.rows[0].cells[2] == "Jörg Müller"
    assert reading.columns == ("Bestellnummer", "Sendungsnummer", "Empfänger")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_table_is_read_with_every_line_end(newline: str) -> None:
    reading = read(TABLE.replace("\n", newline))
    assert kinds(reading) == PARCEL
    assert reading.rows[0].number == 2


def test_one_line_that_is_no_utf8_is_read_as_windows_1252_without_the_others() -> None:
    raw = TABLE.encode() + f"A-2;{DHL_NUMBER};Jörg\n".encode("cp1252")
    assert [row.cells[2] for row in read(raw).rows] == ["Jörg Müller", "Jörg"]


@pytest.mark.parametrize("page", ["cp1252", "cp1250", "cp850", "iso-8859-1", "iso-8859-15"])
def test_the_code_page_of_german_words_is_found(page: str) -> None:
    reading = read(TABLE.replace("Jörg", "Jörg Größe").encode(page))
    assert reading.rows[0].cells[2] == "Jörg Größe Müller"


@pytest.mark.parametrize("page", ["cp1250", "iso-8859-2"])
def test_the_code_page_of_polish_words_is_found(page: str) -> None:
    table = f"Numer zamówienia;Numer przesyłki;Odbiorca\nA-1;{DHL_NUMBER};Łukasz Święty\n"
    reading = read(table.encode(page))
    assert (kinds(reading), reading.rows[0].cells[2]) == (PARCEL, "Łukasz Święty")


def test_letters_that_could_be_others_keep_an_order_back() -> None:
    table = "order_id,sku,title,ship_city\nA-1,X,Case,Béziers\nA-2,X,Case,Orlèans\n"
    reading = read(table.encode("cp1252"), party="orders")
    assert [(type(one).__name__, one.order) for one in reading.findings] == [("OrderRow", "A-1"), ("Doubt", "A-2")]
    assert codes(reading) == ["encoding_unclear"]


def test_letters_that_were_encoded_twice_keep_an_order_back() -> None:
    table = "order_id,sku,title\nA-1,X,MÃ¼nzhülle\n"
    assert codes(read(table, party="orders")) == ["wrong_encoding"]


def test_bytes_that_no_encoding_knows_keep_their_row_back() -> None:
    raw = TABLE.encode() + f"A-2;{DHL_NUMBER};J\x81rg\n".encode("latin-1")
    reading = read(raw)
    assert codes(reading) == ["wrong_encoding"]
    assert kinds(reading)[:1] == PARCEL


def test_control_characters_keep_their_row_back() -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer\nA-1\x07;{DHL_NUMBER}\n")) == ["wrong_encoding"]


def test_binary_content_is_unreadable() -> None:
    assert unreadable_code(read(bytes(range(256)) * 20)) == "wrong_encoding"


def test_a_gurmukhi_letter_does_not_end_a_wide_line() -> None:
    text = "a\u0a05b\u010ac\nnext\n"
    for name in ("utf-16-le", "utf-16-be"):
        encoding = encoding_of(b"\xff\xfe" if name.endswith("le") else b"\xfe\xff")
        lines = list(raw_lines(BytesIO(text.encode(name)), encoding))
        assert [decoded(line, name) for line in lines] == ["a\u0a05b\u010ac\n", "next\n"]


def test_a_multibyte_sign_cut_off_by_the_head_is_still_utf8() -> None:
    assert encoding_of("ä".encode()[:1]).name == "utf-8"
