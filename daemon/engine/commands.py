"""Carries out what a person wants: the same checks, the same commit, with his name in the history."""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import arrival as deciding
from daemon.deciding import command as command_deciding
from daemon.deciding import match
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Mail
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import order_key
from daemon.domain.reason import reason
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.stimulus import Command, Person, Release
from daemon.engine import brakes
from daemon.engine.premises import Premises
from daemon.engine.saying import Saying, changes_of, reasons_of
from daemon.engine.ticker import Ticker
from daemon.engine.trust import trust, trusted
from daemon.engine.views import ReleaseView, RereadView, SyncView
from daemon.errors import RefusedError, StaleError, UnknownIdError
from daemon.store import arrivals, commit, portions, snapshots
from daemon.store.arrivals import ArrivalState, Stored
from daemon.store.portions import Portion

_RACES = 3


class Commands:
    def __init__(self, premises: Premises, saying: Saying, ticker: Ticker) -> None:
        self._premises = premises
        self._saying = saying
        self._ticker = ticker

    def execute(self, command: Command, person: Person) -> tuple[str, ...]:
        """Carry a command out; the ids of what it was about. Raises RefusedError or UnknownIdError."""
        premises = self._premises
        for attempt in range(_RACES):
            now = premises.clock()
            try:
                with premises.database.writing() as connection:
                    snapshot = snapshots.load(connection, command_deciding.lookup(command))
                    decision = command_deciding.decide(
                        command, person, snapshot, premises.editions.current, premises.policy, now
                    )
                    commit.write(connection, decision, premises.names, now)
            except StaleError:
                if attempt == _RACES - 1:
                    raise RefusedError(reason("moved_meanwhile")) from None
                continue
            return decision.about
        raise AssertionError

    # Held arrivals

    def release(
        self,
        ids: Sequence[str],
        person: Person,
        *,
        order: str | None = None,
        only: int | None = None,
        trust_sender: bool = False,
        dry_run: bool = False,
    ) -> list[ReleaseView]:
        """Take what was read of held arrivals as true, each in its own transaction."""
        with self._premises.database.reading() as connection:
            for id_ in ids:
                _must_be_held(connection, id_)
        release = Release(person=person, order=order_key(order) if order else None, only=only)
        views = [self._release(id_, release, dry_run=dry_run) for id_ in ids]
        if trust_sender and not dry_run:
            for view in views:
                if view.released:
                    self._trust(view.id)
        return views

    def _release(self, id_: str, release: Release, *, dry_run: bool) -> ReleaseView:
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            stored = _must_be_held(connection, id_)
            attempt = connection.begin_nested()
            try:
                decisions = self._decide_again(connection, stored, release, now)
            except StaleError:
                attempt.rollback()
                return self._view(id_, [], refusal=RefusedError(reason("moved_since_proposal")))
            except RefusedError as refused:
                attempt.rollback()
                return self._view(id_, [], refusal=refused)
            if any(one.disposition is Disposition.HELD for one in decisions):
                attempt.rollback()
                return self._view(id_, decisions, released=False)
            if dry_run:
                attempt.rollback()
                return self._view(id_, decisions, released=False)
            attempt.commit()
            person = release.person
            arrivals.settle_by_person(connection, id_, ArrivalState.RELEASED, person.name, person.why)
            return self._view(id_, decisions, released=True)

    def _decide_again(self, connection: Connection, stored: Stored, release: Release, now: datetime) -> list[Decision]:
        positions = portions.positions(connection, stored.arrival.id)
        if not positions:
            raise RefusedError(reason("nothing_was_read"))
        decisions: list[Decision] = []
        context = Context()
        for position in positions:
            portion = portions.get(connection, stored.arrival.id, position)
            if portion is None:
                continue
            context = portion.context or context
            if portion.decision.disposition is not Disposition.HELD:
                continue
            decisions.append(self._decide_portion(connection, stored, portion, context, release, now))
        return decisions

    def _decide_portion(
        self,
        connection: Connection,
        stored: Stored,
        portion: Portion,
        context: Context,
        release: Release,
        now: datetime,
    ) -> Decision:
        premises = self._premises
        rulebook = premises.editions.by_hash(portion.rulebook) or premises.editions.current
        snapshot = snapshots.load(connection, match.lookup(portion.reading, context, release))
        _must_not_have_moved(portion.decision, snapshot)
        arrival = replace(stored.arrival, position=portion.position)
        decision = deciding.decide(arrival, portion.reading, context, snapshot, rulebook, premises.policy, now, release)
        if decision.disposition is not Disposition.HELD:
            commit.write(connection, decision, premises.names, now)
            arrivals.note_about(connection, stored.arrival.id, decision.about)
        return decision

    def _view(
        self, id_: str, decisions: Sequence[Decision], *, released: bool = False, refusal: RefusedError | None = None
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
            changes=self._saying.say_all(changes),
            sends=tuple(sends),
            reasons=self._saying.say_all(reasons),
        )

    def _trust(self, id_: str) -> None:
        with self._premises.database.reading() as connection:
            portion = portions.get(connection, id_, 0)
        mail = next((one for one in portion.reading.documents if isinstance(one, Mail)), None) if portion else None
        partner = portion.context.partner if portion and portion.context else None
        if mail is None or not mail.sender or partner is None:
            raise RefusedError(reason("no_sender_to_trust"))
        trust(self._premises.database, partner, mail.sender)
        self._premises.editions.trust(trusted(self._premises.database))

    def discard(self, ids: Sequence[str], person: Person) -> None:
        """Settle held arrivals without effect: all or none."""
        with self._premises.database.writing() as connection:
            for id_ in ids:
                _must_be_held(connection, id_)
                arrivals.settle_by_person(connection, id_, ArrivalState.DISCARDED, person.name, person.why)

    def reread(self, ids: Sequence[str], person: Person) -> list[str]:
        """Have held arrivals (all, when none is named) decided again under the present rules; their ids."""
        with self._premises.database.writing() as connection:
            chosen = list(ids) or [one.arrival.id for one in arrivals.held(connection)]
            for id_ in chosen:
                _must_be_held(connection, id_)
                arrivals.settle_by_person(connection, id_, ArrivalState.NEW, person.name, person.why)
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

    # The rest

    def pause(self, what: str) -> None:
        """Stop sending: everything, `mail`, or what goes to one partner."""
        self._know(what)
        with self._premises.database.writing() as connection:
            brakes.pause(connection, what, self._premises.clock())

    def resume(self, what: str) -> None:
        """Send again; `all` ends every pause, and lets go of the breaker."""
        self._know(what)
        with self._premises.database.writing() as connection:
            brakes.resume(connection, None if what == "all" else what, self._premises.clock())

    def _know(self, what: str) -> None:
        if what not in {"all", "mail"} and self._premises.editions.current.partner(what) is None:
            raise UnknownIdError(what)

    def sync(self, merchant: str | None, person: Person) -> list[SyncView]:
        """Run the Fulfillment sync now."""
        if merchant is not None and self._premises.editions.current.partner(merchant) is None:
            raise UnknownIdError(merchant)
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            synced = self._ticker.sync(connection, merchant, person.name, now)
        return [
            SyncView(
                merchant=one.merchant,
                fulfiller=one.fulfiller,
                warehouse=one.warehouse,
                inquiry=one.id,
                synced_at=one.synced_at.astimezone(self._saying.zone).isoformat() if one.synced_at else None,
            )
            for one in synced
        ]


def _must_be_held(connection: Connection, id_: str) -> Stored:
    stored = arrivals.get(connection, id_)
    if stored is None:
        raise UnknownIdError(id_)
    if stored.state is not ArrivalState.HELD:
        raise RefusedError(reason("not_held", arrival=id_))
    return stored


def _must_not_have_moved(decision: Decision, snapshot: Snapshot) -> None:
    versions = decision.proposal.versions if decision.proposal else {}
    present = {f"order:{order.key}": order.version for order in snapshot.orders.values()}
    present |= {f"inquiry:{inquiry.id}": inquiry.version for inquiry in snapshot.inquiries.values()}
    if any(present.get(subject, version) != version for subject, version in versions.items()):
        raise StaleError
