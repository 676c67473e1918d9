"""What came in and is still to be decided: claimed in order, given back, decided up to a row."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.identifiers import ArrivalId
from daemon.store.arrivals import NEW, ArrivalState, Stored, stored_of
from daemon.store.database import chunks
from daemon.store.schema import arrival

_UNDECIDED = (
    sa.select(arrival)
    .where(arrival.c.state == ArrivalState.NEW.value)
    .order_by(arrival.c.seq)
    .limit(sa.bindparam("at_most"))
)


def claim(
    connection: Connection,
    owner: str,
    now: datetime,
    lease: timedelta | None,
    limit: int,
    in_hand: Sequence[ArrivalId] = (),
) -> list[Stored]:
    """The oldest undecided arrivals that may be decided now, in order.

    None is claimed whose stream has an older one in a daemon's hands; what is lent to us and not in hand was left there
    by trouble. Without a lease (one daemon alone) nothing is written.
    """
    fresh = arrival.c.state == ArrivalState.NEW.value
    if lease is None:
        return [stored_of(row) for row in connection.execute(_UNDECIDED, {"at_most": limit}).mappings()]
    held = sa.or_(arrival.c.lease_owner != owner, arrival.c.id.in_(in_hand))
    lent = sa.and_(arrival.c.lease_until > now, held)
    taken = sa.select(arrival.c.stream).where(fresh, lent)
    free = sa.or_(arrival.c.lease_until.is_(None), sa.not_(lent))
    # One claim at a time, so that two daemons never split a stream between them.
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7061)"))
    wanted = sa.select(arrival.c.seq).where(fresh, free, arrival.c.stream.not_in(taken))
    chosen = wanted.order_by(arrival.c.seq).limit(limit).scalar_subquery()
    mine = {"lease_owner": owner, "lease_until": now + lease}
    statement = arrival.update().where(arrival.c.seq.in_(chosen)).values(mine).returning(*arrival.c)
    return [stored_of(row) for row in sorted(connection.execute(statement).mappings(), key=lambda row: int(row["seq"]))]


def give_back(connection: Connection, owner: str, ids: Sequence[ArrivalId]) -> None:
    """End the lease on arrivals that were claimed but not decided."""
    for some in chunks(ids):
        mine = sa.and_(arrival.c.id.in_(some), arrival.c.lease_owner == owner)
        connection.execute(arrival.update().where(mine).values(lease_owner=None, lease_until=None))


def advance(connection: Connection, id_: str, position: int, *, held: bool, rulebook: str, rows: int = 0) -> None:
    """Note that a table has been decided up to a row; the next portion begins there, under the same rules."""
    values = {
        "position": position,
        "attempts": 0,
        "held_portions": arrival.c.held_portions + (1 if held else 0),
        "rows_done": arrival.c.rows_done + rows,
        "rulebook": rulebook,
        "lease_owner": None,
        "lease_until": None,
    }
    connection.execute(arrival.update().where(arrival.c.id == id_).values(values))


def count_attempt(connection: Connection, id_: str) -> None:
    """One more try at this arrival has failed."""
    values = {"attempts": arrival.c.attempts + 1, "lease_owner": None, "lease_until": None}
    connection.execute(arrival.update().where(arrival.c.id == id_).values(values))


def under_way(connection: Connection) -> list[Stored]:
    """The tables of which a part has been decided, oldest first."""
    begun = sa.and_(arrival.c.state == ArrivalState.NEW.value, arrival.c.position > 0)
    return [
        stored_of(row) for row in connection.execute(sa.select(arrival).where(begun).order_by(arrival.c.seq)).mappings()
    ]


def oldest(connection: Connection) -> datetime | None:
    """When the earliest undecided arrival was received."""
    # Counted as well: a minimum alone would be looked for along the times of all arrivals.
    earliest = sa.func.min(arrival.c.received_at, type_=arrival.c.received_at.type)
    found: datetime | None = connection.execute(sa.select(earliest, sa.func.count()).where(NEW)).scalar()
    return found
