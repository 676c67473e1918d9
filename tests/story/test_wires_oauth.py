"""XOAUTH2 in place of passwords, for sending and for reading, against a strict token server."""

from email.message import Message
from typing import Any

from tests.support.daemon import running_daemon
from tests.support.token_server import CLIENT, SECRET
from tests.support.town import ACME, BUYER, SHIPPED, SHOP, Town
from tests.support.waiting import wait_until


def wire(town: Town, refresh_token: str) -> None:
    oauth: dict[str, Any] = {
        "token_url": town.office.tokens.token_url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "refresh_token": refresh_token,
    }
    sending = town.by_smtp | {"user": town.local(SHOP), "oauth": oauth}
    town.configure(mail={"send": sending, "receive": [town.mailbox | {"oauth": oauth}]})


def who_sent(mail: Message) -> str:
    """Whom Postfix saw logged in when it took the mail."""
    return " ".join(str(line) for line in mail.get_all("Received", []))


def answers(town: Town) -> list[Message]:
    """Those that were taken in; a round trip of `doctor` lies there too."""
    return [one for one in town.mails(SHOP, folder="Processed") if str(one["Subject"]).startswith("AW:")]


def test_tokens_are_renewed_when_they_run_out_and_each_refresh_token_is_used_once(town: Town) -> None:
    user, tokens = town.local(SHOP), town.office.tokens
    consent = tokens.consent(user)
    wire(town, consent)
    with running_daemon(town.shop.home):
        town.place()
        order = town.gets(ACME, "order")
        assert f"Authenticated sender: {user}" in who_sent(order)
        before = tokens.given(user)
        tokens.expire()
        town.office.dovecot.kick(user)
        town.answer(order, SHIPPED)
        town.gets(BUYER, "buyer-shipped")
        assert tokens.given(user) > before
    (kept,) = (town.shop.home / "state/oauth").glob("[!.]*")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() != consent
    # What was renewed before a restart is good after it, and a command beside the daemon takes its turn.
    with running_daemon(town.shop.home):
        town.place(order_id="A-1002")
        wait_until(lambda: len(town.mails(ACME, "order")) == 2, within=30.0)
        tried = {one["name"]: one["ok"] for one in town.shop.ask("doctor")}
        assert tried["round trip to Reply-To"]
        assert all(tried.values())
        town.answer(town.gets(ACME, "order"), "Bestellung A-1002 ist angenommen.")
        wait_until(lambda: len(answers(town)) == 2, within=30.0)
    assert tokens.refused == []


def test_a_consent_that_was_withdrawn_is_named_by_status_until_there_is_a_new_one(town: Town) -> None:
    wire(town, "refresh-withdrawn")
    user = town.local(SHOP)

    def named() -> bool:
        status = town.shop.command("status", "--json")
        return status.status == 1 and any(user in one for one in status.json["problems"])

    with running_daemon(town.shop.home):
        wait_until(named, within=30.0)
    wire(town, town.office.tokens.consent(user))
    with running_daemon(town.shop.home):
        wait_until(lambda: town.shop.command("status").status == 0, within=30.0)
    town.office.tokens.refused.clear()
