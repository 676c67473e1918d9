"""A deadline that must be looked at: reminders before, what follows when it is missed, reminders after."""

from datetime import datetime

import msgspec

from daemon.deciding import inquiries, letters, problems
from daemon.deciding.clocks import Bell, bells
from daemon.deciding.draft import Draft
from daemon.deciding.orders import shipper_of
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState, order_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import InquiryId, OrderKey
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Order
from daemon.domain.policy import Policy
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.rules.deadlines import DeadlineRule, Missed
from daemon.rules.rulebook import Rulebook

JOB = "deadline"


def lookup(deadline: Deadline) -> Lookup:
    """The one order or inquiry that the deadline is about."""
    kind, _, subject = deadline.subject.partition(":")
    if kind == "order":
        return Lookup(orders=(OrderKey(subject),))
    return Lookup(inquiries=(InquiryId(subject),))


def decide(deadline: Deadline, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime) -> Decision:
    """Everything whose time has come, of several reminders only the latest; then the time of the next look."""
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=f"{JOB} {deadline.kind}")
    rule = rulebook.deadline(deadline.kind)
    subject = lookup(deadline)
    order = draft.order(subject.orders[0]) if subject.orders else None
    inquiry = draft.inquiry(subject.inquiries[0]) if subject.inquiries else None
    if rule is None or (order is None and inquiry is None):
        draft.put_deadline(msgspec.structs.replace(deadline, state=DeadlineState.DROPPED, next_ring=None))
        return draft.seal(Disposition.DONE)
    market = order.market if order else inquiries.market_of(draft, inquiry) if inquiry else ""
    ahead = bells(rule, deadline.due, market)
    come = [bell for bell in ahead[deadline.step :] if bell.at <= now]
    step = deadline.step + len(come)
    missed = deadline.state is DeadlineState.MISSED or any(bell.ring is None for bell in come)
    draft.put_deadline(
        msgspec.structs.replace(
            deadline,
            state=DeadlineState.MISSED if missed else deadline.state,
            step=step,
            next_ring=ahead[step].at if step < len(ahead) else None,
        )
    )
    Rung(draft, deadline, rule, order, inquiry).ring(come, step)
    return draft.seal(Disposition.DONE)


class Rung:
    """The bells of one deadline whose time has come."""

    def __init__(
        self, draft: Draft, deadline: Deadline, rule: DeadlineRule, order: Order | None, inquiry: Inquiry | None
    ) -> None:
        self._draft = draft
        self._deadline = deadline
        self._rule = rule
        self._order = order
        self._inquiry = inquiry
        self._about = (order.number,) if order else (inquiry.id,) if inquiry else ()

    def ring(self, come: list[Bell], step: int) -> None:
        for one in self._about:
            self._draft.concern(one)
        if any(bell.ring is None for bell in come):
            self._missed()
        reminders = [bell.ring for bell in come if bell.ring and bell.ring.template]
        latest = reminders[-1] if reminders else None
        if latest and latest.template:
            self._remind(latest.template, step)
        if any(bell.ring and bell.ring.operator for bell in come):
            self._tell("deadline_watch", step)

    def _tell(self, code: str, step: int) -> None:
        deadline = self._deadline
        what = reason(code, kind=deadline.kind, about=", ".join(self._about), due=deadline.due.isoformat())
        self._draft.tell_operator(f"{code}:{deadline.key}:{step}", what, self._about)

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

    def _reminder(self) -> str:
        named = [ring.template for ring in self._rule.rings if ring.template]
        return named[-1] if named else "reminder-ship"

    def _delay(self) -> None:
        """A missed ship deadline is a delay, detected when it was missed (contract §5)."""
        order, deadline = self._order, self._deadline
        if order is None or deadline.kind is not DeadlineKind.SHIP:
            return
        today = self._draft.now.date()
        told = any(
            one.kind is ProblemKind.DELAY and not one.resolved_at and one.new_date and one.new_date >= today
            for one in order.problems
        )
        if not told:
            problems.report(self._draft, order, ProblemKind.DELAY, None, deadline.due)

    def _expire(self) -> None:
        if self._inquiry and not self._inquiry.state.over:
            expired = inquiries.enter(self._draft, self._inquiry, InquiryState.EXPIRED)
            inquiries.tell_merchant(self._draft, expired)

    def _remind(self, template: str, step: int) -> None:
        draft = self._draft
        if self._order:
            order = draft.order(self._order.key) or self._order
            partner = shipper_of(draft, order)
            if partner is None or not partner.address or order.silent:
                return
            if self._deadline.kind is DeadlineKind.IMEI:
                letters.imei_reminder(draft, order, partner, step=step, template=template)
            else:
                overdue = draft.now > self._deadline.due
                letters.ship_reminder(draft, order, partner, step=step, overdue=overdue, template=template)
            draft.note(order_subject(order.key), reason("reminded", template=template), at=draft.now)
        elif self._inquiry and not self._inquiry.state.over:
            _remind_fulfiller(draft, self._inquiry, template, step)


def _remind_fulfiller(draft: Draft, inquiry: Inquiry, template: str, step: int) -> None:
    fulfiller, merchant = draft.rulebook.partner(inquiry.fulfiller), draft.rulebook.partner(inquiry.merchant)
    if fulfiller is None or not fulfiller.address:
        return
    draft.send(
        SendMail(
            key=f"{template}:{inquiry.id}:{step}",
            template=template,
            to=fulfiller.address,
            language=fulfiller.language,
            conversation=inquiries.conversation_name(inquiry, fulfiller),
            about=(inquiry.id,),
            partner=fulfiller.id,
            collapse=f"{template}:{inquiry.id}",
            data={
                "partner": {"name": fulfiller.name},
                "inquiry": {
                    "id": inquiry.id,
                    "sent_at": inquiry.sent_at.isoformat(),
                    "warehouse": inquiries.warehouse_of(fulfiller, inquiry.warehouse),
                },
                "merchant": {"name": merchant.name if merchant else inquiry.merchant},
            },
        )
    )
