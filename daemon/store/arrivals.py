"""What came in: recorded durably, looked up, and settled."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from daemon.domain.arrival import Arrival, ArrivalKind, Envelope
from daemon.domain.decision import Decision, Proposal
from daemon.domain.identifiers import ArrivalId, order_key
from daemon.domain.reason import Reason
from daemon.domain.values import Value
from daemon.store.codec import decode, encode
from daemon.store.database import among, chunks, insert_missing
from daemon.store.schema import arrival, arrival_about, original, portion

# Written out, so that each finds the index that holds only such rows.
NEW = sa.text("arrival.state = 'new'")
HELD = sa.text("arrival.state = 'held'")


class ArrivalState(StrEnum):
    NEW = "new"
    DONE = "done"
    IGNORED = "ignored"
    HELD = "held"
    RELEASED = "released"
    DISCARDED = "discarded"


_RAW = sa.select(original.c.raw).where(original.c.arrival == sa.bindparam("arrival"))
_RAWS = sa.select(original).where(among(original.c.arrival))
_KNOWN = sa.select(arrival.c.identity, arrival.c.id).where(among(arrival.c.identity))
_SETTLE = (
    arrival.update()
    .where(arrival.c.id == sa.bindparam("b_id"))
    .values(
        state=sa.bindparam("b_state"),
        decided_at=sa.bindparam("b_decided_at"),
        reasons=sa.bindparam("b_reasons"),
        proposal=sa.bindparam("b_proposal"),
        rulebook=sa.func.coalesce(sa.bindparam("b_rulebook"), arrival.c.rulebook),
        excerpt=sa.func.coalesce(sa.bindparam("b_excerpt"), arrival.c.excerpt),
        lease_owner=None,
        lease_until=None,
        operator_told_at=None,
    )
)


class Taken(Value, frozen=True, kw_only=True):
    """An arrival to be recorded, with the bytes that are kept in the database (None: they lie at its path)."""

    arrival: Arrival
    identity: str
    stream: str
    raw: bytes | None
    ignored: Reason | None = None


class Stored(Value, frozen=True, kw_only=True):
    """An arrival as its row tells it.

    `rows_done` are the rows of a table that is under way; `rereads` how often a person had it read again.
    """

    arrival: Arrival
    stream: str
    state: ArrivalState
    decided_at: datetime | None
    rulebook: str | None
    reasons: tuple[Reason, ...]
    excerpt: str
    proposal: Proposal | None
    settled_by: str | None
    settled_why: str | None
    held_portions: int = 0
    rows_done: int = 0
    rereads: int = 0


def known(connection: Connection, identities: Sequence[str]) -> dict[str, ArrivalId]:
    """Which of these identities are recorded already, and under which id."""
    found: dict[str, ArrivalId] = {}
    for some in chunks(identities):
        rows = connection.execute(_KNOWN, {"values": some})
        found.update((row.identity, ArrivalId(row.id)) for row in rows)
    return found


def record(connection: Connection, taken: Sequence[Taken], now: datetime) -> None:
    """Write new arrivals in the order in which they came."""
    if not taken:
        return
    connection.execute(arrival.insert(), [_row(one, now) for one in taken])
    raws = [{"arrival": one.arrival.id, "raw": one.raw} for one in taken if one.raw is not None]
    if raws:
        connection.execute(original.insert(), raws)


def _row(taken: Taken, now: datetime) -> dict[str, Any]:
    one = taken.arrival
    ignored = taken.ignored
    return {
        "id": one.id,
        "identity": taken.identity,
        "kind": one.kind.value,
        "source": one.source,
        "name": one.name,
        "party": one.party,
        "path": one.path,
        "digest": one.digest,
        "size": one.size,
        "envelope": encode(one.envelope),
        "received_at": one.received_at,
        "taken_at": now,
        "stream": taken.stream,
        "state": (ArrivalState.IGNORED if ignored else ArrivalState.NEW).value,
        "position": 0,
        "attempts": 0,
        "decided_at": now if ignored else None,
        "reasons": encode((ignored,)) if ignored else None,
    }


def stored_of(row: RowMapping) -> Stored:
    """A row of the arrivals as a value."""
    return Stored(
        arrival=Arrival(
            id=ArrivalId(row["id"]),
            kind=ArrivalKind(row["kind"]),
            source=row["source"],
            name=row["name"],
            received_at=row["received_at"],
            party=row["party"],
            path=row["path"],
            digest=row["digest"],
            size=row["size"],
            envelope=decode(row["envelope"], Envelope),
            position=row["position"],
            attempts=row["attempts"],
        ),
        stream=row["stream"],
        state=ArrivalState(row["state"]),
        decided_at=row["decided_at"],
        rulebook=row["rulebook"],
        reasons=decode(row["reasons"], tuple[Reason, ...]) if row["reasons"] else (),
        excerpt=row["excerpt"] or "",
        proposal=decode(row["proposal"], Proposal) if row["proposal"] else None,
        settled_by=row["settled_by"],
        settled_why=row["settled_why"],
        held_portions=row["held_portions"],
        rows_done=row["rows_done"],
        rereads=row["rereads"],
    )


def get(connection: Connection, id_: str) -> Stored | None:
    """One arrival by its id."""
    row = connection.execute(sa.select(arrival).where(arrival.c.id == id_)).mappings().first()
    return stored_of(row) if row else None


def raw(connection: Connection, id_: str) -> bytes | None:
    """The bytes that the database keeps of an arrival; None when they lie at its path."""
    found: bytes | None = connection.execute(_RAW, {"arrival": id_}).scalar()
    return found


def raws(connection: Connection, ids: Sequence[str]) -> dict[str, bytes]:
    """The same for several."""
    found: dict[str, bytes] = {}
    for some in chunks(ids):
        rows = connection.execute(_RAWS, {"values": some})
        found.update((row.arrival, row.raw) for row in rows)
    return found


def moved(connection: Connection, id_: str, path: str) -> None:
    """Its file lies elsewhere now."""
    connection.execute(arrival.update().where(arrival.c.id == id_).values(path=path))


class Settlement(Value, frozen=True, kw_only=True):
    """How an arrival was decided, under which edition, and the words of it that people are shown."""

    id: ArrivalId
    state: ArrivalState
    decision: Decision
    rulebook: str | None = None
    excerpt: str | None = None


def settle(
    connection: Connection,
    id_: str,
    state: ArrivalState,
    decision: Decision,
    now: datetime,
    *,
    rulebook: str | None = None,
    excerpt: str | None = None,
) -> None:
    """Write how an arrival was decided; a held one is listed under everything it is about."""
    settled = Settlement(id=ArrivalId(id_), state=state, decision=decision, rulebook=rulebook, excerpt=excerpt)
    settle_each(connection, [settled], now)


def settle_each(connection: Connection, settled: Sequence[Settlement], now: datetime) -> None:
    """The same for several."""
    if settled:
        connection.execute(_SETTLE, [_settled_row(one, now) for one in settled])
        _note_each(connection, [(one.id, one.decision) for one in settled])


def _settled_row(one: Settlement, now: datetime) -> dict[str, Any]:
    decision = one.decision
    return {
        "b_id": one.id,
        "b_state": one.state.value,
        "b_decided_at": now,
        "b_reasons": encode(decision.reasons),
        "b_proposal": encode(decision.proposal) if decision.proposal else None,
        "b_rulebook": one.rulebook,
        "b_excerpt": one.excerpt,
    }


def note_about(connection: Connection, id_: str, decision: Decision) -> None:
    """Note which orders and inquiries an arrival is about."""
    _note_each(connection, [(id_, decision)])


def _note_each(connection: Connection, decided: Iterable[tuple[str, Decision]]) -> None:
    rows = {
        (id_, order_key(one)): {
            "subject": order_key(one),
            "arrival": id_,
            "shown": one,
            "waits": one not in decision.taken,
        }
        for id_, decision in decided
        for one in decision.about
    }
    insert_missing(connection, arrival_about, list(rows.values()))


def about(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The bare ids of the orders and inquiries for which these arrivals matter to a person."""
    found: dict[str, list[str]] = {}
    for some in chunks(ids):
        wanted = sa.select(arrival_about).where(arrival_about.c.arrival.in_(some), arrival_about.c.waits)
        for row in connection.execute(wanted):
            found.setdefault(row.arrival, []).append(row.shown)
    return {id_: tuple(sorted(names)) for id_, names in found.items()}


