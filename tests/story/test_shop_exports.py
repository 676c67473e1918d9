"""What shops and marketplaces export walks from `inbox/orders` to the seller's mail without anybody editing it."""

from tests.support.workspace import PARTNERS, Workspace, body

_SHOPIFY = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Shipping,Total,Created at,Lineitem quantity,\
Lineitem name,Lineitem price,Lineitem sku,Lineitem fulfillment status,Billing Name,Billing Zip,\
Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,\
Shipping Province,Shipping Country,Shipping Phone,Cancelled at,Vendor
#1001,ida@b.example,paid,2026-11-25 08:16:30 +0100,unfulfilled,EUR,0.00,458.90,2026-11-25 08:15:00 +0100,1,Phone 13,\
449.00,IP13-128,pending,Ida Muster,'10117,Ida Muster,"Weg 4, Hinterhaus",Weg 4,\
Hinterhaus,,Berlin,'10115,,DE,'+4930,,Fruit
#1001,ida@b.example,,,,,,,2026-11-25 08:15:00 +0100,1,Case,9.90,CASE,pending,,,,,,,,,,,,,,Maker
#1002,joe@b.example,pending,,unfulfilled,EUR,0.00,9.90,2026-11-25 08:15:00 +0100,1,Case,9.90,CASE,pending,Joe,1010,\
Joe,Weg 1,Weg 1,,,Wien,1010,,AT,,,Maker
"""
_MIRAKL = """\
{"orders": [{"order_id": "M-7-A", "order_state": "SHIPPING", "created_date": "2026-11-25T07:15:00Z",
 "customer_debited_date": "2026-11-25T07:20:00Z", "currency_iso_code": "EUR", "shop_name": "Acme Mobile GmbH",
 "customer_notification_email": "x@market.example", "customer": {"firstname": "Ida", "lastname": "Muster",
 "shipping_address": {"firstname": "Ida", "lastname": "Muster", "street_1": "1 rue A", "street_2": "3e étage",
 "additional_info": "bât. B", "zip_code": "75001", "city": "Paris", "country": "France", "country_iso_code": "FRA"}},
 "order_lines": [{"order_line_id": "M-7-A-1", "offer_sku": "CASE", "product_title": "Case", "quantity": 1,
 "price_unit": 9.9, "price": 9.9}]}]}
"""
_AMEISE = """\
Auftragsnummer;Externe Auftragsnummer;Auftragsdatum;Zahlungsdatum;Währung;EMail;Vorname;Nachname;Straße;PLZ;\
Lieferadresse: Firma;Lieferadresse: Vorname;Lieferadresse: Nachname;Lieferadresse: Straße;Lieferadresse: PLZ;\
Lieferadresse: Ort;Lieferadresse: Land;Positionstyp;Artikelnummer;Artikelname;Menge;VK Brutto
AU-1;EXT-9;25.11.2026 08:15:00;25.11.2026;EUR;ida@b.example;Ida;Muster;Rechnungsweg 1;10117;\
Müller GmbH;Ida;Muster;Beispielweg 4;10115;Köln;Deutschland;Artikel;IP13-128;Phone 13;1,00;449,00
AU-1;EXT-9;25.11.2026 08:15:00;25.11.2026;EUR;ida@b.example;Ida;Muster;Rechnungsweg 1;10117;\
Müller GmbH;Ida;Muster;Beispielweg 4;10115;Köln;Deutschland;Versandposition;;DHL Paket;1,00;4,90
"""

_WOO = """\
Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Company (Billing),\
Address 1&2 (Billing),City (Billing),State Code (Billing),Postcode (Billing),Country Code (Billing),Email (Billing),\
Phone (Billing),First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),City (Shipping),\
State Code (Shipping),Postcode (Shipping),Country Code (Shipping),Order Shipping Amount,\
Order Currency,Item #,SKU,Item Name,Quantity (- Refund),Item Cost
7001,Processing,2026-11-25 08:15,,Ida,Muster,,Rechnungsweg 1,Bonn,,53111,DE,ida@b.example,+4930,Ida,Muster,Weg 4,\
Berlin,,10115,DE,0.00,EUR,1,IP13-128,Phone 13,1,449.00
7001,Processing,2026-11-25 08:15,,Ida,Muster,,Rechnungsweg 1,Bonn,,53111,DE,ida@b.example,+4930,Ida,Muster,Weg 4,\
Berlin,,10115,DE,0.00,EUR,2,CASE,Case,2,9.90
7002,On hold,2026-11-25 08:16,,Joe,Muster,,Weg 1,Wien,,1010,AT,joe@b.example,,Joe,Muster,Weg 1,Wien,,1010,AT,0.00,\
EUR,1,CASE,Case,1,9.90
7003,Completed,2026-11-24 08:16,,Joe,Muster,,Weg 1,Wien,,1010,AT,joe@b.example,,Joe,Muster,Weg 1,Wien,,1010,AT,0.00,\
EUR,1,CASE,Case,1,9.90
7004,Processing,2026-11-25 08:17,,Joe,Muster,,Weg 1,Wien,,1010,AT,joe@b.example,,Joe,Muster,,Wien,,1010,AT,0.00,\
EUR,1,CASE,Case,1,9.90
"""
_WOO_JSON = """\
[{"id": 18, "number": "8001", "status": "processing", "currency": "EUR", "date_created_gmt": "2026-11-25T07:15:00",
 "date_paid_gmt": "2026-11-25T07:16:00", "shipping_total": "0.00", "customer_note": "",
 "billing": {"first_name": "Ida", "last_name": "Muster", "email": "ida@b.example", "phone": "+4930"},
 "shipping": {"first_name": "Ida", "last_name": "Muster", "company": "", "address_1": "Weg 4", "address_2": "Hof",
 "city": "Berlin", "state": "", "postcode": "10115", "country": "DE"},
 "line_items": [{"id": 31, "name": "Phone 13", "quantity": 1, "sku": "IP13-128", "total": "449.00", "price": 449},
 {"id": 32, "name": "Case", "quantity": 2, "sku": "CASE", "total": "19.80", "price": 9.9}]}]
