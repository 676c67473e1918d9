"""A deadline that was missed is waited for until what it asks for has come."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("deadline", sa.Column("over", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Which of those that were missed have come since was not kept.
    op.execute("UPDATE deadline SET over = (1 = 1) WHERE next_ring IS NULL AND state <> 'open'")
    op.create_index(
        "deadline_awaited",
        "deadline",
        ["due"],
        unique=False,
        sqlite_where=sa.text("NOT over"),
        postgresql_where=sa.text("NOT over"),
    )
