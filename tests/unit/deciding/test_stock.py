"""Stock lists: the clock for the next one, and orders for what is not there."""

from datetime import timedelta

import msgspec
import pytest

from daemon.deciding import due, stock
from daemon.deciding.draft import Draft
from daemon.domain.deadline import DeadlineKind, DeadlineState, partner_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.finding import StockRow
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.policy import TimeUnit
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason
from daemon.domain.stock import StockLevel, stock_key
from daemon.rules.deadlines import DeadlineRule, Ring, Span
from tests.support.builders import ACME, NORD, POLICY, RULEBOOK, WEDNESDAY, evidence, line, order, snapshot, templates

_CLOCK = DeadlineRule(
    kind=DeadlineKind.STOCK,
    starts="stock_reported",
    calendar="partner",
    length=Span(amount=48, unit=TimeUnit.HOURS),
    met_by=("stock_reported",),
    rings=(Ring(after=Span(amount=24, unit=TimeUnit.HOURS), template="reminder-stock"),),
    missed=("operator",),
)
_RULES = msgspec.structs.replace(RULEBOOK, deadlines=(*RULEBOOK.deadlines, _CLOCK))


def _report(*rows: StockRow, before: Decision | None = None) -> Decision:
    state = snapshot(deadlines=before.deadlines if before else ())
    at = WEDNESDAY + timedelta(hours=20 if before else 0)
    draft = Draft(state, _RULES, POLICY, now=at, at=at, because="a-1")
    stock.take(draft, ACME, rows)
    return draft.seal(Disposition.DONE)


def _row(level: int, sku: str = "SKU-1", warehouse: str = "") -> StockRow:
    return StockRow(sku=sku, level=level, warehouse=warehouse, evidence=evidence(2))


def _level(level: int, warehouse: str = "") -> StockLevel:
    return StockLevel(
        partner=ACME.id, sku="SKU-1", warehouse=warehouse, level=level, at=WEDNESDAY - timedelta(days=1), because="a-0"
    )


def _arrives(one: Order, *levels: StockLevel) -> Decision:
    state = snapshot(one, stock={stock_key("acme", "SKU-1"): levels} if levels else {})
    draft = Draft(state, _RULES, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    stock.check(draft, one)
    return draft.seal(Disposition.DONE)


def test_a_list_is_kept_row_by_row_and_starts_the_clock_for_the_next() -> None:
    decision = _report(_row(14), _row(0, "CASE-13", "HH1"))
    assert [(one.sku, one.warehouse, one.level) for one in decision.stock] == [("SKU-1", "", 14), ("CASE-13", "HH1", 0)]
    assert [one.partner for one in decision.reports] == ["acme"]
    (clock,) = decision.deadlines
    assert (clock.subject, clock.due) == (partner_subject("acme"), WEDNESDAY + timedelta(hours=48))


def test_the_next_list_meets_the_clock_and_starts_it_anew() -> None:
    decision = _report(_row(13), before=_report(_row(14)))
    states = sorted((one.started, one.state) for one in decision.deadlines)
    assert states == [
        (WEDNESDAY, DeadlineState.MET),
        (WEDNESDAY + timedelta(hours=20), DeadlineState.OPEN),
    ]


def test_a_partner_who_stops_reporting_is_reminded_and_the_operator_told() -> None:
    (clock,) = _report(_row(14)).deadlines
    decision = due.decide(clock, snapshot(), _RULES, POLICY, WEDNESDAY + timedelta(hours=80))
    assert templates(decision) == ["reminder-stock"]
    assert any("deadline_missed_about" in one.key for one in decision.effects)


def test_an_order_for_what_is_not_there_has_a_problem_from_the_first_moment() -> None:
    decision = _arrives(order(), _level(0))
    (problem,) = decision.orders[0].problems
    assert (problem.kind, problem.detected_at) == (ProblemKind.OUT_OF_STOCK, WEDNESDAY)
    assert "buyer-out-of-stock" in templates(decision)


def test_an_order_for_what_is_there_or_was_never_reported_has_none() -> None:
    assert _arrives(order(), _level(1)).orders == ()
    assert _arrives(order()).orders == ()


def test_stock_in_any_warehouse_is_enough_unless_the_order_names_one() -> None:
    levels = (_level(0, "HH1"), _level(3, "B2"))
    assert _arrives(order(), *levels).orders == ()
    assert _arrives(order(warehouse="HH1"), *levels).orders != ()


def test_a_line_that_has_left_or_was_canceled_needs_no_stock() -> None:
    assert _arrives(order("A-1001", line(canceled=1)), _level(0)).orders == ()


def _of(partner: Partner, *rows: StockRow) -> tuple[Decision, dict[int, Reason]]:
    draft = Draft(snapshot(), _RULES, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    doubts = stock.take(draft, partner, rows)
    return draft.seal(Disposition.DONE), doubts


@pytest.mark.parametrize("named", ["nova", "NOVA", "nova handels gmbh"])
def test_a_fulfiller_may_name_whose_goods_he_counts(named: str) -> None:
    row = msgspec.structs.replace(_row(5), merchant=named)
    decision, doubts = _of(NORD, row, _row(9))
    assert [(one.merchant, one.level) for one in decision.stock] == [("nova", 5), ("", 9)]
    assert len({one.key for one in decision.stock}) == 2
    assert doubts == {}


def test_a_merchant_nobody_knows_holds_his_rows_and_no_others() -> None:
    decision, doubts = _of(NORD, _row(9), msgspec.structs.replace(_row(5), merchant="ABCD"))
    assert [one.level for one in decision.stock] == [9]
    assert {place: one.code for place, one in doubts.items()} == {1: "unknown_merchant"}


def test_a_seller_counts_for_himself_whatever_his_list_says() -> None:
    decision, doubts = _of(ACME, msgspec.structs.replace(_row(5), merchant="Acme"))
    assert [one.merchant for one in decision.stock] == [""]
    assert doubts == {}


@pytest.mark.parametrize(("theirs", "is_problem"), [(0, True), (3, False)])
def test_what_is_kept_for_the_merchant_counts_before_what_is_kept_for_nobody(theirs: int, is_problem: bool) -> None:
    one = order(merchant="nova", fulfiller=NORD.id, shipper=NORD.id)
    unnamed = msgspec.structs.replace(_level(0 if theirs else 8), partner=NORD.id)
    named = msgspec.structs.replace(unnamed, merchant="nova", level=theirs)
    state = snapshot(one, stock={level.key: (level,) for level in (unnamed, named)})
    draft = Draft(state, _RULES, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    stock.check(draft, one)
    problems = [problem for changed in draft.seal(Disposition.DONE).orders for problem in changed.problems]
    assert bool(problems) is is_problem
