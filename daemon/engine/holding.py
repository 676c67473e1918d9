"""Settles what waits for a person: takes it as true, settles it without effect, or has it decided again.

Every step is remembered with who and why, in the history of the arrival and of all that it is about.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import arrival as deciding
from daemon.deciding import match
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import order_key
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context
from daemon.domain.stimulus import Person, Release
from daemon.engine.premises import Premises
from daemon.engine.proposals import OwnMoves, renew
from daemon.engine.receipts import answer_anew
from daemon.engine.remembering import settle
from daemon.engine.saying import Saying, changes_of, reasons_of
from daemon.engine.trusting import Trusting
from daemon.engine.views import ReleaseView, RereadView
from daemon.errors import RefusedError, StaleError, UnknownIdError
from daemon.store import arrivals, commit, held_arrivals, orders, portions, snapshots
from daemon.store.arrivals import ArrivalState, Stored
from daemon.store.portions import Portion


class Holding:
    def __init__(self, premises: Premises, saying: Saying) -> None:
        self._premises = premises
        self._saying = saying
        self.trusting = Trusting(premises, saying)

    # Releasing

    def release(
        self,
        ids: Sequence[str],
        person: Person,
        *,
        order: str | None = None,
        only: Sequence[int] = (),
        trust_sender: bool = False,
        dry_run: bool = False,
    ) -> Iterator[ReleaseView]:
        """Take what was read of held arrivals as true, each in its own transaction, one after the other."""
        release = Release(person=person, order=order_key(order) if order else None, only=tuple(only))
        with self._premises.database.reading() as connection:
            if release.order and not orders.load(connection, [release.order]):
                raise UnknownIdError(order or "")
            for id_ in ids:
                _must_be_held(connection, id_)
        own = OwnMoves()
        for id_ in ids:
            yield self._release(id_, release, own, trust_sender=trust_sender, dry_run=dry_run)
        if trust_sender:
            self.trusting.take_effect()

    def _release(self, id_: str, release: Release, own: OwnMoves, *, trust_sender: bool, dry_run: bool) -> ReleaseView:
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            attempt = connection.begin_nested()
            try:
                stored = _must_be_held(connection, id_)
                decided = self._decide_again(connection, stored, release, own, now)
                decisions = [decision for _, decision in decided]
                held = any(one.disposition is Disposition.HELD for one in decisions)
                if not held and trust_sender:
                    self.trusting.trust(connection, stored, release.person, now)
            except StaleError:
                attempt.rollback()
                renew(connection, stored, release.person, self._premises, now)
                return self._view(id_, [], refusal=RefusedError(reason("moved_since_proposal")))
            except RefusedError as refused:
                attempt.rollback()
                return self._view(id_, [], refusal=refused)
            if held or dry_run:
                attempt.rollback()
                return self._view(id_, decisions, possible=not held)
            attempt.commit()
            own.note(decisions)
            answer_anew(connection, stored, decided, self._premises, now)
            self._settle(connection, stored, ArrivalState.RELEASED, release.person, now)
            return self._view(id_, decisions, released=True, possible=True)

    def _decide_again(
        self, connection: Connection, stored: Stored, release: Release, own: OwnMoves, now: datetime
    ) -> list[tuple[Portion, Decision]]:
        positions = portions.positions(connection, stored.arrival.id)
        if not positions:
            raise RefusedError(reason("nothing_was_read"))
        decided: list[tuple[Portion, Decision]] = []
        context = Context()
        for position in positions:
            portion = portions.get(connection, stored.arrival.id, position)
            if portion is None:
                continue
            context = portion.context or context
            if portion.decision.disposition is not Disposition.HELD:
                continue
            decided.append((portion, self._decide_portion(connection, stored, portion, context, release, own, now)))
        return decided

    def _decide_portion(
        self,
        connection: Connection,
        stored: Stored,
        portion: Portion,
        context: Context,
        release: Release,
        own: OwnMoves,
        now: datetime,
    ) -> Decision:
        premises = self._premises
        rulebook = premises.editions.by_hash(portion.rulebook) or premises.editions.current
        if release.only and (most := max(release.only)) > len(portion.reading.findings):
            raise RefusedError(reason("no_such_finding", number=most, count=len(portion.reading.findings)))
        snapshot = snapshots.load(connection, match.lookup(portion.reading, context, release))
        own.require_nothing_else_moved(portion.decision, snapshot)
        arrival = replace(stored.arrival, position=portion.position)
        decision = deciding.decide(arrival, portion.reading, context, snapshot, rulebook, premises.policy, now, release)
        if decision.disposition is not Disposition.HELD:
            commit.write(connection, decision, premises.names, now)
            arrivals.note_about(connection, stored.arrival.id, decision)
        return decision

    def _view(
        self,
        id_: str,
        decisions: Sequence[Decision],
        *,
        released: bool = False,
        possible: bool = False,
        refusal: RefusedError | None = None,
    ) -> ReleaseView:
        reasons = [refusal.reason] if refusal else [one for decided in decisions for one in reasons_of(decided)]
        changes = [one for decided in decisions for one in changes_of(decided)]
        sends = [
            f"{one.template} to {one.to}"
            for decided in decisions
            for one in decided.effects
            if isinstance(one, SendMail)
        ]
        return ReleaseView(
            id=id_,
            released=released,
            possible=possible,
            changes=self._saying.say_all(changes),
            sends=tuple(sends),
            reasons=self._saying.say_all(reasons),
        )

    # Discarding and reading again

    def discard(self, ids: Sequence[str], person: Person) -> None:
        """Settle held arrivals without effect: all or none."""
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            for id_ in ids:
                stored = _must_be_held(connection, id_)
                self._settle(connection, stored, ArrivalState.DISCARDED, person, now)

    def reread(self, ids: Sequence[str], person: Person) -> list[str]:
        """Have held arrivals (all, when none is named) decided again under the present rules; their ids."""
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            chosen = list(ids) or [one.arrival.id for one in held_arrivals.listed(connection)]
            for id_ in chosen:
                stored = _must_be_held(connection, id_)
                self._settle(connection, stored, ArrivalState.NEW, person, now)
        return chosen

    def states(self, ids: Sequence[str]) -> list[RereadView]:
        """How arrivals stand now."""
        with self._premises.database.reading() as connection:
            found = [arrivals.get(connection, id_) for id_ in ids]
        return [
            RereadView(id=one.arrival.id, state=one.state.value, reasons=self._saying.say_all(one.reasons))
            for one in found
            if one is not None
        ]

    def _settle(
        self, connection: Connection, stored: Stored, state: ArrivalState, person: Person, now: datetime
    ) -> None:
        settle(connection, stored, state, person, self._premises.names, now)


def _must_be_held(connection: Connection, id_: str) -> Stored:
    stored = arrivals.get(connection, id_)
    if stored is None:
        raise UnknownIdError(id_)
    if stored.state is not ArrivalState.HELD:
        raise RefusedError(reason("not_held", arrival=id_))
    return stored
