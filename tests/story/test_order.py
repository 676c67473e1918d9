"""An order from the shop's file to the buyer's tracking link, through the command and the folders."""

import pytest

from tests.support.builders import DHL_NUMBER, IMEI_A, IMEI_B, OTHER_DHL_NUMBER
from tests.support.workspace import Workspace, body, order_file, order_row


def place(sandbox: Workspace, **changes: str) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**changes)))
    sandbox.run_once()


def test_a_paid_order_reaches_the_seller_with_everything_he_needs(sandbox: Workspace) -> None:
    place(sandbox)
    mail = sandbox.mail("order")
    assert mail["To"] == "orders@acme.example"
    assert mail["Auto-Submitted"] is None
    assert mail["X-Auto-Response-Suppress"]
    text = body(mail)
    for needed in ("A-1001", "Zoë Kanari", "Ringstraße 5", "50667", "Köln", "IP13-128", "Phone 13 128 GB", "IMEI"):
        assert needed in text
    order = sandbox.order()
    assert order["state"] == "released"
    assert order["ship_by"] == "2026-11-27T23:59:59+01:00"
    assert order["missing"] == [{"what": "imei", "line": "1", "count": 1}]
    assert sandbox.receipt("orders", "orders.csv")[1].endswith("taken,,,,")


