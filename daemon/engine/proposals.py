"""Whether a proposal still stands on the state it was worked out on, and a fresh one where it does not."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from daemon.deciding import arrival as deciding
from daemon.deciding import match
from daemon.deciding.draft import proposal_of
from daemon.domain.deadline import inquiry_subject, order_subject
from daemon.domain.decision import Decision, Disposition, Proposal
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.reason import distinct
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.stimulus import Person, Release
from daemon.engine.premises import Premises
from daemon.errors import StaleError
from daemon.store import held_arrivals, portions, snapshots
from daemon.store.arrivals import Stored
from daemon.store.portions import Portion


class OwnMoves:
    """What one command has moved itself: who releases two mails about one order at once has seen both proposals."""

    def __init__(self) -> None:
        self._moved: dict[str, tuple[int, int]] = {}

    def note(self, decisions: Iterable[Decision]) -> None:
        """A release became true; each commit raises a version by one."""
        for decision in decisions:
            for subject, version in _versions(decision.orders, decision.inquiries):
                base = self._moved.get(subject, (version, version))[0]
                self._moved[subject] = (base, version + 1)

    def require_nothing_else_moved(self, decision: Decision, snapshot: Snapshot) -> None:
        """Raise StaleError when something moved since the proposal other than by this command."""
        present = dict(_versions(snapshot.orders.values(), snapshot.inquiries.values()))
        for subject, version in (decision.proposal.versions if decision.proposal else {}).items():
            now = present.get(subject, version)
            if now != version and self._moved.get(subject) != (version, now):
                raise StaleError


def _versions(orders: Iterable[Order], inquiries: Iterable[Inquiry]) -> list[tuple[str, int]]:
    return [(order_subject(one.key), one.version) for one in orders] + [
        (inquiry_subject(one.id), one.version) for one in inquiries
    ]


def renew(connection: Connection, stored: Stored, person: Person, premises: Premises, now: datetime) -> None:
    """Propose anew what a release would do, so that a person can look at it again."""
    id_ = stored.arrival.id
    context = Context()
    fresh: list[Proposal] = []
    for position in portions.positions(connection, id_):
        portion = portions.get(connection, id_, position)
        context = (portion.context if portion else None) or context
        if portion is None or portion.decision.disposition is not Disposition.HELD:
            continue
        proposal = _proposal(connection, stored, portion, context, Release(person=person), premises, now)
        portions.keep(connection, id_, replace(portion, decision=replace(portion.decision, proposal=proposal)))
        fresh.append(proposal)
    held_arrivals.propose(connection, id_, together(fresh))


def _proposal(
    connection: Connection,
    stored: Stored,
    portion: Portion,
    context: Context,
    release: Release,
    premises: Premises,
    now: datetime,
) -> Proposal:
    rulebook = premises.editions.by_hash(portion.rulebook) or premises.editions.current
    snapshot = snapshots.load(connection, match.lookup(portion.reading, context, release))
    arrival = replace(stored.arrival, position=portion.position)
    would = deciding.decide(arrival, portion.reading, context, snapshot, rulebook, premises.policy, now, release)
    return proposal_of(would, Decision())


def together(proposals: Iterable[Proposal]) -> Proposal | None:
    """The proposals of several portions as one."""
    found = list(proposals)
    if not found:
        return None
    return Proposal(
        changes=distinct(one for proposal in found for one in proposal.changes),
        sends=tuple(dict.fromkeys(one for proposal in found for one in proposal.sends)),
        versions={subject: version for proposal in found for subject, version in proposal.versions.items()},
    )
