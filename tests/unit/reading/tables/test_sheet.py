from collections.abc import Iterator
from io import BytesIO

import msgspec
import pytest

from daemon.domain.document import Sheet
from daemon.domain.finding import Doubt, InquiryRow, OrderRow, Parcel, Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.sheet import read_table
from daemon.rules.carriers import Carrier, NumberForm
from tests.unit.reading.dropped import (
    DHL_NUMBER,
    UPS_NUMBER,
    codes,
    dropped,
    kinds,
    only,
    read,
    row,
    rulebook,
    unreadable_code,
)

HEADER = "Bestellnummer;Sendungsnummer\n"
GOOD = f"A-1;{UPS_NUMBER}\n"
PARCEL = [("Parcel", UPS_NUMBER)]


def sheet(reading: Reading) -> Sheet:
    document = reading.documents[0]
    assert isinstance(document, Sheet)
    return document


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_by_known_headings(delimiter: str) -> None:
    reading = read((HEADER + GOOD).replace(";", delimiter))
    assert kinds(reading) == PARCEL
    assert sheet(reading).delimiter == delimiter


def test_a_sep_line_names_the_delimiter_and_counts_as_a_line() -> None:
    reading = read("sep=;\r\n" + HEADER + GOOD)
    assert kinds(reading) == PARCEL
    assert reading.rows[0].number == 3


def test_a_byte_order_mark_before_a_sep_line_does_no_harm() -> None:
    assert kinds(read(("\ufeffsep=|\n" + HEADER + GOOD).replace(";", "|").encode())) == PARCEL


def test_the_header_is_found_under_lines_of_a_title() -> None:
    reading = read(f"Versandliste Acme, Stand 23.11.;\n;\n{HEADER}{GOOD}")
    assert kinds(reading) == PARCEL
    assert reading.rows[0].number == 4


@pytest.mark.parametrize("heading", ["BESTELL-NR.", "order_id", "Order-ID", "Auftragsnummer", " Sendungsreferenz "])
def test_an_order_column_goes_by_many_names(heading: str) -> None:
    assert kinds(read(f"{heading};Paketscheinnummer\n{GOOD}")) == PARCEL


def test_rows_are_numbered_by_their_first_line_in_the_file() -> None:
    reading = read(f'Bestellnummer;Bemerkung;Sendungsnummer\nA-1;"zwei\nZeilen";{UPS_NUMBER}\nA-2;;{UPS_NUMBER}\n')
    assert [one.number for one in reading.rows] == [2, 4]
    assert reading.rows[0].cells[1] == "zwei\nZeilen"


@pytest.mark.parametrize("text", ["A-1", f"A-1;{UPS_NUMBER};{UPS_NUMBER}", f"A-1;{UPS_NUMBER};storniert"])
def test_a_row_with_more_or_fewer_cells_than_columns_is_doubted_as_a_whole(text: str) -> None:
    reading = read(HEADER + text + "\n" + f"A-2;{UPS_NUMBER}\n")
    assert kinds(reading) == [("Doubt", "ragged_row"), ("Parcel", UPS_NUMBER)]


def test_words_behind_the_last_heading_are_left_where_all_else_stands_in_its_place() -> None:
    assert kinds(read(f"{HEADER}A-1;{UPS_NUMBER};more\nA-2;\n")) == PARCEL


@pytest.mark.parametrize(
    ("status", "other", "taken"),
    [("offen", "versandt", True), ("offen", "", False), ("Label gedruckt", "versandt", False)],
)
def test_an_open_order_is_no_dispatch_unless_another_status_says_so(status: str, other: str, taken: bool) -> None:
    reading = read(f"Bestellnummer;Sendungsnummer;Auftragsstatus;Versandstatus\nA-1;{UPS_NUMBER};{status};{other}\n")
    assert (kinds(reading) == PARCEL) is taken


@pytest.mark.parametrize(("direction", "taken"), [("Ausgang", True), ("Eingang", False), ("quer", False)])
def test_only_a_parcel_that_goes_out_is_a_dispatch(direction: str, taken: bool) -> None:
    reading = read(f"Richtung;Bestellnummer;Sendungsnummer\n{direction};A-1;{UPS_NUMBER}\n")
    assert (kinds(reading) == PARCEL) is taken


def test_a_note_between_rows_claims_nothing() -> None:
    assert kinds(read(f"{HEADER}# next pallet\nA-1;{UPS_NUMBER}\n")) == PARCEL


