"""The Fulfillment sync (Abgleich) between a merchant and his fulfiller, by files in both directions."""

import csv
import io

import pytest

from tests.story.test_inquiry import ask
from tests.support.workspace import ORDER_COLUMNS, Workspace, body, order_row

NUMBER = "00340434161094042557"
OTHER = "00340433836442636597"
IMEI = "352099001761481"
OTHER_IMEI = "490154203237518"


def orders_of_nova(*rows: str) -> str:
    """An order file whose rows are nova's, shipped by nordlager."""
    header = f"{ORDER_COLUMNS},merchant,fulfiller,warehouse"
    return "\n".join((header, *(f"{row},nova,nordlager,NL-HH1" for row in rows))) + "\n"


def exports(sandbox: Workspace, party: str, kind: str) -> list[list[dict[str, str]]]:
    """The exports of a kind, oldest first, each as its rows."""
    found = []
    for path in sorted((sandbox.home / "outbox" / party).glob(f"{kind}-*.csv")):
        text = path.read_bytes().decode("utf-8-sig")
        delimiter = ";" if party.startswith("merchants/") and kind != "warehouse" else ","
        found.append(list(csv.DictReader(io.StringIO(text), delimiter=delimiter)))
    return found


def related(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    for state in ("contract_agreed", "active"):
        sandbox.ask("inquiry", inquiry, "--set", state, "--why", "Vertrag liegt vor")
    sandbox.run_once()


def sync(sandbox: Workspace, at: str) -> list[str]:
    """Run the sync and what it sends; the inquiries in which there was anything to tell."""
    sandbox.clock = at
    told = [one["inquiry"] for one in sandbox.ask("sync", "--merchant", "nova")]
    sandbox.run_once()
    return told


def test_orders_go_out_and_shipments_stock_and_returns_come_back(sandbox: Workspace) -> None:
    related(sandbox)
    unpaid = order_row(order_id="A-1002", seller="", paid_at="")
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller=""), unpaid))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    assert sync(sandbox, "2026-11-25T10:06:00+01:00") == ["I-0001"]
    ((sent,),) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert sent["merchant_outbound_number"] == "A-1001"
    assert (sent["warehouse_id"], sent["item_merchant_sku"], sent["item_quantity"]) == ("NL-HH1", "IP13-128", "1")
    assert (sent["shipping_name"], sent["shipping_zip"], sent["shipping_country"]) == ("Zoë Kanari", "50667", "DE")
    assert sync(sandbox, "2026-11-25T10:07:00+01:00") == []

    sandbox.drop("fulfillers/nordlager", "status.csv", "merchantOutboundNumber,status\nA-1001,Pickprocess\n")
    sandbox.drop(
        "fulfillers/nordlager",
        "stock.csv",
        "merchantSku,warehouseId,stockLevel,stockLevelReserved,stockLevelBlocked,stockLevelAnnounced\n"
        "IP13-128,NL-HH1,14,2,1,20\nCASE-13,NL-HH1,3,0,0,0\n",
    )
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    assert sandbox.order()["state"] == "acknowledged"
    shipped = (
        '{"fulfillerShippingNotificationNumber": "SN-1", "merchantOutboundNumber": "A-1001", '
        f'"items": [{{"merchantSku": "IP13-128", "quantity": "1", "serialnumbers": ["{IMEI}"]}}], '
        '"packages": [{"freightOption": "Parcel", "shippingDate": "2026-11-26T08:40:00+01:00", "carrier": "DHL", '
        f'"identifier": [{{"value": "{NUMBER}", "identifierType": "TrackingId"}}]}}]}}'
    )
    sandbox.drop("fulfillers/nordlager", "notification.json", shipped)
    sandbox.run_once("2026-11-26T09:05:00+01:00")
    assert sandbox.order()["complete"]
    sandbox.drop(
        "fulfillers/nordlager",
        "retouren.csv",
        "Retourennummer;Externe Auftragsnummer;Artikelnummer;Menge;Eingangsdatum;Zustand;Grund\n"
        "R-17;A-1001;IP13-128;1;04.12.2026;Gebraucht;Gefällt nicht\nR-18;X-9;IP13-128;1;04.12.2026;;\n",
    )
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    sync(sandbox, "2026-12-04T09:01:00+01:00")

    merchant = "merchants/nova"
    stock = [row for export in exports(sandbox, merchant, "stock") for row in export]
    assert [(row["Artikelnummer"], row["Lager"], row["Bestand"], row["Reserviert"]) for row in stock] == [
        ("CASE-13", "NL-HH1", "3", "0"),
        ("IP13-128", "NL-HH1", "14", "2"),
    ]
    (shipment,) = [row for export in exports(sandbox, merchant, "shipments") for row in export]
    assert (shipment["Externe Auftragsnummer"], shipment["Tracking-ID"]) == ("A-1001", NUMBER)
    assert (shipment["Versanddatum"], shipment["Seriennummern"]) == ("26.11.2026", IMEI)
    ((back,),) = exports(sandbox, merchant, "returns")
    assert (back["Retourennummer"], back["Menge"], back["Grund"]) == ("R-17", "1", "Gefällt nicht")
    assert [one["name"] for one in sandbox.ask("held")] == ["retouren.csv"]
    assert len(exports(sandbox, "fulfillers/nordlager", "orders")) == 1
    assert sync(sandbox, "2026-12-04T09:02:00+01:00") == []


