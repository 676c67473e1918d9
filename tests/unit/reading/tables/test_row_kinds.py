import pytest

from daemon.domain.finding import Parcel
from tests.unit.reading.dropped import DHL_NUMBER, UPS_NUMBER, codes, kinds, read

HEADER = "Bestellnummer;Sendungsnummer;Menge\n"
PARCELS = [("Parcel", DHL_NUMBER), ("Parcel", UPS_NUMBER)]


@pytest.mark.parametrize("total", ["Summe;;2", "Gesamt: 2;;", "Total;;2", ";;2", "Razem;2;"])
def test_a_row_that_sums_up_claims_nothing(total: str) -> None:
    reading = read(f"{HEADER}A-1;{DHL_NUMBER};1\n{total}\n")
    assert kinds(reading) == PARCELS[:1]


def test_a_header_that_comes_again_claims_nothing() -> None:
    assert kinds(read(f"{HEADER}A-1;{DHL_NUMBER};1\n{HEADER}A-2;{UPS_NUMBER};1\n")) == PARCELS


def test_a_second_header_in_another_language_claims_nothing() -> None:
    assert kinds(read(f"{HEADER}order_id;tracking_number;quantity\nA-1;{DHL_NUMBER};1\n")) == PARCELS[:1]


def test_a_table_below_that_lacks_something_is_held_from_there() -> None:
    reading = read(f"{HEADER}A-1;{DHL_NUMBER};1\nSendungsnummer;Gewicht;Menge\n{UPS_NUMBER};A-2;1\n")
    assert (kinds(reading)[:1], codes(reading)) == (PARCELS[:1], ["another_table", "not_read_below"])


def test_a_heading_over_two_rows_is_one() -> None:
    assert kinds(read(f"Bestellung;Versand;\nNummer;Dienst;Sendungsnummer\nA-1;DHL;{DHL_NUMBER}\n")) == PARCELS[:1]


def test_a_header_that_is_one_short_is_aligned_where_check_digits_leave_one_way() -> None:
    reading = read(f"Bestellnummer;Sendungsnummer;Dienstleister\nx;A-1;{DHL_NUMBER};DHL\ny;A-2;{UPS_NUMBER};UPS\n")
    assert (kinds(reading), [one.order for one in reading.findings]) == (PARCELS, ["A-1", "A-2"])


def test_a_header_that_is_one_short_is_not_guessed_at() -> None:
    reading = read(f"Bestellnummer;Sendungsnummer;Dienstleister\n1;A-1;{DHL_NUMBER};DHL\n")
    assert codes(reading) == ["ragged_row"]


def test_one_row_that_is_too_long_is_held() -> None:
    assert codes(read(f"{HEADER}A-1;{DHL_NUMBER};1\nx;A-2;{UPS_NUMBER};1\n")) == ["ragged_row"]


def test_a_blank_end_that_was_cut_off_is_no_harm() -> None:
    assert kinds(read(f"{HEADER}A-1;{DHL_NUMBER}\n")) == PARCELS[:1]


def test_documents_line_by_line_are_records() -> None:
    lines = [f'{{"order_id": "A-{n}", "tracking_number": "{number}"}}' for n, (_, number) in enumerate(PARCELS)]
    assert kinds(read("\n".join(lines))) == PARCELS


def test_of_items_and_parcels_side_by_side_the_first_parcel_stands_for_all_that_has_left() -> None:
    text = (
        '{"order_id": "A-1", "items": [{"sku": "X", "quantity": 2, "imei": "352099001761481"}], '
        f'"packages": [{{"tracking_number": "{DHL_NUMBER}"}}, {{"tracking_number": "{UPS_NUMBER}"}}]}}'
    )
    found = read(text).findings
    parcels = [(one.line, one.quantity, one.beside) for one in found if isinstance(one, Parcel)]
    assert parcels == [("X", 2, False), (None, None, True)]
    assert sorted(kinds(read(text))) == sorted([*PARCELS, ("DeviceNamed", "352099001761481")])


def test_a_name_twice_in_an_object_is_refused() -> None:
    assert codes(read('{"order_id": "A-1", "tracking_number": "1", "tracking_number": "2"}')) == ["json_name_twice"]
