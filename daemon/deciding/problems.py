"""What keeps an order from leaving in time: recorded, told to the buyer, and watched for 24 hours."""

from collections.abc import Sequence
from datetime import date, datetime, time

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.orders import not_open, order_event
from daemon.domain.calendar import market_zone
from daemon.domain.deadline import Deadline, DeadlineKind, order_subject
from daemon.domain.order import Order, OrderState
from daemon.domain.problem import Problem, ProblemKind
from daemon.domain.reason import Reason, reason


def report(draft: Draft, order: Order, kind: ProblemKind, until: date | None, detected_at: datetime) -> Reason | None:
    """Record a problem, tell the buyer, start the notice clock; `already_recorded` when it was known, or why not."""
    doubt = not_open(order)
    if doubt:
        return doubt
    if order.state is OrderState.SHIPPED:
        return reason("problem_after_dispatch", order=order.number)
    if known(order, kind, until):
        return reason("already_recorded", value=kind)
    _record(draft, order, Problem(kind=kind, detected_at=detected_at, new_date=until))
    return None


def late_again(draft: Draft, order: Order, promised: datetime) -> None:
    """What was to leave on a new day has not left on it either, be it known to be late already."""
    if order.can_ship:
        _record(draft, order, Problem(kind=ProblemKind.DELAY, detected_at=promised))


def promised(order: Order, clock: Deadline) -> datetime | None:
    """The end of the new day that was named last, where the order is to leave later than its clock ends."""
    days = [one.new_date for one in order.problems if one.new_date and not one.resolved_at]
    if clock.kind is not DeadlineKind.SHIP or not days:
        return None
    end = datetime.combine(days[-1], time(23, 59, 59), market_zone(order.market))
    return end if end > clock.due else None


def _record(draft: Draft, order: Order, problem: Problem) -> None:
    kind, until, detected_at = problem.kind, problem.new_date, problem.detected_at
    order = msgspec.structs.replace(order, problems=(*order.problems, problem))
    draft.put_order(order)
    what = reason("problem_recorded", kind=kind, until=until) if until else reason("problem_undated", kind=kind)
    draft.note(order_subject(order.key), what)
    if order.silent:
        return
    order_event(draft, order, "problem_found", at=detected_at)
    letters.problem_to_buyer(draft, order, problem)
    for clock in draft.deadlines(DeadlineKind.SHIP, order_subject(order.key)):
        if clock.next_ring is None and (end := promised(order, clock)):
            # All that could be asked of him has been; on the new day it is looked at again.
            draft.put_deadline(msgspec.structs.replace(clock, next_ring=end))


def known(order: Order, kind: ProblemKind, until: date | None) -> Problem | None:
    """The same problem with the same new date, if it is recorded and not over."""
    same = (one for one in order.problems if one.kind is kind and one.new_date == until and not one.resolved_at)
    return next(same, None)


def told_elsewhere(draft: Draft, order: Order) -> Reason | None:
    """Somebody else has told the buyer, as platforms want it that forbid automatic mails."""
    if not any(one.buyer_notified_at is None and not one.resolved_at for one in order.problems):
        return reason("nothing_to_tell", order=order.number)
    told = tuple(
        one if one.buyer_notified_at else msgspec.structs.replace(one, buyer_notified_at=draft.at)
        for one in order.problems
    )
    order = msgspec.structs.replace(order, problems=told)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("buyer_told_elsewhere"))
    order_event(draft, order, "buyer_told")
    return None


def notified(draft: Draft, order: Order, key: str) -> None:
    """The buyer's notice with that key has been accepted by his server: the clock of that problem stops.

    Of several delays he is told the latest alone, and then knows as much of those before.
    """
    heard = [place for place, one in enumerate(order.problems) if _notice_key(order, one) == letters.first_key(key)]
    told = tuple(
        msgspec.structs.replace(one, buyer_notified_at=draft.at)
        if not one.buyer_notified_at and _is_said(order, place, heard)
        else one
        for place, one in enumerate(order.problems)
    )
    if told == order.problems:
        return
    order = msgspec.structs.replace(order, problems=told)
    draft.put_order(order)
    if all(one.buyer_notified_at or one.resolved_at for one in told):
        order_event(draft, order, "buyer_told")


def _is_said(order: Order, place: int, heard: Sequence[int]) -> bool:
    """Whether a problem is one of those that were heard of, or a delay before one of them."""
    delays = [one for one in heard if order.problems[one].kind is ProblemKind.DELAY]
    return place in heard or (order.problems[place].kind is ProblemKind.DELAY and place < max(delays, default=0))


def is_owed(order: Order, key: str) -> bool:
    """Whether the buyer still has to hear what the notice with that key says."""
    owed = [one for one in order.problems if not (one.buyer_notified_at or one.resolved_at)]
    return any(_notice_key(order, one) == letters.first_key(key) for one in owed)


def _notice_key(order: Order, problem: Problem) -> str:
    return letters.problem_key(order, problem.kind, problem.detected_at, problem.new_date)


def not_reached(draft: Draft, order: Order, template: str) -> None:
    """The notice came back from his server: the buyer knows nothing, and the clock of that problem runs on."""
    told = [
        one
        for one in order.problems
        if one.buyer_notified_at and not one.resolved_at and letters.problem_template(one.kind) == template
    ]
    if not told:
        return
    lost = told[-1]
    untold = tuple(
        msgspec.structs.replace(one, buyer_notified_at=None) if one is lost else one for one in order.problems
    )
    order = msgspec.structs.replace(order, problems=untold)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("buyer_not_reached", kind=lost.kind))
    order_event(draft, order, "problem_found", at=lost.detected_at)
