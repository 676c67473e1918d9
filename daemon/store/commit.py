"""Makes one decision true inside a given transaction, or raises StaleError and leaves nothing behind."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.decision import Decision, HistoryEntry
from daemon.domain.reason import Reason
from daemon.store import deadlines, inquiries, orders, outbox, sources, stock, trade
from daemon.store.codec import decode, encode
from daemon.store.conversations import Names
from daemon.store.schema import history


def write(connection: Connection, decision: Decision, names: Names, now: datetime) -> None:
    """Write everything that a decision changes and queue everything that it sends."""
    orders.write(connection, decision.orders, now)
    inquiries.write(connection, decision.inquiries)
    inquiries.relate(connection, decision.relationships)
    inquiries.part(connection, decision.ended)
    deadlines.write(connection, decision.deadlines)
    stock.write(connection, decision.stock, decision.reports)
    trade.write(connection, decision)
    outbox.withdraw(connection, decision.withdrawn)
    outbox.mark_undeliverable(connection, decision.undeliverable)
    outbox.queue(connection, decision.effects, names, now)
    sources.leave_alone(connection, decision.left_alone, decision.reminded_again)
    _tell(connection, decision.history)


def _tell(connection: Connection, entries: Sequence[HistoryEntry]) -> None:
    rows = [{"subject": one.subject, "at": one.at, "what": encode(one.what), "because": one.because} for one in entries]
    if rows:
        connection.execute(history.insert(), rows)


def history_of(connection: Connection, subject: str) -> list[HistoryEntry]:
    """The history of an order or inquiry in the order in which it was written."""
    wanted = sa.select(history).where(history.c.subject == subject).order_by(history.c.seq)
    return [
        HistoryEntry(subject=row.subject, at=row.at, what=decode(row.what, Reason), because=row.because)
        for row in connection.execute(wanted)
    ]
