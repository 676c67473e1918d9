"""Makes decisions about what has been read true: many in one transaction, and each by itself when that fails."""

import logging
import time
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from daemon.deciding import arrival as deciding
from daemon.deciding import match
from daemon.domain.decision import Decision, Disposition, Proposal
from daemon.domain.finding import Reading
from daemon.domain.reason import distinct, reason
from daemon.domain.snapshot import Context, Lookup, Snapshot
from daemon.domain.values import Value
from daemon.engine.premises import Premises
from daemon.engine.reader import Unread
from daemon.engine.receipts import receipt_of
from daemon.engine.together import Together
from daemon.errors import StaleError
from daemon.store import arrivals, portions, snapshots, undecided
from daemon.store.arrivals import ArrivalState, Settlement, Stored
from daemon.store.portions import Portion

log = logging.getLogger(__name__)

TRIES = 3
_TOGETHER = 32
_SECONDS = 0.05
_AWAITED_SECONDS = 0.004
_RACES = 3
_GATHERED = 20


class Case(Value, frozen=True, kw_only=True):
    """One claimed arrival on its way to a decision."""

    stored: Stored
    context: Context
    rulebook: str


Work = tuple[Case, Reading | Unread]


class Counts(Value, frozen=True, kw_only=True):
    """`moved` counts portions and failed tries as well: where something has moved there may be more."""

    decided: int = 0
    held: int = 0
    moved: int = 0

    def plus(self, other: "Counts") -> "Counts":
        return Counts(decided=self.decided + other.decided, held=self.held + other.held, moved=self.moved + other.moved)


class Made(Value, frozen=True, kw_only=True):
    """What became of a case; not `settled` where there is more of it, or where it is tried again."""

    case: Case
    counts: Counts
    settled: bool


class Verdicts:
    def __init__(self, premises: Premises) -> None:
        self._premises = premises

    def make(self, work: Sequence[Work]) -> list[Made]:
        """Decide in order; what stands behind an unsettled one of its stream is left for another time."""
        made: list[Made] = []
        todo = list(work)
        while todo:
            some = self._some(todo[:_TOGETHER])
            made += some
            unsettled = {one.case.stored.stream for one in some if not one.settled}
            todo = [(case, read) for case, read in todo[len(some) :] if case.stored.stream not in unsettled]
        return made

    def _some(self, work: Sequence[Work]) -> list[Made]:
        """The first of these: in one transaction, or each in its own, so that one that fails bears the blame alone."""
        if len(work) > 1:
            try:
                return self._in_one_transaction(work)
            except (OperationalError, InterfaceError):
                # The database's trouble is nobody's fault; the whole batch is tried again.
                raise
            except Exception as error:  # noqa: BLE001 - whose it is shows when each is tried alone
                log.info("deciding %d arrivals one by one (%s)", len(work), type(error).__name__)
        made: list[Made] = []
        for one in work:
            if _is_blocked(one, made):
                break
            made.append(self._alone(one))
        return made

    def _alone(self, one: Work) -> Made:
        for _ in range(_RACES):
            try:
                return self._in_one_transaction([one])[0]
            except (StaleError, IntegrityError):
                continue
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("arrival %s could not be decided", one[0].stored.arrival.id)
                break
        with self._premises.database.writing() as connection:
            transaction = _Transaction(self._premises, connection)
            made = transaction.give_up(one[0], "deciding_failed")
            transaction.write_down()
        return made

    def _in_one_transaction(self, work: Sequence[Work]) -> list[Made]:
        began = time.monotonic()
        made: list[Made] = []
        with self._premises.database.writing() as connection:
            transaction = _Transaction(self._premises, connection)
            for (case, read), found in zip(work, transaction.look_up(work), strict=True):
                if _is_blocked((case, read), made) or (made and time.monotonic() - began > self._patience()):
                    break
                made.append(transaction.decide(case, read, found))
            transaction.write_down()
        return made

    def _patience(self) -> float:
        """How long one transaction may take: while others want to write, such as new mail, only a moment."""
        return _AWAITED_SECONDS if self._premises.database.is_awaited else _SECONDS


class _Found(Value, frozen=True, kw_only=True):
    lookup: Lookup
    snapshot: Snapshot


