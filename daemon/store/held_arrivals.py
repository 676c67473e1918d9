"""What waits for a person."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.decision import Proposal
from daemon.domain.identifiers import ArrivalId
from daemon.domain.partner import Role
from daemon.store.arrivals import HELD, Stored, stored_of
from daemon.store.codec import encode
from daemon.store.database import chunks
from daemon.store.schema import arrival, arrival_about

# Its index has them in this order; by number alone, all arrivals would be gone through.
_OLDEST_FIRST = (arrival.c.received_at, arrival.c.seq)


def listed(connection: Connection, ids: Sequence[str] | None = None) -> list[Stored]:
    """What waits for a person, oldest first."""
    wanted = sa.select(arrival).where(HELD).order_by(*_OLDEST_FIRST)
    if ids is not None:
        wanted = wanted.where(arrival.c.id.in_(ids))
    return [stored_of(row) for row in connection.execute(wanted).mappings()]


def of_orders(connection: Connection) -> list[Stored]:
    """The held files of the shop and of merchants, in the order in which they came."""
    theirs = sa.or_(arrival.c.party == "orders", arrival.c.party.startswith(f"{Role.MERCHANT.folder}/"))
    wanted = sa.select(arrival).where(HELD, theirs).order_by(*_OLDEST_FIRST)
    return [stored_of(row) for row in connection.execute(wanted).mappings()]


def about(connection: Connection, subject: str) -> list[ArrivalId]:
    """The held arrivals about one order or inquiry."""
    wanted = (
        sa.select(arrival.c.id)
        .join(arrival_about, arrival_about.c.arrival == arrival.c.id)
        .where(arrival_about.c.subject == subject, arrival_about.c.waits, HELD)
        .order_by(arrival.c.seq)
    )
    return [ArrivalId(id_) for id_ in connection.execute(wanted).scalars()]


def by_subject(connection: Connection) -> dict[str, list[ArrivalId]]:
    """All held arrivals, by the orders and inquiries that they are about."""
    wanted = sa.select(arrival_about.c.subject, arrival.c.id).join(arrival, arrival.c.id == arrival_about.c.arrival)
    found: dict[str, list[ArrivalId]] = {}
    for row in connection.execute(wanted.where(arrival_about.c.waits, HELD).order_by(*_OLDEST_FIRST)):
        found.setdefault(row.subject, []).append(ArrivalId(row.id))
    return found


def subjects(connection: Connection, wanted: Sequence[str]) -> frozenset[str]:
    """Those of these orders and inquiries about which something is held."""
    found: set[str] = set()
    for some in chunks(wanted):
        about = sa.select(arrival_about.c.subject).join(arrival, arrival.c.id == arrival_about.c.arrival)
        about = about.where(arrival_about.c.subject.in_(some), arrival_about.c.waits, HELD)
        found.update(connection.execute(about).scalars())
    return frozenset(found)


def untold(connection: Connection, held_before: datetime) -> list[Stored]:
    """Held arrivals that have waited since before then and of which the operator has not been told."""
    wanted = sa.select(arrival).where(HELD, arrival.c.decided_at <= held_before, arrival.c.operator_told_at.is_(None))
    return [stored_of(row) for row in connection.execute(wanted.order_by(*_OLDEST_FIRST)).mappings()]


def mark_told(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    """The operator has been told of these held arrivals."""
    for some in chunks(ids):
        connection.execute(arrival.update().where(arrival.c.id.in_(some)).values(operator_told_at=now))


def propose(connection: Connection, id_: str, proposal: Proposal | None) -> None:
    """What a release of a held arrival would change and send now."""
    values = {"proposal": encode(proposal) if proposal else None}
    connection.execute(arrival.update().where(arrival.c.id == id_).values(values))
