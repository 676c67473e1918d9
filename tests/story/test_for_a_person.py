"""Mails that only a person can take in: a buyer's, and answers to mails that ask for no number."""

from tests.story.test_outside_the_union import deadlines
from tests.story.test_outside_the_union import place as place_abroad
from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import Workspace, body, order_file, order_row

NOON = "2026-11-25T12:00:00+01:00"


def place(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()


def test_what_a_buyer_writes_is_told_at_once_and_never_counts_as_his_sellers_word(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.ask("record", "A-1001", "--problem", "delay", "--until", "2026-12-10")
    sandbox.run_once("2026-11-25T10:30:00+01:00")
    sandbox.reply(sandbox.mail("buyer-delay"), "Einverstanden, danke.")
    sandbox.run_once(NOON)
    assert "Der Käufer der Bestellung A-1001 schreibt selbst" in body(sandbox.mail("operator"))
    (held,) = sandbox.ask("held")
    assert (held["codes"], held["proposal"]["changes"]) == (["from_the_buyer"], [])
    assert sandbox.refuse("release", held["id"]).status == 1
    assert sandbox.refuse("release", held["id"], "--trust-sender").status == 1
    assert sandbox.order()["state"] == "released"


def test_who_says_that_he_has_refunded_the_duties_is_not_asked_for_a_tracking_number(sandbox: Workspace) -> None:
    place_abroad(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once(NOON)
    sandbox.ask("record", "A-1001", "--duties", "23.50")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    for said in ("Wir haben die 23,50 Euro heute überwiesen.", "Ja, ist erledigt."):
        sandbox.reply(sandbox.mail("duties"), said)
    sandbox.run_once("2026-11-26T12:00:00+01:00")
    assert sandbox.mails("answer") == []
    assert [one["codes"] for one in sandbox.ask("held")] == [["read_by_a_person"]] * 2
    assert "Bitte um Erstattung der Abgaben" in sandbox.ask("held")[0]["reasons"][0]
    assert deadlines(sandbox)["duties"] == "open"


def test_words_about_an_order_that_is_complete_are_not_answered_with_a_wish_for_numbers(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}.")
    sandbox.run_once(NOON)
    sandbox.reply(sandbox.mail("order"), "Wir haben dem Käufer die Zollgebühren erstattet.")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert "Sendungsnummer oder die IMEI" in body(sandbox.mail("answer"))
    sandbox.reply(sandbox.mail("order"), f"IMEI {IMEI_A}")
    sandbox.run_once("2026-11-25T14:00:00+01:00")
    assert sandbox.order()["complete"]
    sandbox.reply(sandbox.mail("order"), "Wir haben dem Käufer nun wirklich die Zollgebühren erstattet.")
    sandbox.run_once("2026-11-25T15:00:00+01:00")
    last = body(sandbox.mails("answer")[-1])
    assert "Jemand von uns liest sie" in last
    assert "Sendungsnummer" not in last


def run_out_untold(sandbox: Workspace) -> None:
    """Half a day after the seller has run out nobody has told the buyer, and the seller is reminded."""
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("buyer_mails: send", "buyer_mails: none"))
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once(NOON)
    sandbox.run_once("2026-11-26T00:05:00+01:00")


def test_who_says_that_he_has_told_the_buyer_waits_for_a_person_and_hears_nothing(sandbox: Workspace) -> None:
    run_out_untold(sandbox)
    sandbox.reply(sandbox.mail("reminder-notice"), "Wir haben den Käufer heute um 9:30 Uhr per Mail informiert.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.mails("answer") == []
    (held,) = sandbox.ask("held")
    assert (held["codes"], held["about"]) == (["read_by_a_person"], "A-1001")


def test_a_number_in_the_answer_to_such_a_mail_is_taken_all_the_same(sandbox: Workspace) -> None:
    run_out_untold(sandbox)
    sandbox.reply(sandbox.mail("reminder-notice"), f"Geht doch raus, DHL {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    assert sandbox.order()["complete"]


def test_the_ledger_foresees_no_reminder_to_who_wants_none(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Wir möchten keine Erinnerungen mehr.")
    sandbox.run_once(NOON)
    assert "acme möchte zu A-1001 keine Mails mehr" in body(sandbox.mail("operator"))
    (owed,) = sandbox.ask("status", "--owed")
    assert (owed["next_at"], owed["next"]) == ("2026-11-27T23:59:59+01:00", "Die Frist gilt dann als versäumt.")


def reminded_of_stock(sandbox: Workspace) -> None:
    sandbox.drop("sellers/acme", "stock.csv", "Artikelnummer;Bestand\nIP13-128;5\n")
    sandbox.run_once("2026-11-25T09:00:00+01:00")
    sandbox.run_once("2026-11-27T12:30:00+01:00")


def test_what_is_said_of_stock_waits_for_a_person_and_nobody_is_reminded_meanwhile(sandbox: Workspace) -> None:
    reminded_of_stock(sandbox)
    sandbox.reply(sandbox.mail("reminder-stock"), "Der Bestand ist unverändert.")
    sandbox.run_once("2026-11-27T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert (held["codes"], held["about"]) == (["read_by_a_person"], "acme")
    assert sandbox.mails("answer") == []
    (owed,) = sandbox.ask("status", "--owed")
    assert owed["held"] == [held["id"]]
    sandbox.run_once("2026-12-01T12:30:00+01:00")
    assert len(sandbox.mails("reminder-stock")) == 1
    sandbox.ask("discard", held["id"])
    sandbox.run_once("2026-12-01T13:00:00+01:00")
    assert len(sandbox.mails("reminder-stock")) == 2


def test_what_is_said_in_place_of_a_list_may_be_released_as_the_end_of_the_reminders(sandbox: Workspace) -> None:
    reminded_of_stock(sandbox)
    sandbox.reply(
        sandbox.mail("reminder-stock"), "Wir führen diesen Artikel nicht mehr, bitte aus dem Sortiment nehmen."
    )
    sandbox.run_once("2026-11-27T13:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert "keine Erinnerungen mehr" in held["proposal"]["changes"][0]
    sandbox.ask("release", held["id"], "--why", "nicht mehr im Sortiment")
    sandbox.run_once("2026-12-04T12:00:00+01:00")
    assert len(sandbox.mails("reminder-stock")) == 1


def test_who_wants_no_more_mail_about_his_stock_is_reminded_no_more(sandbox: Workspace) -> None:
    reminded_of_stock(sandbox)
    sandbox.reply(sandbox.mail("reminder-stock"), "Wir möchten keine Erinnerungen mehr.")
    sandbox.run_once("2026-11-27T13:00:00+01:00")
    assert sandbox.ask("held") == []
    assert "acme möchte keine Mails mehr: An Bestandslisten" in body(sandbox.mails("operator")[-1])
    sandbox.drop("sellers/acme", "stock-2.csv", "Artikelnummer;Bestand\nIP13-128;4\n")
    sandbox.run_once("2026-11-30T09:00:00+01:00")
    sandbox.run_once("2026-12-04T12:00:00+01:00")
    assert len(sandbox.mails("reminder-stock")) == 1
    assert "Bestandsliste zu acme" in body(sandbox.mails("operator")[-1])
    assert sandbox.ask("remind", "acme", "--why", "he asks for it") == {"reminded_again": ["acme"]}
    assert sandbox.refuse("remind", "acme", "--why", "again").status == 1
    sandbox.drop("sellers/acme", "stock-3.csv", "Artikelnummer;Bestand\nIP13-128;3\n")
    sandbox.run_once("2026-12-07T09:00:00+01:00")
    sandbox.run_once("2026-12-09T13:00:00+01:00")
    assert len(sandbox.mails("reminder-stock")) == 2


def test_an_imei_that_is_not_there_cannot_be_replaced_and_that_is_what_is_said(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A)
    refused = sandbox.refuse("record", "A-1001", "--imei", IMEI_A, "--replace", "490154203237518").err
    assert "490154203237518 ist nicht erfasst" in refused
