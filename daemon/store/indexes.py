"""The indexes of the tables. They stand apart because only who makes the tables needs them, and to note an index of
PostgreSQL loads all that SQLAlchemy knows of it.
"""

from typing import Any

from sqlalchemy import Index, text

from daemon.store.schema import (
    arrival,
    arrival_about,
    deadline,
    device,
    history,
    inquiry,
    message,
    metadata,
    orders,
    outbox,
    outbox_about,
    parcel,
    stock_report,
)

__all__ = ["metadata"]


def _only(condition: str) -> dict[str, Any]:
    """The same condition for both databases: the index holds only the rows that meet it."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


Index(
    "arrival_undecided",
    arrival.c.seq,
    arrival.c.stream,
    arrival.c.lease_until,
    arrival.c.received_at,
    **_only("state = 'new'"),
)
Index("arrival_held", arrival.c.received_at, **_only("state = 'held'"))
Index("arrival_received", arrival.c.received_at)
Index("arrival_about_arrival", arrival_about.c.arrival)
Index("orders_placed", orders.c.placed_at)
Index("orders_buyer", orders.c.buyer)
Index("orders_seller", orders.c.seller)
Index("orders_fulfiller", orders.c.fulfiller, orders.c.merchant, **_only("fulfiller IS NOT NULL"))
Index("orders_merchant", orders.c.merchant, **_only("merchant IS NOT NULL AND fulfiller IS NULL"))
Index("device_active", device.c.imei, unique=True, **_only("active"))
Index("parcel_order", parcel.c.order_key)
Index("inquiry_merchant", inquiry.c.merchant)
Index("deadline_bell", deadline.c.next_ring, **_only("next_ring IS NOT NULL"))
Index("deadline_awaited", deadline.c.due, **_only("NOT over"))
Index("deadline_subject", deadline.c.subject)
Index("message_conversation", message.c.conversation)
Index("outbox_due", outbox.c.next_try, outbox.c.seq, **_only("state = 'queued'"))
Index("outbox_in_flight", outbox.c.seq, **_only("state = 'in_flight'"))
Index("outbox_collapse", outbox.c.collapse, outbox.c.recipient, **_only("state = 'queued' AND collapse IS NOT NULL"))
Index("outbox_mailed", outbox.c.sent_at, **_only("kind = 'mail'"))
Index("outbox_message", outbox.c.message_id)
Index("outbox_conversation", outbox.c.conversation)
Index("outbox_about_key", outbox_about.c.outbox_key)
Index("history_subject", history.c.subject, history.c.seq)
Index("stock_report_at", stock_report.c.at)
