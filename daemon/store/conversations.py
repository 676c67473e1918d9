"""Our threads with partners and buyers, and the Message-IDs by which an answer finds its thread."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping

from daemon.domain.effect import SendMail
from daemon.domain.identifiers import ConversationId, MessageId
from daemon.domain.snapshot import Conversation
from daemon.domain.values import Value
from daemon.store.codec import decode, encode
from daemon.store.database import among, chunks, insert_missing
from daemon.store.schema import conversation, message, outbox

_LOAD = sa.select(conversation).where(among(conversation.c.id))
_OF_MESSAGES = (
    sa.select(message.c.message_id, *conversation.c, outbox.c.template.label("answered"))
    .join(conversation, conversation.c.id == message.c.conversation)
    .join(outbox, outbox.c.key == message.c.outbox_key, isouter=True)
    .where(among(message.c.message_id))
)
_LATEST = (
    sa.select(
        outbox.c.conversation,
        outbox.c.message_id,
        outbox.c.text,
        sa.func.row_number().over(partition_by=outbox.c.conversation, order_by=outbox.c.seq.desc()).label("place"),
    )
    .where(among(outbox.c.conversation), outbox.c.text.is_not(None))
    .subquery()
)
_QUOTED_AT_MOST = 50
_TEXTS = sa.select(_LATEST).where(_LATEST.c.place <= _QUOTED_AT_MOST).order_by(_LATEST.c.conversation, _LATEST.c.place)


class Names(Value, frozen=True, kw_only=True):
    """How the ids of conversations and messages follow from their names; the key for it is the engine's."""

    conversation: Callable[[str], str]
    message: Callable[[str], str]


def begin(connection: Connection, mails: Sequence[SendMail], names: Names) -> None:
    """Open the conversations of these mails, or widen them by what else they are about, and note the Message-IDs."""
    wanted = {names.conversation(mail.conversation): mail for mail in mails}
    there = set()
    for some in chunks(list(wanted)):
        rows = connection.execute(sa.select(conversation.c.id, conversation.c.about).where(conversation.c.id.in_(some)))
        for row in rows:
            there.add(row.id)
            _widen(connection, row.id, decode(row.about, tuple[str, ...]), wanted[row.id])
    rows_new = [
        {
            "id": id_,
            "name": mail.conversation,
            "about": encode(mail.about),
            "partner": mail.partner,
            "recipient": mail.to,
            "template": mail.template,
        }
        for id_, mail in wanted.items()
        if id_ not in there
    ]
    insert_missing(connection, conversation, rows_new)
    insert_missing(
        connection,
        message,
        [
            {
                "message_id": names.message(mail.key),
                "conversation": names.conversation(mail.conversation),
                "outbox_key": mail.key,
            }
            for mail in mails
        ],
    )


def _widen(connection: Connection, id_: str, about: tuple[str, ...], mail: SendMail) -> None:
    more = tuple(one for one in mail.about if one not in about)
    values: dict[str, Any] = {"recipient": mail.to, "template": mail.template}
    values |= {"about": encode(about + more)} if more else {}
    connection.execute(conversation.update().where(conversation.c.id == id_).values(values))


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        id=ConversationId(row["id"]),
        name=row["name"],
        about=decode(row["about"], tuple[str, ...]),
        partner=row["partner"],
        recipient=row["recipient"],
        template=row["template"],
    )


def load(connection: Connection, ids: Sequence[str]) -> dict[str, Conversation]:
    """The conversations with these ids."""
    found: dict[str, Conversation] = {}
    for some in chunks(ids):
        rows = connection.execute(_LOAD, {"values": some}).mappings()
        found.update((row["id"], _conversation(row)) for row in rows)
    return found


def of_messages(connection: Connection, messages: Sequence[str]) -> dict[MessageId, Conversation]:
    """The conversations to which Message-IDs of ours belong, each with the template of that mail."""
    found: dict[MessageId, Conversation] = {}
    for some in chunks(messages):
        for row in connection.execute(_OF_MESSAGES, {"values": some}).mappings():
            found[MessageId(row["message_id"])] = replace(_conversation(row), template=row["answered"] or "")
    return found


def texts(connection: Connection, ids: Sequence[str]) -> dict[str, list[tuple[MessageId, str]]]:
    """The Message-IDs and texts of our mails in these conversations, the latest first."""
    found: dict[str, list[tuple[MessageId, str]]] = {}
    for some in chunks(ids):
        for row in connection.execute(_TEXTS, {"values": some}):
            found.setdefault(row.conversation, []).append((MessageId(row.message_id), row.text))
    return found
