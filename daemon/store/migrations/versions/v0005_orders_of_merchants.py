"""A merchant's orders that a seller sends are found by their merchant; what is told of orders is told between two partners,
and no more of each of their inquiries.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHERE = sa.text("merchant IS NOT NULL AND fulfiller IS NULL")
_KINDS = ("orders", "announced", "status", "shipments", "returns")


def upgrade() -> None:
    op.create_index(
        "orders_merchant", "orders", ["merchant"], unique=False, sqlite_where=_WHERE, postgresql_where=_WHERE
    )
    connection = op.get_bind()
    # What the latest inquiry has told goes before what was told in an earlier one.
    latest = sa.text("SELECT id, merchant, fulfiller FROM inquiry ORDER BY number DESC")
    for inquiry, merchant, fulfiller in connection.execute(latest).all():
        for kind in _KINDS:
            names = {"old": f"{kind}:{inquiry}", "new": f"{kind}:{merchant}/{fulfiller}"}
            known = "key IN (SELECT key FROM exported WHERE stream = :new)"
            connection.execute(sa.text(f"DELETE FROM exported WHERE stream = :old AND {known}"), names)
            connection.execute(sa.text("UPDATE exported SET stream = :new WHERE stream = :old"), names)
