"""Goods that come back, announced or not, until it is known what has become of them."""

import json

from tests.story.test_sync import NUMBER, exports, orders_of_nova, related, sync
from tests.support.workspace import Workspace, body, order_file, order_row

HEADER = "Retourennummer;Bestellnummer;Artikelnummer;Menge;Datum;Status;Grund\n"
CASES = {"category": "case", "cellular": "no", "sku": "CASE-13", "quantity": "2"}


def sent(sandbox: Workspace) -> None:
    """An order of two cases that acme has sent."""
    sandbox.drop("orders", "orders.csv", order_file(order_row(**CASES)))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("sellers/acme", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")


def results(sandbox: Workspace, party: str, name: str, header: str = HEADER) -> list[str]:
    return [line.split(";")[header.count(";") + 1] for line in sandbox.receipt(party, name)[1:]]


def stands(sandbox: Workspace) -> list[tuple[str, int, str]]:
    return [(one["number"], one["quantity"], one["state"]) for one in sandbox.order()["returns"]]


def test_a_return_that_nobody_announced_is_followed_to_its_end_and_nothing_is_told_twice(sandbox: Workspace) -> None:
    sent(sandbox)
    rows = "R-1;A-1001;CASE-13;2;04.12.2026;;zu klein\n"
    sandbox.drop("sellers/acme", "retouren.csv", HEADER + rows)
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    assert results(sandbox, "sellers/acme", "retouren.csv") == ["taken"]
    assert stands(sandbox) == [("R-1", 2, "arrived")]
    (first,) = sandbox.mails("operator")
    assert "CASE-13" in body(first)

    rows += "R-1;A-1001;CASE-13;1;07.12.2026;wieder eingelagert;\nR-1;A-1001;CASE-13;1;07.12.2026;abgelehnt;\n"
    sandbox.drop("sellers/acme", "retouren-2.csv", HEADER + rows)
    sandbox.run_once("2026-12-07T09:00:00+01:00")
    assert results(sandbox, "sellers/acme", "retouren-2.csv") == ["unchanged", "taken", "taken"]
    assert stands(sandbox) == [("R-1", 1, "restocked"), ("R-1", 1, "rejected")]
    assert len(sandbox.mails("operator")) == 2

    sandbox.drop("sellers/acme", "retouren-3.csv", HEADER + rows)
    sandbox.run_once("2026-12-08T09:00:00+01:00")
    assert results(sandbox, "sellers/acme", "retouren-3.csv") == ["unchanged"] * 3
    assert sandbox.ask("held") == []
    sandbox.run_once("2026-12-20T09:00:00+01:00")
    assert [(one["kind"], one["state"]) for one in sandbox.order()["deadlines"] if one["kind"] == "return"] == [
        ("return", "met")
    ]
    assert len(sandbox.mails("operator")) == 2
    assert [one["X-Postbote-Template"] for one in sandbox.mails() if one["To"] == "zoe@buyer.example"] == [
        "buyer-shipped"
    ]


def test_duties_that_stand_in_a_list_of_returns_are_seen_by_a_person_and_the_goods_are_taken(
    sandbox: Workspace,
) -> None:
    sent(sandbox)
    header = HEADER.replace("Grund", "Grund;Zollgebühren")
    rows = "R-1;A-1001;CASE-13;1;04.12.2026;;zu klein;23,50\nR-2;A-1001;CASE-13;1;04.12.2026;;zu klein;0,00\n"
    sandbox.drop("sellers/acme", "retouren.csv", header + rows)
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    assert stands(sandbox) == [("R-1", 1, "arrived"), ("R-2", 1, "arrived")]
    (held,) = sandbox.ask("held")
    assert "--on-return" in held["reasons"][0]
    assert "postbote discard" in held["reasons"][0]
    first, second = sandbox.receipt("sellers/acme", "retouren.csv")[1:]
    assert ("23,50" in first, "brauchen die Zeile nicht" in first, ";taken;" in second) == (True, True, True)


def test_of_a_return_whose_end_nobody_tells_the_operator_hears_after_two_weeks(sandbox: Workspace) -> None:
    sent(sandbox)
    sandbox.ask("record", "A-1001", "--returned", "arrived", "--quantity", "1")
    (due,) = [one["due"] for one in sandbox.order()["deadlines"] if one["kind"] == "return"]
    assert due.startswith("2026-12-09T23:59:59")
    sandbox.run_once("2026-12-10T08:00:00+01:00")
    assert [one["state"] for one in sandbox.order()["deadlines"] if one["kind"] == "return"] == ["missed"]
    sandbox.ask("record", "A-1001", "--returned", "restocked", "--quantity", "1")
    sandbox.ask("record", "A-1001", "--returned", "refunded")
    (back,) = sandbox.order()["returns"]
    assert (back["state"], back["quantity"]) == ("restocked", 1)
    assert back["refunded_at"]
    assert sandbox.refuse("record", "A-1001", "--returned", "refunded").status == 1
    too_many = ("record", "A-1001", "--returned", "arrived", "--return-number", "R-9", "--quantity", "2")
    assert sandbox.refuse(*too_many).status == 1


def test_goods_for_no_known_order_are_held_until_a_person_puts_them_on_one(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="", **CASES)))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    rows = "R-1;X-77;CASE-13;1;04.12.2026;;Adresse unbekannt\n"
    sandbox.drop("fulfillers/nordlager", "retouren.csv", HEADER + rows)
    sandbox.drop("fulfillers/nordlager", "ohne.csv", f"{HEADER}R-2;;CASE-13;1;04.12.2026;;kein Lieferschein\n")
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    held = {one["name"]: one for one in sandbox.ask("held")}
    assert "X-77" in json.dumps(held["retouren.csv"]["reasons"])
    assert held.keys() == {"retouren.csv", "ohne.csv"}
    for name in ("retouren.csv", "ohne.csv"):
        (released,) = sandbox.ask("release", held[name]["id"], "--order", "A-1001", "--by", "anna", "--why", "Etikett")
        assert released["released"]
    assert stands(sandbox) == [("R-1", 1, "arrived"), ("R-2", 1, "arrived")]
    assert sandbox.ask("held") == []
    sync(sandbox, "2026-12-04T09:30:00+01:00")
    (told,) = exports(sandbox, "merchants/nova", "returns")
    assert [(row["Retourennummer"], row["Externe Auftragsnummer"], row["Status"]) for row in told] == [
        ("R-1", "A-1001", "Arrived"),
        ("R-2", "A-1001", "Arrived"),
    ]


