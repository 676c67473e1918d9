"""What is foreseen is what then happens; and the ledger of who owes what."""

from datetime import datetime, timedelta
from email.message import Message

from tests.support.builders import DHL_NUMBER
from tests.support.workspace import Workspace, body, order_file, order_row

_START = datetime.fromisoformat("2026-11-25T10:00:00+01:00")


def place(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002", handling_days="3")))
    sandbox.run_once()


def _key(mail: Message) -> tuple[str, str, str]:
    return str(mail["X-Postbote-Template"]), str(mail["To"]), str(mail["Subject"])


def test_what_is_foreseen_is_what_is_sent_when_nothing_arrives(sandbox: Workspace) -> None:
    place(sandbox)
    before = len(sandbox.mails())
    foreseen = sandbox.ask("forecast", "--days", "12", "--text")
    times = [datetime.fromisoformat(one["at"]) for one in foreseen]
    assert times == sorted(times)
    promised = sorted(
        (one["mail"]["template"], one["mail"]["to"], one["mail"]["subject"]) for one in foreseen if one["mail"]
    )
    # Looked at every hour in which something rings, as the daemon would.
    for moment in sorted({at + timedelta(minutes=1) for at in times}):
        sandbox.run_once(moment.isoformat())
    sent = sorted(_key(mail) for mail in sandbox.mails()[before:] if mail["X-Postbote-Template"] != "operator")
    assert sent == promised
    assert ("buyer-delay", "zoe@buyer.example") in {(template, to) for template, to, _ in promised}


def test_digests_and_figures_are_foreseen_with_the_words_in_which_they_will_be_sent(sandbox: Workspace) -> None:
    rows = [order_row(order_id=f"A-{number}") for number in range(1001, 1012)]
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once()
    reported = {"digest", "quality-warning", "quality-report"}
    foreseen = sandbox.ask("forecast", "--days", "8", "--text")
    mails = [one for one in foreseen if one["mail"] and one["mail"]["template"] in reported]
    assert {one["mail"]["template"] for one in mails} == reported
    for moment in sorted({datetime.fromisoformat(one["at"]) for one in foreseen}):
        sandbox.run_once(moment.isoformat())
    sent = [mail for mail in sandbox.mails() if mail["X-Postbote-Template"] in reported]
    assert sorted(_key(mail) for mail in sent) == sorted(
        (one["mail"]["template"], one["mail"]["to"], one["mail"]["subject"]) for one in mails
    )
    written = "".join(body(mail) for mail in sent if mail["X-Postbote-Template"] != "digest")
    assert all(one["mail"]["text"] in written for one in mails if one["mail"]["template"] != "digest")
    (digest,) = (one["mail"]["text"] for one in mails if one["at"] == "2026-11-28T07:00:00+01:00")
    assert "Überschrittene Fristen: 11." in digest
    assert "Nachricht an den Käufer über die Verspätung: 11." in digest


def test_the_forecast_changes_nothing(sandbox: Workspace) -> None:
    place(sandbox)
    order, mails = sandbox.order(), len(sandbox.mails())
    sandbox.ask("forecast", "--days", "60")
    assert (sandbox.order(), len(sandbox.mails())) == (order, mails)


def test_the_missed_deadline_is_foreseen_with_its_moment(sandbox: Workspace) -> None:
    place(sandbox)
    missed = [one for one in sandbox.ask("forecast") if one["mail"] is None and one["about"] == "A-1001"]
    assert (missed[0]["kind"], missed[0]["at"]) == ("ship", "2026-11-27T23:59:59+01:00")


def test_what_is_to_come_is_not_told_as_if_it_had_been(sandbox: Workspace) -> None:
    place(sandbox)
    told = {one["what"] for one in sandbox.ask("forecast", "--days", "4")}
    assert {"Wird gemailt: Erinnerung an den Versand.", "Frist wird versäumt: Versand."} <= told
    assert sandbox.ask("status", "--owed")[0]["next"] == "Wird gemailt: Erinnerung an den Versand."
    assert any(one["what"].startswith("Gemailt: Bestellung zum Versand (") for one in sandbox.order()["history"])


def test_the_ledger_says_who_owes_what_until_when_and_what_comes_next(sandbox: Workspace) -> None:
    place(sandbox)
    owed = {one["about"]: one for one in sandbox.ask("status", "--owed")}
    first = owed["A-1001"]
    assert (first["partner"], first["kind"], first["late"]) == ("acme", "ship", False)
    assert first["until"] == "2026-11-27T23:59:59+01:00"
    assert first["next_at"] == "2026-11-26T23:59:59+01:00"
    assert first["next"]
    sandbox.reply(sandbox.mails("order")[0], f"Ging heute mit DHL raus: {DHL_NUMBER}")
    sandbox.run_once((_START + timedelta(hours=2)).isoformat())
    assert ("A-1001", "ship") not in {(one["about"], one["kind"]) for one in sandbox.ask("status", "--owed")}
    assert ("A-1001", "imei") in {(one["about"], one["kind"]) for one in sandbox.ask("status", "--owed")}


def test_the_text_of_a_mail_to_come_can_be_read_beforehand(sandbox: Workspace) -> None:
    place(sandbox)
    mails = [one["mail"] for one in sandbox.ask("forecast", "--text") if one["mail"]]
    mail = next(one for one in mails if one["template"] == "reminder-ship")
    shown = sandbox.command("forecast", "--text", "--at", str(sandbox.clock)).out
    assert max(map(len, shown.splitlines())) <= 80
    sandbox.run_once("2026-11-27T00:01:00+01:00")
    assert mail["text"] in body(sandbox.mails("reminder-ship")[0])


def test_what_never_came_stays_overdue_and_owed_after_the_last_reminder(sandbox: Workspace) -> None:
    place(sandbox)
    for day in range(1, 12):
        sandbox.run_once(f"2026-12-{day:02d}T08:00:00+01:00")
    assert sandbox.ask("status")["overdue"] == 2
    owed = {one["about"]: one for one in sandbox.ask("status", "--owed")}
    assert (owed["A-1001"]["kind"], owed["A-1001"]["late"], owed["A-1001"]["next"]) == ("ship", True, None)
    assert "Überschrittene Fristen: 2." in body(sandbox.mails("digest")[-1])
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER)
    sandbox.ask("cancel", "A-1002")
    assert sandbox.ask("status")["overdue"] == 0
    assert {one["state"] for one in sandbox.order()["deadlines"] if one["kind"] == "ship"} == {"missed"}


