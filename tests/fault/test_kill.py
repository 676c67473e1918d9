"""SIGKILL at random instants, under load from every wire: nothing accepted is lost, and no effect happens twice."""

import contextlib
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fault import verdict
from tests.fault.storm import MAILBOX, Ledger, Storm
from tests.fault.verdict import Books
from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.fake_smtp import FakeSmtp, Script
from tests.support.running import Running, free_port
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace

_CONFIG = """\
operator: ops@shop.example
limits: {{mails_per_hour: 1000000}}
mail:
  from: Shop <orders@shop.example>
  reply_domain: replies.shop.example
  send: {{via: smtp, host: 127.0.0.1, port: {sink}, tls: none}}
  receive:
    - {{via: smtp, listen: "127.0.0.1:{port}"}}
"""
_MAILBOX = """\
    - {{via: imap, host: 127.0.0.1, port: {port}, tls: none, user: {user}, password: {password}, take: ours}}
"""
_SEED = 20261125


Record = Callable[[str, object], None]


@pytest.mark.timeout(300)
def test_twenty_five_kills(tmp_path: Path, dovecot: Dovecot | None, record_property: Record) -> None:
    record_property("figures", weather(tmp_path, dovecot, kills=25))


@pytest.mark.timeout(300)
def test_six_kills_on_postgresql(
    tmp_path: Path, dovecot: Dovecot | None, postgres: str, record_property: Record
) -> None:
    record_property("figures", weather(tmp_path, dovecot, kills=6, postgres=postgres))


@pytest.mark.crash
@pytest.mark.timeout(2400)
def test_two_hundred_kills(tmp_path: Path, dovecot: Dovecot | None, record_property: Record) -> None:
    record_property("figures", weather(tmp_path, dovecot, kills=200))


@pytest.mark.crash
@pytest.mark.timeout(1200)
def test_sixty_kills_on_postgresql(
    tmp_path: Path, dovecot: Dovecot | None, postgres: str, record_property: Record
) -> None:
    record_property("figures", weather(tmp_path, dovecot, kills=60, postgres=postgres))


def weather(folder: Path, dovecot: Dovecot | None, kills: int, postgres: str | None = None) -> str:
    """Kill a daemon so often in a storm, let the last one finish, and check everything; the figures."""
    home, port = folder / "shop", free_port()
    books = Books(home, postgres)
    with FakeSmtp(Script()) as sink:
        make_workspace(home, port, sink, dovecot, postgres)
        storm = Storm(home, port, sink, dovecot)
        storm.rise()
        try:
            starts = [one for number in range(kills) if (one := killed(home, folder / f"run-{number}.log", number))]
            storm.calm()
            finish(books, folder / "last.log", storm, dovecot, kills)
        finally:
            storm.end()
        figures = judge(books, storm.ledger, sink, dovecot)
    assert statistics.median(starts) < 5.0
    took = f"start {statistics.median(starts):.1f} s (median), {max(starts):.1f} s (longest)"
    return f"{kills} kills; {figures}; {took}"


def judge(books: Books, ledger: Ledger, sink: FakeSmtp, dovecot: Dovecot | None) -> str:
    """Check everything; the figures."""
    verdict.check_floor(books.home, books)
    verdict.check_arrivals(books, ledger)
    verdict.check_orders(books, ledger)
    doubled = verdict.check_sent(sink.mails, ledger)
    if dovecot:
        assert dovecot.count(MAILBOX, "INBOX") == 0
        assert dovecot.count(MAILBOX, "Processed") == sum(ledger.delivered.values())
    return (
        f"accepted {len(ledger.accepted)} mails by SMTP, {len(ledger.delivered)} "
        f"{'by IMAP' if dovecot else '(no Dovecot here)'}, {len(ledger.dropped)} files; {len(ledger.orders)} orders; "
        f"lost 0; {len(sink.mails)} mails sent, {doubled} of them again with the same Message-ID"
    )


def make_workspace(home: Path, port: int, sink: FakeSmtp, dovecot: Dovecot | None, postgres: str | None) -> None:
    Workspace(home, clock=None).init()
    (home / "rules/partners/ours.yaml").write_text(PARTNERS)
    (home / "inbox/sellers/acme").mkdir(parents=True)
    mailbox = _MAILBOX.format(port=dovecot.imap, user=MAILBOX, password=PASSWORD) if dovecot else ""
    database = f"database: {postgres}\n" if postgres else ""
    (home / "config.yaml").write_text(database + _CONFIG.format(sink=sink.port, port=port) + mailbox)


def killed(home: Path, log: Path, number: int) -> float | None:
    """Start it and kill it, sometimes while it starts; the seconds that its start has taken, if it got so far."""
    chance = random.Random(_SEED + number)  # noqa: S311 - kills that can be repeated
    run = Running(home, log)
    try:
        start = None if chance.random() < 0.25 else run.until_ready()
        pause(chance.uniform(0.05, 2.0))
        assert "Traceback" not in run.said
        run.kill()
        # What a dead daemon leaves alive would work beside the next one.
        wait_until(lambda: not run.relatives(), 15)
    finally:
        run.end()
    return start


def pause(seconds: float) -> None:
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= end, seconds + 5)


def finish(books: Books, log: Path, storm: Storm, dovecot: Dovecot | None, kills: int) -> None:
    """Let a last daemon do all that so many kills have left, and stop it."""
    run = Running(books.home, log)
    try:
        run.until_ready()
        with contextlib.suppress(AssertionError):
            wait_until(lambda: is_done(books, storm, dovecot), 60 + kills)  # what is missing is named by the verdict
        assert "Traceback" not in run.said
        assert run.terminate() == 0
    finally:
        run.end()


def is_done(books: Books, storm: Storm, dovecot: Dovecot | None) -> bool:
    """Whether everything that the storm has brought is dealt with."""
    assert not storm.has_gone_wrong()
    shipped = books.number("SELECT count(*) FROM orders WHERE state = 'shipped'")
    if not (storm.is_all_handed_over and shipped == len(storm.ledger.orders) and books.is_drained()):
        return False
    # A mail is taken in before it is moved away, and may be decided and answered in between.
    return dovecot is None or dovecot.count(MAILBOX, "INBOX") == 0
