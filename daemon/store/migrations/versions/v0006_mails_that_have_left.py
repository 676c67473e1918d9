"""How many mails have left lately is asked before each one, and answered by an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index("outbox_sent", "outbox")
    only = sa.text("kind = 'mail'")
    op.create_index("outbox_mailed", "outbox", ["sent_at"], unique=False, sqlite_where=only, postgresql_where=only)
