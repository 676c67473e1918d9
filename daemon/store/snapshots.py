"""Loads exactly the state that a decision may look at."""

from sqlalchemy import Connection

from daemon.domain.deadline import inquiry_subject, order_subject
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.store import conversations, deadlines, inquiries, orders, outbox


def load(connection: Connection, lookup: Lookup) -> Snapshot:
    """The state that was asked for.

    A message of ours brings along what its conversation is about, a parcel's number the orders that left in it, and a
    merchant his inquiries.
    """
    messages = conversations.of_messages(connection, lookup.messages) if lookup.messages else {}
    about = {one for conversation in messages.values() for one in conversation.about}
    parcels = orders.parcels(connection, lookup.numbers) if lookup.numbers else {}
    together = {key for keys in parcels.values() for key in keys}
    keys = {*lookup.orders, *(order_key(one) for one in about), *together}
    found = orders.load(connection, sorted(keys)) if keys else {}
    ids = {*lookup.inquiries, *about}
    asked = inquiries.load(connection, sorted(ids)) if ids else {}
    asked |= inquiries.of_merchants(connection, lookup.merchants) if lookup.merchants else {}
    subjects = [order_subject(key) for key in found] + [inquiry_subject(id_) for id_ in asked]
    bare = [*(OrderKey(key) for key in found), *(order_key(id_) for id_ in asked)]
    sent, queued = outbox.keys_about(connection, bare) if bare else (frozenset[str](), frozenset[str]())
    return Snapshot(
        orders=found,
        inquiries=asked,
        deadlines=tuple(deadlines.of(connection, subjects, only_coming=True)) if subjects else (),
        devices=orders.device_uses(connection, lookup.imeis) if lookup.imeis else {},
        parcels=parcels,
        messages=messages,
        relationships=inquiries.relationships(connection, lookup.merchants) if lookup.merchants else (),
        sent=sent,
        queued=queued,
        next_inquiry=inquiries.next_number(connection),
    )
