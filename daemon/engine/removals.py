"""Mails that are erased here must go at the mail server too: remembered when they are erased, struck off when gone."""

import re
from collections.abc import Collection, Sequence

from sqlalchemy import Connection

from daemon.domain.arrival import Envelope
from daemon.domain.effect import TellOperator
from daemon.domain.identifiers import MessageId
from daemon.domain.reason import reason
from daemon.engine.ports import ErasedMail
from daemon.engine.premises import Premises
from daemon.reading.gates import HEAD_AT_MOST
from daemon.reading.mails.glance import glance
from daemon.reading.mails.headers import parse_headers, split_head
from daemon.store import outbox, removals

# What can stand between quotes in a SEARCH without more ado.
_SEARCHABLE = re.compile(r"[!#-\[\]-~]{3,900}")


def remember(connection: Connection, arrivals: Sequence[str], mailboxes: Collection[str]) -> None:
    """Before these are erased: those that came by a mailbox are to be removed there."""
    for source, one, received_at, head in removals.removable(connection, arrivals, mailboxes, HEAD_AT_MOST):
        removals.note(connection, source, one, received_at, _message_id(head))


def identity(raw: bytes) -> str:
    """What makes a mail the same one: its own words and its content, not the traces of its way here."""
    return f"mail:{glance(raw, Envelope()).identity}"


def wanted(premises: Premises, source: str) -> list[ErasedMail]:
    """The mails of a source that are erased here and not yet known to be gone there."""
    with premises.database.reading() as connection:
        return [
            ErasedMail(identity=one, received_at=received_at, message_id=MessageId(message_id) if message_id else None)
            for one, received_at, message_id in removals.noted(connection, source)
        ]


def settle(premises: Premises, source: str, gone: Sequence[ErasedMail], left: Sequence[ErasedMail]) -> None:
    """All these were looked for; the operator hears of those that the server would not give up."""
    now = premises.clock()
    with premises.database.writing() as connection:
        removals.strike(connection, source, [one.identity for one in (*gone, *left)])
        if left:
            first, last = min(one.received_at for one in left), max(one.received_at for one in left)
            told = reason("mails_not_removed", source=source, count=len(left), first=first.date(), last=last.date())
            line = TellOperator(key=f"removal:{source}:{left[0].identity}", reason=told)
            outbox.queue(connection, [line], premises.names, now)


def _message_id(begin: bytes) -> str:
    named = parse_headers(split_head(begin)[0]).get("message-id").strip(" \t<>")
    return named if _SEARCHABLE.fullmatch(named) else ""