def test_a_page_of_the_networks_own_returns_is_read_item_by_item(sandbox: Workspace) -> None:
    related(sandbox)
    cases = orders_of_nova(
        order_row(seller="", **CASES), order_row(seller="", **CASES | {"line_id": "2", "sku": "HULL"})
    )
    sandbox.drop("orders", "orders.csv", cases)
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    items = [
        {"merchantSku": "CASE-13", "outboundId": "9f1", "quantity": 1.0, "reason": "WrongItem", "state": "Arrived"},
        {"merchantSku": "HULL", "outboundId": "9f1", "quantity": 2.0, "reason": "Other", "state": "Completed"},
    ]
    one = {
        "returnId": "71c",
        "fulfillerReturnNumber": "R-17",
        "state": "Arrived",
        "warehouseId": "NL-HH1",
        "items": items,
    }
    page = {"items": [one], "_page": {"total": 1}, "_links": {}, "nextPageLink": None, "count": 1}
    sandbox.drop("fulfillers/nordlager", "returns.json", json.dumps(page))
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert "CASE-13" in json.dumps(held["reasons"])
    sandbox.ask("release", held["id"], "--order", "A-1001", "--by", "anna", "--why", "Lieferschein")
    assert stands(sandbox) == [("R-17", 1, "arrived"), ("R-17", 2, "completed")]


