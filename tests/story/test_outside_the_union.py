"""An order to Switzerland: DDP, customs data that are asked for, and duties that the buyer had to pay all the same."""

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import ORDER_COLUMNS, Workspace, body, order_file, order_row


def place(sandbox: Workspace) -> None:
    row = order_row(ship_street="Seeweg 5", ship_postcode="8001", ship_city="Zürich", ship_country="CH")
    sandbox.drop("orders", "orders.csv", order_file(row))
    sandbox.run_once()


def deadlines(sandbox: Workspace) -> dict[str, str]:
    return {one["kind"]: one["state"] for one in sandbox.order()["deadlines"]}


def test_the_seller_bears_everything_and_is_asked_for_what_customs_need(sandbox: Workspace) -> None:
    place(sandbox)
    assert sandbox.order()["incoterm"] == "DDP"
    text = body(sandbox.mail("order"))
    assert "DDP" in text
    assert "HS-Code" in text
    assert "Ursprungsland" in text
    sandbox.run_once("2026-11-28T00:05:00+01:00")
    reminder = sandbox.mail("reminder-customs")
    assert reminder["To"] == "orders@acme.example"
    assert "HS-Code" in body(reminder)
    assert deadlines(sandbox)["customs"] == "missed"


def test_customs_data_by_hand_end_the_asking(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.ask("record", "A-1001", "--hs-code", "8517.13", "--origin", "cn", "--by", "anna")
    assert deadlines(sandbox)["customs"] == "met"
    sandbox.run_once("2026-11-28T00:05:00+01:00")
    assert sandbox.mails("reminder-customs") == []
    told = sandbox.mail("order-correction")
    assert (told["To"], "8517.13" in body(told)) == ("orders@acme.example", True)
    sandbox.ask("record", "A-1001", "--hs-code", "8517.14", "--line", "1", "--from", "acme", "--by", "anna")
    sandbox.run_once()
    assert len(sandbox.mails("order-correction")) == 1


def test_a_merchants_articles_fill_the_orders_that_a_seller_sends_for_him(sandbox: Workspace) -> None:
    row = order_row(ship_street="Seeweg 5", ship_postcode="8001", ship_city="Zürich", ship_country="CH")
    sandbox.drop("orders", "orders.csv", f"{ORDER_COLUMNS},merchant\n{row},nova\n")
    sandbox.run_once()
    articles = "Artikelnummer;Artikelname;TARIC-Code;Herkunftsland\nIP13-128;Phone 13;85171300;CN\n"
    sandbox.drop("merchants/nova", "artikel.csv", articles)
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    assert deadlines(sandbox)["customs"] == "met"
    assert "85171300" in body(sandbox.mail("order-correction"))


def test_customs_data_in_the_answer_are_taken_and_what_is_not_clear_is_asked_for(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "HS-Code vermutlich 8517.13, Ursprung bitte selbst nachsehen")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    (held,) = sandbox.ask("held")
    answer = body(sandbox.mail("answer"))
    assert "HS-Code: …" in answer
    assert "Sendungsnummer" not in answer
    sandbox.ask("discard", held["id"], "--why", "asked again")
    sandbox.reply(sandbox.mail("order"), "HS-Code 8517.13, Ursprung China, Warenwert 299 EUR")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.ask("held") == []
    assert deadlines(sandbox)["customs"] == "met"
    (line,) = sandbox.order()["lines"]
    assert (line["hs_code"], line["origin"]) == ("8517.13", "CN")


def test_duties_that_a_buyer_paid_are_followed_until_they_are_refunded(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.ask("record", "A-1001", "--duties", "23,50", "--by", "anna", "--why", "customer sent the receipt")
    sandbox.run_once("2026-12-01T09:00:00+01:00")
    asked = sandbox.mail("duties")
    assert asked["To"] == "orders@acme.example"
    assert "23,50" in body(asked)
    sandbox.run_once("2026-12-03T09:00:00+01:00")
    assert "23,50" in body(sandbox.mail("reminder-duties"))
    told = [one["what"] for one in sandbox.order()["history"]]
    assert any("23,50 €" in one for one in told)
    assert sum("Erinner" in one for one in told) == 1
    sandbox.ask("record", "A-1001", "--refunded", "--by", "anna")
    order = sandbox.order()
    assert [(one["amount"], one["currency"]) for one in order["claims"]] == [("23.50", "EUR")]
    assert order["claims"][0]["refunded_at"].startswith("2026-12-03")
    assert deadlines(sandbox)["duties"] == "met"
    sandbox.run_once("2027-01-03T09:00:00+01:00")
    assert len(sandbox.mails("reminder-duties")) == 1


def test_duties_of_an_order_that_has_not_left_are_refused(sandbox: Workspace) -> None:
    place(sandbox)
    assert "A-1001" in sandbox.refuse("record", "A-1001", "--duties", "5").err


def test_each_claim_is_reminded_of_by_itself(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.ask("record", "A-1001", "--duties", "23.50")
    sandbox.run_once("2026-11-30T09:00:00+01:00")
    sandbox.ask("record", "A-1001", "--duties", "5.00", "--on-return")
    sandbox.run_once("2026-12-03T09:00:00+01:00")
    assert len(sandbox.mails("reminder-duties")) == 1
    sandbox.run_once("2026-12-08T09:00:00+01:00")
    assert len(sandbox.mails("reminder-duties")) == 2


def test_what_is_refunded_of_several_claims_is_one_claim_and_the_others_are_followed_on(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.ask("record", "A-1001", "--duties", "23.50")
    sandbox.run_once("2026-11-26T12:00:00+01:00")
    sandbox.ask("record", "A-1001", "--duties", "8.20", "--on-return")
    assert "20,00" in sandbox.refuse("record", "A-1001", "--refunded", "--of", "20").err
    sandbox.ask("record", "A-1001", "--refunded", "--of", "23,50")
    assert [bool(one["refunded_at"]) for one in sandbox.order()["claims"]] == [True, False]
    assert [one["state"] for one in sandbox.order()["deadlines"] if one["kind"] == "duties"] == ["met", "open"]
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    assert "8,20" in body(sandbox.mail("reminder-duties"))
    sandbox.ask("record", "A-1001", "--refunded")
    assert deadlines(sandbox)["duties"] == "met"
