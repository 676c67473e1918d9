"""What leaves now: taken from the outbox in order, marked before it goes, settled by what the other side said."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.values import Value
from daemon.store.outbox import IN_FLIGHT, QUEUED, OutboxKind, OutboxState, Queued, queued_of
from daemon.store.schema import outbox

_COLLAPSED = "collapsed"


class Settled(Value, frozen=True, kw_only=True):
    """What became of one that was in flight; `counts` is whether this try counts as one of its own, `unsure`
    whether it may have left although nobody said so.
    """

    key: str
    state: OutboxState
    reply: str
    next_try: datetime | None = None
    sent_at: datetime | None = None
    counts: bool = True
    unsure: bool = False


def collapse(connection: Connection) -> None:
    """Of the queued mails of one series to one recipient let only the latest go."""
    newer = outbox.alias("newer")
    later = sa.select(newer.c.seq).where(
        newer.c.collapse == outbox.c.collapse,
        newer.c.recipient == outbox.c.recipient,
        newer.c.state == OutboxState.QUEUED.value,
        newer.c.seq > outbox.c.seq,
    )
    mine = sa.and_(QUEUED, outbox.c.collapse.is_not(None), outbox.c.first_try.is_(None), later.exists())
    connection.execute(outbox.update().where(mine).values(state=OutboxState.DROPPED.value, reply=_COLLAPSED))


def due(
    connection: Connection,
    now: datetime,
    limit: int,
    *,
    kinds: Sequence[OutboxKind],
    paused_partners: Sequence[str] = (),
    only_template: str | None = None,
) -> list[Queued]:
    """The queued effects whose time has come, in order; locked against other daemons until the transaction ends."""
    wanted = sa.select(outbox).where(
        QUEUED, outbox.c.next_try <= now, outbox.c.kind.in_([kind.value for kind in kinds])
    )
    if paused_partners:
        free = sa.or_(outbox.c.partner.is_(None), outbox.c.partner.not_in(paused_partners))
        wanted = wanted.where(free)
    if only_template is not None:
        wanted = wanted.where(outbox.c.template == only_template)
    wanted = wanted.order_by(outbox.c.next_try, outbox.c.seq).limit(limit)
    if connection.dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    return [queued_of(row) for row in connection.execute(wanted).mappings()]


def mark_in_flight(connection: Connection, one: Queued, owner: str, now: datetime, lease: timedelta) -> None:
    """Note, before anything leaves, that this may be leaving."""
    values = {
        "state": OutboxState.IN_FLIGHT.value,
        "first_try": one.first_try or now,
        "lease_owner": owner,
        "lease_until": now + lease,
    }
    connection.execute(outbox.update().where(outbox.c.key == one.key).values(values))


def keep_content(connection: Connection, one: Queued, subject: str, text: str) -> None:
    """Keep a mail's finished bytes and envelope: a retry sends the same."""
    values = {"content": one.content, "recipient": one.recipient, "subject": subject, "text": text}
    connection.execute(outbox.update().where(outbox.c.key == one.key).values(values))


def postpone(connection: Connection, key: str, until: datetime, why: str) -> None:
    """Leave it in the queue for later."""
    connection.execute(outbox.update().where(outbox.c.key == key).values(next_try=until, reply=why))


def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Write what became of effects that were in flight."""
    for one in settled:
        values: dict[str, Any] = {
            "state": one.state.value,
            "reply": one.reply,
            "next_try": one.next_try,
            "sent_at": one.sent_at,
            "lease_owner": None,
            "lease_until": None,
        }
        if one.unsure:
            values["unsure"] = True
        if one.counts:
            values["attempts"] = outbox.c.attempts + 1
        connection.execute(outbox.update().where(outbox.c.key == one.key).values(values))


def hasten(connection: Connection, reply: str, now: datetime) -> None:
    """Try again at once what waits because of this answer."""
    waiting = (outbox.c.state == OutboxState.QUEUED.value) & (outbox.c.reply == reply)
    connection.execute(outbox.update().where(waiting, outbox.c.next_try > now).values(next_try=now))


def recover(connection: Connection, now: datetime, *, shared: bool, owner: str) -> int:
    """Queue again what the owner, or one that has died, is not sending any more: it goes with the same Message-ID."""
    mine = outbox.update().where(IN_FLIGHT)
    if shared:
        mine = mine.where(sa.or_(outbox.c.lease_until <= now, outbox.c.lease_owner == owner))
    values = {
        "state": OutboxState.QUEUED.value,
        "next_try": now,
        "unsure": True,
        "lease_owner": None,
        "lease_until": None,
    }
    return connection.execute(mine.values(values)).rowcount