def settle_by_person(connection: Connection, id_: str, state: ArrivalState, by: str, why: str) -> None:
    """A person released or discarded it, or had it read again."""
    values: dict[str, Any] = {"state": state.value, "settled_by": by, "settled_why": why}
    if state is ArrivalState.NEW:
        values |= {"position": 0, "attempts": 0, "held_portions": 0, "decided_at": None, "operator_told_at": None}
        values |= {"rows_done": 0, "rereads": arrival.c.rereads + 1}
        connection.execute(portion.delete().where(portion.c.arrival == id_))
        connection.execute(arrival_about.delete().where(arrival_about.c.arrival == id_))
    connection.execute(arrival.update().where(arrival.c.id == id_).values(values))


def since(connection: Connection, at: datetime) -> list[ArrivalId]:
    """The decided arrivals received since then, in order."""
    wanted = sa.select(arrival.c.id).where(arrival.c.received_at >= at, arrival.c.state != ArrivalState.NEW.value)
    return [ArrivalId(id_) for id_ in connection.execute(wanted.order_by(arrival.c.seq)).scalars()]


def counts(connection: Connection) -> Mapping[str, int]:
    """How many arrivals there are in the states in which something is still to happen."""
    found: dict[str, int] = {}
    for state, condition in ((ArrivalState.NEW, NEW), (ArrivalState.HELD, HELD)):
        wanted = sa.select(sa.func.count()).select_from(arrival).where(condition)
        if count := connection.execute(wanted).scalar_one():
            found[state.value] = count
    return found
