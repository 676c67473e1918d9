"""What is to leave the house, each effect once in intent, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile, WriteInquiries, WriteReceipt
from daemon.domain.identifiers import order_key
from daemon.domain.values import Value
from daemon.store import conversations
from daemon.store.codec import decode, encode
from daemon.store.conversations import Names
from daemon.store.database import among, chunks, insert_missing
from daemon.store.schema import outbox, outbox_about

_QUEUED = sa.text("outbox.state = 'queued'")
_IN_FLIGHT = sa.text("outbox.state = 'in_flight'")
_KEYS_ABOUT = (
    sa.select(outbox_about.c.subject, outbox.c.key, outbox.c.state, outbox.c.unsure)
    .join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
    .where(among(outbox_about.c.subject))
)
_WITHDRAWN = "withdrawn"
_UNSURE = "unsure"
_COLLAPSED = "collapsed"


class OutboxState(StrEnum):
    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    REFUSED = "refused"
    DROPPED = "dropped"
    UNDELIVERABLE = "undeliverable"


class OutboxKind(StrEnum):
    MAIL = "mail"
    FILE = "file"
    RECEIPT = "receipt"
    OPERATOR = "operator"


class Queued(Value, frozen=True, kw_only=True):
    """One row of the outbox."""

    seq: int
    key: str
    kind: OutboxKind
    state: OutboxState
    effect: Effect
    attempts: int
    first_try: datetime | None
    next_try: datetime | None
    created_at: datetime
    sent_at: datetime | None = None
    recipient: str | None = None
    partner: str | None = None
    conversation: str | None = None
    message_id: str | None = None
    content: bytes | None = None
    reply: str | None = None


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


def queue(connection: Connection, effects: Sequence[Effect], names: Names, now: datetime) -> None:
    """Queue effects. One that is still queued is replaced by its newer data; one that has left is left alone."""
    if not effects:
        return
    by_key = {effect.key: effect for effect in effects}
    there = _states(connection, list(by_key))
    new = [effect for key, effect in by_key.items() if key not in there]
    renewed = [effect for key, effect in by_key.items() if there.get(key) in {OutboxState.QUEUED, _WITHDRAWN}]
    mails = [effect for effect in (*new, *renewed) if isinstance(effect, SendMail)]
    conversations.begin(connection, mails, names)
    if new:
        connection.execute(outbox.insert(), [_row(effect, names, now) for effect in new])
        _note_about(connection, new)
    for effect in renewed:
        row = _row(effect, names, now)
        row.pop("created_at")
        connection.execute(outbox.update().where(outbox.c.key == effect.key).values(row))
    if renewed:
        _note_about(connection, renewed)


def _states(connection: Connection, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in chunks(keys):
        wanted = sa.select(outbox.c.key, outbox.c.state, outbox.c.reply, outbox.c.unsure)
        for row in connection.execute(wanted.where(outbox.c.key.in_(some))):
            withdrawn = row.state == OutboxState.DROPPED.value and row.reply == _WITHDRAWN
            found[row.key] = _UNSURE if row.unsure else _WITHDRAWN if withdrawn else row.state
    return found


def _row(effect: Effect, names: Names, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": effect.key,
        "kind": _kind(effect).value,
        "state": OutboxState.QUEUED.value,
        "next_try": now,
        "attempts": 0,
        "first_try": None,
        "unsure": False,
        "effect": encode(effect),
        "content": None,
        "created_at": now,
        "reply": None,
        "recipient": None,
        "partner": None,
        "template": None,
        "conversation": None,
        "message_id": None,
        "collapse": None,
    }
    if isinstance(effect, SendMail):
        row |= {
            "recipient": effect.to,
            "partner": effect.partner,
            "template": effect.template,
            "conversation": names.conversation(effect.conversation),
            "message_id": names.message(effect.key),
            "collapse": effect.collapse,
        }
    elif isinstance(effect, WriteFile | WriteInquiries | WriteReceipt):
        row["partner"] = effect.party.rpartition("/")[2]
    return row


def _kind(effect: Effect) -> OutboxKind:
    match effect:
        case SendMail():
            return OutboxKind.MAIL
        case WriteFile() | WriteInquiries():
            return OutboxKind.FILE
        case TellOperator():
            return OutboxKind.OPERATOR
        case _:
            return OutboxKind.RECEIPT


def _note_about(connection: Connection, effects: Sequence[Effect]) -> None:
    rows = [
        {"subject": order_key(one), "outbox_key": effect.key}
        for effect in effects
        if isinstance(effect, SendMail | WriteFile | TellOperator)
        for one in effect.about
    ]
    insert_missing(connection, outbox_about, rows)


def withdraw(connection: Connection, keys: Sequence[str]) -> None:
    """Keep effects that have certainly not left from leaving."""
    for some in chunks(keys):
        queued = sa.and_(outbox.c.state == OutboxState.QUEUED.value, ~outbox.c.unsure)
        mine = sa.and_(outbox.c.key.in_(some), queued)
        values = {"state": OutboxState.DROPPED.value, "reply": _WITHDRAWN}
        connection.execute(outbox.update().where(mine).values(values))


def mark_undeliverable(connection: Connection, messages: Sequence[str]) -> None:
    """Mails of ours that came back for good."""
    for some in chunks(messages):
        mine = sa.and_(outbox.c.message_id.in_(some), outbox.c.state == OutboxState.SENT.value)
        connection.execute(outbox.update().where(mine).values(state=OutboxState.UNDELIVERABLE.value))


class Keys(Value, frozen=True, kw_only=True):
    """The keys of the effects about something: what has left or may have, and what is still queued."""

    sent: tuple[str, ...] = ()
    queued: tuple[str, ...] = ()


def keys_about(connection: Connection, subjects: Sequence[str]) -> dict[str, Keys]:
    """The keys of the effects about each of these orders and inquiries."""
    sent: dict[str, list[str]] = {}
    queued: dict[str, list[str]] = {}
    for some in chunks(subjects):
        for row in connection.execute(_KEYS_ABOUT, {"values": some}):
            if row.state == OutboxState.QUEUED.value and not row.unsure:
                queued.setdefault(row.subject, []).append(row.key)
            elif row.state != OutboxState.DROPPED.value:
                sent.setdefault(row.subject, []).append(row.key)
    return {one: Keys(sent=tuple(sent.get(one, ())), queued=tuple(queued.get(one, ()))) for one in {*sent, *queued}}


def effects_about(connection: Connection, subject: str, template: str) -> list[Effect]:
    """The mails of one template about an order or inquiry, the latest first."""
    wanted = (
        sa.select(outbox.c.effect)
        .join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
        .where(outbox_about.c.subject == subject, outbox.c.template == template)
        .order_by(outbox.c.seq.desc())
    )
    return [decode(row.effect, Effect) for row in connection.execute(wanted)]  # type: ignore[arg-type]


def collapse(connection: Connection) -> None:
    """Of the queued mails of one series to one recipient let only the latest go."""
    newer = outbox.alias("newer")
    later = sa.select(newer.c.seq).where(
        newer.c.collapse == outbox.c.collapse,
        newer.c.recipient == outbox.c.recipient,
        newer.c.state == OutboxState.QUEUED.value,
        newer.c.seq > outbox.c.seq,
    )
    mine = sa.and_(_QUEUED, outbox.c.collapse.is_not(None), outbox.c.first_try.is_(None), later.exists())
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
        _QUEUED, outbox.c.next_try <= now, outbox.c.kind.in_([kind.value for kind in kinds])
    )
    if paused_partners:
        free = sa.or_(outbox.c.partner.is_(None), outbox.c.partner.not_in(paused_partners))
        wanted = wanted.where(free)
    if only_template is not None:
        wanted = wanted.where(outbox.c.template == only_template)
    wanted = wanted.order_by(outbox.c.next_try, outbox.c.seq).limit(limit)
    if connection.dialect.name == "postgresql":
        wanted = wanted.with_for_update(skip_locked=True)
    return [_queued(row) for row in connection.execute(wanted).mappings()]


def _queued(row: RowMapping) -> Queued:
    return Queued(
        seq=row["seq"],
        key=row["key"],
        kind=OutboxKind(row["kind"]),
        state=OutboxState(row["state"]),
        effect=decode(row["effect"], Effect),  # type: ignore[arg-type]
        attempts=row["attempts"],
        first_try=row["first_try"],
        next_try=row["next_try"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        recipient=row["recipient"],
        partner=row["partner"],
        conversation=row["conversation"],
        message_id=row["message_id"],
        content=row["content"],
        reply=row["reply"],
    )


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
    mine = outbox.update().where(_IN_FLIGHT)
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


def get(connection: Connection, key: str) -> Queued | None:
    """One row by its key."""
    row = connection.execute(sa.select(outbox).where(outbox.c.key == key)).mappings().first()
    return _queued(row) if row else None


def queued_of_kind(connection: Connection, kind: OutboxKind) -> list[Queued]:
    """Everything of one kind that is queued, in order."""
    wanted = sa.select(outbox).where(_QUEUED, outbox.c.kind == kind.value).order_by(outbox.c.seq)
    return [_queued(row) for row in connection.execute(wanted).mappings()]


def sent_since(connection: Connection, at: datetime) -> int:
    """How many mails have left since then."""
    wanted = sa.select(sa.func.count()).select_from(outbox)
    wanted = wanted.where(outbox.c.sent_at > at, outbox.c.kind == OutboxKind.MAIL.value)
    return connection.execute(wanted).scalar_one()


def sent_by_template(connection: Connection, at: datetime) -> dict[str, int]:
    """How many mails have left since then, by template."""
    wanted = sa.select(outbox.c.template, sa.func.count().label("sent")).where(
        outbox.c.kind == OutboxKind.MAIL.value, outbox.c.sent_at >= at, outbox.c.state == OutboxState.SENT.value
    )
    return {row.template: row.sent for row in connection.execute(wanted.group_by(outbox.c.template))}


def counts(connection: Connection) -> Mapping[str, int]:
    """How many effects are queued or in flight."""
    found: dict[str, int] = {}
    for state, condition in ((OutboxState.QUEUED, _QUEUED), (OutboxState.IN_FLIGHT, _IN_FLIGHT)):
        wanted = sa.select(sa.func.count()).select_from(outbox).where(condition)
        found[state.value] = connection.execute(wanted).scalar_one()
    return found


def oldest_due(connection: Connection) -> datetime | None:
    """When the longest-waiting queued mail or file was made; the operator's lines wait for their bundle."""
    wanted = sa.select(sa.func.min(outbox.c.created_at, type_=outbox.c.created_at.type))
    wanted = wanted.where(_QUEUED, outbox.c.kind != OutboxKind.OPERATOR.value)
    found: datetime | None = connection.execute(wanted).scalar()
    return found
