from datetime import date

import pytest

from daemon.domain.finding import Doubt, Parcel
from tests.unit.reading.dropped import DHL_NUMBER, DPD_NUMBER, UPS_NUMBER, codes, kinds, only, row


def parcel(
    text: str, columns: str = "Bestellnummer;Sendungsnummer;Versanddienstleister;Menge;Versanddatum;Link"
) -> Parcel:
    found = only(row(text, columns=columns.replace("Link", "tracking_url")))
    assert isinstance(found, Parcel), found
    return found


def test_a_number_of_a_named_carrier_is_a_parcel_with_its_place() -> None:
    found = parcel(f"A-1;{DHL_NUMBER};DHL;1;23.11.2026;")
    assert (found.order, found.number, found.carrier, found.quantity) == ("A-1", DHL_NUMBER, "dhl", 1)
    assert found.shipped_on == date(2026, 11, 23)
    assert found.evidence.where == "row 2, column Sendungsnummer"
    assert found.evidence.row == 2


def test_a_number_known_by_its_form_needs_no_carrier() -> None:
    assert parcel(f"A-1;{UPS_NUMBER};;;;").carrier == "ups"


def test_blanks_inside_a_number_are_no_part_of_it() -> None:
    assert parcel("A-1;0101 5026 0036 53c;DPD;;;").number == DPD_NUMBER


@pytest.mark.parametrize(
    "written", ['"=""00340434161094042557"""', "'00340434161094042557", "\u00a000340434161094042557"]
)
def test_text_markers_of_spreadsheets_do_not_matter(written: str) -> None:
    assert parcel(f"A-1;{written};DHL;;;").number == DHL_NUMBER


def test_lost_zeros_come_back_where_the_check_digit_proves_them() -> None:
    assert parcel(f"A-1;{DHL_NUMBER[2:]};DHL;;;").number == DHL_NUMBER


def test_lost_zeros_do_not_come_back_without_proof() -> None:
    assert len(codes(row("A-1;340434161094042558;DHL;;1"))) == 1


def test_several_numbers_in_a_cell_are_several_parcels_and_the_quantity_is_said_once() -> None:
    reading = row(f'A-1;"{DHL_NUMBER}, {UPS_NUMBER} / {DPD_NUMBER}\n{UPS_NUMBER}";;;3')
    parcels = [one for one in reading.findings if isinstance(one, Parcel)]
    assert [one.number for one in parcels] == [DHL_NUMBER, UPS_NUMBER, DPD_NUMBER]
    assert [one.quantity for one in parcels] == [3, None, None]


def test_numbers_kept_apart_by_blanks_alone_are_several() -> None:
    assert [value for _, value in kinds(row(f"A-1;{UPS_NUMBER} {DHL_NUMBER};;;"))] == [UPS_NUMBER, DHL_NUMBER]


def test_a_wrong_check_digit_is_doubted() -> None:
    assert codes(row("A-1;00340434161094042558;DHL;;")) == ["check_digit_wrong"]


def test_a_number_of_another_carrier_than_the_named_one_is_doubted() -> None:
    assert codes(row(f"A-1;{UPS_NUMBER};DPD;;")) == ["carrier_mismatch"]


def test_a_forwarding_agent_whom_nobody_knows_is_taken_at_his_word() -> None:
    found = parcel("A-1;FR-2026/0815;Spedition Huckepack;;;https://huckepack.example/t/815")
    assert (found.number, found.carrier) == ("FR-2026/0815", "Spedition Huckepack")
    assert found.url == "https://huckepack.example/t/815"


def test_a_number_without_known_form_and_without_carrier_is_doubted() -> None:
    assert codes(row("A-1;FR-2026-0815;;;")) == ["number_unknown_form"]


@pytest.mark.parametrize("words", ["folgt", "Selbstabholung"])
def test_words_in_the_number_column_are_no_number(words: str) -> None:
    assert not [kind for kind, _ in kinds(row(f"A-1;{words};Spedition Huckepack;;")) if kind == "Parcel"]


def test_a_link_in_the_number_column_gives_its_number() -> None:
    reading = row(f"A-1;https://www.dhl.de/verfolgen.html?piececode={DHL_NUMBER};;;")
    assert kinds(reading) == [("Parcel", DHL_NUMBER)]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://www.dhl.de@evil.example/x", "ftp://a.example/12345"])
def test_a_link_that_is_none_is_doubted(link: str) -> None:
    reading = row(f"A-1;{UPS_NUMBER};;{link}", columns="Bestellnummer;Sendungsnummer;Carrier;tracking_url")
    assert codes(reading) == ["bad_tracking_url"]


@pytest.mark.parametrize("number", ["3,40434E+17", "3.4E+19"])
def test_a_rounded_number_is_doubted_as_spoiled(number: str) -> None:
    assert codes(row(f"A-1;{number};DHL;;")) == ["spreadsheet_damage"]


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\uff11", "\u0661"])
def test_signs_that_nobody_sees_or_mistakes_are_doubted(sign: str) -> None:
    assert codes(row(f"A-1;1Z999AA1012345678{sign}4;UPS;;")) == ["suspect_characters"]


def test_a_letter_that_only_looks_latin_is_doubted() -> None:
    assert codes(row("A-1;1Z999\u0410A10123456784;UPS;;")) == ["suspect_characters"]


def test_the_word_for_an_absent_value_erases_nothing() -> None:
    found = only(row("A-1;NULL;DHL;;"))
    assert isinstance(found, Doubt)
    assert (found.code, found.order) == ("erasing_value", "A-1")


@pytest.mark.parametrize("nothing", ["", "-", "n/a"])
def test_an_empty_cell_claims_nothing(nothing: str) -> None:
    assert not row(f"A-1;{nothing};DHL;;").findings


def test_a_date_that_can_be_read_in_two_ways_keeps_the_row_back() -> None:
    columns = "Bestellnummer;Sendungsnummer;Versanddatum"
    assert codes(row(f"A-1;{UPS_NUMBER};03/04/2026", columns=columns)) == ["bad_date"]


def test_a_quantity_that_is_none_keeps_the_row_back() -> None:
    assert codes(row(f"A-1;{UPS_NUMBER};;;viele")) == ["bad_quantity"]


def test_a_number_without_an_order_is_doubted() -> None:
    assert codes(row(f";{UPS_NUMBER};;;1")) == ["no_order_named"]
