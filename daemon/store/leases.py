"""Who holds what is being decided or sent, where several daemons share one database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.store.arrivals import ArrivalState
from daemon.store.outbox import OutboxState
from daemon.store.schema import arrival, outbox

_DECIDING = sa.and_(arrival.c.state == ArrivalState.NEW.value, arrival.c.lease_owner.is_not(None))
_SENDING = sa.and_(outbox.c.state == OutboxState.IN_FLIGHT.value, outbox.c.lease_owner.is_not(None))


def owners(connection: Connection) -> list[str]:
    """Everybody who holds something."""
    deciding = sa.select(arrival.c.lease_owner).where(_DECIDING)
    sending = sa.select(outbox.c.lease_owner).where(_SENDING)
    return sorted(connection.execute(sa.union(deciding, sending)).scalars())


def end(connection: Connection, gone: Sequence[str], now: datetime) -> None:
    """What they held is free at once; it ran out only now, so that whoever looks for such finds it."""
    for table, held in ((arrival, _DECIDING), (outbox, _SENDING)):
        mine = sa.and_(held, table.c.lease_owner.in_(gone))
        connection.execute(table.update().where(mine).values(lease_until=now))
