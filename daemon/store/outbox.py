"""What is to leave the house, each effect once in intent, and what has left."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
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

QUEUED = sa.text("outbox.state = 'queued'")
IN_FLIGHT = sa.text("outbox.state = 'in_flight'")
_MAILS = sa.text("outbox.kind = 'mail'")
"""Written out, as the two above, so that both databases see that the partial index serves."""
_KEYS_ABOUT = (
    sa.select(outbox_about.c.subject, outbox.c.key, outbox.c.state, outbox.c.unsure)
    .join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
    .where(among(outbox_about.c.subject))
)
_WITHDRAWN = "withdrawn"
_UNSURE = "unsure"


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


def known(connection: Connection, keys: Sequence[str]) -> frozenset[str]:
    """Which of these effects were queued at any time."""
    return frozenset(_states(connection, keys))


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


def returned(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[SendMail, ...]]:
    """The mails about each of these orders that came back for good or were refused, the oldest first."""
    lost = (OutboxState.REFUSED.value, OutboxState.UNDELIVERABLE.value)
    wanted = (
        sa.select(outbox_about.c.subject, outbox.c.effect)
        .join(outbox_about, outbox_about.c.outbox_key == outbox.c.key)
        .where(outbox.c.state.in_(lost))
        .order_by(outbox.c.seq)
    )
    found: dict[str, list[SendMail]] = {}
    for some in chunks(subjects):
        for row in connection.execute(wanted.where(outbox_about.c.subject.in_(some))):
            effect: Effect = decode(row.effect, Effect)  # type: ignore[arg-type]
            if isinstance(effect, SendMail):
                found.setdefault(row.subject, []).append(effect)
    return {subject: tuple(mails) for subject, mails in found.items()}


def queued_of(row: RowMapping) -> Queued:
    """A row of the outbox as a value."""
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


def get(connection: Connection, key: str) -> Queued | None:
    """One row by its key."""
    row = connection.execute(sa.select(outbox).where(outbox.c.key == key)).mappings().first()
    return queued_of(row) if row else None


def queued_of_kind(connection: Connection, kind: OutboxKind) -> list[Queued]:
    """Everything of one kind that is queued, in order."""
    wanted = sa.select(outbox).where(QUEUED, outbox.c.kind == kind.value).order_by(outbox.c.seq)
    return [queued_of(row) for row in connection.execute(wanted).mappings()]


def sent_since(connection: Connection, at: datetime) -> int:
    """How many mails have left since then; asked before each batch, so the index alone has to answer it."""
    wanted = sa.select(sa.func.count()).select_from(outbox).where(_MAILS, outbox.c.sent_at > at)
    return connection.execute(wanted).scalar_one()


def leaving(connection: Connection, templates: Iterable[str], since: datetime) -> frozenset[str]:
    """What the mails of these templates are about that were queued since then and leave next."""
    wanted = sa.select(outbox_about.c.subject).join(outbox, outbox.c.key == outbox_about.c.outbox_key)
    wanted = wanted.where(outbox.c.template.in_(list(templates)), outbox.c.created_at >= since)
    return frozenset(connection.execute(wanted.where(sa.or_(QUEUED, IN_FLIGHT))).scalars())


def told_with(connection: Connection, keys: str, at: datetime) -> int:
    """How many lines whose keys begin like this the operator has been told since then."""
    wanted = sa.select(sa.func.count()).select_from(outbox)
    wanted = wanted.where(outbox.c.kind == OutboxKind.OPERATOR.value, outbox.c.key.startswith(keys, autoescape=True))
    return connection.execute(wanted.where(outbox.c.sent_at >= at)).scalar_one()


def sent_by_template(connection: Connection, at: datetime) -> dict[str, int]:
    """How many mails have left since then, by template."""
    wanted = sa.select(outbox.c.template, sa.func.count().label("sent")).where(
        _MAILS, outbox.c.sent_at >= at, outbox.c.state == OutboxState.SENT.value
    )
    return {row.template: row.sent for row in connection.execute(wanted.group_by(outbox.c.template))}


def counts(connection: Connection) -> Mapping[str, int]:
    """How many effects are queued or in flight."""
    found: dict[str, int] = {}
    for state, condition in ((OutboxState.QUEUED, QUEUED), (OutboxState.IN_FLIGHT, IN_FLIGHT)):
        wanted = sa.select(sa.func.count()).select_from(outbox).where(condition)
        found[state.value] = connection.execute(wanted).scalar_one()
    return found


def oldest_due(connection: Connection) -> datetime | None:
    """When the longest-waiting queued mail or file was made; the operator's lines wait for their bundle."""
    wanted = sa.select(sa.func.min(outbox.c.created_at, type_=outbox.c.created_at.type))
    wanted = wanted.where(QUEUED, outbox.c.kind != OutboxKind.OPERATOR.value)
    found: datetime | None = connection.execute(wanted).scalar()
    return found