def test_a_merchant_announces_a_return_and_hears_of_its_end(sandbox: Workspace) -> None:
    related(sandbox)
    sandbox.drop("orders", "orders.csv", orders_of_nova(order_row(seller="", **CASES)))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("fulfillers/nordlager", "versand.csv", f"Bestellnummer;Sendungsnummer\nA-1001;{NUMBER}\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    announced = f"{HEADER}M-1;A-1001;CASE-13;1;01.12.2026;angekündigt;zu klein\n"
    sandbox.drop("merchants/nova", "retouren.csv", announced)
    sandbox.run_once("2026-12-01T09:00:00+01:00")
    sync(sandbox, "2026-12-01T09:30:00+01:00")
    ((coming,),) = exports(sandbox, "fulfillers/nordlager", "returns")
    assert (coming["merchant_outbound_number"], coming["state"]) == ("A-1001", "Announced")
    lines = "fulfillerReturnNumber,merchantOutboundNumber,merchantSku,quantity,returnDate,state,condition\n"
    for day, state in ((4, "Arrived"), (7, "Completed")):
        row = f"R-1,A-1001,CASE-13,1,2026-12-0{day},{state},Used\n"
        sandbox.drop("fulfillers/nordlager", f"returns-{day}.csv", lines + row)
        sandbox.run_once(f"2026-12-0{day}T09:00:00+01:00")
        sync(sandbox, f"2026-12-0{day}T09:30:00+01:00")
    sandbox.drop("merchants/nova", "erstattet.csv", f"{HEADER}R-1;A-1001;CASE-13;1;08.12.2026;erstattet;\n")
    sandbox.drop("merchants/nova", "falsch.csv", f"{HEADER}R-1;A-1001;CASE-13;1;08.12.2026;abgelehnt;\n")
    sandbox.run_once("2026-12-08T09:00:00+01:00")
    sync(sandbox, "2026-12-08T09:30:00+01:00")
    told = [
        (row["Retourennummer"], row["Status"])
        for export in exports(sandbox, "merchants/nova", "returns")
        for row in export
    ]
    assert told == [("M-1", "Announced"), ("R-1", "Arrived"), ("R-1", "Completed"), ("R-1", "Completed")]
    assert exports(sandbox, "merchants/nova", "returns")[-1][0]["Erstattet am"] == "08.12.2026"
    assert [one["name"] for one in sandbox.ask("held")] == ["falsch.csv"]


def test_a_device_that_is_back_in_stock_may_leave_again(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002")))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    rows = "Bestellnummer;Sendungsnummer;IMEI\n{}"
    first = f"A-1001;{NUMBER};352099001761481\n"
    sandbox.drop("sellers/acme", "erste.csv", rows.format(first))
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    again = "A-1002;00340433836442636597;352099001761481\n"
    sandbox.drop("sellers/acme", "zu-frueh.csv", rows.format(again))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert not sandbox.order("A-1002")["complete"]
    sandbox.ask("record", "A-1001", "--returned", "restocked")
    sandbox.drop("sellers/acme", "alles.csv", rows.format(first + again))
    sandbox.run_once("2026-12-08T09:00:00+01:00")
    assert [sandbox.order(number)["complete"] for number in ("A-1001", "A-1002")] == [True, True]
    assert results(sandbox, "sellers/acme", "alles.csv", "Bestellnummer;Sendungsnummer;IMEI") == ["unchanged", "taken"]


def test_a_row_of_which_nothing_can_be_taken_names_the_way_to_settle_it(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**CASES)))
    sandbox.run_once("2026-11-25T10:05:00+01:00")
    sandbox.drop("sellers/acme", "back.csv", f"{HEADER}R-1;A-1001;CASE-13;1;25.11.2026;arrived;\n")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    (held,) = sandbox.ask("held")
    ran = sandbox.command(
        "release", held["id"], "--by", "anna", "--why", "gesehen", "--at", "2026-11-25T11:05:00+01:00"
    )
    assert (ran.status, f"postbote discard {held['id']}" in ran.out) == (1, True)
