"""A mailbox that goes away, that cannot be opened, and that people use too."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.daemon import running_daemon
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.town import ACME, BUYER, OPERATOR, SHIPPED, SHOP, PostOffice, Town
from tests.support.waiting import wait_until

# Whole at once, as whoever waits for the file reads it as soon as it is there.
KEEP = (
    "import pathlib, sys; to = pathlib.Path(sys.argv[1]); part = to.with_suffix('.part')"
    "; part.write_text(sys.argv[2]); part.rename(to)"
)


def received(town: Town, number: str) -> Path:
    return town.shop.home / f"outbox/orders/{number}.csv.receipt.csv"


@pytest.fixture
def closing(office: PostOffice) -> Iterator[Dovecot]:
    """A Dovecot that is stopped in the story; in the end it runs, and Postfix has noticed."""
    yield office.dovecot
    if not office.dovecot.is_running:
        office.dovecot.start()
    office.postfix.reload()


def test_a_mailbox_that_goes_away_is_read_again_when_it_is_back(town: Town, closing: Dovecot) -> None:
    with running_daemon(town.shop.home):
        town.place()
        order = town.gets(ACME, "order")
        closing.stop()
        town.place(order_id="A-1002")
        wait_until(received(town, "A-1002").exists, within=20.0)
        closing.start()
        town.answer(order, SHIPPED)
        town.gets(BUYER, "buyer-shipped", within=40.0)
        # A server that ends in the midst of a delivery gets the same mail once more.
        wait_until(lambda: len({one["Message-ID"] for one in town.mails(ACME, "order")}) == 2, within=80.0)


def test_a_wrong_password_is_named_and_alerted_and_the_right_one_is_read_on_sighup(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text("wrong\n")
    monkeypatch.setenv("POSTBOTE_IMAP_PASSWORD_FILE", str(secret))
    said = tmp_path / "said"
    town.configure(
        mail={"receive": [town.mailbox | {"password": "${POSTBOTE_IMAP_PASSWORD}"}]},
        alert={"command": [sys.executable, "-c", KEEP, str(said), "{text}"]},
    )

    def problems() -> str:
        status = town.shop.command("status", "--json")
        assert (status.status == 0) is (not status.json["problems"])
        return "\n".join(status.json["problems"])

    with running_daemon(town.shop.home) as daemon:
        wait_until(lambda: town.local(SHOP) in problems(), within=30.0)
        wait_until(lambda: said.exists() and town.local(SHOP) in said.read_text(), within=20.0)
        town.gets(OPERATOR, "operator")
        # The rest goes on.
        town.place()
        order = town.gets(ACME, "order")
        town.answer(order, SHIPPED)
        wait_until(lambda: town.mails(SHOP))
        secret.write_text(f"{PASSWORD}\n")
        daemon.hang_up()
        town.gets(BUYER, "buyer-shipped")
        assert problems() == ""


def test_foreign_mail_stays_where_it_is_and_an_answer_is_found_among_the_junk(town: Town) -> None:
    town.configure(mail={"receive": [town.by_imap | {"junk": "Junk", "take": "ours"}]})
    user = town.local(SHOP)
    dovecot = town.office.dovecot
    foreign = town.letter("aunt@elsewhere.example", SHOP, "Sunday", "Coffee at four?")
    with running_daemon(town.shop.home):
        town.place()
        order = town.gets(ACME, "order")
        with dovecot.client(user, None) as client:
            client.append("Junk", town.answer_to(order, SHIPPED).as_bytes())
            client.append("Junk", foreign.as_bytes())
        dovecot.deliver(user, foreign.as_bytes())
        town.gets(BUYER, "buyer-shipped")
        assert town.shop.order()["complete"]
    assert [str(one["Subject"]) for one in town.mails(SHOP)] == ["Sunday"]
    assert [str(one["Subject"]) for one in town.mails(SHOP, folder="Junk")] == ["Sunday"]
    assert len(town.mails(SHOP, folder="Processed")) == 1
    with dovecot.client(user) as client:
        assert all(b"\\Seen" not in flags for flags in client.get_flags(client.search()).values())


def test_what_is_forgotten_here_goes_from_the_mailbox_too(town: Town) -> None:
    dovecot, user = town.office.dovecot, town.local(SHOP)
    with running_daemon(town.shop.home):
        town.place()
        town.answer(town.gets(ACME, "order"), SHIPPED)
        yan = {"buyer_name": "Yan Beispiel", "ship_name": "Yan Beispiel", "ship_street": "Hafenweg 2"}
        town.place(order_id="A-1002", buyer_email="yan@elsewhere.example", **yan)
        wait_until(lambda: len(town.mails(ACME, "order")) == 2, within=30.0)
        (second,) = (one for one in town.mails(ACME, "order") if "A-1002" in str(one["Subject"]))
        town.answer(second, "Danke, wird erledigt.")
        town.gets(BUYER, "buyer-shipped")
        wait_until(lambda: len(town.mails(SHOP, folder="Processed")) == 2, within=30.0)
    (named,) = town.shop.ask("forget", "--buyer", town.local(BUYER))["mailboxes"]
    assert user in named
    assert dovecot.count(user, "Processed") == 2
    assert town.shop.command("run", "--once").status == 0
    (left,) = town.mails(SHOP, folder="Processed")
    assert "A-1002" in str(left["Subject"])
    assert town.mails(OPERATOR, "operator") == []


def test_a_password_that_the_relay_refuses_is_named_and_mail_waits_for_the_right_one(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, said = tmp_path / "password", tmp_path / "said"
    secret.write_text("wrong\n")
    monkeypatch.setenv("POSTBOTE_SMTP_PASSWORD_FILE", str(secret))
    login = {"user": town.local(SHOP), "password": "${POSTBOTE_SMTP_PASSWORD}"}
    town.configure(
        mail={"send": town.by_smtp | login},
        alert={"command": [sys.executable, "-c", KEEP, str(said), "{text}"]},
    )
    with running_daemon(town.shop.home) as daemon:
        town.place()
        wait_until(said.exists, within=30.0)
        assert "535" in said.read_text()
        assert "Anmeldung" in "\n".join(town.shop.refuse("status").json["problems"])
        assert town.mails(ACME) == []
        secret.write_text(f"{PASSWORD}\n")
        daemon.hang_up()
        assert f"Authenticated sender: {town.local(SHOP)}" in str(town.gets(ACME, "order").items())
        assert town.shop.ask("status")["problems"] == []
