"""Of a table that is held only the orders wait whose rows are: those of the others are no longer paused by it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("arrival_about", sa.Column("waits", sa.Boolean(), server_default=sa.true(), nullable=False))
