"""Mails that came back: which one it was, a buyer who knows nothing after all, and how they leave once more."""

from email.message import Message

from tests.support.workspace import Workspace, body, order_file, order_row

_BOUNCE = """\
From: MAILER-DAEMON@mx.shop.example
To: {back}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{number}@mx.shop.example>
Date: Wed, 25 Nov 2026 11:00:00 +0100
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="--part"

----part
Content-Type: text/plain

I'm sorry: {who}: 550 5.1.1 User unknown

----part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.shop.example

Final-Recipient: rfc822; {who}
Action: failed
Status: 5.1.1

----part
Content-Type: text/rfc822-headers

Message-ID: {message}
To: {who}

----part--
"""


def comes_back(sandbox: Workspace, mail: Message, at: str) -> None:
    number = len(list((sandbox.home / "inbox/mail").rglob("bounce*.eml")))
    text = _BOUNCE.format(back=mail["Reply-To"], who=mail["To"], message=mail["Message-ID"], number=number)
    sandbox.drop("mail", f"bounce-{number}.eml", text.replace("\n", "\r\n"))
    sandbox.run_once(at)


def place(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()


def tell_a_delay(sandbox: Workspace) -> None:
    """An order whose buyer was told of a delay."""
    place(sandbox)
    sandbox.ask("record", "A-1001", "--problem", "delay", "--until", "2026-12-10")
    sandbox.run_once("2026-11-25T10:30:00+01:00")


def clocks(sandbox: Workspace) -> dict[str, str]:
    return {one["kind"]: one["state"] for one in sandbox.order()["deadlines"]}


def test_of_a_mail_that_came_back_it_is_said_which_it_was(sandbox: Workspace) -> None:
    place(sandbox)
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:00:00+01:00")
    assert "Unsere Mail (Bestellung zum Versand) zu A-1001" in body(sandbox.mail("operator"))
    assert any("Bestellung zum Versand) zu A-1001 konnte nicht" in one["what"] for one in sandbox.order()["history"])
    (held,) = sandbox.ask("held")
    assert "Bestellung zum Versand" in held["reasons"][0]


def test_a_buyer_whose_notice_came_back_does_not_count_as_told(sandbox: Workspace) -> None:
    tell_a_delay(sandbox)
    assert clocks(sandbox)["buyer_notice"] == "met"
    comes_back(sandbox, sandbox.mail("buyer-delay"), "2026-11-25T11:00:00+01:00")
    assert sandbox.order()["problems"][0]["buyer_notified_at"] is None
    assert clocks(sandbox)["buyer_notice"] == "open"
    (owed,) = [one for one in sandbox.ask("status", "--owed") if one["kind"] == "buyer_notice"]
    assert owed["until"] == "2026-11-26T10:00:00+01:00"
    sandbox.ask("record", "A-1001", "--buyer-told", "--why", "am Telefon")
    assert clocks(sandbox)["buyer_notice"] == "met"


def test_a_clock_that_does_not_pause_runs_on_for_you_while_the_bounce_waits_for_a_person(sandbox: Workspace) -> None:
    file = sandbox.home / "rules/deadlines.yaml"
    file.write_text(
        file.read_text().replace(
            "  waits_for: us\n  met_by: [buyer_told]", "  waits_for: us\n  pauses: false\n  met_by: [buyer_told]"
        )
    )
    tell_a_delay(sandbox)
    comes_back(sandbox, sandbox.mail("buyer-delay"), "2026-11-25T11:00:00+01:00")
    assert "kam zurück" in body(sandbox.mail("operator"))
    (owed,) = [one for one in sandbox.ask("status", "--owed") if one["kind"] == "buyer_notice"]
    assert (owed["next_at"], owed["held"]) == ("2026-11-26T04:00:00+01:00", [])
    for at in ("2026-11-25T22:01:00+01:00", "2026-11-26T04:01:00+01:00"):
        sandbox.run_once(at)
    assert "in Gefahr: Nachricht an den Käufer zu A-1001" in body(sandbox.mails("operator")[-1])
    sandbox.run_once("2026-11-26T10:01:00+01:00")
    assert clocks(sandbox)["buyer_notice"] == "missed"
    assert sandbox.mails("reminder-notice") == []
    sandbox.ask("resend", "A-1001")
    sandbox.run_once("2026-11-26T10:30:00+01:00")
    assert sandbox.ask("held") == []


def test_a_bounce_of_another_mail_leaves_a_buyer_told(sandbox: Workspace) -> None:
    tell_a_delay(sandbox)
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:00:00+01:00")
    assert sandbox.order()["problems"][0]["buyer_notified_at"]


def mend(sandbox: Workspace, old: str, new: str) -> None:
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(partners.read_text().replace(old, new))


def test_an_order_mail_leaves_once_more_when_the_address_is_mended(sandbox: Workspace) -> None:
    place(sandbox)
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert "postbote resend A-1001" in held["reasons"][0]
    assert held["came_back_from"] == ["orders@acme.example"]
    assert "postbote resend A-1001" in body(sandbox.mail("operator"))
    sandbox.refuse("release", held["id"], "--why", "nothing to release")
    mend(sandbox, "orders@acme.example", "versand@acme.example")
    sandbox.ask("resend", "A-1001", "--by", "me", "--why", "Adresse berichtigt")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    first, second = sandbox.mails("order")
    assert second["To"] == "versand@acme.example"
    assert second["Message-ID"] != first["Message-ID"]
    assert body(second) == body(first)
    assert sandbox.ask("held") == []
    assert "noch einmal gesendet" in sandbox.refuse("resend", "A-1001").err
    sandbox.reply(second, "Wir verschicken morgen.", sender="versand@acme.example")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert sandbox.order()["state"] == "acknowledged"


def test_the_clocks_go_on_once_it_has_left_again(sandbox: Workspace) -> None:
    place(sandbox)
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:00:00+01:00")
    sandbox.run_once("2026-11-27T12:00:00+01:00")
    assert sandbox.mails("reminder-ship") == []
    sandbox.ask("resend", "A-1001")
    sandbox.run_once("2026-11-27T13:00:00+01:00")
    assert len(sandbox.mails("reminder-ship")) == 1


def test_a_buyer_is_told_at_his_right_address(sandbox: Workspace) -> None:
    tell_a_delay(sandbox)
    comes_back(sandbox, sandbox.mail("buyer-delay"), "2026-11-25T11:00:00+01:00")
    (held,) = sandbox.ask("held")
    assert "--buyer-email" in held["reasons"][0]
    assert "keine E-Mail-Adresse" in sandbox.refuse("record", "A-1001", "--buyer-email", "zoe@").err
    sandbox.ask("record", "A-1001", "--buyer-email", "zoe@right.example")
    sandbox.ask("resend", "A-1001")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.mails("buyer-delay")[-1]["To"] == "zoe@right.example"
    assert "zoe@right.example" in body(sandbox.mail("order-correction"))
    assert sandbox.order()["problems"][0]["buyer_notified_at"] == "2026-11-25T12:00:00+01:00"
    assert clocks(sandbox)["buyer_notice"] == "met"
    assert sandbox.ask("held") == []
    comes_back(sandbox, sandbox.mails("buyer-delay")[-1], "2026-11-25T13:00:00+01:00")
    assert clocks(sandbox)["buyer_notice"] == "open"
    sandbox.ask("resend", "A-1001")
    sandbox.run_once("2026-11-25T14:00:00+01:00")
    assert len(sandbox.mails("buyer-delay")) == 3
    assert clocks(sandbox)["buyer_notice"] == "met"


def test_a_buyer_who_was_told_otherwise_leaves_nothing_to_decide(sandbox: Workspace) -> None:
    tell_a_delay(sandbox)
    comes_back(sandbox, sandbox.mail("buyer-delay"), "2026-11-25T11:00:00+01:00")
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:10:00+01:00")
    sandbox.ask("record", "A-1001", "--buyer-told")
    (held,) = sandbox.ask("held")
    assert "Bestellung zum Versand" in held["reasons"][0]


def test_many_that_came_back_are_one_group_with_one_command(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002")))
    sandbox.run_once()
    for mail in sandbox.mails("order"):
        comes_back(sandbox, mail, "2026-11-25T11:00:00+01:00")
    (group,) = sandbox.ask("held", "--group")
    assert (group["resend"], group["release"]) == ("postbote resend A-1001 A-1002", None)
    assert group["came_back_from"] == ["orders@acme.example"]
    sandbox.ask("resend", "A-1001", "A-1002")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert len(sandbox.mails("order")) == 4
    assert sandbox.ask("held") == []


def test_an_order_for_whom_no_address_was_known_leaves_once_there_is_one(sandbox: Workspace) -> None:
    mend(sandbox, "[orders@acme.example]", '["@acme.example"]')
    place(sandbox)
    assert sandbox.mails("order") == []
    assert "postbote resend A-1001" in body(sandbox.mail("operator"))
    mend(sandbox, '["@acme.example"]', "[orders@acme.example]")
    sandbox.ask("resend", "A-1001")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.mail("order")["To"] == "orders@acme.example"
    assert clocks(sandbox) == {"ship": "open"}
