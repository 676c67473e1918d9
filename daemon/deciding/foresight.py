"""Looks ahead: lets the clocks run on the assumption that nothing arrives and that every mail is accepted."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from daemon.deciding import due, outcome
from daemon.domain.deadline import Deadline, DeadlineState
from daemon.domain.decision import Decision
from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.foresight import Foreseen, Outlook, Owed
from daemon.domain.identifiers import OrderKey
from daemon.domain.order import Order
from daemon.domain.policy import BuyerMails, Policy
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Snapshot
from daemon.rules.rulebook import Rulebook

_STEPS_AT_MOST = 1000
_EVER = datetime.max.replace(tzinfo=UTC)


def foresee(snapshot: Snapshot, rulebook: Rulebook, policy: Policy, *, now: datetime, until: datetime) -> Outlook:
    """What the deadlines of the snapshot will lead to, in order of time."""
    future = _Future(snapshot, rulebook, policy)
    future.let_leave(now)
    foreseen: list[Foreseen] = []
    for _ in range(_STEPS_AT_MOST):
        one = future.next(until)
        if one is None or one.next_ring is None:
            break
        moment = max(one.next_ring, now)
        foreseen += _told(one, future.ring(one, moment), moment)
    return Outlook(foreseen=foreseen, orders=future.orders)


def _told(one: Deadline, decision: Decision, moment: datetime) -> Iterator[Foreseen]:
    about = ", ".join(decision.about) or one.subject.partition(":")[2]
    if _is_missed(one, decision):
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


def _is_missed(one: Deadline, decision: Decision) -> bool:
    rung = next((other for other in decision.deadlines if other.key == one.key), one)
    return rung.state is DeadlineState.MISSED and one.state is DeadlineState.OPEN


class _Future:
    """The state as it will be, bell by bell."""

    def __init__(self, snapshot: Snapshot, rulebook: Rulebook, policy: Policy) -> None:
        self._snapshot = snapshot
        self._rulebook = rulebook
        self._policy = policy
        self._deadlines: dict[str, Deadline] = {}
        self._bells: list[tuple[datetime, str]] = []
        self._wind(snapshot.deadlines)

    @property
    def orders(self) -> Mapping[OrderKey, Order]:
        return self._snapshot.orders

    def let_leave(self, now: datetime) -> None:
        """What is queued for buyers leaves before anything rings."""
        if self._policy.buyer_mails is BuyerMails.SEND:
            queued = sorted(self._snapshot.queued)
            self._become(outcome.heard(queued, self._snapshot, self._rulebook, self._policy, now))

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
        self._wind(decision.deadlines)

    def _wind(self, clocks: Sequence[Deadline]) -> None:
        for one in clocks:
            self._deadlines[one.key] = one
            if one.next_ring and not (one.pauses and self._snapshot.held):
                heapq.heappush(self._bells, (one.next_ring, one.key))


def owed(
    deadline: Deadline,
    about: str,
    snapshot: Snapshot,
    rulebook: Rulebook,
    policy: Policy,
    now: datetime,
    held: Sequence[str] = (),
) -> Owed:
    """A promise as the ledger shows it, with what comes of it next; the clock stands still for what is `held`."""
    pausing = tuple(held) if deadline.pauses and deadline.next_ring else ()
    waits = reason("step_waits_for_person", arrivals=", ".join(pausing))
    step = None if pausing else _next_step(deadline, snapshot, rulebook, policy, now)
    return Owed(
        partner=deadline.silent_party,
        kind=deadline.kind,
        about=about,
        since=deadline.started,
        until=deadline.due,
        late=deadline.due < now,
        next_at=step[0] if step else None,
        next=waits if pausing else step[1] if step else None,
        held=pausing,
    )


def _next_step(
    deadline: Deadline, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime
) -> tuple[datetime, Reason] | None:
    """When the clock does something of which somebody hears, and what."""
    alone = msgspec.structs.replace(snapshot, deadlines=(deadline,))
    future = _Future(alone, rulebook, policy)
    for _ in range(_STEPS_AT_MOST):
        one = future.next(_EVER)
        if one is None or one.key != deadline.key or one.next_ring is None:
            return None
        moment = max(one.next_ring, now)
        said = _step(one, future.ring(one, moment))
        if said:
            return moment, said
    return None


def _step(one: Deadline, decision: Decision) -> Reason | None:
    if _is_missed(one, decision):
        return reason("step_missed")
    mails = [effect for effect in decision.effects if isinstance(effect, SendMail)]
    told = [effect.reason.code for effect in decision.effects if isinstance(effect, TellOperator)]
    if mails:
        return reason("mail_foreseen", template=mails[0].occasion)
    return reason("step_cancel" if "cancellation_proposed" in told else "step_operator") if told else None
