import pytest

from daemon.reading.tables.headings import (
    counts_goods,
    field_of,
    is_named_after_returns,
    speaks_of_returns,
)
from daemon.rules.formats import Format
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, UPS_NUMBER, codes, kinds, read, rulebook, unreadable_code

PARCEL = ("Parcel", DHL_NUMBER)


def tracking() -> Format:
    return next(one for one in rulebook().formats if one.name == "tracking")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Kundenreferenz Nr. 1", "reference"),
        ("Externe Auftragsnummer vom Shop", "external_order"),
        ("N° de commande client", "external_order"),
        ("Trackingcodes", "tracking"),
        ("trackingNumber", "tracking"),
        ("Carrier Tracking Code", "tracking"),
        ("Shipment Carrier", "carrier"),
        ("Sendungslink", "url"),
        ("Data wysyłki", "shipped_on"),
        ("Auftragspositionsnummer", "line"),
        ("Seriennr. / IMEI", "serial"),
        ("Versendete Menge", "quantity"),
    ],
)
def test_a_heading_is_understood_word_by_word(heading: str, field: str) -> None:
    assert field_of(heading, tracking()) == field


@pytest.mark.parametrize(
    "heading",
    ["Retourensendungsnummer", "Old order number", "Auftrag intern", "Bestelldatum", "Zahlungsstatus", "x" * 99],
)
def test_a_heading_with_a_word_of_another_thing_is_none_of_ours(heading: str) -> None:
    assert field_of(heading, tracking()) == ""


def test_a_quantity_in_other_words_is_one_unless_it_counts_parcels_or_what_is_left() -> None:
    assert counts_goods("Menge laut Lager", tracking())
    assert not counts_goods("Anzahl Pakete", tracking())
    assert not counts_goods("Restmenge offen", tracking())


@pytest.mark.parametrize("heading", ["Rücksendenummer", "Return ID", "N° retour", "Numer zwrotu", "RMA"])
def test_a_table_that_speaks_of_returns_is_not_taken(heading: str) -> None:
    assert speaks_of_returns(heading, tracking())
    assert unreadable_code(read(f"Bestellnummer;Sendungsnummer;{heading}\nA-1;{DHL_NUMBER};R-1\n")) == "returns_list"


def test_the_number_of_ours_stands_before_the_senders_own() -> None:
    reading = read(f"Auftragsnummer;Externe Auftragsnummer;Trackingnummer\n77;A-1;{DHL_NUMBER}\n78;;{UPS_NUMBER}\n")
    assert [one.order for one in reading.findings] == ["A-1", None]
    assert codes(reading) == ["no_order_named"]


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("numéro de commande;n° de suivi;transporteur", "DHL"),
        ("Numer zamówienia;Numer przesyłki;Przewoźnik", "DHL"),
        ("Numero ordine;Codice tracking;Corriere", "DHL"),
        ("N.º de pedido;Número de seguimiento;Transportista", "DHL"),
        ("Ordernummer;Track & Trace;Vervoerder", "DHL"),
    ],
)
def test_an_unknown_table_is_read_by_names_in_seven_languages(header: str, cell: str) -> None:
    assert kinds(read(f"{header}\nA-1;{DHL_NUMBER};{cell}\n")) == [PARCEL]


def test_cells_tell_columns_that_nobody_has_named() -> None:
    reading = read(f"Bestellnummer;A;B\nA-1;{DHL_NUMBER};{IMEI}\n")
    assert kinds(reading) == [PARCEL, ("DeviceNamed", IMEI)]


def test_two_columns_of_numbers_without_a_name_are_not_guessed_at() -> None:
    assert unreadable_code(read(f"Bestellnummer;A;B\nA-1;{DHL_NUMBER};{UPS_NUMBER}\n")) == "missing_column"


@pytest.mark.parametrize("said", ["storniert", "noch nicht versandt", "label printed", "nicht versandt"])
def test_a_number_that_has_not_left_is_held(said: str) -> None:
    assert codes(read(f"Bestellnummer;Sendungsnummer;Status\nA-1;{DHL_NUMBER};{said}\n")) == ["not_left_yet"]


def test_a_label_that_was_voided_is_held_and_one_that_was_not_is_taken() -> None:
    reading = read(f"Order;Tracking no;Voided\nA-1;{DHL_NUMBER};yes\nA-2;{DHL_NUMBER};no\n")
    assert (codes(reading), kinds(reading)[1:]) == (["not_left_yet"], [PARCEL])


def test_the_networks_own_name_of_an_order_is_known_in_any_table() -> None:
    assert kinds(read(f"merchantOutboundNumber;Sendungsnummer\nA-1;{DHL_NUMBER}\n")) == [PARCEL]


@pytest.mark.parametrize("name", ["outbound-and-return-labels.csv", "Versand und Retouren KW 48.xlsx"])
def test_a_file_named_after_what_leaves_as_well_is_no_list_of_returns(name: str) -> None:
    assert not is_named_after_returns(name, tracking())


def test_the_id_of_a_package_in_a_program_is_no_number_beside_the_carriers() -> None:
    assert kinds(read(f"Order;carrier_tracking_no;packages_id\nA-1;{DHL_NUMBER};74d4f1fc193d\n")) == [PARCEL]
