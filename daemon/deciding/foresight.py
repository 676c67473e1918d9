"""Looks ahead: lets the clocks run on the assumption that nothing arrives and that every mail is accepted."""

import heapq
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from daemon.deciding import due, outcome
from daemon.deciding.clocks import bells
from daemon.domain.deadline import Deadline, DeadlineState
from daemon.domain.decision import Decision
from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.foresight import Foreseen, Owed
from daemon.domain.policy import Policy
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Snapshot
from daemon.rules.deadlines import Ring
from daemon.rules.rulebook import Rulebook

_STEPS_AT_MOST = 1000


def foresee(
    snapshot: Snapshot, rulebook: Rulebook, policy: Policy, *, now: datetime, until: datetime
) -> Iterator[Foreseen]:
    """What the deadlines of the snapshot will lead to, in order of time."""
    future = _Future(snapshot, rulebook, policy)
    for _ in range(_STEPS_AT_MOST):
        one = future.next(until)
        if one is None or one.next_ring is None:
            return
        moment = max(one.next_ring, now)
        yield from _told(one, future.ring(one, moment), moment)


def _told(one: Deadline, decision: Decision, moment: datetime) -> Iterator[Foreseen]:
    about = ", ".join(decision.about)
    rung = next((other for other in decision.deadlines if other.key == one.key), one)
    if rung.state is DeadlineState.MISSED and one.state is DeadlineState.OPEN:
        yield Foreseen(at=moment, kind=one.kind, about=about, what=reason("miss_foreseen", kind=one.kind))
    for effect in decision.effects:
        match effect:
            case SendMail():
                what = reason("mail_foreseen", template=effect.occasion)
                yield Foreseen(at=moment, kind=one.kind, about=about, what=what, mail=effect)
            case TellOperator() if effect.reason.code != "deadline_missed_about":
                yield Foreseen(at=moment, kind=one.kind, about=about, what=effect.reason)
            case _:
                pass


class _Future:
    """The state as it will be, bell by bell."""

    def __init__(self, snapshot: Snapshot, rulebook: Rulebook, policy: Policy) -> None:
        self._snapshot = snapshot
        self._rulebook = rulebook
        self._policy = policy
        self._deadlines = {one.key: one for one in snapshot.deadlines}
        self._bells = [(one.next_ring, one.key) for one in snapshot.deadlines if one.next_ring]
        heapq.heapify(self._bells)

    def next(self, until: datetime) -> Deadline | None:
        """The deadline whose bell is the next one, if it rings before `until`."""
        while self._bells and self._bells[0][0] <= until:
            at, key = heapq.heappop(self._bells)
            if self._deadlines[key].next_ring == at:
                return self._deadlines[key]
        return None

    def ring(self, one: Deadline, moment: datetime) -> Decision:
        """Decide a deadline, and go on from what it leaves behind."""
        snapshot = msgspec.structs.replace(self._snapshot, deadlines=tuple(self._deadlines.values()))
        decision = due.decide(one, snapshot, self._rulebook, self._policy, moment)
        self._become(decision)
        for mail in decision.effects:
            if isinstance(mail, SendMail) and mail.buyer:
                snapshot = msgspec.structs.replace(self._snapshot, deadlines=tuple(self._deadlines.values()))
                self._become(outcome.sent(mail, "", snapshot, self._rulebook, self._policy, moment))
        return decision

    def _become(self, decision: Decision) -> None:
        sent = {one.key for one in decision.effects if isinstance(one, SendMail)}
        self._snapshot = msgspec.structs.replace(
            self._snapshot,
            orders=self._snapshot.orders | {one.key: one for one in decision.orders},
            inquiries=self._snapshot.inquiries | {one.id: one for one in decision.inquiries},
            sent=self._snapshot.sent | sent,
        )
        for one in decision.deadlines:
            self._deadlines[one.key] = one
            if one.next_ring:
                heapq.heappush(self._bells, (one.next_ring, one.key))


def owed(
    deadline: Deadline,
    about: str,
    market: str,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    held: Sequence[str] = (),
    *,
    left_alone: bool = False,
) -> Owed:
    """A promise as the ledger shows it; `market` is the calendar that its ladder is counted by.

    `held` waits for a person and is about the same, so that nobody is reminded now; who is `left_alone` never is.
    """
    rule = rulebook.deadline(deadline.kind)
    ahead = bells(rule, deadline.due, market, policy.business_hours)[deadline.step :] if rule else []
    left_alone = left_alone or (bool(held) and not deadline.pauses)
    ahead = [one for one in ahead if not (left_alone and one.ring and _only_reminds(one.ring))]
    step = ahead[0] if ahead and deadline.next_ring else None
    pausing = tuple(held) if step and deadline.pauses else ()
    coming = reason("step_waits_for_person", arrivals=", ".join(pausing)) if pausing else None
    return Owed(
        partner=deadline.silent_party,
        kind=deadline.kind,
        about=about,
        since=deadline.started,
        until=deadline.due,
        late=deadline.due < now,
        next_at=max(step.at, deadline.next_ring or step.at) if step and not pausing else None,
        next=coming or (_step(step.ring, left_alone=left_alone) if step else None),
        held=pausing,
    )


def _only_reminds(ring: Ring) -> bool:
    return not (ring.operator or ring.buyer or ring.propose_cancel)


def _step(ring: Ring | None, *, left_alone: bool) -> Reason:
    if ring is None:
        return reason("step_missed")
    if ring.template and not left_alone:
        return reason("mail_foreseen", template=ring.template)
    return reason("step_cancel" if ring.propose_cancel else "step_buyer" if ring.buyer else "step_operator")