def test_a_reply_with_number_and_imei_completes_the_order(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Geht heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    counts = sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert counts["taken_in"] == 1
    assert counts["held"] == 0
    order = sandbox.order()
    assert (order["state"], order["complete"]) == ("shipped", True)
    assert order["shipments"][0]["carrier"] == "dhl"
    assert order["shipments"][0]["tracking_number"] == DHL_NUMBER
    assert order["shipments"][0]["shipped_on"] == "2026-11-25"
    assert order["lines"][0]["imeis"] == [IMEI_A]
    assert [(one["kind"], one["state"]) for one in order["deadlines"]] == [("ship", "met")]
    buyer = sandbox.mail("buyer-shipped")
    assert buyer["To"] == "zoe@buyer.example"
    assert DHL_NUMBER in body(buyer)
    assert "https://" in body(buyer)
    assert buyer["Auto-Submitted"] == "auto-generated"


def test_a_csv_in_the_sellers_folder_ships_and_the_imei_is_asked_for(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.drop("sellers/acme", "track.csv", f"Bestellnummer;Versanddienst;Sendungsnummer\nA-1001;DHL;{DHL_NUMBER}\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    order = sandbox.order()
    assert (order["state"], order["complete"]) == ("shipped", False)
    assert sandbox.mail("reminder-imei")["To"] == "orders@acme.example"
    sandbox.reply(sandbox.mail("reminder-imei"), f"IMEI: {IMEI_A}")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert sandbox.order()["complete"]
    receipt = sandbox.receipt("sellers/acme", "track.csv")
    ours = "postbote_result;postbote_reason;postbote_field;postbote_value;postbote_hint"
    assert receipt[0] == f"Bestellnummer;Versanddienst;Sendungsnummer;{ours}"
    assert receipt[1] == f"A-1001;DHL;{DHL_NUMBER};taken;;;;"


def test_a_missed_deadline_is_told_to_buyer_and_operator_and_the_seller_is_reminded(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.run_once("2026-11-27T08:00:00+01:00")
    assert sandbox.mail("reminder-ship")["To"] == "orders@acme.example"
    sandbox.run_once("2026-11-28T08:00:00+01:00")
    assert sandbox.mail("buyer-delay")["To"] == "zoe@buyer.example"
    assert sandbox.mails("operator")
    order = sandbox.order()
    assert {one["kind"]: one["state"] for one in order["deadlines"]} == {"ship": "missed", "buyer_notice": "met"}
    assert order["problems"][0]["buyer_notified_at"] is not None


def test_out_of_stock_is_told_to_the_buyer(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider ist der Artikel nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.mail("buyer-out-of-stock")
    assert sandbox.order()["problems"][0]["kind"] == "out_of_stock"


def test_a_stranger_with_the_token_changes_nothing_until_a_person_releases_it(sandbox: Workspace) -> None:
    place(sandbox)
    text = f"Versendet mit DHL: {DHL_NUMBER}\nIMEI {IMEI_A}"
    sandbox.reply(sandbox.mail("order"), text, sender="someone@else.example")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["state"] == "released"
    (held,) = sandbox.ask("held")
    assert held["about"] == "A-1001"
    assert held["reasons"]
    assert sandbox.order()["held"] == [held["id"]]
    assert not sandbox.mails("answer")
    sandbox.clock = "2026-11-26T09:00:00+01:00"
    sandbox.ask("release", held["id"], "--by", "anna", "--why", "rang him")
    order = sandbox.order()
    assert order["complete"]
    assert order["shipments"][0]["shipped_on"] == "2026-11-25"
    assert sandbox.ask("held") == []


def test_everything_dropped_twice_changes_nothing(sandbox: Workspace) -> None:
    place(sandbox)
    file = f"order,carrier,tracking,imei\nA-1001,DHL,{DHL_NUMBER},{IMEI_A}\n"
    sandbox.drop("sellers/acme", "t.csv", file)
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    before, mails = sandbox.order(), len(sandbox.mails())
    sandbox.drop("sellers/acme", "again.csv", file)
    sandbox.drop("orders", "orders2.csv", order_file(order_row()))
    sandbox.run_once("2026-11-25T12:10:00+01:00")
    assert sandbox.order() == before
    assert len(sandbox.mails()) == mails
    assert sandbox.receipt("sellers/acme", "again.csv")[1].endswith("unchanged,,,,")


@pytest.mark.parametrize(
    ("row", "result"),
    [
        (f"A-1001,DHL,{DHL_NUMBER[:-1]}8,", "held"),
        (f"A-1001,DHL,,{IMEI_A[:-1]}2", "held"),
        ("A-1001,DHL,,3.52099E+14", "held"),
        (f"B-9,DHL,{DHL_NUMBER},", "held"),
        (f"A-1001,DHL,,{IMEI_A} {IMEI_B}", "held"),
    ],
)
def test_a_wrong_value_in_a_file_is_held_and_never_taken(sandbox: Workspace, row: str, result: str) -> None:
    place(sandbox)
    sandbox.drop("sellers/acme", "t.csv", f"order,carrier,tracking,imei\n{row}\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    order = sandbox.order()
    assert order["state"] == "released"
    assert order["lines"][0]["imeis"] == []
    assert f",{result}," in sandbox.receipt("sellers/acme", "t.csv")[1]
    assert len(sandbox.ask("held")) == 1


def test_another_sellers_order_cannot_be_spoken_about(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.drop("sellers/bolt", "t.csv", f"order,carrier,tracking\nA-1001,DHL,{DHL_NUMBER}\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["state"] == "released"


def test_a_quoted_number_is_never_taken_as_an_answer(sandbox: Workspace) -> None:
    place(sandbox)
    mail = sandbox.mail("order")
    sandbox.reply(
        mail, f"Danke, ist notiert.\n\nVon: Shop\nGesendet: heute\nAn: Acme\nBetreff: x\n\n> DHL {OTHER_DHL_NUMBER}"
    )
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["shipments"] == []


def test_an_unpaid_order_is_recorded_and_its_number_waits(sandbox: Workspace) -> None:
    place(sandbox, paid_at="")
    assert sandbox.order()["state"] == "awaiting_payment"
    assert sandbox.mails() == []
    sandbox.drop("sellers/acme", "t.csv", f"order,carrier,tracking\nA-1001,DHL,{DHL_NUMBER}\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["state"] == "awaiting_payment"
    assert len(sandbox.ask("held")) == 1
    sandbox.drop("orders", "paid.csv", "order_id,paid_at\nA-1001,2026-11-25T13:00:00+01:00\n")
    sandbox.run_once("2026-11-25T13:05:00+01:00")
    assert sandbox.order()["state"] == "released"
    assert sandbox.mail("order")


def test_every_partner_has_a_folder_to_drop_into(sandbox: Workspace) -> None:
    sandbox.run_once()
    for party in ("sellers/acme", "sellers/bolt", "merchants/nova", "fulfillers/nordlager"):
        assert (sandbox.home / "inbox" / party).is_dir()


def test_who_enters_number_and_imei_in_one_go_makes_nobody_ask_for_the_imei(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A, "--by", "anna")
    sandbox.run_once()
    assert sandbox.order()["complete"]
    assert sandbox.mails("reminder-imei") == []


def test_an_xml_answer_that_promises_a_late_delivery_is_a_delay(sandbox: Workspace) -> None:
    place(sandbox)
    late = "<DELIVERY_DATE><DELIVERY_START_DATE>2026-12-10</DELIVERY_START_DATE></DELIVERY_DATE>"
    sandbox.drop(
        "sellers/acme",
        "answer.xml",
        "<ORDERRESPONSE><ORDERRESPONSE_HEADER><ORDERRESPONSE_INFO><ORDER_ID>A-1001</ORDER_ID></ORDERRESPONSE_INFO>"
        f"</ORDERRESPONSE_HEADER><ORDERRESPONSE_ITEM_LIST><ORDERRESPONSE_ITEM><LINE_ITEM_ID>1</LINE_ITEM_ID>{late}"
        "</ORDERRESPONSE_ITEM></ORDERRESPONSE_ITEM_LIST></ORDERRESPONSE>",
    )
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    order = sandbox.order()
    assert order["state"] == "acknowledged"
    assert [(one["kind"], one["new_date"]) for one in order["problems"]] == [("delay", "2026-12-10")]
    assert "10. Dezember 2026" in body(sandbox.mail("buyer-delay"))
