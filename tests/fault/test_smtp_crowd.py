"""Senders who only hold on to connections, and whether an honest one still gets through."""

import contextlib
import smtplib
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from daemon.edges.smtp_in import SmtpListener
from daemon.edges.smtp_limits import Limits
from tests.support.desk import MemoryDesk
from tests.support.raw_smtp import RawSmtp
from tests.support.waiting import wait_until

MAIL = b"Subject: A-1001\r\n\r\nShipped.\r\n"


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk(own={"orders@shop.example"})


@pytest.fixture
def listener(desk: MemoryDesk) -> Iterator[SmtpListener]:
    listener = SmtpListener(
        name="smtp", host="127.0.0.1", port=0, desk=desk, clock=lambda: datetime.now(UTC), limits=Limits(session=20.0)
    )
    listener.start()
    yield listener
    listener.stop()


def pester(client: RawSmtp, data: bytes, over: threading.Event) -> None:
    """Keep a connection busy without ever sending a mail."""
    with contextlib.suppress(OSError):
        while not over.wait(0.02):
            client.send(data)


def test_an_honest_sender_gets_through_a_crowd(listener: SmtpListener, desk: MemoryDesk) -> None:
    over = threading.Event()
    with contextlib.ExitStack() as stack:
        pests = []
        for number in range(60):  # ten each from six addresses
            client = stack.enter_context(RawSmtp(listener.port, source=f"127.0.1.{1 + number // 10}"))
            if number % 3 == 0:
                client.greeted()
            elif number % 3 == 1:
                client.begun()
            data = (b"", b"Subject: dripping\r\n", b"NOOP\r\n")[number % 3]
            pests.append(threading.Thread(target=pester, args=(client, data, over)))
            pests[-1].start()
        slowest = 0.0
        for _ in range(20):
            begun = time.monotonic()
            with smtplib.SMTP("127.0.0.1", listener.port, timeout=10) as honest:
                honest.sendmail("seller@acme.example", ["orders@shop.example"], MAIL)
            slowest = max(slowest, time.monotonic() - begun)
        over.set()
        for pest in pests:
            pest.join()
    assert slowest < 2.0
    assert len(desk.taken) == 1  # the same mail, twenty times
    wait_until(lambda: not listener.conversations)


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("database is locked: /srv/x"),
        sqlite3.DatabaseError("malformed"),
        OSError(28, "No space left on device"),
        OSError(5, "Input/output error"),
        OSError(24, "Too many open files"),
        MemoryError("secret"),
        RecursionError("secret"),
        TimeoutError("secret"),
        ConnectionResetError("the database has gone"),
        UnicodeDecodeError("ascii", b"secret", 0, 1, "secret"),
        AssertionError("secret"),
    ],
)
@pytest.mark.parametrize("stage", ["offer", "offered", "is_own_recipient"])
def test_no_trouble_of_ours_is_ever_permanent(
    listener: SmtpListener, desk: MemoryDesk, monkeypatch: pytest.MonkeyPatch, error: Exception, stage: str
) -> None:
    def fail(_asked: object) -> None:
        raise error

    if stage == "offered":
        desk.failing = error
    else:
        monkeypatch.setattr(desk, stage, fail)
    with RawSmtp(listener.port) as client:
        client.greeted().ask("MAIL FROM:<seller@acme.example>")
        reply = client.ask("RCPT TO:<orders@shop.example>")
        if stage != "is_own_recipient":
            client.ask("DATA")
            client.send(MAIL + b".\r\n")
            reply = client.reply()
        assert reply == "451 4.3.0 Try again later"
    assert desk.taken == []
