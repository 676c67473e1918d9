"""Who is reminded of what, counted in which hours; and who asked for no more mail, and later wants it again."""

from tests.story.test_inquiry import ask
from tests.story.test_inquiry_life import configure
from tests.support.workspace import Workspace, body, order_file, order_row

SIGNED = "Der Vertrag ist unterschrieben, hiermit bestätigen wir die Zusammenarbeit."


def recipients(sandbox: Workspace, template: str) -> list[str]:
    return [str(one["To"]) for one in sandbox.mails(template)]


def test_who_has_named_a_new_day_is_asked_again_only_after_it_and_the_buyer_hears_if_it_passes(
    sandbox: Workspace,
) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(category="case", cellular="no")))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    sandbox.reply(sandbox.mail("order"), "Leider verspätet, wir versenden am 10.12.2026.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    for day in ("2026-11-28", "2026-12-01", "2026-12-02", "2026-12-07", "2026-12-10"):
        sandbox.run_once(f"{day}T12:00:00+01:00")
    assert (len(sandbox.mails("buyer-delay")), sandbox.mails("reminder-ship")) == (1, [])
    assert not any("postbote cancel" in body(one) for one in sandbox.mails("operator"))
    assert {one["kind"]: one["state"] for one in sandbox.order()["deadlines"]}["ship"] == "missed"
    (owed,) = sandbox.ask("status", "--owed")
    assert owed["next_at"] == "2026-12-10T23:59:59+01:00"
    for day in ("2026-12-11", "2026-12-12"):
        sandbox.run_once(f"{day}T00:10:00+01:00")
    assert [len(sandbox.mails(one)) for one in ("buyer-delay", "reminder-ship")] == [2, 1]
    assert "Versand zu A-1001" in body(sandbox.mails("operator")[-1])
    again = sandbox.order()["problems"][-1]
    assert (again["new_date"], again["detected_at"]) == (None, "2026-12-10T23:59:59+01:00")
    assert again["buyer_notified_at"]


def test_a_merchant_who_does_not_confirm_is_reminded_and_then_the_operator_is_told(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {handshake: two_sided}")
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), SIGNED)
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    (clock,) = [one for one in sandbox.ask("inquiry", inquiry)["deadlines"] if one["kind"] == "handshake"]
    assert (clock["due"], clock["state"]) == ("2026-12-03T23:59:59+01:00", "open")
    sandbox.run_once("2026-12-01T08:00:00+01:00")
    reminder = sandbox.mail("reminder-confirm")
    assert reminder["To"] == "einkauf@nova.example"
    assert "Nordlager Logistik GmbH hat uns am 26. November 2026" in body(reminder)
    sandbox.run_once("2026-12-04T08:00:00+01:00")
    assert any("zweite Bestätigung" in body(one) for one in sandbox.mails("operator"))
    sandbox.reply(reminder, "Hiermit bestätigen wir die Zusammenarbeit.")
    sandbox.run_once("2026-12-04T09:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "active"


def test_a_fulfiller_is_reminded_where_the_merchant_was_first(sandbox: Workspace) -> None:
    configure(sandbox, "inquiries: {handshake: two_sided}")
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben.")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    sandbox.reply(sandbox.mails("inquiry-status")[-1], "Hiermit bestätigen wir die Zusammenarbeit.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    sandbox.run_once("2026-12-01T08:00:00+01:00")
    assert recipients(sandbox, "reminder-confirm") == ["anfragen@nordlager.example"]
    sandbox.ask("inquiry", inquiry, "--set", "withdrawn", "--why", "Nova will nicht mehr")
    states = {one["kind"]: one["state"] for one in sandbox.ask("inquiry", inquiry)["deadlines"]}
    assert states["handshake"] == "dropped"


def test_an_answer_may_be_due_in_working_hours(sandbox: Workspace) -> None:
    path = sandbox.home / "rules/deadlines.yaml"
    answer = path.read_text().partition("- kind: answer")[2].partition("- kind:")[0]
    short = answer.partition("  examples:")[0].replace("length: 5 working days", "length: 8 working hours")
    short = short.replace("before: 3 working days", "before: 2 working hours")
    path.write_text(path.read_text().replace(answer, f"{short}\n"))
    config = sandbox.home / "config.yaml"
    config.write_text(f'{config.read_text()}\nbusiness_hours: {{opens: "08:00", closes: "16:00"}}\n')
    sandbox.clock = "2026-11-27T15:00:00+01:00"
    inquiry = ask(sandbox)
    (clock,) = [one for one in sandbox.ask("inquiry", inquiry)["deadlines"] if one["kind"] == "answer"]
    assert clock["due"] == "2026-11-30T15:00:00+01:00"
    sandbox.run_once("2026-11-30T13:00:00+01:00")
    assert recipients(sandbox, "reminder-inquiry") == ["anfragen@nordlager.example"]


def test_a_seller_who_wants_mail_again_is_reminded_again_and_it_is_kept_who_said_so(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002")))
    sandbox.run_once()
    assert sandbox.refuse("remind", "A-1001", "--why", "x").status == 1
    for mail in sandbox.mails("order"):
        sandbox.reply(mail, "Wir möchten keine Erinnerungen mehr.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.order()["no_reminders_since"] == "2026-11-25T12:00:00+01:00"
    assert sandbox.refuse("remind", "A-1001").status == 2
    assert sandbox.refuse("remind", "A-9", "--why", "x").status == 1
    told = sandbox.ask("remind", "acme", "--by", "anna", "--why", "Acme am Telefon")
    assert told == {"reminded_again": ["A-1001", "A-1002", "acme"]}
    order = sandbox.order()
    assert order["no_reminders_since"] is None
    assert order["history"][-1]["because"] == "cli:anna: Acme am Telefon"
    sandbox.run_once("2026-11-27T12:00:00+01:00")
    assert len(sandbox.mails("reminder-ship")) == 2


def test_a_fulfiller_who_wants_mail_again_is_reminded_of_the_inquiry(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Wir möchten keine Erinnerungen mehr.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["left_alone"] == ["nordlager"]
    sandbox.run_once("2026-11-30T12:00:00+01:00")
    assert sandbox.mails("reminder-inquiry") == []
    sandbox.ask("remind", inquiry.lower(), "--by", "anna", "--why", "Rückruf")
    sandbox.run_once("2026-12-02T12:00:00+01:00")
    assert len(sandbox.mails("reminder-inquiry")) == 1


def test_after_a_downtime_nobody_is_asked_to_tell_a_buyer_whom_we_are_telling_just_now(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.run_once("2026-11-28T12:30:00+01:00")
    sandbox.run_once("2026-11-28T12:31:00+01:00")
    assert len(sandbox.mails("buyer-delay")) == 1
    assert sandbox.mails("reminder-notice") == []


def test_who_ships_what_is_no_longer_paid_hears_that_it_is_not_taken(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    reversal = "order_id,payment_reversed_at\nA-1001,2026-11-25T11:00:00+01:00\n"
    sandbox.drop("orders", "reversed.csv", reversal)
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.reply(sandbox.mail("order"), "Ging heute mit DHL raus, Sendungsnummer 00340434161094042557.")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    answer = body(sandbox.mail("answer"))
    assert "zurückgebucht; ein Mensch sieht nach" in answer
    assert "Übernommen" not in answer
    assert "Bitte schreiben Sie je Zeile" not in answer


def test_a_row_that_is_held_pauses_nothing_of_the_orders_whose_rows_were_taken(sandbox: Workspace) -> None:
    rows = (order_row(), order_row(order_id="A-1002"))
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once()
    sandbox.drop(
        "sellers/acme",
        "heute.csv",
        "Bestellnummer;Versanddienst;Sendungsnummer\nA-1001;DHL;00340434161094042557\nA-1002;Frachtbrief;ABC123\n",
    )
    assert sandbox.run_once("2026-11-25T11:00:00+01:00")["held"] == 1
    (held,) = sandbox.ask("held")
    assert held["about"] == "A-1002"
    assert (sandbox.order()["held"], sandbox.order("A-1002")["held"]) == ([], [held["id"]])
    sandbox.run_once("2026-11-26T12:00:00+01:00")
    assert [str(one["Subject"]).split()[1].strip(":") for one in sandbox.mails("reminder-imei")] == ["A-1001", "A-1001"]
