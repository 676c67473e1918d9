"""Takes out what is personal, and leaves what happened: when, about which order, accepted by which server."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection, CursorResult

from daemon.domain.arrival import Envelope
from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile, WriteInquiries, WriteReceipt
from daemon.domain.identifiers import order_key
from daemon.domain.order import Order
from daemon.domain.values import Value
from daemon.store.arrivals import ArrivalState
from daemon.store.codec import decode, encode
from daemon.store.database import STREAMED, chunks
from daemon.store.outbox import OutboxKind, OutboxState
from daemon.store.schema import arrival, arrival_about, conversation, orders, original, outbox, outbox_about, portion

_WAITING = (ArrivalState.NEW.value, ArrivalState.HELD.value)
_LEAVING = (OutboxState.QUEUED.value, OutboxState.IN_FLIGHT.value)


class Traces(Value, frozen=True, kw_only=True):
    """Rows by their ids, and the files that belong to them: `paths` below the workspace, `mails` in `outbox/mail/`."""

    arrivals: tuple[str, ...] = ()
    outbox: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


def old_arrivals(connection: Connection, before: datetime, limit: int) -> Traces:
    """Arrivals that were settled before then and still have their content."""
    wanted = sa.select(arrival.c.id, arrival.c.path).where(
        arrival.c.decided_at < before, arrival.c.state.not_in(_WAITING), arrival.c.erased_at.is_(None)
    )
    rows = connection.execute(wanted.order_by(arrival.c.seq).limit(limit)).all()
    return _with_receipts(connection, {row.id: row.path for row in rows})


def _with_receipts(connection: Connection, arrivals: Mapping[str, str | None]) -> Traces:
    """Arrivals with their dropped files, and with the receipts that gave their rows back."""
    rows: list[Any] = []
    for some in chunks([f"receipt:{one}{turn}" for one in arrivals for turn in ("", ":released")]):
        wanted = sa.select(outbox.c.key, outbox.c.kind, outbox.c.effect, outbox.c.reply)
        rows.extend(connection.execute(wanted.where(outbox.c.key.in_(some), outbox.c.erased_at.is_(None))).all())
    receipts = _traces(rows)
    paths = (*(path for path in arrivals.values() if path), *receipts.paths)
    return replace(receipts, arrivals=tuple(arrivals), paths=paths)


def old_outbox(connection: Connection, before: datetime, limit: int) -> Traces:
    """What left before then and still has its content."""
    wanted = sa.select(outbox.c.key, outbox.c.kind, outbox.c.effect, outbox.c.reply).where(
        outbox.c.created_at < before, outbox.c.state.not_in(_LEAVING), outbox.c.erased_at.is_(None)
    )
    return _traces(connection.execute(wanted.order_by(outbox.c.seq).limit(limit)).all())


def _traces(rows: Sequence[Any]) -> Traces:
    found = [(row, _effect(row.effect)) for row in rows]
    return Traces(
        outbox=tuple(row.key for row in rows),
        paths=tuple(
            row.reply if "/" in row.reply else f"outbox/{effect.party}/{row.reply}"
            for row, effect in found
            if isinstance(effect, WriteFile | WriteReceipt) and row.reply
        ),
        mails=tuple(row.reply for row, effect in found if isinstance(effect, SendMail) and row.reply),
    )


def about_orders(connection: Connection, keys: Sequence[str], before: datetime | None = None) -> Traces:
    """Everything that came in or left about these orders and does not wait any more."""
    ids: dict[str, str | None] = {}
    sent: list[Any] = []
    for some in chunks([order_key(key) for key in keys]):
        came = sa.select(arrival.c.id, arrival.c.path).join(arrival_about, arrival_about.c.arrival == arrival.c.id)
        came = came.where(arrival_about.c.subject.in_(some), arrival.c.state.not_in(_WAITING))
        ids.update({row.id: row.path for row in connection.execute(came.where(arrival.c.erased_at.is_(None)))})
        left = sa.select(outbox.c.key, outbox.c.kind, outbox.c.effect, outbox.c.reply)
        left = left.join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
        left = left.where(outbox_about.c.subject.in_(some), outbox.c.state.not_in(_LEAVING))
        left = left.where(outbox.c.erased_at.is_(None))
        sent.extend(connection.execute(left if before is None else left.where(outbox.c.created_at < before)).all())
    return _together(_traces(sent), _with_receipts(connection, ids))


def _together(one: Traces, other: Traces) -> Traces:
    return Traces(**{name: (*getattr(one, name), *getattr(other, name)) for name in Traces.__struct_fields__})


def leaving(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Those of these orders about which a mail or file still has to leave."""
    found: set[str] = set()
    for some in chunks(keys):
        about = sa.select(outbox_about.c.subject).join(outbox, outbox.c.key == outbox_about.c.outbox_key)
        about = about.where(outbox_about.c.subject.in_(some), outbox.c.state.in_(_LEAVING))
        about = about.where(outbox.c.kind != OutboxKind.OPERATOR.value)
        found.update(connection.execute(about).scalars())
    return frozenset(found)