def test_a_delimiter_at_the_end_of_every_row_is_no_cell() -> None:
    assert kinds(read(f"{HEADER}A-1;{UPS_NUMBER};\n")) == PARCEL


def test_an_unclosed_quote_keeps_back_its_row_and_no_other() -> None:
    reading = read(f'{HEADER}A-1;"{UPS_NUMBER}\n' + "".join(f"A-{n};{UPS_NUMBER}\n" for n in range(2, 6)))
    assert [kind for kind, _ in kinds(reading)] == ["Doubt", *["Parcel"] * 4]
    assert codes(reading) == ["unclosed_quote"]
    assert [one.number for one in reading.rows] == [2, 3, 4, 5, 6]


def test_an_unclosed_quote_that_a_later_quote_seems_to_close_is_seen() -> None:
    head = "Bestellnummer;Sendungsnummer;Bemerkung;Kunde\n"
    reading = read(f'{head}A-1;{UPS_NUMBER};"oha;x\nA-2;{UPS_NUMBER};ok;b\nA-3;{UPS_NUMBER};"ok";d\n')
    assert codes(reading) == ["unclosed_quote"]
    assert [one.order for one in reading.findings if isinstance(one, Parcel)] == ["A-2", "A-3"]


def test_a_quote_that_runs_over_very_many_lines_is_given_up() -> None:
    rows = "".join(f"A-{n};{UPS_NUMBER}\n" for n in range(400))
    reading = read(f'{HEADER}A-x;"{UPS_NUMBER}\n{rows}')
    assert codes(reading) == ["unclosed_quote"]
    assert len(reading.findings) == 401


def test_a_cell_too_long_to_hold_does_not_stop_the_rows_below() -> None:
    assert kinds(read(f"{HEADER}A-1;{'9' * 200_000}\n{GOOD}")) == [("Doubt", "cell_too_long"), *PARCEL]


def test_a_table_without_the_order_column_names_it_and_what_it_may_be_called() -> None:
    reading = read(f"Sendungsnummer;Versanddatum\n{UPS_NUMBER};23.11.2026\n")
    assert unreadable_code(reading) == "missing_column"
    found = only(reading)
    assert isinstance(found, Doubt)
    assert found.values["column"] == "order"
    assert "Bestellnummer" in found.values["expected"]


def test_a_heading_that_is_there_twice_is_not_chosen_from() -> None:
    assert (
        unreadable_code(read(f"Bestellnummer;Bestellnummer;Sendungsnummer\nA;B;{UPS_NUMBER}\n")) == "duplicate_column"
    )


def test_of_two_order_columns_the_one_listed_first_counts() -> None:
    reading = read(f"Referenz;Bestellnummer;Sendungsnummer\nX-9;A-1;{UPS_NUMBER}\n")
    assert reading.orders == ("A-1",)


@pytest.mark.parametrize("content", ["", "\ufeff", " \r\n\n"])
def test_a_file_without_content_is_said_to_be_empty(content: str) -> None:
    assert unreadable_code(read(content)) == "empty_file"


def test_a_header_without_rows_is_a_table_that_says_nothing() -> None:
    reading = read(HEADER + ";\n")
    assert (reading.findings, reading.rows) == ((), ())
    assert isinstance(reading.documents[0], Sheet)


def test_prose_is_no_table() -> None:
    assert unreadable_code(read("Guten Tag,\nanbei nichts.\n")) == "not_a_table"


def test_a_stock_list_is_taken_without_a_word() -> None:
    reading = read("Artikelnummer;Bestand\nIP13-128;14\n")
    assert sheet(reading).format == "stock"
    assert codes(reading) == []
    assert len(reading.rows) == 1


def test_the_shipment_list_of_a_carriers_portal_needs_no_carrier_column() -> None:
    reading = read(
        "Sendungsnummer;Sendungsreferenz;Abrechnungsnummer;Status\r\n"
        f"{DHL_NUMBER};A-1;62123456780101;Die Sendung ist im Ziel-Paketzentrum\r\n"
    )
    assert sheet(reading).format == "dhl-sendungsliste"
    assert kinds(reading) == [("Parcel", DHL_NUMBER)]


def test_the_folder_decides_what_a_file_means() -> None:
    content = f"order_id,sku,tracking_number\nA-1,IP13,{UPS_NUMBER}\n"
    assert sheet(read(content)).format == "tracking"
    assert sheet(read(content, party="orders")).format == "orders"


