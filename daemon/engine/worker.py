"""Decides arrivals in order: reads them, loads what they are about, and makes the decision true, each by itself."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from daemon.deciding import arrival as deciding
from daemon.deciding import match
from daemon.domain.arrival import ArrivalKind
from daemon.domain.decision import Decision, Disposition, Proposal
from daemon.domain.document import Unreadable
from daemon.domain.effect import Effect, WriteReceipt
from daemon.domain.finding import Reading
from daemon.domain.identifiers import ArrivalId
from daemon.domain.reason import distinct, reason
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.values import Value
from daemon.engine import context
from daemon.engine.child import Task
from daemon.engine.premises import Premises
from daemon.engine.reader import Reader, Unread
from daemon.errors import StaleError
from daemon.rules.rulebook import Rulebook
from daemon.store import arrivals, commit, portions, snapshots
from daemon.store.arrivals import ArrivalState, Stored
from daemon.store.database import Database
from daemon.store.portions import Portion

log = logging.getLogger(__name__)

TRIES = 3
_BATCH = 50
_BATCH_BYTES = 16 * 1024 * 1024
_BATCH_SECONDS = 0.05
_AWAITED_SECONDS = 0.004
_LEASE = timedelta(minutes=5)
_RACES = 3
_GATHERED = 20


class Case(Value, frozen=True, kw_only=True):
    """One claimed arrival on its way to a decision."""

    stored: Stored
    context: Context
    rulebook: str


class Counts(Value, frozen=True, kw_only=True):
    """`moved` counts portions and failed tries as well: where something has moved there may be more."""

    decided: int = 0
    held: int = 0
    moved: int = 0


class _Decided(Value, frozen=True, kw_only=True):
    decision: Decision
    snapshot: Snapshot
    rulebook: Rulebook


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

    def step(self) -> Counts:
        """Decide one batch; nothing moved when nothing could be claimed."""
        claimed = self._claim()
        if not claimed:
            self._reader.rest()
            return Counts()
        try:
            cases, tasks = self._prepare(claimed)
            readings = self._reader.read(tasks)
        except BaseException:
            self._give_back(claimed)
            raise
        return self._decide_all(list(zip(cases, readings, strict=True)), [one.arrival.id for one in claimed])

    # Claiming and preparing

    @property
    def _database(self) -> Database:
        return self._premises.database

    def _claim(self) -> list[Stored]:
        premises = self._premises
        lease = _LEASE if self._database.shared else None
        opened = self._database.writing() if lease else self._database.reading()
        with opened as connection:
            return arrivals.claim(connection, premises.owner, premises.clock(), lease, _BATCH)

    def _give_back(self, claimed: Sequence[Stored]) -> None:
        if self._database.shared:
            with self._database.writing() as connection:
                arrivals.give_back(connection, self._premises.owner, [one.arrival.id for one in claimed])

    def _prepare(self, claimed: Sequence[Stored]) -> tuple[list[Case], list[Task]]:
        cases: list[Case] = []
        tasks: list[Task] = []
        size = 0
        begun: set[str] = set()
        with self._database.reading() as connection:
            for stored in claimed:
                arrival = stored.arrival
                # What stands behind a table that is under way would be read in vain.
                if stored.stream in begun or (tasks and size + arrival.size > _BATCH_BYTES):
                    continue
                if arrival.position:
                    begun.add(stored.stream)
                raw = arrivals.raw(connection, arrival.id)
                size += len(raw or b"")
                case = self._case_or_bare(connection, stored, raw or b"")
                cases.append(case)
                tasks.append(self.task(case, raw))
        return cases, tasks

    def _case_or_bare(self, connection: Connection, stored: Stored, raw: bytes) -> Case:
        try:
            # A look that fails spoils a transaction only where several daemons share the database.
            with connection.begin_nested() if self._database.shared else nullcontext():
                return self.case(connection, stored, raw)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # Without what is known beforehand it will be held, but it does not stop the others.
            log.exception("nothing could be looked up for arrival %s", stored.arrival.id)
            return Case(stored=stored, context=Context(), rulebook=self._premises.editions.current.hash)

    def case(self, connection: Connection, stored: Stored, raw: bytes) -> Case:
        """What reading may know beforehand, and under which edition the work goes on."""
        premises = self._premises
        begun = premises.editions.by_hash(stored.rulebook) if stored.rulebook and stored.arrival.position else None
        rulebook = begun or premises.editions.current
        found = context.look(stored.arrival, raw)
        known = context.find(connection, stored.arrival, found, premises.tokens, rulebook, premises.policy)
        return Case(stored=stored, context=known, rulebook=rulebook.hash)

    def task(self, case: Case, raw: bytes | None) -> Task:
        """The order to read it."""
        arrival = case.stored.arrival
        place = str(self._premises.home / Path(arrival.path)) if raw is None and arrival.path else None
        return Task(arrival=arrival, context=case.context, rulebook=case.rulebook, raw=raw, path=place)

    # Deciding

    def _decide_all(self, work: Sequence[tuple[Case, Reading | Unread]], claimed: Sequence[ArrivalId]) -> Counts:
        total = Counts()
        todo = list(work)
        blocked: set[str] = set()
        failed: list[Stored] = []
        while todo:
            began = time.monotonic()
            with self._database.writing() as connection:
                while todo and time.monotonic() - began < self._patience():
                    case, read = todo.pop(0)
                    if case.stored.stream in blocked:
                        continue
                    counts, settled = self._one(connection, case, read, failed)
                    total = _sum(total, counts)
                    if not settled:
                        blocked.add(case.stored.stream)
                if not todo and self._database.shared:
                    arrivals.give_back(connection, self._premises.owner, claimed)
        self._put_aside(failed)
        return total

    def _patience(self) -> float:
        """How long one transaction may take: while others want to write, such as new mail, only a moment."""
        return _AWAITED_SECONDS if self._database.is_awaited else _BATCH_SECONDS

    def _one(
        self, connection: Connection, case: Case, read: Reading | Unread, unreadable: list[Stored]
    ) -> tuple[Counts, bool]:
        now = self._premises.clock()
        if isinstance(read, Unread):
            log.warning("arrival %s could not be read: %s", case.stored.arrival.id, read.why)
            return self._failed(connection, case, "reading_failed", now)
        for _ in range(_RACES):
            try:
                with connection.begin_nested():
                    decision = self._decide(connection, case, read, now)
                    counts, settled = self._commit(connection, case, read, decision, now)
            except (StaleError, IntegrityError):
                continue
            except (OperationalError, InterfaceError):
                # The database's trouble is nobody's fault; the whole batch is tried again.
                raise
            except Exception:
                log.exception("arrival %s could not be decided", case.stored.arrival.id)
                break
            if settled and _nothing_read(read):
                unreadable.append(case.stored)
            return counts, settled
        return self._failed(connection, case, "deciding_failed", now)

    def _decide(self, connection: Connection, case: Case, reading: Reading, now: datetime) -> _Decided:
        premises = self._premises
        rulebook = premises.editions.by_hash(case.rulebook) or premises.editions.current
        snapshot = snapshots.load(connection, match.lookup(reading, case.context))
        decision = deciding.decide(case.stored.arrival, reading, case.context, snapshot, rulebook, premises.policy, now)
        return _Decided(decision=decision, snapshot=snapshot, rulebook=rulebook)

    def _commit(
        self, connection: Connection, case: Case, reading: Reading, decided: _Decided, now: datetime
    ) -> tuple[Counts, bool]:
        arrival, decision = case.stored.arrival, decided.decision
        held = decision.disposition is Disposition.HELD
        last = reading.next_position is None
        effects = decision.effects + (self._receipt(case, decided.rulebook) if last else ())
        commit.write(connection, replace(decision, effects=effects), self._premises.names, now)
        first = arrival.position == 0
        kept = Portion(
            position=arrival.position,
            rulebook=case.rulebook,
            reading=reading,
            decision=decision,
            # Later portions of a long table would keep their orders a thousand times over.
            snapshot=decided.snapshot if first else None,
            context=case.context if first else None,
        )
        portions.keep(connection, arrival.id, kept)
        if not last:
            arrivals.note_about(connection, arrival.id, decision.about if held else ())
            arrivals.advance(connection, arrival.id, reading.next_position or 0, held=held, rulebook=case.rulebook)
            return Counts(moved=1), False
        held_before = case.stored.held_portions > 0
        if held_before:
            decision = _gathered(connection, arrival.id, decision)
        state = ArrivalState.HELD if held_before else ArrivalState(decision.disposition.value)
        arrivals.settle(connection, arrival.id, state, decision, now, rulebook=case.rulebook, excerpt=reading.excerpt)
        return Counts(decided=1, held=int(state is ArrivalState.HELD), moved=1), True

    def _receipt(self, case: Case, rulebook: Rulebook) -> tuple[Effect, ...]:
        arrival = case.stored.arrival
        if arrival.kind is not ArrivalKind.FILE or not arrival.party:
            return ()
        partner = rulebook.partner_of_party(arrival.party)
        language = partner.language if partner else self._premises.policy.language
        key = f"receipt:{arrival.id}"
        return (WriteReceipt(key=key, party=arrival.party, name=arrival.name, arrival=arrival.id, language=language),)

    def _failed(self, connection: Connection, case: Case, code: str, now: datetime) -> tuple[Counts, bool]:
        arrival = case.stored.arrival
        if arrival.attempts + 1 < TRIES:
            arrivals.count_attempt(connection, arrival.id)
            return Counts(moved=1), False
        about = case.context.conversation.about if case.context.conversation else ()
        held = Decision(disposition=Disposition.HELD, reasons=(reason(code),), about=about)
        commit.write(
            connection,
            replace(held, effects=self._receipt(case, self._premises.editions.current)),
            self._premises.names,
            now,
        )
        arrivals.settle(connection, arrival.id, ArrivalState.HELD, held, now, rulebook=case.rulebook)
        return Counts(decided=1, held=1, moved=1), True

    def _put_aside(self, stored: Sequence[Stored]) -> None:
        """Move files of which nothing could be read; a crash before that leaves them in `done/`, which is no harm."""
        for one in stored:
            if self._unreadable is None or one.arrival.path is None:
                continue
            try:
                path = self._unreadable(one.arrival.path)
            except OSError:
                log.warning("file of arrival %s could not be moved to failed", one.arrival.id)
                continue
            with self._database.writing() as connection:
                arrivals.moved(connection, one.arrival.id, path)


def _nothing_read(reading: Reading) -> bool:
    return bool(reading.documents) and all(isinstance(one, Unreadable) for one in reading.documents)


def _gathered(connection: Connection, id_: str, last: Decision) -> Decision:
    """What a person has to know of a table some of whose earlier portions were held, as one decision."""
    held = [last]
    for position in portions.positions(connection, id_):
        kept = portions.get(connection, id_, position)
        if kept is not None and kept.decision.disposition is Disposition.HELD:
            held.append(kept.decision)
        if len(held) > _GATHERED:
            break
    proposals = [one.proposal for one in held if one.proposal]
    proposal = Proposal(
        changes=distinct(one for found in proposals for one in found.changes),
        sends=tuple(dict.fromkeys(one for found in proposals for one in found.sends)),
        versions={subject: version for found in proposals for subject, version in found.versions.items()},
    )
    return replace(
        last,
        disposition=Disposition.HELD,
        reasons=distinct(one for found in held for one in found.reasons),
        proposal=proposal if proposals else None,
    )


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(decided=one.decided + other.decided, held=one.held + other.held, moved=one.moved + other.moved)
