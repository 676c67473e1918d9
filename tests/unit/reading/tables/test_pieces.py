import pytest

from daemon.domain.finding import DeviceNamed, Parcel, Reading
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, OTHER_IMEI, UPS_NUMBER, codes, read


def parcels(reading: Reading) -> list[Parcel]:
    return [one for one in reading.findings if isinstance(one, Parcel)]


def told(columns: str, cells: str) -> tuple[int | None, tuple[int, ...]]:
    """The quantity of the one parcel, and the numbers that perhaps are."""
    (one,) = parcels(read(f"Bestellnummer;SKU;{columns};Sendungsnummer\nA-1;X-1;{cells};{DHL_NUMBER}\n"))
    return one.quantity, one.perhaps


@pytest.mark.parametrize("heading", ["Gescannt", "Menge (kommissioniert)", "Qté préparée", "Wydano", "Uds. servidas"])
def test_what_was_sent_or_packed_is_the_quantity(heading: str) -> None:
    assert told(heading, "2") == (2, ())


def test_beside_what_was_sent_a_plain_quantity_is_what_was_ordered() -> None:
    assert told("Menge;Geliefert", "3;2") == (2, ())


def test_the_parentheses_of_a_quantity_say_what_it_counts() -> None:
    assert told("Menge (bestellt);Menge (Restmenge);Menge (kommissioniert)", "3;1;2") == (2, ())


def test_a_small_number_under_a_heading_that_nobody_knows_is_perhaps_the_quantity() -> None:
    assert told("Zorp", "1") == (None, (1,))


@pytest.mark.parametrize(
    ("heading", "text"),
    [("Gewicht", "1"), ("Anzahl Pakete", "1"), ("Preis", "2"), ("Zorp", "1,5"), ("Zorp", "1200"), ("Zorp", "1 kg")],
)
def test_weights_parcels_money_and_other_numbers_are_no_quantity(heading: str, text: str) -> None:
    assert told(heading, text) == (None, ())


def test_a_column_that_numbers_the_rows_or_is_always_the_same_is_no_quantity() -> None:
    rows = [f"A-{at};{at};1;0034043416109404255{digit}" for at, digit in ((1, 7), (2, 7), (3, 7))]
    reading = read("\n".join(("Bestellnummer;Zorp;Zirp;Sendungsnummer", *rows, "")))
    assert {one.perhaps for one in parcels(reading)} == {()}


def test_less_than_the_plain_quantity_under_an_unknown_heading_holds_the_row() -> None:
    header = "Bestellnummer;Menge;Zorp;Sendungsnummer"
    assert codes(read(f"{header}\nA-1;3;2;{DHL_NUMBER}\n")) == ["bad_quantity"]


def test_what_stays_behind_holds_a_row_that_does_not_say_how_many_left() -> None:
    assert codes(read(f"Bestellnummer;Rest;Sendungsnummer\nA-1;1;{DHL_NUMBER}\n")) == ["bad_quantity"]
    assert codes(read(f"Bestellnummer;Rest;Sendungsnummer\nA-1;0;{DHL_NUMBER}\n")) == []


def test_pieces_beside_a_weight_and_without_an_article_may_be_those_of_the_freight() -> None:
    (one,) = parcels(read(f"Order;Tracking no;Pcs;Wt\nA-1;{DHL_NUMBER};1;0.5\n"))
    assert (one.quantity, one.perhaps) == (None, (1,))


def test_a_row_for_each_device_of_an_order_in_parcels_of_their_own_is_one_piece_each() -> None:
    reading = read(f"Bestellnummer;IMEI;Sendungsnummer\nA-1;{IMEI};{DHL_NUMBER}\nA-1;{OTHER_IMEI};{UPS_NUMBER}\n")
    assert [one.quantity for one in parcels(reading)] == [1, 1]


def test_a_device_without_a_number_may_lie_in_the_parcel_of_another_row() -> None:
    reading = read(f"Bestellnummer;IMEI;Sendungsnummer\nA-1;{IMEI};{DHL_NUMBER}\nA-1;{OTHER_IMEI};\n")
    assert [(one.quantity, one.perhaps) for one in parcels(reading)] == [(None, (1,))]


def test_an_article_that_a_row_only_describes_goes_with_its_parcel_and_its_device() -> None:
    reading = read(f"Bestellnummer;Bezeichnung;IMEI;Sendungsnummer\nA-1;Galaxy S22;{IMEI};{DHL_NUMBER}\n")
    articles = {one.article for one in reading.findings if isinstance(one, Parcel | DeviceNamed)}
    assert articles == {"Galaxy S22"}


@pytest.mark.parametrize(
    ("text", "counted"),
    [("1x Hülle", (1,)), ("1x Hülle, 3x Charger", (4,)), ("Charger (2 Stück)", (2,)), ("Galaxy S22 5G", ())],
)
def test_what_a_cell_of_goods_counts_may_be_all_that_has_left(text: str, counted: tuple[int, ...]) -> None:
    (one,) = parcels(read(f"Bestellnummer;Inhalt;Sendungsnummer\nA-1;{text};{DHL_NUMBER}\n"))
    assert one.perhaps == counted


@pytest.mark.parametrize("heading", ["Partial", "Teillieferung", "Rest folgt", "Backorder"])
def test_a_yes_below_what_stays_behind_holds_its_row(heading: str) -> None:
    table = f"Bestellnummer;{heading};Sendungsnummer\nA-1;ja;{DHL_NUMBER}\nA-2;nein;{UPS_NUMBER}\n"
    assert [one.number for one in parcels(read(table))] == [UPS_NUMBER]
