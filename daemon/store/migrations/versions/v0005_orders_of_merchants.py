"""A merchant's orders that a seller sends are found by their merchant, as those of his fulfillers are."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHERE = sa.text("merchant IS NOT NULL AND fulfiller IS NULL")


def upgrade() -> None:
    op.create_index(
        "orders_merchant", "orders", ["merchant"], unique=False, sqlite_where=_WHERE, postgresql_where=_WHERE
    )