class _Transaction:
    """What is decided together: looked up at once and written down at once."""

    def __init__(self, premises: Premises, connection: Connection) -> None:
        self._premises = premises
        self._connection = connection
        self._now = premises.clock()
        self._together = Together(connection, premises.names, self._now)
        self._kept: list[tuple[str, Portion]] = []
        self._settled: list[Settlement] = []

    def look_up(self, work: Sequence[Work]) -> list[_Found]:
        """What each has to be decided on."""
        lookups = [Lookup() if isinstance(read, Unread) else match.lookup(read, case.context) for case, read in work]
        loaded = snapshots.load_each(self._connection, lookups)
        return [_Found(lookup=lookup, snapshot=one) for lookup, one in zip(lookups, loaded, strict=True)]

    def decide(self, case: Case, read: Reading | Unread, found: _Found) -> Made:
        """Decide one; what follows from it is written down at the end."""
        if isinstance(read, Unread):
            log.warning("arrival %s could not be read: %s", case.stored.arrival.id, read.why)
            return self.give_up(case, "reading_failed")
        premises, snapshot = self._premises, self._still_true(found)
        rulebook = premises.editions.by_hash(case.rulebook) or premises.editions.current
        arrival = case.stored.arrival
        decision = deciding.decide(arrival, read, case.context, snapshot, rulebook, premises.policy, self._now)
        self._keep(case, read, decision, snapshot)
        last = read.next_position is None
        effects = decision.effects + (receipt_of(case.stored, rulebook, premises.policy.language) if last else ())
        self._together.add(replace(decision, effects=effects), found.lookup, snapshot)
        return self._settle(case, read, decision) if last else self._go_on(case, decision, read)

    def give_up(self, case: Case, code: str) -> Made:
        """Count a try that has failed; the last one holds the arrival."""
        arrival = case.stored.arrival
        if arrival.attempts + 1 < TRIES:
            undecided.count_attempt(self._connection, arrival.id)
            return Made(case=case, counts=Counts(moved=1), settled=False)
        about = case.context.conversation.about if case.context.conversation else ()
        held = Decision(disposition=Disposition.HELD, reasons=(reason(code),), about=about)
        premises = self._premises
        receipt = receipt_of(case.stored, premises.editions.current, premises.policy.language)
        self._together.add(replace(held, effects=receipt), Lookup(), Snapshot())
        self._settled.append(Settlement(id=arrival.id, state=ArrivalState.HELD, decision=held, rulebook=case.rulebook))
        return Made(case=case, counts=Counts(decided=1, held=1, moved=1), settled=True)

    def write_down(self) -> None:
        """Make what was decided true, keep what it was decided on, and settle the arrivals."""
        self._together.write()
        portions.keep_each(self._connection, self._kept)
        arrivals.settle_each(self._connection, self._settled, self._now)

    def _still_true(self, found: _Found) -> Snapshot:
        """What was loaded for all at once, or loaded anew where an earlier one has changed something of it."""
        if not self._together.affects(found.lookup, found.snapshot):
            return found.snapshot
        self._together.write()
        return snapshots.load(self._connection, found.lookup)

    def _keep(self, case: Case, reading: Reading, decision: Decision, snapshot: Snapshot) -> None:
        arrival = case.stored.arrival
        # Later portions of a long table would keep their orders a thousand times over.
        first = arrival.position == 0
        kept = Portion(
            position=arrival.position,
            rulebook=case.rulebook,
            reading=reading,
            decision=decision,
            snapshot=snapshot if first else None,
            context=case.context if first else None,
        )
        self._kept.append((arrival.id, kept))

    def _go_on(self, case: Case, decision: Decision, reading: Reading) -> Made:
        id_ = case.stored.arrival.id
        held = decision.disposition is Disposition.HELD
        if held:
            arrivals.note_about(self._connection, id_, decision)
        position, rows = reading.next_position or 0, len(reading.rows)
        undecided.advance(self._connection, id_, position, held=held, rulebook=case.rulebook, rows=rows)
        return Made(case=case, counts=Counts(moved=1), settled=False)

    def _settle(self, case: Case, reading: Reading, decision: Decision) -> Made:
        id_ = case.stored.arrival.id
        state = ArrivalState(decision.disposition.value)
        if case.stored.held_portions:
            decision, state = _gathered(self._connection, id_, decision), ArrivalState.HELD
        settled = Settlement(id=id_, state=state, decision=decision, rulebook=case.rulebook, excerpt=reading.excerpt)
        self._settled.append(settled)
        return Made(case=case, counts=Counts(decided=1, held=int(state is ArrivalState.HELD), moved=1), settled=True)


def _is_blocked(one: Work, made: Sequence[Made]) -> bool:
    return any(not other.settled and other.case.stored.stream == one[0].stored.stream for other in made)


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
        taken=last.taken if last.disposition is Disposition.HELD else last.about,
        reasons=distinct(one for found in held for one in found.reasons),
        proposal=proposal if proposals else None,
    )