def test_a_merchant_drops_his_own_orders_as_jtl_wawi_writes_them(sandbox: Workspace) -> None:
    name = "<cVorname>Zoë</cVorname><cNachname>Kanari</cNachname>"
    street = "<cStrasse>Ringstraße</cStrasse><cHausnummer>5</cHausnummer><cPLZ>50667</cPLZ><cOrt>Köln</cOrt>"
    order = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><tBestellungen><tBestellung>'
        "<cWaehrung>EUR</cWaehrung><cBestellNr>A-1001</cBestellNr><cLager>hamburg 1</cLager>"
        "<dErstellt>25.11.2026</dErstellt><dBezahltDatum>25.11.2026</dBezahltDatum>"
        "<twarenkorbpos><cName>Phone 13</cName><cArtNr>IP13-128</cArtNr><fPreis>299.00</fPreis><fAnzahl>1.00</fAnzahl>"
        "<cPosTyp>standard</cPosTyp></twarenkorbpos>"
        f"<tkunde>{name}{street}<cLand>Deutschland</cLand><cMail>z@b.example</cMail></tkunde>"
        "</tBestellung></tBestellungen>"
    ).encode("latin-1")
    inquiry = ask(sandbox)
    sandbox.drop("merchants/nova", "orders.xml", order)
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    assert "held" in sandbox.receipt("merchants/nova", "orders.xml")[1]
    for state in ("contract_agreed", "active"):
        sandbox.ask("inquiry", inquiry, "--set", state, "--why", "Vertrag liegt vor")
    sandbox.run_once("2026-11-25T10:10:00+01:00")
    assert sandbox.order()["fulfiller"] == "nordlager"
    label = body(sandbox.mail("order"))
    assert "Zoë Kanari\nRingstraße 5\n50667 Köln" in label
    sync(sandbox, "2026-11-25T10:20:00+01:00")
    ((sent,),) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert (sent["warehouse_id"], sent["shipping_country"]) == ("NL-HH1", "DE")


def test_the_words_of_the_fulfillment_network_are_no_dispatch_without_a_number(sandbox: Workspace) -> None:
    related(sandbox)
    rows = [order_row(order_id=f"A-{number}", seller="") for number in range(1, 6)]
    sandbox.drop("orders", "orders.csv", orders_of_nova(*rows))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    words = ("Pending", "Acknowledged", "Locked", "Shipped", "Canceled")
    table = "".join(f"A-{number},{word}\n" for number, word in enumerate(words, 1))
    sandbox.drop("fulfillers/nordlager", "status.csv", f"merchantOutboundNumber,status\n{table}")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    states = [sandbox.order(f"A-{number}")["state"] for number in range(1, 6)]
    assert states == ["released", "acknowledged", "acknowledged", "released", "released"]
    results = [line.split(",")[2] for line in sandbox.receipt("fulfillers/nordlager", "status.csv")[1:]]
    assert results == ["unchanged", "taken", "taken", "held", "held"]


