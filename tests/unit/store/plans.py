"""How SQLite looks for what it is asked."""

import sqlalchemy as sa
from sqlalchemy import Connection


def listened(connection: Connection) -> list[str]:
    """The plans of whatever this connection is asked from now on, step by step."""
    plans: list[str] = []

    def explain(asked: Connection, _cursor: object, sql: str, values: tuple[str, ...], *_: object) -> None:
        raw = asked.connection.driver_connection
        assert raw is not None
        plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}", values))

    sa.event.listen(connection, "before_cursor_execute", explain)
    return plans
