"""Whom a mail is from: only the mail server that the configuration names is believed about it."""

import smtplib
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

import pytest

from tests.fault.verdict import Books
from tests.support.daemon import running_daemon
from tests.support.running import free_port
from tests.support.town import ACME, SHOP, Town
from tests.support.waiting import wait_until

PASS = "mx.shop.example; spf=fail smtp.mailfrom=elsewhere.example; dmarc=pass header.from={domain}"
FAIL = "mx.shop.example; spf=pass smtp.mailfrom={domain}; dmarc=fail header.from={domain}"
OF_ANOTHER_DOMAIN = "mx.shop.example; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from=elsewhere.example"
BY_ANOTHER_SERVER = "mx.elsewhere.example; dmarc=pass header.from={domain}"

Wire = Callable[[Town], tuple[dict[str, Any], Callable[[EmailMessage], object]]]


def by_mailbox(town: Town) -> tuple[dict[str, Any], Callable[[EmailMessage], object]]:
    """Postfix hands the mail to Dovecot, the daemon reads it by IMAP."""
    return town.by_imap, town.office.postfix.send


def by_listener(town: Town) -> tuple[dict[str, Any], Callable[[EmailMessage], object]]:
    """The mail server before us hands the mail to the daemon's own listener."""
    port = free_port()

    def post(letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            client.send_message(letter)

    return {"via": "smtp", "listen": f"127.0.0.1:{port}"}, post


def fates(town: Town, wire: Wire, believed: str | None, *letters: tuple[tuple[str, ...], bool]) -> list[str]:
    """What becomes of acme's confirmations of as many orders: each with these results noted, and a token or none."""
    receive, post = wire(town)
    town.configure(mail={"receive": [receive | ({"authserv_id": believed} if believed else {})]})
    numbers = [f"A-{1001 + place}" for place in range(len(letters))]
    with running_daemon(town.shop.home):
        for number in numbers:
            town.place(order_id=number)
        wait_until(lambda: len(town.mails(ACME, "order")) == len(numbers), within=30.0)
        for number, (results, token) in zip(numbers, letters, strict=True):
            post(confirmation(town, number, results, token=token))
        books = Books(town.shop.home)
        wait_until(
            lambda: books.number("SELECT count(*) FROM arrival WHERE kind = 'mail'") == len(numbers), within=30.0
        )
        wait_until(books.is_drained, within=30.0)
        became = settled(town)
    return [became[number] for number in numbers]


def confirmation(town: Town, number: str, results: tuple[str, ...], *, token: bool) -> EmailMessage:
    """What acme writes, or somebody who says that he is acme, below what mail servers have noted on the way."""
    text = f"Bestellung {number}: Wir bestätigen die Bestellung."
    if token:
        (order,) = [one for one in town.mails(ACME, "order") if number in str(one["Subject"])]
        letter = town.answer_to(order, text)
    else:
        letter = town.letter(ACME, SHOP, f"Bestellung {number}", text)
    domain = town.local(ACME).partition("@")[2]
    noted = "".join(f"Authentication-Results: {result.format(domain=domain)}\n" for result in results)
    return message_from_bytes(noted.encode() + letter.as_bytes(), _class=EmailMessage, policy=modern)


def settled(town: Town) -> dict[str, str]:
    """`taken`, or why a person has to look, for each order whose mail is decided."""
    taken = {str(one["order"]): "taken" for one in town.shop.ask("orders") if one["state"] == "acknowledged"}
    return taken | {str(one["about"]): " ".join(one["reasons"]) for one in town.shop.ask("held")}


@pytest.mark.parametrize("wire", [by_mailbox, by_listener])
def test_dmarc_of_the_parsed_from_decides_and_only_by_the_server_that_is_named(town: Town, wire: Wire) -> None:
    passed, silent, forged, other, failed, outvoted = fates(
        town,
        wire,
        "mx.shop.example",
        ((PASS,), False),
        ((), False),
        ((BY_ANOTHER_SERVER,), False),
        ((OF_ANOTHER_DOMAIN,), False),
        ((FAIL,), True),
        ((BY_ANOTHER_SERVER, PASS), False),
    )
    assert passed == "taken"
    assert "nicht beglaubigt" in silent
    assert "nicht beglaubigt" in forged
    assert "nicht beglaubigt" in other
    assert "Prüfung der Herkunft ist aber fehlgeschlagen" in failed
    # A server further out cannot speak over ours: its word stands above, ours is found below it.
    assert outvoted == "taken"


def test_the_topmost_word_alone_counts_where_the_server_before_us_has_no_name(town: Town) -> None:
    passed, below, failed = fates(
        town,
        by_mailbox,
        "topmost",
        ((BY_ANOTHER_SERVER,), False),
        ((OF_ANOTHER_DOMAIN, PASS), False),
        ((FAIL, PASS), True),
    )
    assert passed == "taken"
    assert "nicht beglaubigt" in below
    assert "Prüfung der Herkunft ist aber fehlgeschlagen" in failed


def test_where_no_server_is_named_nobody_is_believed_neither_yes_nor_no(town: Town) -> None:
    passed, failed = fates(town, by_mailbox, None, ((PASS,), False), ((FAIL,), True))
    assert "nicht beglaubigt" in passed
    assert failed == "taken"
