"""The tables. Everything that is searched is a column; everything else of a value is its JSON."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

from daemon.store.columns import Blob, Moment, Sequence

VERSION = "0007"
"""The newest migration; a database that says anything else is migrated, or refused when it is newer."""

metadata = MetaData()

arrival = Table(
    "arrival",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("identity", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),
    Column("name", String, nullable=False),
    Column("party", String),
    Column("path", String),
    Column("digest", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("envelope", Blob, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("stream", String, nullable=False),
    Column("state", String, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("held_portions", Integer, nullable=False, server_default="0"),
    Column("rows_done", BigInteger, nullable=False, server_default="0"),
    Column("rereads", Integer, nullable=False, server_default="0"),
    Column("lease_owner", String),
    Column("lease_until", Moment),
    Column("decided_at", Moment),
    Column("rulebook", String),
    Column("reasons", Blob),
    Column("excerpt", Text),
    Column("proposal", Blob),
    Column("operator_told_at", Moment),
    Column("settled_by", String),
    Column("settled_why", String),
    Column("erased_at", Moment),
    sqlite_autoincrement=True,
)

# Apart from its arrival, so that settling an arrival does not write its bytes again.
original = Table(
    "original",
    metadata,
    Column("arrival", String, ForeignKey("arrival.id", ondelete="CASCADE"), primary_key=True),
    Column("raw", Blob, nullable=False),
)

arrival_about = Table(
    "arrival_about",
    metadata,
    Column("subject", String, primary_key=True),
    Column("arrival", String, ForeignKey("arrival.id", ondelete="CASCADE"), primary_key=True),
    Column("shown", String, nullable=False),
    # False for an order whose rows of a held table were all taken.
    Column("waits", Boolean, nullable=False, server_default=true()),
)

portion = Table(
    "portion",
    metadata,
    Column("arrival", String, ForeignKey("arrival.id", ondelete="CASCADE"), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("rulebook", String, nullable=False),
    Column("reading", Blob, nullable=False),
    Column("decision", Blob, nullable=False),
    Column("snapshot", Blob),
    Column("context", Blob),
)

orders = Table(
    "orders",
    metadata,
    Column("key", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("shipper", String, nullable=False),
    Column("seller", String),
    Column("merchant", String),
    Column("fulfiller", String),
    Column("buyer", String, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("data", Blob, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("order_key", String, ForeignKey("orders.key", ondelete="CASCADE"), primary_key=True),
    Column("imei", String, primary_key=True),
    Column("line", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

parcel = Table(
    "parcel",
    metadata,
    Column("number", String, primary_key=True),
    Column("order_key", String, ForeignKey("orders.key", ondelete="CASCADE"), primary_key=True),
)

inquiry = Table(
    "inquiry",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("merchant", String, nullable=False),
    Column("fulfiller", String, nullable=False),
    Column("state", String, nullable=False),
    Column("data", Blob, nullable=False),
)

relationship = Table(
    "relationship",
    metadata,
    Column("merchant", String, primary_key=True),
    Column("fulfiller", String, primary_key=True),
    Column("warehouse", String, primary_key=True),
    Column("inquiry", String, nullable=False),
    Column("since", Moment, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    Column("key", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("about", String, nullable=False),
    Column("started", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("next_ring", Moment),
    Column("over", Boolean, nullable=False, server_default=false()),
    Column("step", Integer, nullable=False),
    Column("silent_party", String),
    Column("pauses", Boolean, nullable=False),
    Column("data", Blob, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("about", Blob, nullable=False),
    Column("partner", String),
    Column("recipient", String, nullable=False),
    Column("template", String, nullable=False),
)

message = Table(
    "message",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("conversation", String, nullable=False),
    Column("outbox_key", String, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("key", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("next_try", Moment),
    Column("attempts", Integer, nullable=False),
    Column("first_try", Moment),
    # Whether it may have left although nobody said so: it goes again, but can no longer be taken back.
    Column("unsure", Boolean, nullable=False),
    Column("recipient", String),
    Column("partner", String),
    Column("template", String),
    Column("conversation", String),
    Column("message_id", String),
    Column("collapse", String),
    Column("effect", Blob, nullable=False),
    Column("content", Blob),
    Column("subject", Text),
    Column("text", Text),
    Column("reply", Text),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("lease_owner", String),
    Column("erased_at", Moment),
    Column("lease_until", Moment),
    sqlite_autoincrement=True,
)

outbox_about = Table(
    "outbox_about",
    metadata,
    Column("subject", String, primary_key=True),
    Column("outbox_key", String, primary_key=True),
)

history = Table(
    "history",
    metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("subject", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", Blob, nullable=False),
    Column("because", String, nullable=False),
    sqlite_autoincrement=True,
)

stock = Table(
    "stock",
    metadata,
    Column("key", String, primary_key=True),
    Column("warehouse", String, primary_key=True),
    Column("partner", String, nullable=False),
    Column("merchant", String, nullable=False, server_default=""),
    Column("sku", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("reserved", Integer, nullable=False, server_default="0"),
    Column("blocked", Integer, nullable=False, server_default="0"),
    Column("announced", Integer, nullable=False, server_default="0"),
    Column("at", Moment, nullable=False),
    Column("because", String, nullable=False),
)

stock_report = Table(
    "stock_report",
    metadata,
    Column("partner", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("at", Moment, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("merchant", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("data", Blob, nullable=False),
)

exported = Table(
    "exported",
    metadata,
    Column("stream", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("digest", String, nullable=False),
)

period = Table(
    "period",
    metadata,
    Column("job", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("ran_at", Moment, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("name", String, primary_key=True),
    Column("cursor", Text),
    Column("last_input", Moment),
    Column("last_success", Moment),
    Column("read_until", Moment),
    Column("trouble", Text),
    Column("trouble_since", Moment),
    Column("login", Boolean, nullable=False, server_default=text("false")),
    Column("told_at", Moment),
)

control = Table(
    "control",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
