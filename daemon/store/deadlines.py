"""Deadlines as rows, found by one indexed look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.domain.deadline import Deadline, DeadlineKind
from daemon.domain.identifiers import order_key
from daemon.store.arrivals import ArrivalState
from daemon.store.codec import decode, encode
from daemon.store.database import among, chunks, upsert
from daemon.store.schema import arrival, arrival_about, deadline

_COMING = sa.text("deadline.next_ring IS NOT NULL")
"""Something is still to come of it, be it a reminder after it was missed.

Written out, so that both databases see that the partial index serves.
"""

_OF = sa.select(deadline.c.data).where(among(deadline.c.subject)).order_by(deadline.c.due)
_STILL = sa.select(deadline.c.key, deadline.c.data).where(among(deadline.c.key), _COMING)
_AWAITED = sa.text("NOT deadline.over")
"""Somebody still waits for it, though all reminders may be spent."""
_OF_AWAITED = _OF.where(_AWAITED)


def write(connection: Connection, changed: Sequence[Deadline]) -> None:
    """Write deadlines over the rows with the same key."""
    rows = {one.key: _row(one) for one in changed}
    upsert(connection, deadline, list(rows.values()))


def _row(one: Deadline) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "subject": one.subject,
        "about": order_key(one.subject.partition(":")[2]),
        "started": one.started,
        "due": one.due,
        "state": one.state.value,
        "next_ring": one.next_ring,
        "over": one.over,
        "step": one.step,
        "silent_party": one.silent_party,
        "pauses": one.pauses,
        "data": encode(one),
    }


def of(connection: Connection, subjects: Sequence[str], *, only_awaited: bool) -> list[Deadline]:
    """The deadlines of orders and inquiries, in the order in which they end; all, or those that are not over."""
    found: list[Deadline] = []
    for some in chunks(subjects):
        rows = connection.execute(_OF_AWAITED if only_awaited else _OF, {"values": some})
        found.extend(decode(row.data, Deadline) for row in rows)
    return found


def due(
    connection: Connection, now: datetime, read_until: datetime | None, late: Sequence[str], limit: int
) -> list[Deadline]:
    """Deadlines whose bell has to ring, the longest due first.

    Not those that pause while an arrival about them is held, and none about a partner's silence before all that he
    could have sent has been read: up to `read_until` (None: some mailbox was never read), from `late` partners not at
    all.
    """
    wanted = sa.select(deadline.c.data).where(_COMING, deadline.c.next_ring <= now, ~_is_paused())
    wanted = wanted.where(sa.or_(deadline.c.silent_party.is_(None), _heard(read_until, late)))
    rows = connection.execute(wanted.order_by(deadline.c.next_ring).limit(limit))
    return [decode(row.data, Deadline) for row in rows]


def waiting_for_sources(connection: Connection, now: datetime, read_until: datetime | None, late: Sequence[str]) -> int:
    """How many bells about silence have to wait because the sources have not been read far enough."""
    wanted = sa.select(sa.func.count()).select_from(deadline)
    wanted = wanted.where(_COMING, deadline.c.next_ring <= now, deadline.c.silent_party.is_not(None))
    return connection.execute(wanted.where(~_heard(read_until, late))).scalar_one()


def _heard(read_until: datetime | None, late: Sequence[str]) -> "sa.ColumnElement[bool]":
    if read_until is None:
        return sa.false()
    return sa.and_(deadline.c.next_ring <= read_until, deadline.c.silent_party.not_in(late))


def _is_paused() -> "sa.ColumnElement[bool]":
    waiting = sa.select(arrival_about.c.arrival).join(arrival, arrival.c.id == arrival_about.c.arrival)
    subject = sa.and_(arrival_about.c.subject == deadline.c.about, arrival_about.c.waits)
    held = sa.and_(subject, arrival.c.state == ArrivalState.HELD.value)
    return sa.and_(deadline.c.pauses, waiting.where(held).exists())


def postpone(connection: Connection, one: Deadline, until: datetime) -> None:
    """Let a deadline ring again later, because looking at it failed."""
    write(connection, [replace(one, next_ring=until)])


def still(connection: Connection, keys: Sequence[str]) -> list[Deadline]:
    """Those of these deadlines of which something is still to come, as they are now."""
    found: dict[str, Deadline] = {}
    for some in chunks(keys):
        found.update((row.key, decode(row.data, Deadline)) for row in connection.execute(_STILL, {"values": some}))
    return [found[key] for key in keys if key in found]


def running(connection: Connection) -> list[Deadline]:
    """The deadlines that nobody has met yet, the nearest end first."""
    wanted = sa.select(deadline.c.data).where(_AWAITED).order_by(deadline.c.due)
    return [decode(row.data, Deadline) for row in connection.execute(wanted)]


def coming(connection: Connection, until: datetime) -> list[Deadline]:
    """The deadlines that will ring before then, unless they pause."""
    wanted = sa.select(deadline.c.data).where(_COMING, deadline.c.next_ring <= until, ~_is_paused())
    wanted = wanted.order_by(deadline.c.next_ring)
    return [decode(row.data, Deadline) for row in connection.execute(wanted)]


def pausing(connection: Connection, until: datetime) -> list[Deadline]:
    """The open deadlines that end before then and wait for a person to settle what is held."""
    wanted = sa.select(deadline.c.data).where(_AWAITED, _COMING, deadline.c.due <= until, _is_paused())
    return [decode(row.data, Deadline) for row in connection.execute(wanted.order_by(deadline.c.due))]


def unmet(connection: Connection, kind: DeadlineKind, now: datetime) -> dict[str, datetime]:
    """What the awaited deadlines of a kind are about that are not past their end, each with its first end."""
    wanted = sa.select(deadline.c.about, sa.func.min(deadline.c.due, type_=deadline.c.due.type).label("due"))
    wanted = wanted.where(_AWAITED, deadline.c.due >= now, deadline.c.kind == kind.value)
    return {row.about: row.due for row in connection.execute(wanted.group_by(deadline.c.about))}


def overdue(connection: Connection, now: datetime) -> int:
    """How many deadlines are past their end and nobody has met them yet."""
    wanted = sa.select(sa.func.count()).select_from(deadline).where(_AWAITED, deadline.c.due < now)
    return connection.execute(wanted).scalar_one()