"""
_MIRAKL_CSV = """\
Date created;Order number;Order line no.;Quantity;Details;Status;Currency;Unit price;Offer SKU;\
Customer notification email;Shipping address civility;Shipping address first name;Shipping address last name;\
Shipping address company;Shipping address street 1;Shipping address street 2;Shipping address complementary;\
Shipping address zip;Shipping address city;Shipping address state;Shipping address country;Shipping address phone;\
Billing address first name;Billing address last name
25/11/2026 - 08:15:00;9001-A;9001-A-1;1;Case;Awaiting shipment;EUR;9.90;CASE;x@market.example;Mme;Ida;Muster;;1 rue A;\
3e étage;;75001;Paris;;France;+331;Ida;Muster
25/11/2026 - 08:15:00;9002-A;9002-A-1;1;Case;Pending debit;EUR;9.90;CASE;y@market.example;Mme;Ida;Muster;;1 rue A;\
;;75001;Paris;;France;+331;Ida;Muster
"""


def test_exports_of_woocommerce_and_mirakl_are_taken_as_they_are(sandbox: Workspace) -> None:
    (sandbox.home / "rules/partners/ours.yaml").write_text(PARTNERS.partition("- id: bolt")[0])
    sandbox.drop("orders", "woo.csv", _WOO)
    sandbox.drop("orders", "woo.json", _WOO_JSON)
    sandbox.drop("orders", "mirakl.csv", _MIRAKL_CSV)
    sandbox.run_once()
    labels = {str(one["Subject"]).split()[1].strip(":"): body(one) for one in sandbox.mails("order")}
    assert sorted(labels) == ["7001", "8001", "9001-A"]
    assert "Ida Muster\nWeg 4\n10115 Berlin" in labels["7001"]
    assert "Ida Muster\nHof\nWeg 4\n10115 Berlin" in labels["8001"]
    assert "Ida Muster\n3e étage\n1 rue A\n75001 Paris\nFRANKREICH" in labels["9001-A"]
    assert all("Gesamtbetrag: 468,80" in labels[one] for one in ("7001", "8001"))
    states = {one["order"]: one["state"] for one in sandbox.ask("orders")}
    assert (states.pop("7002"), states.pop("9002-A")) == ("awaiting_payment", "awaiting_payment")
    assert set(states.values()) == {"released"}
    receipt = sandbox.receipt("orders", "woo.csv")
    assert "refused" in receipt[4]
    assert "In der Spalte Address 1&2 (Shipping) fehlt ein Wert" in receipt[5]


def test_exports_of_shops_reach_the_only_seller_as_they_are(sandbox: Workspace) -> None:
    only_acme = PARTNERS.partition("- id: bolt")[0]
    (sandbox.home / "rules/partners/ours.yaml").write_text(only_acme)
    sandbox.drop("orders", "orders_export.csv", _SHOPIFY)
    sandbox.drop("orders", "mirakl.json", _MIRAKL)
    sandbox.drop("orders", "ameise.csv", _AMEISE.encode("cp1252"))
    sandbox.run_once()
    labels = {str(one["Subject"]).split()[1].strip(":"): body(one) for one in sandbox.mails("order")}
    assert {one["To"] for one in sandbox.mails("order")} == {"orders@acme.example"}
    assert sorted(labels) == ["#1001", "EXT-9", "M-7-A"]
    assert "Ida Muster\nHinterhaus\nWeg 4\n10115 Berlin" in labels["#1001"]
    assert "Gesamtbetrag: 458,90" in labels["#1001"]
    assert "Ida Muster\n3e étage bât. B\n1 rue A\n75001 Paris\nFRANKREICH" in labels["M-7-A"]
    assert "Ida Muster\nMüller GmbH\nBeispielweg 4\n10115 Köln" in labels["EXT-9"]
    assert "Gesamtbetrag: 453,90" in labels["EXT-9"]
    assert sandbox.order("#1002")["state"] == "awaiting_payment"
