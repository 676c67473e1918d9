import pytest

from daemon.domain.finding import DeviceNamed, Parcel
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, UPS_NUMBER, codes, read, unreadable_code

PARCEL = f"<Carrier>DHL</Carrier><TrackingNumber>{DHL_NUMBER}</TrackingNumber>"
SHIPMENT = f"<Shipment><OrderNumber>A-1</OrderNumber>{PARCEL}</Shipment>"


def told(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.number, one.order, one.line) for one in read(text).findings if isinstance(one, Parcel)]


@pytest.mark.parametrize(
    "text",
    [
        f"<Shipments>{SHIPMENT}</Shipments>",
        SHIPMENT,
        f"<Export><Shipments>{SHIPMENT}</Shipments></Export>",
        f'<Shipments><Shipment orderNumber="A-1">{PARCEL}</Shipment></Shipments>',
        f"<x:Shipments xmlns:x='urn:x'><!-- one -->{SHIPMENT}</x:Shipments>",
        f"<Versand><Sendung><Bestellnummer>A-1</Bestellnummer><Sendungsnummer>{DHL_NUMBER}</Sendungsnummer></Sendung></Versand>",
        f'<Order><OrderNumber>A-1</OrderNumber><TrackingNumber carrier="DHL">{DHL_NUMBER}</TrackingNumber></Order>',
    ],
)
def test_a_document_of_no_known_format_is_read_by_the_names_of_its_elements(text: str) -> None:
    assert told(text) == [(DHL_NUMBER, "A-1", None)]


def test_lines_and_parcels_are_rows_with_or_without_a_list_around_them() -> None:
    item = f"<Item><SKU>IP13</SKU><Quantity>1</Quantity><IMEI>{IMEI}</IMEI></Item>"
    for items in (item, f"<Items>{item}</Items>"):
        text = f"<Shipment><OrderNumber>A-1</OrderNumber>{PARCEL}{items}</Shipment>"
        assert told(text) == [(DHL_NUMBER, "A-1", "IP13")]
        assert [one.imei for one in read(text).findings if isinstance(one, DeviceNamed)] == [IMEI]
    other = f"<Parcel><TrackingNumber>{UPS_NUMBER}</TrackingNumber><Item><SKU>CASE</SKU></Item></Parcel>"
    parcels = f"<Parcel>{PARCEL}<Item><SKU>IP13</SKU></Item></Parcel>{other}"
    for some in (parcels, f"<Parcels>{parcels}</Parcels>"):
        text = f"<Shipment><OrderNumber>A-1</OrderNumber>{some}</Shipment>"
        assert told(text) == [(DHL_NUMBER, "A-1", "IP13"), (UPS_NUMBER, "A-1", "CASE")]


@pytest.mark.parametrize(
    "name", ["Returns", "Retouren", "PlannedShipments", "Stornos", "Cancelled", "unshipped_orders"]
)
def test_a_document_that_is_called_after_what_has_not_left_is_no_dispatch(name: str) -> None:
    assert codes(read(f"<{name}>{SHIPMENT}</{name}>")) == ["not_left_yet"]
    assert codes(read(f"<Export><{name}>{SHIPMENT}</{name}></Export>")) == ["not_left_yet"]


@pytest.mark.parametrize(
    "text",
    [
        f"<Export><Shipped>{SHIPMENT}{SHIPMENT}</Shipped><Returned>{SHIPMENT}</Returned></Export>",
        "<Invoice><OrderNumber>A-1</OrderNumber><Total>12.00</Total></Invoice>",
        "<Shipments/>",
        f"<Shipments>{''.join(SHIPMENT.replace('A-1', f'A-{number}') for number in range(1002))}</Shipments>",
    ],
)
def test_what_may_be_something_else_stays_unknown(text: str) -> None:
    assert unreadable_code(read(text)) in {"unknown_xml", "missing_column"}


def test_orders_are_not_taken_from_a_document_of_no_known_format() -> None:
    text = "<Orders><Order><order_id>A-1</order_id><sku>X</sku></Order></Orders>"
    assert unreadable_code(read(text, party="orders")) == "unknown_xml"


SENDUNG = f'<Sendung Auftrag="A-1" Dienst="DHL" Nummer="{DHL_NUMBER}"/>'


@pytest.mark.parametrize(
    "text",
    [
        f"<Tagesabschluss>{SENDUNG}</Tagesabschluss>",
        f'<Tagesabschluss erstellt="25.11.2026 09:55">{SENDUNG}</Tagesabschluss>',
        f'<Shipments day="25.11."><Shipment OrderNumber="A-1" Carrier="DHL" Tracking="{DHL_NUMBER}"/></Shipments>',
        f'<Envois><Envoi Commande="A-1" Transporteur="DHL" NumeroDeSuivi="{DHL_NUMBER}"></Envoi></Envois>',
    ],
)
def test_an_element_may_tell_all_in_its_attributes(text: str) -> None:
    assert told(text) == [(DHL_NUMBER, "A-1", None)]


@pytest.mark.parametrize(
    "text",
    [
        f"<Tagesabschluss>{SENDUNG.replace('Sendung', 'Storno')}</Tagesabschluss>",
        f"<Stornos>{SENDUNG}</Stornos>",
        f"<Liste>{SENDUNG}{SENDUNG.replace('Sendung', 'Storno')}</Liste>",
        f"<Liste>{SENDUNG}{SENDUNG}{SENDUNG.replace('Sendung', 'Storno')}</Liste>",
        "<Liste>" + SENDUNG.replace("/>", ' Status="Etikett erstellt"/>') + "</Liste>",
        "<Liste>" + SENDUNG.replace("/>", ' Status="storniert"/>') + "</Liste>",
    ],
)
def test_what_was_taken_back_in_attributes_is_no_dispatch(text: str) -> None:
    assert told(text) == []
