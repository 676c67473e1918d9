"""A store with very many open orders, written past the house so that it is there within a minute."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from daemon.domain.deadline import Deadline, DeadlineKind, order_subject
from daemon.domain.identifiers import LineId, PartnerId
from daemon.domain.order import Address, Buyer, Line, Order
from daemon.store.codec import encode
from daemon.store.database import Database

PLACED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
FIRST_RING = datetime(2099, 1, 1, tzinfo=UTC)
"""Each order's bell rings a second after the one before it, so that `now` says how many are due."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SELLER = PartnerId("bench-seller")
_ORDER = Order(
    number="@@@@@@@@",
    version=1,
    seller=_SELLER,
    shipper=_SELLER,
    market="de-DE",
    currency="EUR",
    placed_at=PLACED,
    paid_at=PLACED,
    released_at=PLACED,
    ship_by=FIRST_RING,
    buyer=Buyer(name="Greta Muster", email="greta@buyer.example"),
    address=Address(name="Greta Muster", street="Lindenallee 4", postcode="04109", city="Leipzig", country="DE"),
    lines=(Line(line=LineId("1"), sku="IP13-128", title="Phone 13 128 GB", quantity=1, unit_price=Decimal("499.00")),),
    because="bench",
)
_DEADLINE = Deadline(
    kind=DeadlineKind.SHIP,
    subject=order_subject("@@@@@@@@"),
    started=PLACED,
    due=FIRST_RING + timedelta(days=1),
    silent_party=_SELLER,
)
_MARK = datetime(1971, 1, 1, tzinfo=UTC)
_INTO_ORDERS = """
INSERT INTO orders (key, number, version, state, complete, shipper, seller, buyer, placed_at, changed_at, data)
VALUES (?, ?, 1, 'released', 0, 'bench-seller', 'bench-seller', 'greta@buyer.example', ?, ?, ?)"""
_INTO_DEADLINE = """
INSERT INTO deadline (key, kind, subject, about, started, due, state, next_ring, step, silent_party, pauses, data)
VALUES (?, 'ship', ?, ?, ?, ?, 'open', ?, 0, 'bench-seller', 1, ?)"""


def due_at(count: int) -> datetime:
    """The moment at which so many orders are due."""
    return FIRST_RING + timedelta(seconds=count - 1)


def fill(file: Path, count: int) -> None:
    """A database of the house's own make, with so many open orders and a deadline for each."""
    database = Database(f"sqlite:///{file}")
    database.prepare()
    database.close()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.executemany(_INTO_ORDERS, _orders(count))
        connection.executemany(_INTO_DEADLINE, _deadlines(count))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # Else the first sync that is measured would wait for all of this.
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _number(order: int) -> str:
    return f"B{order:07d}"


def _orders(count: int) -> Iterator[tuple[object, ...]]:
    placed = _micros(PLACED)
    text = encode(_ORDER)
    for order in range(count):
        number = _number(order)
        yield number.casefold(), number, placed, placed, text.replace(b"@@@@@@@@", number.encode())


def _deadlines(count: int) -> Iterator[tuple[object, ...]]:
    started, due = _micros(PLACED), _micros(_DEADLINE.due)
    text = encode(replace(_DEADLINE, next_ring=_MARK))
    ring_text = encode(_MARK)[1:-1]
    for order in range(count):
        key = _number(order).casefold()
        ring = FIRST_RING + timedelta(seconds=order)
        data = text.replace(b"@@@@@@@@", key.encode())
        head, _, tail = data.partition(ring_text)
        name = _DEADLINE.key.replace("@@@@@@@@", key)
        yield name, order_subject(key), key, started, due, _micros(ring), head + encode(ring)[1:-1] + tail


def _micros(moment: datetime) -> int:
    """A time as the store writes it."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
