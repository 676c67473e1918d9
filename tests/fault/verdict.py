"""What must hold after a storm, whatever was killed in it: nothing accepted is lost, nothing is true or sent twice."""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from tests.fault.storm import Ledger

_ORDER = re.compile(r"K-[0-9]{5}")


@dataclass(frozen=True)
class Books:
    """The workspace's database, as it lies there after the end; `postgres` is its address where it is no file."""

    home: Path
    postgres: str | None = None

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        if self.postgres is not None:
            with psycopg.connect(self.postgres, autocommit=True) as connection:
                return connection.execute(question).fetchall()
        with closing(sqlite3.connect(f"file:{self.home}/state/postbote.db?mode=ro", uri=True, timeout=30)) as database:
            return database.execute(question).fetchall()

    def number(self, question: str) -> int:
        return int(self.ask(question)[0][0])

    def is_drained(self) -> bool:
        """Whether all that was taken in is decided, and all that must leave has left."""
        undecided = self.number("SELECT count(*) FROM arrival WHERE state = 'new'")
        unsent = "SELECT count(*) FROM outbox WHERE kind <> 'operator' AND coalesce(template, '') <> 'operator'"
        return not undecided and not self.number(f"{unsent} AND state IN ('queued', 'in_flight')")


def check_arrivals(books: Books, ledger: Ledger) -> None:
    """Every mail that got a 250 or lay in the mailbox, and every dropped file, is there exactly once."""
    mails = Counter(
        str(message_from_bytes(raw)["Message-ID"])
        for (raw,) in books.ask("SELECT raw FROM original JOIN arrival ON id = arrival WHERE kind = 'mail'")
    )
    files = Counter(name for (name,) in books.ask("SELECT name FROM arrival WHERE kind = 'file'"))
    owed = Counter(set(ledger.accepted) | set(ledger.delivered)), Counter(ledger.dropped.keys())
    lost, doubled = (owed[0] - mails, owed[1] - files), (mails - owed[0], files - owed[1])
    assert lost == (Counter(), Counter())
    assert doubled == (Counter(), Counter())
    for name, path in books.ask("SELECT name, path FROM arrival WHERE kind = 'file'"):
        assert (books.home / path).read_bytes() == ledger.dropped[name]
    held = {
        str(message_from_bytes(raw)["Message-ID"])
        for (raw,) in books.ask("SELECT raw FROM original JOIN arrival ON id = arrival WHERE state = 'held'")
    }
    assert held == ledger.strange


def check_orders(books: Books, ledger: Ledger) -> None:
    """Every order is there once, with one shipment and its device."""
    found = {number: msgspec.json.decode(data) for number, data in books.ask("SELECT number, data FROM orders")}
    assert found.keys() == ledger.orders.keys()
    for number, state, complete in books.ask("SELECT number, state, complete FROM orders"):
        assert (number, state, complete) == (number, "shipped", 1)
    parcels = books.ask("SELECT order_key, number FROM parcel")
    assert Counter(number for _, number in parcels) == Counter(one.tracking for one in ledger.orders.values())
    for number, order in found.items():
        assert [one["tracking_number"] for one in order["shipments"]] == [ledger.orders[number].tracking]
    devices = books.ask("SELECT imei FROM device WHERE active")
    assert Counter(imei for (imei,) in devices) == Counter(one.imei for one in ledger.orders.values())


def check_sent(sent: Sequence[tuple[str, str, bytes]], ledger: Ledger) -> int:
    """Each logical mail has left, again only with the same Message-ID and content; the number of extra copies."""
    mails = [message_from_bytes(content) for _, _, content in sent]
    contents: dict[str, set[bytes]] = defaultdict(set)
    logical: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for mail, (_, _, content) in zip(mails, sent, strict=True):
        contents[str(mail["Message-ID"])].add(content)
        if mail["X-Postbote-Template"] != "operator":
            logical[_name(mail)].add(str(mail["Message-ID"]))
    assert all(len(one) == 1 for one in contents.values())
    assert all(len(one) == 1 for one in logical.values())
    expected = {("order", number, "orders@acme.example") for number in ledger.orders}
    expected |= {("buyer-shipped", number, "zoe@buyer.example") for number in ledger.orders}
    assert logical.keys() == expected
    return len(mails) - len(contents)


def check_floor(home: Path, books: Books) -> None:
    """The database is whole, and no file lies where files are only passing through."""
    if books.postgres is None:
        assert books.ask("PRAGMA integrity_check") == [("ok",)]
        assert books.ask("PRAGMA foreign_key_check") == []
    passing = [path for path in (home / "inbox").rglob("*") if path.is_file() and "done" not in path.parts]
    assert passing == []


def _name(mail: Message) -> tuple[str, str, str]:
    found = _ORDER.search(str(mail["Subject"])) or _ORDER.search(mail.as_string())
    return str(mail["X-Postbote-Template"]), found[0] if found else "", str(mail["To"])