def test_the_ledger_says_for_what_a_clock_waits_that_something_held_pauses(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mails("order")[0], "Welche Farbe soll es sein?")
    sandbox.run_once((_START + timedelta(hours=2)).isoformat())
    (held,) = sandbox.ask("held")
    first = next(one for one in sandbox.ask("status", "--owed") if one["about"] == held["about"])
    assert (first["next_at"], first["held"]) == (None, [held["id"]])
    assert held["id"] in first["next"]
    sandbox.ask("discard", held["id"], "--why", "beantwortet")
    first = next(one for one in sandbox.ask("status", "--owed") if one["about"] == held["about"])
    assert (first["held"], first["next_at"] is None) == ([], False)


def test_the_ledger_says_what_comes_on_a_new_day_that_was_named_when_all_reminders_were_spent(
    sandbox: Workspace,
) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    for day in ("2026-11-30T08:00:00+01:00", "2026-12-08T08:00:00+01:00"):
        sandbox.run_once(day)
    sandbox.ask("record", "A-1001", "--problem", "delay", "--until", "2026-12-20")
    (owed,) = [one for one in sandbox.ask("status", "--owed") if one["kind"] == "ship"]
    assert (owed["next_at"], owed["next"]) == (
        "2026-12-20T23:59:59+01:00",
        "Wird gemailt: Nachricht an den Käufer über die Verspätung.",
    )
    first = next(one for one in sandbox.ask("forecast", "--days", "14") if one["about"] == "A-1001")
    assert (first["at"], first["what"]) == (owed["next_at"], owed["next"])


def test_buyer_operator_and_seller_hear_of_each_new_day_that_passes_however_late(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    for day in ("2026-11-30T08:00:00+01:00", "2026-12-08T08:00:00+01:00"):
        sandbox.run_once(day)
    for new_day, passed in (("2026-12-15", "2026-12-16"), ("2026-12-20", "2026-12-21")):
        sandbox.ask("record", "A-1001", "--problem", "delay", "--until", new_day)
        sandbox.run_once(f"{new_day}T08:00:00+01:00")
        before = [len(sandbox.mails(one)) for one in ("buyer-delay", "operator", "reminder-ship")]
        sandbox.run_once(f"{passed}T00:10:00+01:00")
        heard = [len(sandbox.mails(one)) for one in ("buyer-delay", "operator", "reminder-ship")]
        assert heard == [count + 1 for count in before]


def test_a_deadline_that_passes_while_something_waits_for_a_person_is_foreseen(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mails("order")[0], "Welche Farbe soll es sein?")
    sandbox.run_once((_START + timedelta(hours=2)).isoformat())
    (held,) = sandbox.ask("held")
    (foreseen,) = [one for one in sandbox.ask("forecast") if one["about"] == held["about"]]
    assert (foreseen["kind"], foreseen["mail"]) == ("ship", None)
    assert foreseen["at"] == sandbox.order(held["about"])["ship_by"]
    assert held["id"] in foreseen["what"]