def test_the_sync_runs_by_itself_and_a_canceled_order_is_told(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.run_once("2026-11-25T10:20:00+01:00")
    assert len(exports(sandbox, "fulfillers/nordlager", "orders")) == 1
    sandbox.ask("cancel", "A-1001")
    sandbox.run_once("2026-11-25T10:40:00+01:00")
    (_, (row,)) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert (row["status"], row["item_quantity"]) == ("Canceled", "0")


def test_an_order_of_the_merchant_alone_goes_to_his_only_fulfiller_whose_empty_shelf_is_seen(
    sandbox: Workspace,
) -> None:
    alone = f"{ORDER_COLUMNS},merchant\n{order_row(seller='')},nova\n"
    sandbox.drop("orders", "too-early.csv", alone)
    sandbox.run_once()
    (_, refused) = sandbox.receipt("orders", "too-early.csv")
    assert "refused" in refused
    assert "nova" in refused
    assert "?" not in refused
    related(sandbox)
    sandbox.drop("fulfillers/nordlager", "bestand.csv", "merchantSku;stockLevel\nIP13-128;0\n")
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("orders", "orders.csv", alone)
    sandbox.run_once("2026-11-25T10:10:00+01:00")
    order = sandbox.order()
    assert order["fulfiller"] == "nordlager"
    assert [one["kind"] for one in order["problems"]] == ["out_of_stock"]


def test_articles_of_the_merchant_reach_the_fulfiller_and_a_changed_one_again(sandbox: Workspace) -> None:
    related(sandbox)
    header = "Artikelnummer;Artikelname;EAN;Versandgewicht;TARIC-Code;Herkunftsland\n"
    sandbox.drop(
        "merchants/nova", "artikel.csv", f"{header}IP13-128;Phone 13;;0,35;85171300;CN\nCASE-13;Hülle;;0,05;;\n"
    )
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sync(sandbox, "2026-11-25T10:06:00+01:00")
    (first,) = exports(sandbox, "fulfillers/nordlager", "articles")
    assert [(row["merchant_sku"], row["name"]) for row in first] == [("CASE-13", "Hülle"), ("IP13-128", "Phone 13")]
    sandbox.drop("merchants/nova", "artikel-neu.csv", f"{header}CASE-13;Hülle blau;;0,05;;\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    sync(sandbox, "2026-11-25T11:01:00+01:00")
    (_, (changed,)) = exports(sandbox, "fulfillers/nordlager", "articles")
    assert changed["name"] == "Hülle blau"
    assert len(list((sandbox.home / "outbox/merchants/nova").glob("warehouse-*.csv"))) == 1


def test_after_the_end_of_a_relationship_nothing_is_told_any_more(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.ask("inquiry", "I-0001", "--set", "withdrawn", "--why", "gekündigt")
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    assert ",refused," in sandbox.receipt("orders", "orders.csv")[1]
    assert sync(sandbox, "2026-11-25T10:06:00+01:00") == []


def test_two_merchants_with_one_sku_are_each_told_their_own_stock(sandbox: Workspace) -> None:
    partners = sandbox.home / "rules/partners/ours.yaml"
    nova = partners.read_text().partition("- id: nova")[2].partition("- id:")[0]
    mira = nova.replace("Nova", "Mira").replace("einkauf@nova", "einkauf@mira")
    partners.write_text(f"{partners.read_text()}- id: mira{mira}")
    related(sandbox)
    words = sandbox.home / "frage.txt"
    words.write_text("Haben Sie Platz?")
    asked = sandbox.ask("inquire", "--merchant", "mira", "--fulfiller", "nordlager", "--text-file", str(words))
    for state in ("contract_agreed", "active"):
        sandbox.ask("inquiry", asked["inquiry"], "--set", state, "--why", "Vertrag liegt vor")
    sandbox.drop(
        "fulfillers/nordlager",
        "bestand.csv",
        "Mandant;Artikelnummer;Bestand\nnova;X;5\nMira Handels GmbH;X;7\nfremd;X;1\n",
    )
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    sandbox.run_once("2026-11-25T11:16:00+01:00")
    told = [exports(sandbox, f"merchants/{one}", "stock") for one in ("nova", "mira")]
    assert [[[row["Bestand"] for row in export] for export in exports_] for exports_ in told] == [[["5"]], [["7"]]]
    results = [line.split(";")[3] for line in sandbox.receipt("fulfillers/nordlager", "bestand.csv")[1:]]
    assert results == ["taken", "taken", "held"]


def test_words_about_a_return_are_erased_with_the_buyer_and_nobody_is_told_again(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="", category="case", cellular="no")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    words = "R-17;A-1001;IP13-128;1;04.12.2026;Gebraucht;Frau Kanari mag es nicht"
    sandbox.drop(
        "fulfillers/nordlager",
        "retouren.csv",
        f"Retourennummer;Externe Auftragsnummer;Artikelnummer;Menge;Eingangsdatum;Zustand;Grund\n{words}\n",
    )
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    sync(sandbox, "2026-12-04T09:01:00+01:00")
    assert len(exports(sandbox, "merchants/nova", "returns")) == 1
    sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    database = b"".join(path.read_bytes() for path in (sandbox.home / "state").glob("postbote.db*"))
    assert sync(sandbox, "2026-12-04T09:02:00+01:00") == []
    assert exports(sandbox, "merchants/nova", "returns") == []
    assert b"Frau Kanari" not in database


def test_a_fulfiller_may_get_every_order_as_one_opentrans_document_and_what_changes_as_a_list(
    sandbox: Workspace,
) -> None:
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(
        partners.read_text().replace("  role: fulfiller\n", "  role: fulfiller\n  orders_as: opentrans-order\n")
    )
    related(sandbox)
    rows = [order_row(order_id=number, seller="") for number in ("A-1001", "A-1002")]
    sandbox.drop("orders", "orders.csv", orders_of_nova(*rows))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sync(sandbox, "2026-11-25T10:06:00+01:00")
    folder = sandbox.home / "outbox/fulfillers/nordlager"
    documents = [path.read_text("utf-8") for path in sorted(folder.glob("order-*.xml"))]
    assert [one.count("<ORDER_ID>A-1001</ORDER_ID>") for one in documents] == [1, 0]
    assert "<bmecat:STREET>Ringstraße 5</bmecat:STREET>" in documents[0]
    assert exports(sandbox, "fulfillers/nordlager", "orders") == []
    sandbox.ask("cancel", "A-1002")
    sync(sandbox, "2026-11-25T10:07:00+01:00")
    assert len(list(folder.glob("order-*.xml"))) == 2
    ((gone,),) = exports(sandbox, "fulfillers/nordlager", "order-changes")
    assert (gone["merchant_outbound_number"], gone["status"]) == ("A-1002", "Canceled")
    sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    assert [path for path in folder.glob("order-*.xml") if "A-1002" in path.read_text()] == []


def test_a_fulfiller_who_works_with_jtl_wawi_may_get_his_orders_as_it_imports_them(sandbox: Workspace) -> None:
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(
        partners.read_text().replace("  role: fulfiller\n", "  role: fulfiller\n  orders_as: jtl-wawi-order\n")
    )
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sync(sandbox, "2026-11-25T10:06:00+01:00")
    (document,) = (sandbox.home / "outbox/fulfillers/nordlager").glob("order-*.xml")
    text = document.read_text("iso-8859-1")
    assert "<cExterneBestellNr>A-1001</cExterneBestellNr>" in text
    assert "<cStrasse>Ringstraße 5</cStrasse>" in text
    assert "<cFirma>Nova Handels GmbH</cFirma>" in text
    assert sync(sandbox, "2026-11-25T10:07:00+01:00") == []


def test_the_merchant_is_told_how_far_his_orders_are_in_the_words_of_the_network(sandbox: Workspace) -> None:
    related(sandbox)
    rows = [order_row(order_id=f"A-{number}", seller="", cellular="no") for number in (1, 2, 3)]
    sandbox.drop("orders", "orders.csv", orders_of_nova(*rows))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    told = []
    steps = (
        "",
        "merchantOutboundNumber,status\nA-1,Acknowledged\nA-2,Pickprocess\n",
        "merchantOutboundNumber,status\nA-1,Locked\n",
        f"Bestellnummer;Sendungsnummer\nA-1;{NUMBER}\n",
    )
    for minute, step in enumerate(steps, 10):
        if step:
            sandbox.drop("fulfillers/nordlager", f"status-{minute}.csv", step)
            sandbox.run_once(f"2026-11-25T11:{minute}:00+01:00")
        sync(sandbox, f"2026-11-25T11:{minute}:30+01:00")
        told.append([tuple(row.values()) for row in exports(sandbox, "merchants/nova", "status")[-1]])
    assert told == [
        [("A-1", "Pending"), ("A-2", "Pending"), ("A-3", "Pending")],
        [("A-1", "Acknowledged"), ("A-2", "Pickprocess")],
        [("A-1", "Locked")],
        [("A-1", "Shipped")],
    ]
    assert any("Locked" in one["what"] for one in sandbox.order("A-1")["history"])


def test_orders_that_come_while_the_inquiry_runs_wait_and_are_taken_once_it_is_active(sandbox: Workspace) -> None:
    ask(sandbox)
    alone = f"{ORDER_COLUMNS},merchant\n{order_row(seller='')},nova\n"
    sandbox.drop("orders", "early.csv", alone)
    sandbox.run_once()
    (held,) = sandbox.ask("held")
    assert "I-0001" in held["reasons"][0]
    named = orders_of_nova(order_row(order_id="A-1002", seller=""))
    sandbox.drop("orders", "same-moment.csv", named)
    sandbox.reply(sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben, hiermit bestätigen wir die Zusammenarbeit.")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    assert sandbox.ask("held") == []
    assert {one["order"]: one["fulfiller"] for one in sandbox.ask("orders")} == {
        "A-1001": "nordlager",
        "A-1002": "nordlager",
    }
    receipts = [one.read_text() for one in (sandbox.home / "outbox/orders").glob("early*")]
    assert len(receipts) == 2
    assert sum(",taken," in one for one in receipts) == 1
    assert sandbox.ask("run", "--once")["decided"] == 0


def test_customs_data_of_the_merchants_articles_reach_the_order_mail(sandbox: Workspace) -> None:
    related(sandbox)
    articles = "Artikelnummer;Artikelname;TARIC-Code;Herkunftsland\nIP13-128;Phone 13;85171300;CN\n"
    sandbox.drop("merchants/nova", "artikel.csv", articles)
    swiss = order_row(seller="", ship_postcode="8001", ship_city="Zürich", ship_country="CH")
    sandbox.drop("orders", "orders.csv", orders_of_nova(swiss))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    (line,) = sandbox.order()["lines"]
    assert (line["hs_code"], line["origin"]) == ("85171300", "CN")
    assert "85171300" in body(sandbox.mail("order"))
    assert "customs" not in {one["kind"] for one in sandbox.order()["deadlines"]}


def notification(*numbers: str, items: str) -> str:
    """A shipping notification of the network: what has left, and the parcels in which it has."""
    packages = ", ".join(
        f'{{"freightOption": "Parcel", "carrier": "DHL", "identifier": [{{"value": "{one}"}}]}}' for one in numbers
    )
    return (
        '{"fulfillerShippingNotificationNumber": "SN-1", "merchantOutboundNumber": "A-1001", '
        f'"items": [{items}], "packages": [{packages}]}}'
    )


def told_of_shipments(sandbox: Workspace) -> list[tuple[str, ...]]:
    names = ("Artikelnummer", "Menge", "Tracking-ID", "Seriennummern", "Inhalt")
    found = [row for export in exports(sandbox, "merchants/nova", "shipments") for row in export]
    return [tuple(row[name] for name in names) for row in found]


def test_a_notification_ships_the_pieces_that_it_names_and_no_others(sandbox: Workspace) -> None:
    related(sandbox)
    phones = order_row(seller="", quantity="3")
    case = order_row(seller="", line_id="2", sku="CASE-13", category="case", cellular="no")
    sandbox.drop("orders", "orders.csv", orders_of_nova(phones, case))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    items = f'{{"merchantSku": "IP13-128", "quantity": 1, "serialnumbers": ["{IMEI}"]}}'
    sandbox.drop("fulfillers/nordlager", "notification.json", notification(NUMBER, items=items))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    order = sandbox.order()
    assert order["state"] == "partially_shipped"
    assert [line["shipped"] for line in order["lines"]] == [1, 0]
    sync(sandbox, "2026-11-25T12:01:00+01:00")
    assert told_of_shipments(sandbox) == [("IP13-128", "1", NUMBER, IMEI, "")]


def test_what_lies_in_which_of_several_parcels_is_told_only_as_far_as_it_is_known(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="", quantity="2")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    items = f'{{"merchantSku": "IP13-128", "quantity": 2, "serialnumbers": ["{IMEI}", "{OTHER_IMEI}"]}}'
    sandbox.drop("fulfillers/nordlager", "notification.json", notification(NUMBER, OTHER, items=items))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["complete"]
    sync(sandbox, "2026-11-25T12:01:00+01:00")
    assert told_of_shipments(sandbox) == [
        ("IP13-128", "2", "", f"{IMEI} {OTHER_IMEI}", "auf 2 Pakete verteilt"),
        ("", "", NUMBER, "", "nicht je Paket gemeldet"),
        ("", "", OTHER, "", "nicht je Paket gemeldet"),
    ]
    told = body(sandbox.mail("buyer-shipped"))
    assert told.count("2 Stück") == 1
    assert told.index("In diesen Paketen zusammen") > told.index(OTHER)
    assert sync(sandbox, "2026-11-25T12:02:00+01:00") == []


def test_each_of_several_parcels_carries_the_pieces_that_were_said_of_it(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="", quantity="3", category="case")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    rows = f"A-1001;IP13-128;1;{NUMBER}\nA-1001;IP13-128;2;{OTHER}\n"
    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Artikelnummer;Menge;Sendungsnummer\n{rows}")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sync(sandbox, "2026-11-25T12:01:00+01:00")
    assert told_of_shipments(sandbox) == [("IP13-128", "1", NUMBER, "", ""), ("IP13-128", "2", OTHER, "", "")]
    assert "zusammen" not in body(sandbox.mail("buyer-shipped"))


def test_articles_that_come_after_an_order_fill_what_customs_ask_and_nobody_is_asked_again(sandbox: Workspace) -> None:
    related(sandbox)
    swiss = {"seller": "", "ship_postcode": "8001", "ship_city": "Zürich", "ship_country": "CH"}
    unpaid = order_row(**swiss, order_id="A-1002", paid_at="")
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(**swiss), unpaid))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    assert "customs" in {one["kind"] for one in sandbox.order()["deadlines"] if one["state"] == "open"}
    sync(sandbox, "2026-11-25T10:06:00+01:00")

    articles = "Artikelnummer;Artikelname;TARIC-Code;Herkunftsland\nip13-128;Phone 13;85171300;CN\n"
    sandbox.drop("merchants/nova", "artikel.csv", articles)
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    (line,) = sandbox.order()["lines"]
    assert (line["hs_code"], line["origin"]) == ("85171300", "CN")
    assert "customs" not in {one["kind"] for one in sandbox.order()["deadlines"] if one["state"] == "open"}
    told = body(sandbox.mail("order-correction"))
    assert "Zollangaben nachgekommen" in told
    assert "85171300" in told
    sync(sandbox, "2026-11-25T11:01:00+01:00")
    (_, (changed,)) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert (changed["hs_code"], changed["origin"]) == ("85171300", "CN")

    sandbox.drop("orders", "paid.csv", orders_of_nova(order_row(**swiss, order_id="A-1002")))
    sandbox.drop("merchants/nova", "artikel-2.csv", articles)
    sandbox.run_once("2026-11-26T11:00:00+01:00")
    assert "85171300" in body(sandbox.mails("order")[-1])
    sandbox.run_once("2026-12-01T11:00:00+01:00")
    assert sandbox.mails("reminder-customs") == []
    assert len(sandbox.mails("order-correction")) == 1


@pytest.mark.parametrize("end", ["declined", "expired", "undeliverable", "withdrawn"])
def test_orders_that_waited_in_vain_come_to_a_person_and_are_taken_if_the_two_connect_after_all(
    sandbox: Workspace, end: str
) -> None:
    inquiry = ask(sandbox)
    alone = f"{ORDER_COLUMNS},merchant\n{order_row(seller='')},nova\n"
    sandbox.drop("orders", "early.csv", alone)
    sandbox.run_once()
    sandbox.clock = "2026-11-25T11:00:00+01:00"
    sandbox.ask("inquiry", inquiry, "--set", end, "--why", "so ist es gekommen")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert held["codes"] == ["relationship_awaited_in_vain"]
    assert "niemand versendet sie" in held["reasons"][0]
    (told,) = sandbox.mails("operator")
    assert f"early.csv haben auf die Anfrage {inquiry} gewartet" in body(told)
    receipts = [one.read_text() for one in (sandbox.home / "outbox/orders").glob("early*")]
    assert sum("postbote discard" in one for one in receipts) == 1
    assert sandbox.ask("orders") == []
    sandbox.drop("orders", "late.csv", alone.replace("A-1001", "A-1002"))
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert ",refused," in sandbox.receipt("orders", "late.csv")[1]

    again = ask(sandbox)
    for state in ("contract_agreed", "active"):
        sandbox.ask("inquiry", again, "--set", state, "--why", "doch noch einig geworden")
    sandbox.run_once("2026-11-27T09:00:00+01:00")
    assert [one["order"] for one in sandbox.ask("orders")] == ["A-1001"]
    assert sandbox.ask("held") == []


def test_when_a_relationship_ends_everybody_hears_of_the_orders_that_the_fulfiller_still_has(
    sandbox: Workspace,
) -> None:
    related(sandbox)
    rows = (order_row(order_id=f"A-100{count}", seller="", category="case") for count in (1, 2))
    unpaid = order_row(order_id="A-1003", seller="", paid_at="")
    sandbox.drop("orders", "orders.csv", orders_of_nova(*rows, unpaid))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sync(sandbox, "2026-11-25T10:06:00+01:00")
    before = [str(one["To"]) for one in sandbox.mails("inquiry-status")]

    sandbox.ask("inquiry", "I-0001", "--set", "withdrawn", "--why", "zum Monatsende gekündigt")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    told = body(sandbox.mail("inquiry-withdrawn"))
    assert "Verbindung zwischen Nova Handels GmbH und Ihnen (Anfrage I-0001) ist beendet" in told
    assert ("- A-1001\n- A-1002\n" in told, "A-1003" in told) == (True, False)
    (told_merchant,) = sandbox.mails("inquiry-status")[len(before) :]
    assert "- A-1001\n- A-1002\n" in body(told_merchant)
    assert "weiterhin als Datei" in body(told_merchant)
    assert any("(3): A-1001, A-1002, A-1003" in body(one) for one in sandbox.mails("operator"))

    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.drop("fulfillers/nordlager", "bestand.csv", "merchantSku;stockLevel\nIP13-128;7\n")
    sandbox.ask("cancel", "A-1002")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.run_once("2026-11-25T12:20:00+01:00")
    assert [row[2] for row in told_of_shipments(sandbox)] == [NUMBER]
    last = [tuple(row.values()) for row in exports(sandbox, "merchants/nova", "status")[-1]]
    assert last == [("A-1001", "Shipped"), ("A-1002", "Canceled")]
    (*_, (gone,)) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert (gone["merchant_outbound_number"], gone["status"]) == ("A-1002", "Canceled")
    assert exports(sandbox, "merchants/nova", "stock") == []
    assert sync(sandbox, "2026-11-25T12:21:00+01:00") == []


def test_a_relationship_after_another_tells_nothing_a_second_time(sandbox: Workspace) -> None:
    related(sandbox)
    alone = f"{ORDER_COLUMNS},merchant\n{order_row(seller='')},nova\n"
    sandbox.drop("orders", "orders.csv", alone)
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sync(sandbox, "2026-11-25T10:06:00+01:00")
    ((sent,),) = exports(sandbox, "fulfillers/nordlager", "orders")
    assert sent["warehouse_id"] == "NL-HH1"
    sandbox.ask("inquiry", "I-0001", "--set", "withdrawn", "--why", "neu verhandelt")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    sandbox.clock = "2026-11-26T11:00:00+01:00"
    related(sandbox)
    sync(sandbox, "2026-11-26T11:20:00+01:00")
    assert len(exports(sandbox, "fulfillers/nordlager", "orders")) == 1
    assert len(exports(sandbox, "merchants/nova", "status")) == 1
    assert len(exports(sandbox, "merchants/nova", "warehouse")) == 1
    assert "aus einer früheren Verbindung" in body(sandbox.mails("inquiry-status")[-1])


def test_an_order_that_is_paid_after_the_end_goes_to_nobody_until_the_two_work_together_again(
    sandbox: Workspace,
) -> None:
    related(sandbox)
    unpaid = [order_row(order_id=f"A-100{count}", seller="", paid_at="") for count in (1, 2)]
    sandbox.drop("orders", "orders.csv", orders_of_nova(*unpaid))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.ask("inquiry", "I-0001", "--set", "withdrawn", "--why", "gekündigt")
    sandbox.drop("orders", "paid.csv", "order_id,paid_at\nA-1001,2026-11-26T09:00:00+01:00\n")
    sandbox.drop("orders", "again.csv", orders_of_nova(order_row(order_id="A-1002", seller="")))
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    held = sandbox.ask("held")
    assert {code for one in held for code in one["codes"]} == {"paid_after_relationship"}
    assert (sandbox.mails("order"), {one["state"] for one in sandbox.ask("orders")}) == ([], {"awaiting_payment"})
    assert any("A-1001 ist bezahlt" in body(one) for one in sandbox.mails("operator"))
    assert "postbote cancel" in sandbox.receipt("orders", "paid.csv")[1]
    (second,) = [one["id"] for one in held if one["name"] == "again.csv"]
    sandbox.ask("release", second, "--by", "anna", "--why", "mit Nordlager abgesprochen")
    again = ask(sandbox)
    sandbox.run_once("2026-11-26T11:00:00+01:00")
    assert [one["state"] for one in sandbox.ask("orders")] == ["awaiting_payment", "released"]
    for state in ("contract_agreed", "active"):
        sandbox.ask("inquiry", again, "--set", state, "--why", "wieder einig")
    sandbox.run_once("2026-11-27T10:00:00+01:00")
    assert {one["state"] for one in sandbox.ask("orders")} == {"released"}
    assert [str(one["To"]) for one in sandbox.mails("order")] == ["anfragen@nordlager.example"] * 2


def test_whoever_seems_to_end_an_active_relationship_by_mail_comes_to_a_person(sandbox: Workspace) -> None:
    related(sandbox)
    for template in ("inquiry-active", "inquiry-status"):
        sandbox.reply(sandbox.mails(template)[-1], "Hiermit ziehen wir unsere Anfrage zurück und sagen ab.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert [one["codes"] for one in sandbox.ask("held")] == [["relationship_declined"]] * 2
    assert sandbox.ask("inquiry", "I-0001")["state"] == "active"


def test_lists_that_come_with_an_answer_to_an_inquiry_are_taken_but_those_of_orders_wait(sandbox: Workspace) -> None:
    related(sandbox)
    swiss = order_row(seller="", ship_postcode="8001", ship_city="Zürich", ship_country="CH")
    sandbox.drop("orders", "orders.csv", orders_of_nova(swiss))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    articles = b"Artikelnummer;Artikelname;TARIC-Code;Herkunftsland\nIP13-128;Phone 13;85171300;CN\n"
    sandbox.reply(sandbox.mails("inquiry-status")[-1], "Anbei unsere Artikel.", file=("artikel.csv", articles))
    sent = f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n".encode()
    sandbox.reply(sandbox.mail("inquiry-active"), "Anbei die Liste.", file=("versand.csv", sent))
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    assert sandbox.order()["lines"][0]["hs_code"] == "85171300"
    (held,) = sandbox.ask("held")
    assert held["codes"] == ["orders_in_inquiry"]
    assert sandbox.order()["state"] == "released"
