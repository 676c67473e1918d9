"""Mails that came back: which one it was, and a buyer who therefore knows nothing after all."""

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
    place(sandbox)
    sandbox.ask("record", "A-1001", "--problem", "delay", "--until", "2026-12-10")
    sandbox.run_once("2026-11-25T10:30:00+01:00")
    assert clocks(sandbox)["buyer_notice"] == "met"
    comes_back(sandbox, sandbox.mail("buyer-delay"), "2026-11-25T11:00:00+01:00")
    assert sandbox.order()["problems"][0]["buyer_notified_at"] is None
    assert clocks(sandbox)["buyer_notice"] == "open"
    (owed,) = [one for one in sandbox.ask("status", "--owed") if one["kind"] == "buyer_notice"]
    assert owed["until"] == "2026-11-26T10:00:00+01:00"
    sandbox.ask("record", "A-1001", "--buyer-told", "--why", "am Telefon")
    assert clocks(sandbox)["buyer_notice"] == "met"


def test_a_bounce_of_another_mail_leaves_a_buyer_told(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.ask("record", "A-1001", "--problem", "delay", "--until", "2026-12-10")
    sandbox.run_once("2026-11-25T10:30:00+01:00")
    comes_back(sandbox, sandbox.mail("order"), "2026-11-25T11:00:00+01:00")
    assert sandbox.order()["problems"][0]["buyer_notified_at"]
