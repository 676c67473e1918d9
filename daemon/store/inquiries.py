"""Inquiries, and the relationships they lead to."""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from daemon.domain.decision import Relationship
from daemon.domain.identifiers import InquiryId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.errors import StaleError
from daemon.store.codec import decode, encode
from daemon.store.database import among, chunks, upsert
from daemon.store.schema import inquiry, relationship

_LAST = sa.select(sa.func.max(inquiry.c.number))
_LOAD = sa.select(inquiry.c.id, inquiry.c.data).where(among(inquiry.c.id))


def load(connection: Connection, ids: Sequence[str]) -> dict[InquiryId, Inquiry]:
    """The inquiries that exist under these ids."""
    found: dict[InquiryId, Inquiry] = {}
    for some in chunks(ids):
        rows = connection.execute(_LOAD, {"values": some})
        found.update((InquiryId(row.id), decode(row.data, Inquiry)) for row in rows)
    return found


def of_merchants(connection: Connection, merchants: Sequence[str]) -> dict[InquiryId, Inquiry]:
    """All inquiries of these merchants."""
    wanted = sa.select(inquiry.c.id, inquiry.c.data).where(inquiry.c.merchant.in_(merchants))
    rows = connection.execute(wanted.order_by(inquiry.c.number))
    return {InquiryId(row.id): decode(row.data, Inquiry) for row in rows}


def next_number(connection: Connection) -> int:
    """The number that the next inquiry will have."""
    last: int | None = connection.execute(_LAST).scalar()
    return (last or 0) + 1


def write(connection: Connection, changed: Sequence[Inquiry]) -> None:
    """Write inquiries one version on; StaleError when any has moved or its id has been taken."""
    number = next_number(connection) if any(one.version == 0 for one in changed) else 0
    for one in changed:
        values = {
            "version": one.version + 1,
            "merchant": one.merchant,
            "fulfiller": one.fulfiller,
            "state": one.state.value,
            "data": encode(replace(one, version=one.version + 1)),
        }
        if one.version:
            mine = sa.and_(inquiry.c.id == one.id, inquiry.c.version == one.version)
            if connection.execute(inquiry.update().where(mine).values(values)).rowcount != 1:
                raise StaleError
            continue
        try:
            connection.execute(inquiry.insert().values(id=one.id, number=number, **values))
        except IntegrityError as error:
            raise StaleError from error
        number += 1


def listed(connection: Connection, merchant: str | None = None, state: InquiryState | None = None) -> list[Inquiry]:
    """All inquiries in the order in which they were made; only one merchant's, or those in one state, when named."""
    wanted = sa.select(inquiry.c.data).order_by(inquiry.c.number)
    if state is not None:
        wanted = wanted.where(inquiry.c.state == state.value)
    if merchant is not None:
        wanted = wanted.where(inquiry.c.merchant == merchant)
    return [decode(row.data, Inquiry) for row in connection.execute(wanted)]


def ended(connection: Connection, merchant: str | None = None) -> list[Inquiry]:
    """The relationships that are over, of those between whom none stands."""
    active = {(one.merchant, one.fulfiller) for one in listed(connection, state=InquiryState.ACTIVE)}
    over = listed(connection, merchant, InquiryState.WITHDRAWN)
    return [one for one in over if one.active_since and (one.merchant, one.fulfiller) not in active]


def relate(connection: Connection, relationships: Sequence[Relationship]) -> None:
    """Write down between whom the Fulfillment sync is on."""
    rows = [
        {
            "merchant": one.merchant,
            "fulfiller": one.fulfiller,
            "warehouse": one.warehouse or "",
            "inquiry": one.inquiry,
            "since": one.since,
        }
        for one in relationships
    ]
    upsert(connection, relationship, rows)


def part(connection: Connection, ended: Sequence[Relationship]) -> None:
    """Forget between whom the Fulfillment sync is over."""
    for one in ended:
        mine = sa.and_(
            relationship.c.merchant == one.merchant,
            relationship.c.fulfiller == one.fulfiller,
            relationship.c.warehouse == (one.warehouse or ""),
        )
        connection.execute(relationship.delete().where(mine))


def relationships(connection: Connection, merchants: Sequence[str] | None = None) -> tuple[Relationship, ...]:
    """The relationships of these merchants, or all."""
    wanted = sa.select(relationship).order_by(
        relationship.c.merchant, relationship.c.fulfiller, relationship.c.warehouse
    )
    if merchants is not None:
        wanted = wanted.where(relationship.c.merchant.in_(merchants))
    return tuple(
        Relationship(
            merchant=row.merchant,
            fulfiller=row.fulfiller,
            warehouse=row.warehouse or None,
            inquiry=row.inquiry,
            since=row.since,
        )
        for row in connection.execute(wanted)
    )