def test_a_row_of_an_order_file_carries_every_column_it_knows_as_text() -> None:
    reading = read("order_id,sku,quantity,paid_at,remark\n A-1 ,IP13,1,,x\n", party="orders")
    found = only(reading)
    assert isinstance(found, OrderRow)
    assert found.fields == {"order_id": "A-1", "sku": "IP13", "quantity": "1", "paid_at": ""}
    assert found.order == "A-1"


def test_two_columns_are_enough_to_report_a_payment() -> None:
    found = only(read("order_id;paid_at\nA-1;2026-11-23T10:00:00+01:00\n", party="orders"))
    assert isinstance(found, OrderRow)
    assert found.fields["paid_at"] == "2026-11-23T10:00:00+01:00"


@pytest.mark.parametrize(("order", "code"), [("2,19E+26", "spreadsheet_damage"), ("A-\u200b1", "suspect_characters")])
def test_an_order_number_that_may_not_be_believed_keeps_its_row_back(order: str, code: str) -> None:
    assert codes(read(f"order_id;sku\n{order};IP13\n", party="orders")) == [code]


def test_an_inquiry_is_read_from_a_merchants_folder_only() -> None:
    content = 'fulfiller,warehouse,text\nnordlager,NL-HH1,"Haben Sie Platz?\nDanke"\n'
    found = only(read(content, party="merchants/nova"))
    assert isinstance(found, InquiryRow)
    assert (found.fulfiller, found.warehouse, found.text) == ("nordlager", "NL-HH1", "Haben Sie Platz?\nDanke")
    assert unreadable_code(read(content)) != ""


def test_the_excerpt_shows_the_first_rows() -> None:
    assert read(HEADER + GOOD).excerpt == f"A-1 | {UPS_NUMBER}"


def portions(content: bytes, party: str = "sellers/acme", most: int = 3) -> Iterator[Reading]:
    position: int | None = 0
    while position is not None:
        reading = read_table(dropped(party, position), BytesIO(content), Context(), rulebook(), most)
        yield reading
        position = reading.next_position


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_portions_together_are_the_whole_file(encoding: str) -> None:
    rows = "".join(f'Ä-{n};{UPS_NUMBER};"Müller\nHof"\r\n' for n in range(10))
    content = f"sep=;\r\nBestellnummer;Sendungsnummer;Kunde\r\n{rows}".encode(encoding)
    parts = list(portions(content))
    assert [len(part.rows) for part in parts] == [3, 3, 3, 1]
    assert [one.number for part in parts for one in part.rows] == list(range(3, 23, 2))
    assert [order for part in parts for order in part.orders] == [f"Ä-{n}" for n in range(10)]


def test_a_portion_never_parts_the_rows_of_one_order() -> None:
    orders = ["A"] * 2 + ["B"] * 4 + ["C"]
    content = "order_id,sku,line_id\n" + "".join(f"{order},S,{n}\n" for n, order in enumerate(orders))
    assert [len(part.rows) for part in portions(content.encode(), "orders")] == [6, 1]


def test_rows_without_an_order_number_stay_with_the_order_above() -> None:
    content = "order_id,sku,line_id\nA,S,1\n,S,2\n,S,3\n,S,4\nB,S,1\n"
    assert [len(part.rows) for part in portions(content.encode(), "orders")] == [4, 1]


def test_a_row_beside_a_good_one_is_judged_alone() -> None:
    reading = row(f"A-1;{UPS_NUMBER};DPD;;", f"A-2;{UPS_NUMBER};UPS;;")
    assert kinds(reading) == [("Doubt", "carrier_mismatch"), ("Parcel", UPS_NUMBER)]


POSTNL = Carrier(id="postnl", name="PostNL", numbers=(NumberForm(pattern="3S[A-Z]{4}[0-9]{7,9}|[A-Z][0-9]{12}"),))


def of_postnl(content: str) -> Reading:
    known = msgspec.structs.replace(rulebook(), carriers=(*rulebook().carriers, POSTNL))
    return read_table(dropped(), BytesIO(content.encode()), Context(), known)


def test_below_a_heading_for_numbers_letters_tell_whose_a_number_is() -> None:
    assert kinds(of_postnl("Bestelling;Barcode\nA-1;3SDEVC446353387\n")) == [("Parcel", "3SDEVC446353387")]


def test_a_letter_before_nothing_but_digits_may_number_anything() -> None:
    assert codes(of_postnl("Bestelling;Trackingnummer\nA-1;V202611250017\n")) == ["carrier_ambiguous"]
