"""A fulfiller's stock may be that of one merchant."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("stock", sa.Column("merchant", sa.String(), server_default="", nullable=False))
