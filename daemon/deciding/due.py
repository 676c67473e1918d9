"""A deadline that must be looked at: reminders before, what follows when it is missed, reminders after."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from daemon.deciding import inquiries, letters, problems
from daemon.deciding.clocks import Bell, bells
from daemon.deciding.draft import Draft
from daemon.deciding.reminders import Matter, Step, matter_of, remind
from daemon.domain.calendar import local_day
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState
from daemon.domain.decision import Decision, Disposition
from daemon.domain.identifiers import InquiryId, OrderKey, PartnerId, order_key
from daemon.domain.inquiry import InquiryState
from daemon.domain.order import OrderState
from daemon.domain.policy import Policy
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.rules.deadlines import DeadlineRule, Missed, Ring
from daemon.rules.rulebook import Rulebook

JOB = "deadline"


def lookup(deadline: Deadline) -> Lookup:
    """The one order, inquiry or partner that the deadline is about."""
    kind, _, subject = deadline.subject.partition(":")
    # One that pauses is not looked at while something is held.
    held = () if deadline.pauses else (order_key(subject),)
    if kind == "order":
        return Lookup(orders=(OrderKey(subject),), held=held)
    if kind == "partner":
        return Lookup(partners=(PartnerId(subject),), held=held)
    return Lookup(inquiries=(InquiryId(subject),), held=held)


def decide(deadline: Deadline, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime) -> Decision:
    """Everything whose time has come, of several reminders only the latest; then the time of the next look."""
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=f"{JOB} {deadline.kind}")
    rule, matter = rulebook.deadline(deadline.kind), matter_of(draft, deadline)
    if rule is None or matter is None:
        draft.put_deadline(msgspec.structs.replace(deadline, state=DeadlineState.DROPPED, next_ring=None, over=True))
        return draft.seal(Disposition.DONE)
    promised = problems.promised(matter.order, deadline) if matter.order else None
    waits = promised is not None and promised > now
    ahead = bells(rule, deadline.started, deadline.due, matter.calendar(rule), policy.business_hours)
    # Until the new day that he has named, and the buyer knows of, nobody is asked for it.
    come = [bell for bell in ahead[deadline.step :] if bell.at <= (min(now, deadline.due) if waits else now)]
    step = deadline.step + len(come)
    come = [bell for bell in come if bell.ring is None or not waits]
    missed = deadline.state is DeadlineState.MISSED or any(bell.ring is None for bell in come)
    following = ahead[step].at if step < len(ahead) else None
    if waits and promised and (following is None or following > deadline.due):
        following = max(following or promised, promised)
    draft.put_deadline(
        msgspec.structs.replace(
            deadline,
            state=DeadlineState.MISSED if missed else deadline.state,
            step=step,
            next_ring=following,
        )
    )
    rung = Rung(draft, deadline, rule, matter)
    rung.ring(come, step)
    if promised and not waits:
        rung.promise_broken(promised, [bell.ring for bell in come if bell.ring], step)
    return draft.seal(Disposition.DONE)


class Rung:
    """The bells of one deadline whose time has come."""

    def __init__(self, draft: Draft, deadline: Deadline, rule: DeadlineRule, matter: Matter) -> None:
        self._draft = draft
        self._deadline = deadline
        self._rule = rule
        self._matter = matter

    def ring(self, come: list[Bell], step: int) -> None:
        for one in self._matter.about:
            self._draft.concern(one)
        missed = any(bell.ring is None for bell in come)
        if missed:
            self._missed()
        rings = [bell.ring for bell in come if bell.ring]
        reminders = [ring for ring in rings if ring.template]
        latest = reminders[-1] if reminders else None
        if latest and latest.template:
            self._remind(latest.template, step, copy=latest.copy)
        told = missed and "operator" in self._rule.missed
        if any(ring.operator for ring in rings) and not told:
            is_past = self._deadline.due <= self._draft.now
            self._tell("deadline_overdue" if is_past else "deadline_watch", step)
        if any(ring.buyer for ring in rings):
            self._delay()
        if any(ring.propose_cancel for ring in rings):
            self._tell("cancellation_proposed", step)

    def _tell(self, code: str, step: int, *, promised: datetime | None = None) -> None:
        """Each step is told once, and each new day that has passed."""
        deadline = self._deadline
        what = reason(code, kind=deadline.kind, about=self._matter.name, due=(promised or deadline.due).isoformat())
        again = f":{promised.isoformat()}" if promised else ""
        self._draft.tell_operator(f"{code}:{deadline.key}:{step}{again}", what, self._matter.about)

    def _missed(self) -> None:
        self._draft.note(
            self._deadline.subject, reason("deadline_missed", kind=self._deadline.kind), at=self._draft.now
        )
        for consequence in self._rule.missed:
            self._follow(consequence)

    def _follow(self, consequence: Missed) -> None:
        match consequence:
            case "operator":
                self._tell("deadline_missed_about", 0)
            case "buyer":
                self._delay()
            case "expire":
                self._expire()
            case "remind":
                self._remind(self._reminder(), 0)
            case "propose_cancel":
                self._tell("cancellation_proposed", 0)

    def _reminder(self) -> str:
        named = [ring.template for ring in self._rule.rings if ring.template]
        return named[-1] if named else "reminder-ship"

    def promise_broken(self, promised: datetime, rings: Sequence[Ring], step: int) -> None:
        """The new day has passed as well: a delay again, of which buyer, operator and seller hear at once."""
        order = self._matter.order
        current = self._draft.order(order.key) or order if order else None
        if current is None or any(one.detected_at >= promised for one in current.problems):
            return
        problems.late_again(self._draft, current, promised)
        if not any(ring.operator for ring in rings):
            self._tell("deadline_overdue", step, promised=promised)
        if not any(ring.template for ring in rings):
            self._remind(self._reminder(), step, promised=promised)

    def _delay(self) -> None:
        """What has not left in time is a delay, detected when it was missed (contract §5)."""
        order, deadline = self._matter.order, self._deadline
        if order is None or order.state in {OrderState.SHIPPED, OrderState.CANCELED}:
            return
        today = local_day(self._draft.now, order.market)
        told = any(not one.resolved_at and one.new_date and one.new_date >= today for one in order.problems)
        if not told:
            # Of an order that was paid only after its time nobody could know sooner than when it was released.
            problems.report(self._draft, order, ProblemKind.DELAY, None, max(deadline.due, deadline.started))

    def _expire(self) -> None:
        inquiry = self._matter.inquiry
        if inquiry and not inquiry.state.over:
            inquiries.enter(self._draft, inquiry, InquiryState.EXPIRED)

    def _notice_is_on_its_way(self) -> bool:
        """Whether our own notice to the buyer leaves with the next mails, as after a downtime."""
        order = self._matter.order
        if order is None or self._deadline.kind is not DeadlineKind.BUYER_NOTICE:
            return False
        return bool(self._draft.queued(letters.notice_keys(order)))

    def _remind(self, template: str, step: int, *, copy: bool = False, promised: datetime | None = None) -> None:
        # What waits for a person may be just what he is asked for.
        if self._deadline.left_alone or self._draft.snapshot.held or self._notice_is_on_its_way():
            return
        now = matter_of(self._draft, self._deadline) or self._matter
        since, due = promised or self._deadline.started, self._deadline.due
        remind(self._draft, now, Step(template=template, number=step, since=since, due=due, copy=copy))
