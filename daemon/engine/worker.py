"""Decides arrivals in order: while one batch is decided, the next is read."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from daemon.domain.arrival import ArrivalKind
from daemon.domain.document import Unreadable
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.engine import context
from daemon.engine.child import Task
from daemon.engine.context import Seen
from daemon.engine.intake import KEPT_IN_DATABASE
from daemon.engine.premises import Premises
from daemon.engine.reader import Collect, Reader, Unread
from daemon.engine.verdicts import Case, Counts, Made, Verdicts, Work
from daemon.rules.rulebook import Rulebook
from daemon.store import arrivals, undecided
from daemon.store.arrivals import Stored
from daemon.store.database import Database

__all__ = ["Case", "Counts", "Worker"]

log = logging.getLogger(__name__)

_BATCH = 64
_BATCH_BYTES = 16 * 1024 * 1024
_LEASE = timedelta(minutes=5)


class _Batch(Value, frozen=True, kw_only=True):
    """What is being read."""

    claimed: tuple[Stored, ...]
    cases: tuple[Case, ...]
    readings: Collect


class Worker:
    """`unreadable` moves a file of which nothing could be read and returns where it lies now."""

    def __init__(
        self,
        premises: Premises,
        reader: Reader,
        unreadable: Callable[[str], str] | None = None,
    ) -> None:
        self._premises = premises
        self._reader = reader
        self._unreadable = unreadable
        self._verdicts = Verdicts(premises)
        self._next: _Batch | None = None

    def step(self) -> Counts:
        """Decide one batch, and have the next one read meanwhile; nothing moved when nothing could be claimed."""
        batch, self._next = self._next or self._begin(()), None
        if batch is None:
            self._reader.rest()
            return Counts()
        try:
            self._next = self._begin(batch.claimed)
            work = list(zip(batch.cases, batch.readings(), strict=True))
            made = self._verdicts.make(work)
        except BaseException:
            self._give_back(batch.claimed)
            raise
        over = {one.case.stored.arrival.id for one in made}
        self._give_back([one for one in batch.claimed if one.arrival.id not in over])
        self._put_aside(work, made)
        total = Counts()
        for one in made:
            total = total.plus(one.counts)
        return total

    def close(self) -> None:
        """Leave what is being read to others."""
        batch, self._next = self._next, None
        if batch is not None:
            self._give_back(batch.claimed)

    # Claiming and reading

    @property
    def _database(self) -> Database:
        return self._premises.database

    def _begin(self, in_hand: Sequence[Stored]) -> _Batch | None:
        """Have the oldest read that may be decided after those in hand."""
        claimed = self._claim(in_hand)
        if not claimed:
            return None
        try:
            cases, tasks = self._prepare(claimed)
            return _Batch(claimed=tuple(claimed), cases=tuple(cases), readings=self._reader.begin(tasks))
        except BaseException:
            self._give_back(claimed)
            raise

    def _claim(self, in_hand: Sequence[Stored]) -> list[Stored]:
        """None that has an older one of its stream in hand."""
        owner, now = self._premises.owner, self._premises.clock()
        if self._database.shared:
            with self._database.writing() as connection:
                # What is in hand is leased, and so is all of its streams.
                return undecided.claim(connection, owner, now, _LEASE, _BATCH, [one.arrival.id for one in in_hand])
        with self._database.reading() as connection:
            found = undecided.claim(connection, owner, now, None, _BATCH + len(in_hand))
        streams = {one.stream for one in in_hand}
        return [one for one in found if one.stream not in streams][:_BATCH]

    def _give_back(self, claimed: Sequence[Stored]) -> None:
        if claimed and self._database.shared:
            with self._database.writing() as connection:
                undecided.give_back(connection, self._premises.owner, [one.arrival.id for one in claimed])

    def _prepare(self, claimed: Sequence[Stored]) -> tuple[list[Case], list[Task]]:
        chosen = list(_chosen(claimed))
        with self._database.reading() as connection:
            raws = arrivals.raws(connection, [one.arrival.id for one in chosen])
            cases = self._cases(connection, chosen, raws)
        return cases, [self.task(case, raws.get(case.stored.arrival.id)) for case in cases]

    def _cases(self, connection: Connection, chosen: Sequence[Stored], raws: Mapping[str, bytes]) -> list[Case]:
        """What reading may know beforehand, and under which edition the work goes on."""
        try:
            # A look that fails spoils a transaction only where several daemons share the database.
            with connection.begin_nested() if self._database.shared else nullcontext():
                return self._looked_up(connection, chosen, raws)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            if len(chosen) > 1:
                return [case for one in chosen for case in self._cases(connection, [one], raws)]
            # Without what is known beforehand it will be held, but it does not stop the others.
            log.exception("nothing could be looked up for arrival %s", chosen[0].arrival.id)
            return [Case(stored=chosen[0], context=Context(), rulebook=self._premises.editions.current.hash)]

    def _looked_up(self, connection: Connection, chosen: Sequence[Stored], raws: Mapping[str, bytes]) -> list[Case]:
        premises = self._premises
        seen = [
            Seen(
                arrival=one.arrival,
                glance=context.look(one.arrival, raws.get(one.arrival.id, b"")),
                rulebook=self._edition(one),
            )
            for one in chosen
        ]
        known = context.find_each(connection, seen, premises.tokens, premises.policy)
        return [
            Case(stored=stored, context=found, rulebook=one.rulebook.hash)
            for stored, one, found in zip(chosen, seen, known, strict=True)
        ]

    def _edition(self, stored: Stored) -> Rulebook:
        """A table goes on under the rules under which it was begun."""
        editions = self._premises.editions
        begun = editions.by_hash(stored.rulebook) if stored.rulebook and stored.arrival.position else None
        return begun or editions.current

    def task(self, case: Case, raw: bytes | None) -> Task:
        """The order to read it."""
        arrival = case.stored.arrival
        place = str(self._premises.home / Path(arrival.path)) if raw is None and arrival.path else None
        return Task(arrival=arrival, context=case.context, rulebook=case.rulebook, raw=raw, path=place)

    def _put_aside(self, work: Sequence[Work], made: Sequence[Made]) -> None:
        """Move files of which nothing could be read; a crash before that leaves them in `done/`, which is no harm."""
        settled = {one.case.stored.arrival.id for one in made if one.settled}
        for case, read in work:
            arrival = case.stored.arrival
            if self._unreadable is None or arrival.path is None or arrival.id not in settled or not _nothing_read(read):
                continue
            try:
                path = self._unreadable(arrival.path)
            except OSError:
                log.warning("file of arrival %s could not be moved to failed", arrival.id)
                continue
            with self._database.writing() as connection:
                arrivals.moved(connection, arrival.id, path)


def _chosen(claimed: Sequence[Stored]) -> Iterator[Stored]:
    """As many as may be held in memory at once."""
    size = 0
    begun: set[str] = set()
    for one in claimed:
        arrival = one.arrival
        on_disk = arrival.kind is ArrivalKind.FILE and arrival.size > KEPT_IN_DATABASE
        weight = 0 if on_disk else arrival.size
        # What stands behind a table that is under way would be read in vain.
        if one.stream in begun or (size and size + weight > _BATCH_BYTES):
            continue
        if arrival.position:
            begun.add(one.stream)
        size += weight
        yield one


def _nothing_read(read: Reading | Unread) -> bool:
    documents = read.documents if isinstance(read, Reading) else ()
    return bool(documents) and all(isinstance(one, Unreadable) for one in documents)
