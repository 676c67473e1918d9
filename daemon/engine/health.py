"""How the house is doing: sources, queues, what waits, and whether any of it needs a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.domain.reason import Reason, reason
from daemon.engine import brakes, sending
from daemon.engine.premises import Premises
from daemon.engine.saying import Saying, at
from daemon.engine.views import SourceView, StatusView, UnderwayView
from daemon.reading.tables.delimited import share_of
from daemon.store import arrivals, deadlines, outbox, sources, undecided
from daemon.store.arrivals import Stored
from daemon.store.sources import SourceRow

_STUCK = timedelta(hours=1)


class Health:
    """`expected` are the mailboxes of the configuration; `silent_after` is how long a source may go unread."""

    def __init__(self, premises: Premises, saying: Saying, *, expected: Sequence[str], silent_after: timedelta) -> None:
        self._premises = premises
        self._saying = saying
        self._expected = tuple(expected)
        self._silent_after = silent_after

    def status(self) -> StatusView:
        """Everything at a glance; not ok when a source is silent, a login fails or the outbox is stuck."""
        now = self._premises.clock()
        with self._premises.database.reading() as connection:
            rows = self._rows(connection)
            queues = {"undecided": arrivals.counts(connection).get("new", 0), **outbox.counts(connection)}
            problems = [*self._of_sources(rows, now), *self._of_outbox(connection, now)]
            return StatusView(
                ok=not problems,
                sources=tuple(self._source(row, now) for row in rows),
                queues=queues,
                underway=tuple(_underway(one) for one in undecided.under_way(connection)),
                held=arrivals.counts(connection).get("held", 0),
                overdue=deadlines.overdue(connection, now),
                paused=brakes.paused_now(connection),
                problems=self._saying.say_all(problems),
            )

    def troubles(self, connection: Connection) -> list[Reason]:
        """What is wrong with the sources or the outbox."""
        now = self._premises.clock()
        return [*self._of_sources(self._rows(connection), now), *self._of_outbox(connection, now)]

    def _rows(self, connection: Connection) -> list[SourceRow]:
        rows = {row.name: row for row in sources.listed(connection)}
        return [*rows.values(), *(SourceRow(name=name) for name in self._expected if name not in rows)]

    def _source(self, row: SourceRow, now: datetime) -> SourceView:
        zone = self._saying.zone
        return SourceView(
            source=row.name,
            last_input=at(row.last_input, zone),
            last_success=at(row.last_success, zone),
            trouble=self._saying.say(row.trouble) if row.trouble else None,
            silent=self._is_silent(row, now),
        )

    def _is_silent(self, row: SourceRow, now: datetime) -> bool:
        return row.last_success is None or now - row.last_success > self._silent_after

    def _of_sources(self, rows: Sequence[SourceRow], now: datetime) -> list[Reason]:
        found: list[Reason] = []
        for row in rows:
            if row.trouble and (row.login or self._is_silent(row, now)):
                found.append(row.trouble)
            elif self._is_silent(row, now):
                found.append(reason("source_silent", source=row.name))
        return found

    def _of_outbox(self, connection: Connection, now: datetime) -> list[Reason]:
        if since := brakes.breaker_open_since(connection):
            return [reason("breaker_open", since=since)]
        if refused := sending.trouble(connection):
            return [refused]
        oldest = outbox.oldest_due(connection)
        if oldest is not None and now - oldest > _STUCK and not brakes.paused_now(connection):
            return [reason("outbox_stuck", since=oldest.astimezone(self._saying.zone).isoformat())]
        return []


def _underway(stored: Stored) -> UnderwayView:
    arrival, rows = stored.arrival, stored.rows_done
    share = share_of(arrival.position, arrival.size, rows)
    percent = None if share is None else int(100 * share)
    return UnderwayView(id=arrival.id, source=arrival.source, name=arrival.name, rows=rows, percent=percent)
