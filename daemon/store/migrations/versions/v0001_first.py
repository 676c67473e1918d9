"""The first schema."""

import sqlalchemy as sa
from alembic import op

from daemon.store.columns import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("held_portions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rereads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("rulebook", sa.String(), nullable=True),
        sa.Column("reasons", sa.LargeBinary(), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("proposal", sa.LargeBinary(), nullable=True),
        sa.Column("operator_told_at", Moment(), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_why", sa.String(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("identity"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "arrival_held",
        "arrival",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("arrival_received", "arrival", ["received_at"], unique=False)
    op.create_index(
        "arrival_undecided",
        "arrival",
        ["seq", "stream", "lease_until", "received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
    op.create_table(
        "control",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "deadline",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("started", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_ring", Moment(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("silent_party", sa.String(), nullable=True),
        sa.Column("pauses", sa.Boolean(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "deadline_bell",
        "deadline",
        ["next_ring"],
        unique=False,
        sqlite_where=sa.text("next_ring IS NOT NULL"),
        postgresql_where=sa.text("next_ring IS NOT NULL"),
    )
    op.create_index("deadline_subject", "deadline", ["subject"], unique=False)
    op.create_table(
        "stock",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("announced", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", "warehouse"),
    )
    op.create_table(
        "stock_report",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "day"),
    )
    op.create_index("stock_report_at", "stock_report", ["at"], unique=False)
    op.create_table(
        "article",
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "key"),
    )
    op.create_table(
        "goods_return",
        sa.Column("fulfiller", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("fulfiller", "key"),
    )
    op.create_index("goods_return_merchant", "goods_return", ["merchant"], unique=False)
    op.create_table(
        "exported",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "key"),
    )
    op.create_table(
        "history",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("history_subject", "history", ["subject", "seq"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("fulfiller", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("inquiry_merchant", "inquiry", ["merchant"], unique=False)
    op.create_table(
        "message",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("outbox_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("message_conversation", "message", ["conversation"], unique=False)
    op.create_table(
        "orders",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("shipper", sa.String(), nullable=False),
        sa.Column("seller", sa.String(), nullable=True),
        sa.Column("merchant", sa.String(), nullable=True),
        sa.Column("fulfiller", sa.String(), nullable=True),
        sa.Column("buyer", sa.String(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("orders_buyer", "orders", ["buyer"], unique=False)
    op.create_index("orders_placed", "orders", ["placed_at"], unique=False)
    op.create_index("orders_seller", "orders", ["seller"], unique=False)
    op.create_index(
        "orders_fulfiller",
        "orders",
        ["fulfiller", "merchant"],
        unique=False,
        sqlite_where=sa.text("fulfiller IS NOT NULL"),
        postgresql_where=sa.text("fulfiller IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("next_try", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_try", Moment(), nullable=True),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("partner", sa.String(), nullable=True),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("conversation", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("collapse", sa.String(), nullable=True),
        sa.Column("effect", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "outbox_collapse",
        "outbox",
        ["collapse", "recipient"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND collapse IS NOT NULL"),
        postgresql_where=sa.text("state = 'queued' AND collapse IS NOT NULL"),
    )
    op.create_index("outbox_conversation", "outbox", ["conversation"], unique=False)
    op.create_index(
        "outbox_due",
        "outbox",
        ["next_try", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "outbox_in_flight",
        "outbox",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("state = 'in_flight'"),
        postgresql_where=sa.text("state = 'in_flight'"),
    )
    op.create_index("outbox_message", "outbox", ["message_id"], unique=False)
    op.create_index("outbox_sent", "outbox", ["sent_at"], unique=False)
    op.create_table(
        "outbox_about",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("outbox_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "outbox_key"),
    )
    op.create_index("outbox_about_key", "outbox_about", ["outbox_key"], unique=False)
    op.create_table(
        "period",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("ran_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("job", "period"),
    )
    op.create_table(
        "relationship",
        sa.Column("merchant", sa.String(), nullable=False),
        sa.Column("fulfiller", sa.String(), nullable=False),
        sa.Column("warehouse", sa.String(), nullable=False),
        sa.Column("inquiry", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant", "fulfiller", "warehouse"),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("last_input", Moment(), nullable=True),
        sa.Column("last_success", Moment(), nullable=True),
        sa.Column("read_until", Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_since", Moment(), nullable=True),
        sa.Column("login", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "arrival_about",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("arrival", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("subject", "arrival"),
    )
    op.create_index("arrival_about_arrival", "arrival_about", ["arrival"], unique=False)
    op.create_table(
        "device",
        sa.Column("order_key", sa.String(), nullable=False),
        sa.Column("imei", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_key"], ["orders.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("order_key", "imei"),
    )
    op.create_index(
        "device_active",
        "device",
        ["imei"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "original",
        sa.Column("arrival", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("arrival"),
    )
    op.create_table(
        "parcel",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_key"], ["orders.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number", "order_key"),
    )
    op.create_index("parcel_order", "parcel", ["order_key"], unique=False)
    op.create_table(
        "portion",
        sa.Column("arrival", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("rulebook", sa.String(), nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("context", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("arrival", "position"),
    )
