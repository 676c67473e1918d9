import pytest

from daemon.domain.finding import Parcel, Reading
from daemon.reading.tables.cells import part_in
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, OTHER_IMEI, UPS_NUMBER, codes, read


def pieces(reading: Reading) -> list[tuple[int | None, int | None, tuple[int, ...]]]:
    return [(one.quantity, one.of, one.perhaps) for one in reading.findings if isinstance(one, Parcel)]


@pytest.mark.parametrize("text", ["1/2", "1 von 2", "1 of 2", "Paket 1 von 2", "1 de 2 colis", "1 z 2", "box 1/2"])
def test_a_cell_may_say_which_of_how_many(text: str) -> None:
    assert part_in(text) == (1, 2)


@pytest.mark.parametrize("text", ["3/2", "0/2", "1/2/3", "12/2026", "1,5", "1 - 2", "1x2", "A-1/2"])
def test_other_numbers_are_no_parts(text: str) -> None:
    assert part_in(text) is None


def test_rows_that_count_the_pieces_of_an_order_are_one_piece_each() -> None:
    rows = f"A-1;1 von 2;{IMEI};{DHL_NUMBER}\nA-1;2 von 2;{OTHER_IMEI};{UPS_NUMBER}\n"
    assert pieces(read(f"Bestellnummer;Stück;IMEI;Sendungsnummer\n{rows}")) == [(1, 2, ()), (1, 2, ())]


def test_pieces_in_the_same_parcel_are_counted_together() -> None:
    rows = f"Bestellnummer;Menge;Sendungsnummer\nA-1;1/2;{DHL_NUMBER}\nA-1;2/2;{DHL_NUMBER}\n"
    assert pieces(read(rows)) == [(2, 2, ()), (2, 2, ())]


@pytest.mark.parametrize("heading", ["Menge", "Paket", "Colli", "Zorp"])
def test_where_a_part_is_missing_the_others_may_not_be_all(heading: str) -> None:
    assert pieces(read(f"Bestellnummer;{heading};Sendungsnummer\nA-1;2 von 2;{DHL_NUMBER}\n")) == [(None, None, (1,))]


def test_parcels_of_which_none_is_missing_are_no_doubt() -> None:
    rows = f"Bestellnummer;Paket;Sendungsnummer\nA-1;1/2;{DHL_NUMBER}\nA-1;2/2;{UPS_NUMBER}\n"
    assert pieces(read(rows)) == [(None, None, ()), (None, None, ())]


def test_other_words_below_a_heading_of_parts_hold_their_row() -> None:
    rows = [
        f"A-1;1/1;{DHL_NUMBER}",
        *[f"A-{at};1/1;{UPS_NUMBER}" for at in range(2, 32)],
        f"A-40;Rest bald;{DHL_NUMBER}",
    ]
    assert codes(read("\n".join(("Bestellnummer;Paket;Sendungsnummer", *rows, "")))) == ["unknown_status"]


def test_a_confirmation_of_some_pieces_is_none_of_the_order() -> None:
    assert codes(read("Bestellnummer;Menge;Status\nA-1;1 von 2;bestätigt\n")) == ["bad_quantity"]
