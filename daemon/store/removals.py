"""Mails that are erased here and still lie at the mail server that they were read from."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.store.database import chunks, upsert
from daemon.store.schema import arrival, control, original

_PREFIX = "removal:"


def removable(
    connection: Connection, arrivals: Sequence[str], mailboxes: Collection[str], head: int
) -> Iterator[tuple[str, str, datetime, bytes]]:
    """Those that came by one of the mailboxes and are still kept: source, identity, receipt, and how they begin.

    `head` is how many bytes of each are wanted: many large mails may be erased together.
    """
    begins = sa.func.substr(original.c.raw, 1, head, type_=original.c.raw.type).label("head")
    for some in chunks(arrivals):
        wanted = sa.select(arrival.c.source, arrival.c.identity, arrival.c.received_at, begins)
        wanted = wanted.join(original, original.c.arrival == arrival.c.id).where(arrival.c.id.in_(some))
        for row in connection.execute(wanted.where(arrival.c.source.in_(mailboxes))).all():
            yield row.source, row.identity, row.received_at, bytes(row.head)


def note(connection: Connection, source: str, identity: str, received_at: datetime, message_id: str) -> None:
    """Let a mail be removed at its server."""
    row = {"key": f"{_PREFIX}{source}:{identity}", "value": f"{received_at.isoformat()} {message_id}"}
    upsert(connection, control, [row])


def noted(connection: Connection, source: str) -> list[tuple[str, datetime, str]]:
    """What is to be removed there: identity, receipt, Message-ID (empty: none that can be asked for)."""
    prefix = f"{_PREFIX}{source}:"
    wanted = sa.select(control).where(control.c.key.startswith(prefix, autoescape=True)).order_by(control.c.key)
    found = []
    for row in connection.execute(wanted):
        received_at, _, message_id = row.value.partition(" ")
        found.append((row.key.removeprefix(prefix), datetime.fromisoformat(received_at), message_id))
    return found


def strike(connection: Connection, source: str, identities: Sequence[str]) -> None:
    """These need not be removed any more."""
    for some in chunks([f"{_PREFIX}{source}:{one}" for one in identities]):
        connection.execute(control.delete().where(control.c.key.in_(some)))
