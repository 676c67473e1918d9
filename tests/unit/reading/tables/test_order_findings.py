"""Rows of order files as shops and marketplaces write them, in the names of the contract."""

import pytest

from daemon.domain.finding import Doubt, OrderRow
from daemon.reading.tables.order_findings import moment
from tests.unit.reading import dropped as files

_HEAD = (
    "Bestellnummer;Bestelldatum;Bezahlt am;Zahlungsstatus;Status;Währung;E-Mail;"
    "Lieferanschrift Vorname;Lieferanschrift Nachname;Lieferanschrift Straße;Lieferanschrift Hausnummer;"
    "Lieferanschrift PLZ;Lieferanschrift Ort;Lieferanschrift Land;"
    "Positionstyp;SKU;Artikel;Anzahl;Einzelpreis\n"
)


def read(**changes: str) -> OrderRow | Doubt:
    cells = {
        "number": "B-1",
        "placed": "23.11.2026 10:15",
        "paid": "23.11.2026",
        "payment": "",
        "status": "",
        "kind": "Artikel",
        "price": "9,90",
    } | changes
    row = (
        "{number};{placed};{paid};{payment};{status};EUR;ida@b.example;Ida;Muster;Beispielweg;4a;'10115;Berlin;Deutschland;"
        "{kind};CASE;Case;2;{price}\n"
    ).format(**cells)
    (found,) = files.read(_HEAD + row, "orders").findings
    assert isinstance(found, OrderRow | Doubt)
    return found


def fields(**changes: str) -> dict[str, str]:
    found = read(**changes)
    assert isinstance(found, OrderRow)
    return found.fields


@pytest.mark.parametrize("text", ["2026-11-24", "24.11.2026", "2026-11-24 00:00:00"])
def test_a_day_begins_where_the_sender_is(text: str) -> None:
    assert moment(text, "Europe/Berlin") == "2026-11-24T00:00:00+01:00"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-24 09:12:00 +0100", "2026-11-24T09:12:00+01:00"),
        ("24.11.2026 09:12", "2026-11-24T09:12:00+01:00"),
        ("24.07.2026 09:12:30", "2026-07-24T09:12:30+02:00"),
        ("2026-11-24 08:12:00 UTC", "2026-11-24T08:12:00+00:00"),
        ("25.10.2026 02:30", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_a_moment_without_a_zone_is_the_senders(text: str, iso: str) -> None:
    assert moment(text, "Europe/Berlin") == iso


@pytest.mark.parametrize("text", ["2026-11-24T09:12:00+00:00", "2026-11-24T09:12:00Z", "bald", "", "24.11.2026 25:99"])
def test_what_names_its_own_zone_or_no_moment_stays_as_it_is(text: str) -> None:
    assert moment(text, "Europe/Berlin") == text


def test_a_number_that_stands_in_the_street_is_not_written_twice() -> None:
    head = (
        "Bestellnummer;SKU;Anzahl;Lieferadresse Straße;Lieferadresse Hausnummer;Lieferadresse PLZ;Lieferadresse Ort\n"
    )
    (found,) = files.read(f"{head}B-1;CASE;1;Weg 4a;4A;10115;Berlin\n", "orders").findings
    assert isinstance(found, OrderRow)
    assert found.fields["ship_street"] == "Weg 4a"


def test_parts_of_names_and_streets_are_put_together() -> None:
    found = fields()
    assert (found["ship_name"], found["buyer_name"], found["ship_street"]) == (
        "Ida Muster",
        "Ida Muster",
        "Beispielweg 4a",
    )
    assert found["ship_postcode"] == "10115"


@pytest.mark.parametrize(
    ("first", "named", "whole"),
    [
        ("Ida", "Muster", "Ida Muster"),
        ("Ida", "Ida Muster", "Ida Muster"),
        ("", "Ida Muster", "Ida Muster"),
        ("Ida", "", "Ida"),
    ],
)
def test_a_first_name_goes_before_a_name_that_does_not_have_it(first: str, named: str, whole: str) -> None:
    head = "Bestellnummer;SKU;Anzahl;Lieferadresse Vorname;Lieferadresse Name;Lieferadresse PLZ;Lieferadresse Ort\n"
    (found,) = files.read(f"{head}B-1;CASE;1;{first};{named};10115;Berlin\n", "orders").findings
    assert isinstance(found, OrderRow)
    assert found.fields["ship_name"] == whole


@pytest.mark.parametrize(
    ("changes", "paid_at"),
    [
        ({}, "2026-11-23T00:00:00+00:00"),
        ({"paid": "", "payment": "bezahlt"}, "2026-11-23T10:15:00+00:00"),
        ({"paid": "", "status": "Bezahlt"}, "2026-11-23T10:15:00+00:00"),
        ({"paid": ""}, ""),
        ({"payment": "erstattet"}, ""),
        ({"status": "erstattet"}, ""),
        ({"payment": "offen"}, ""),
        ({"status": "offen"}, "2026-11-23T00:00:00+00:00"),
    ],
)
def test_an_order_is_paid_where_nothing_says_otherwise(changes: dict[str, str], paid_at: str) -> None:
    assert fields(**changes)["paid_at"] == paid_at


@pytest.mark.parametrize(
    ("status", "code"),
    [("Versendet", "order_not_to_ship"), ("storniert", "order_not_to_ship"), ("Huch", "unknown_status")],
)
def test_what_has_left_or_nobody_understands_is_not_taken(status: str, code: str) -> None:
    found = read(status=status)
    assert isinstance(found, Doubt)
    assert (found.code, found.value, found.order) == (code, status, "B-1")


def test_a_position_that_is_no_goods_is_no_line() -> None:
    shipping = fields(kind="Versandposition", price="4,90")
    assert (shipping["sku"], shipping["quantity"], shipping["shipping_price"]) == ("", "", "4,90")
    voucher = fields(kind="Gutschein", price="-5,00")
    assert (voucher["sku"], voucher.get("shipping_price", "")) == ("", "")
