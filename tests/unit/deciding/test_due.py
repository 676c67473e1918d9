"""Deadlines of orders: reminders before, the buyer told when one is missed, one mail after a long downtime."""

from datetime import datetime, timedelta

import msgspec

from daemon.deciding import due
from daemon.deciding.clocks import open_deadline
from daemon.domain.deadline import Deadline, DeadlineKind, DeadlineState
from daemon.domain.decision import Decision
from daemon.domain.effect import TellOperator
from daemon.domain.order import Order
from daemon.domain.policy import TimeUnit
from daemon.domain.problem import Problem, ProblemKind
from daemon.rules.deadlines import DeadlineRule, Ring, Span
from tests.support.builders import ACME, POLICY, RULEBOOK, WEDNESDAY, order, snapshot, templates


def ship_deadline(one: Order) -> Deadline:
    rule = RULEBOOK.deadline(DeadlineKind.SHIP)
    assert rule is not None
    opened = open_deadline(
        rule,
        f"order:{one.key}",
        started=WEDNESDAY,
        market=one.market,
        partner=ACME,
        due=one.ship_by,
        hours=POLICY.business_hours,
    )
    assert opened is not None
    return opened


def ring(deadline: Deadline, now: datetime, one: Order | None = None) -> Decision:
    return due.decide(deadline, snapshot(one or order()), RULEBOOK, POLICY, now)


def test_the_seller_is_reminded_a_day_before() -> None:
    opened = ship_deadline(order())
    assert opened.next_ring == opened.due - timedelta(hours=24)
    decision = ring(opened, opened.next_ring)
    assert templates(decision) == ["reminder-ship"]
    assert decision.deadlines[0].next_ring == opened.due
    assert decision.deadlines[0].state is DeadlineState.OPEN


def test_a_missed_deadline_is_a_delay_that_the_buyer_and_the_operator_hear_of() -> None:
    opened = ship_deadline(order())
    reminded = ring(opened, opened.due - timedelta(hours=24)).deadlines[0]
    decision = ring(reminded, reminded.due + timedelta(minutes=1))
    assert templates(decision) == ["buyer-delay"]
    assert decision.orders[0].problems[0].kind is ProblemKind.DELAY
    missed = next(one for one in decision.deadlines if one.kind == "ship")
    assert missed.state is DeadlineState.MISSED
    assert missed.next_ring is not None
    assert any(one.key.startswith("deadline_missed_about") for one in decision.effects)


def test_a_delay_that_was_announced_with_a_later_day_is_not_told_twice() -> None:
    opened = ship_deadline(order())
    told = Problem(
        kind=ProblemKind.DELAY,
        detected_at=WEDNESDAY,
        new_date=opened.due.date() + timedelta(days=3),
        buyer_notified_at=WEDNESDAY,
    )
    decision = ring(opened, opened.due + timedelta(minutes=1), order(problems=(told,)))
    assert "buyer-delay" not in templates(decision)


def test_after_a_long_downtime_only_the_latest_reminder_goes_out() -> None:
    opened = ship_deadline(order())
    decision = ring(opened, opened.due + timedelta(days=9))
    assert sorted(templates(decision)) == ["buyer-delay", "reminder-ship"]
    missed = next(one for one in decision.deadlines if one.kind == "ship")
    assert missed.next_ring is None


def test_a_reminder_whose_time_is_past_at_the_start_is_not_sent_after_the_fact() -> None:
    near = order(ship_by=WEDNESDAY + timedelta(hours=3))
    assert ship_deadline(near).next_ring == near.ship_by


def test_an_order_that_waited_beyond_its_end_is_reminded_of_only_at_the_next_bell() -> None:
    late = order(ship_by=WEDNESDAY - timedelta(hours=30))
    opened = ship_deadline(late)
    first = ring(opened, WEDNESDAY, late)
    assert templates(first) == ["buyer-delay"]
    assert any(one.key.startswith("deadline_missed_about") for one in first.effects)
    (delayed,) = first.orders
    assert [one.detected_at for one in delayed.problems] == [opened.started]


def test_a_deadline_about_something_gone_is_dropped() -> None:
    opened = msgspec.structs.replace(ship_deadline(order()), subject="order:gone")
    decision = ring(opened, opened.due)
    assert decision.deadlines[0].state is DeadlineState.DROPPED


def test_who_wants_no_more_mail_gets_no_reminder_but_the_buyer_and_the_operator_are_told_of_a_delay() -> None:
    left_alone = order(no_reminders_since=WEDNESDAY)
    opened = ship_deadline(left_alone)
    assert templates(ring(opened, opened.due - timedelta(hours=24), left_alone)) == []
    missed = ring(opened, opened.due + timedelta(days=9), left_alone)
    assert templates(missed) == ["buyer-delay"]
    assert any(one.key.startswith("deadline_missed_about") for one in missed.effects)


def test_the_operator_is_told_of_a_danger_before_the_end_and_of_what_is_overdue_after_it() -> None:
    hours = Span(amount=24, unit=TimeUnit.HOURS)
    ladder = (Ring(before=hours, operator=True), Ring(after=hours, operator=True))
    rule = DeadlineRule(kind=DeadlineKind.SHIP, starts="order_released", met_by=("order_shipped",), rings=ladder)
    rulebook = msgspec.structs.replace(RULEBOOK, deadlines=(rule,))
    near = ship_deadline(order())
    told = []
    for now in (near.due - timedelta(hours=1), near.due + timedelta(hours=25)):
        decision = due.decide(near, snapshot(order()), rulebook, POLICY, now)
        told += [one.reason.code for one in decision.effects if isinstance(one, TellOperator)]
        near = decision.deadlines[0]
    assert told == ["deadline_watch", "deadline_overdue"]


def test_what_is_found_long_overdue_is_told_once() -> None:
    hours = Span(amount=24, unit=TimeUnit.HOURS)
    ladder = (Ring(before=hours, operator=True), Ring(after=hours, operator=True))
    rule = DeadlineRule(
        kind=DeadlineKind.SHIP, starts="order_released", met_by=("order_shipped",), rings=ladder, missed=("operator",)
    )
    late = ship_deadline(order())
    rulebook = msgspec.structs.replace(RULEBOOK, deadlines=(rule,))
    decision = due.decide(late, snapshot(order()), rulebook, POLICY, late.due + timedelta(days=2))
    assert [one.reason.code for one in decision.effects if isinstance(one, TellOperator)] == ["deadline_missed_about"]