def erase(connection: Connection, traces: Traces, now: datetime) -> None:
    """Take out the content of these rows; that they were, when, and what followed stays."""
    for some in chunks(traces.arrivals):
        connection.execute(original.delete().where(original.c.arrival.in_(some)))
        connection.execute(portion.delete().where(portion.c.arrival.in_(some)))
        nothing = {"excerpt": None, "proposal": None, "reasons": None, "envelope": encode(Envelope()), "name": "erased"}
        connection.execute(arrival.update().where(arrival.c.id.in_(some)).values(**nothing, erased_at=now))
    for key in traces.outbox:
        row = connection.execute(sa.select(outbox.c.effect).where(outbox.c.key == key)).one()
        effect = blank(_effect(row.effect))
        nothing = {"effect": encode(effect), "content": None, "subject": None, "text": None, "recipient": None}
        connection.execute(outbox.update().where(outbox.c.key == key).values(**nothing, erased_at=now))
    for some in chunks(traces.outbox):
        threads = sa.select(outbox.c.conversation).where(outbox.c.key.in_(some), outbox.c.conversation.is_not(None))
        connection.execute(conversation.update().where(conversation.c.id.in_(threads)).values(recipient=""))


def _effect(data: bytes) -> Effect:
    effect: Effect = decode(data, Effect)  # type: ignore[arg-type]  # a union is decoded as well
    return effect


def blank(effect: Effect) -> Effect:
    """What left without what it said, and to whom."""
    match effect:
        case SendMail():
            return replace(effect, to="", data={}, speaker="", passed_on=None)
        case WriteFile():
            return replace(effect, rows=())
        case WriteReceipt() | WriteInquiries() | TellOperator():
            return effect


def long_quiet(connection: Connection, before: datetime) -> Iterator[Order]:
    """Orders that still have a buyer and have not changed since then."""
    wanted = sa.select(orders.c.data).where(orders.c.changed_at < before, orders.c.buyer != "")
    for row in connection.execute(wanted):
        yield decode(row.data, Order)


def mentioning(connection: Connection, is_named: Callable[[bytes], bool]) -> Traces:
    """Settled arrivals in whose kept bytes somebody is named."""
    rows = _originals(connection, arrival.c.state.not_in(_WAITING))
    return _with_receipts(connection, {row.arrival: row.path for row in rows if is_named(row.raw)})


def waiting(connection: Connection, keys: Sequence[str], is_named: Callable[[bytes], bool]) -> frozenset[str]:
    """Arrivals about these orders, or in which somebody is named, that are not settled yet."""
    found = {row.arrival for row in _originals(connection, arrival.c.state.in_(_WAITING)) if is_named(row.raw)}
    return frozenset(found | waiting_about(connection, keys))


def waiting_about(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Arrivals about these orders that are not settled yet."""
    found: set[str] = set()
    for some in chunks([order_key(key) for key in keys]):
        about = sa.select(arrival.c.id).join(arrival_about, arrival_about.c.arrival == arrival.c.id)
        about = about.where(arrival_about.c.subject.in_(some), arrival.c.state.in_(_WAITING))
        found.update(connection.execute(about).scalars())
    return found


def settled(connection: Connection, arrivals: Sequence[str]) -> Traces:
    """Those of these arrivals that wait no more."""
    wanted = sa.select(arrival.c.id, arrival.c.path).where(arrival.c.state.not_in(_WAITING))
    found: dict[str, str | None] = {}
    for some in chunks(arrivals):
        found.update({row.id: row.path for row in connection.execute(wanted.where(arrival.c.id.in_(some)))})
    return _with_receipts(connection, found)


def _originals(connection: Connection, which: sa.ColumnElement[bool]) -> CursorResult[Any]:
    wanted = sa.select(original.c.arrival, original.c.raw, arrival.c.path)
    wanted = wanted.join(arrival, arrival.c.id == original.c.arrival).where(which)
    return connection.execute(wanted, execution_options=STREAMED)


def waiting_paths(connection: Connection) -> frozenset[str]:
    """The dropped files of arrivals that are not settled yet."""
    wanted = sa.select(arrival.c.path).where(arrival.c.state.in_(_WAITING), arrival.c.path.is_not(None))
    return frozenset(connection.execute(wanted).scalars())


def sources_of(connection: Connection, arrivals: Sequence[str]) -> set[str]:
    """The sources that these arrivals came from."""
    found: set[str] = set()
    for some in chunks(arrivals):
        found.update(connection.execute(sa.select(arrival.c.source).where(arrival.c.id.in_(some))).scalars())
    return found


def mails_about(connection: Connection, keys: Sequence[str]) -> list[dict[str, Any]]:
    """The mails that have left about these orders, as they were written."""
    found: list[dict[str, Any]] = []
    for some in chunks([order_key(key) for key in keys]):
        wanted = sa.select(outbox.c.template, outbox.c.recipient, outbox.c.sent_at, outbox.c.subject, outbox.c.text)
        wanted = wanted.join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
        wanted = wanted.where(outbox.c.kind == OutboxKind.MAIL.value, outbox.c.sent_at.is_not(None))
        wanted = wanted.where(outbox_about.c.subject.in_(some))
        found.extend(dict(row) for row in connection.execute(wanted.order_by(outbox.c.seq)).mappings())
    return found
