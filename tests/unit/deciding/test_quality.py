"""Quality figures, each counted by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from daemon.deciding.quality import figures
from daemon.domain.identifiers import Imei, LineId, PartnerId, TrackingNumber
from daemon.domain.order import Device, Order
from daemon.domain.problem import Problem, ProblemKind
from daemon.domain.quality import Figure, FigureState
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.domain.stock import StockReported
from daemon.rules.quality import Counted, Matching, MetricRule
from tests.support.builders import BOLT, DHL_NUMBER, IMEI_A, WEDNESDAY, line, order, phone

_NOW = WEDNESDAY + timedelta(days=10)
_BERLIN = ZoneInfo("Europe/Berlin")
_ACME = PartnerId("acme")


def _rule(among: Counted, count: Matching, **changes: Any) -> MetricRule:
    plain = MetricRule(
        metric="m",
        among=among,
        count=count,
        window=30,
        at_least=1,
        good="below",
        threshold=Decimal("0.5"),
        warn=Decimal("0.25"),
    )
    return msgspec.structs.replace(plain, **changes)


def _figure(rule: MetricRule, *orders: Order, reports: tuple[StockReported, ...] = (), now: datetime = _NOW) -> Figure:
    """The figure of all sellers together."""
    return figures(orders, reports, [rule], {_ACME: _BERLIN}, now)[0]


def _share(figure: Figure) -> tuple[int, int]:
    return figure.numerator, figure.denominator


def _parcel(
    entered: datetime, shipped_on: date, quantity: int = 1, url: str | None = "https://www.dhl.de/"
) -> Shipment:
    return Shipment(
        tracking_number=TrackingNumber(DHL_NUMBER),
        carrier="dhl",
        tracking_url=url,
        shipped_on=shipped_on,
        entered_at=entered,
        lines=(ShippedLine(line=LineId("1"), quantity=quantity),),
        because="a-1",
    )


def _shipped(number: str, at: datetime) -> Order:
    return order(number, line(shipped=1), shipments=(_parcel(at, at.astimezone(_BERLIN).date()),), shipped_at=at)


def test_an_order_is_late_when_it_left_after_its_time_or_has_not_left_yet() -> None:
    rule = _rule("orders_due", "dispatched_late")
    in_time = _shipped("A-1", WEDNESDAY + timedelta(days=1))
    late = _shipped("A-2", WEDNESDAY + timedelta(days=5))
    still_here = order("A-3")
    assert _share(_figure(rule, in_time, late, still_here)) == (2, 3)


def test_an_order_that_is_not_due_yet_or_was_canceled_before_is_not_counted() -> None:
    rule = _rule("orders_due", "dispatched_late")
    later = order("A-1", ship_by=_NOW + timedelta(hours=1))
    canceled = order("A-2", canceled_at=WEDNESDAY)
    assert _share(_figure(rule, later, canceled)) == (0, 0)


def test_what_lies_before_the_window_is_not_counted() -> None:
    rule = _rule("orders_due", "dispatched_late", window=7)
    assert _share(_figure(rule, order("A-1"))) == (0, 0)


def test_an_order_that_was_only_recorded_is_not_counted() -> None:
    assert _share(_figure(_rule("orders_due", "dispatched_late"), order("A-1", silent=True))) == (0, 0)


def test_every_seller_has_his_own_figure_beside_that_of_all() -> None:
    rule = _rule("orders_due", "dispatched_late")
    other = order("B-1", seller=BOLT.id, shipper=BOLT.id)
    found = figures([_shipped("A-1", WEDNESDAY), other], [], [rule], {}, _NOW)
    assert [(one.seller, *_share(one)) for one in found] == [(None, 1, 2), ("acme", 0, 1), ("bolt", 1, 1)]


@pytest.mark.parametrize(
    ("late", "good", "state"),
    [
        (1, "below", FigureState.OK),
        (2, "below", FigureState.WARNING),
        (3, "below", FigureState.BREACHED),
        (3, "above", FigureState.OK),
        (2, "above", FigureState.WARNING),
        (1, "above", FigureState.BREACHED),
    ],
)
def test_a_share_is_judged_against_warning_and_threshold(late: int, good: str, state: FigureState) -> None:
    bounds = {"below": ("0.6", "0.3"), "above": ("0.4", "0.6")}[good]
    rule = _rule("orders_due", "dispatched_late", good=good, threshold=Decimal(bounds[0]), warn=Decimal(bounds[1]))
    orders = [order(f"L-{at}") for at in range(late)] + [_shipped(f"A-{at}", WEDNESDAY) for at in range(4 - late)]
    # 1, 2 and 3 of 4
    assert _figure(rule, *orders).state is state


def test_a_share_just_on_the_threshold_is_not_breached() -> None:
    rule = _rule("orders_due", "dispatched_late", threshold=Decimal("0.5"), warn=Decimal("0.5"))
    assert _figure(rule, order("A-1"), _shipped("A-2", WEDNESDAY)).state is FigureState.OK


def test_too_few_are_not_judged() -> None:
    figure = _figure(_rule("orders_due", "dispatched_late", at_least=2), order("A-1"))
    assert figure.state is FigureState.TOO_FEW
    assert figure.value == Decimal("1.0000")


def test_nothing_to_count_has_no_value() -> None:
    figure = _figure(_rule("orders_due", "dispatched_late"))
    assert (figure.value, figure.state) == (None, FigureState.TOO_FEW)


def test_the_number_must_be_entered_on_the_day_of_dispatch_in_the_sellers_zone() -> None:
    rule = _rule("parcels", "entered_on_the_day_of_dispatch")
    dispatched = date(2026, 11, 25)
    before_midnight = _parcel(datetime(2026, 11, 25, 22, 59, tzinfo=UTC), dispatched)
    after_midnight = _parcel(datetime(2026, 11, 25, 23, 1, tzinfo=UTC), dispatched)
    assert _share(_figure(rule, order("A-1", shipments=(before_midnight,)))) == (1, 1)
    assert _share(_figure(rule, order("A-1", shipments=(after_midnight,)))) == (0, 1)


def test_a_parcel_without_a_link_cannot_be_followed() -> None:
    rule = _rule("parcels", "traceable")
    followed, lost = _parcel(WEDNESDAY, WEDNESDAY.date()), _parcel(WEDNESDAY, WEDNESDAY.date(), url=None)
    assert _share(_figure(rule, order("A-1", shipments=(followed, lost)))) == (1, 2)


def test_devices_that_have_left_are_counted_one_by_one() -> None:
    rule = _rule("devices_shipped", "named_by_imei")
    named = (Device(imei=Imei(IMEI_A), because="a-1"),)
    two = order(
        "A-1",
        phone(quantity=3, shipped=2, devices=named),
        shipments=(_parcel(WEDNESDAY, WEDNESDAY.date(), quantity=2),),
    )
    assert _share(_figure(rule, two)) == (1, 2)


def test_a_thing_without_a_modem_is_no_device() -> None:
    assert _share(_figure(_rule("devices_shipped", "named_by_imei"), _shipped("A-1", WEDNESDAY))) == (0, 0)


def _problem(told: timedelta | None = None, resolved: timedelta | None = None) -> Order:
    found = Problem(
        kind=ProblemKind.DELAY,
        detected_at=WEDNESDAY,
        buyer_notified_at=None if told is None else WEDNESDAY + told,
        resolved_at=None if resolved is None else WEDNESDAY + resolved,
    )
    return order("A-1", problems=(found,))


@pytest.mark.parametrize(
    ("problem", "share"),
    [
        (_problem(told=timedelta(hours=24)), (1, 1)),
        (_problem(told=timedelta(hours=25)), (0, 1)),
        (_problem(), (0, 1)),
        (_problem(resolved=timedelta(hours=3)), (0, 0)),
    ],
    ids=["in time", "late", "never", "gone before"],
)
def test_the_buyer_must_know_of_a_problem_within_24_hours(problem: Order, share: tuple[int, int]) -> None:
    assert _share(_figure(_rule("problems", "told_within_24_hours"), problem)) == share


def test_a_problem_of_this_morning_is_not_judged_before_its_day_is_over() -> None:
    figure = _figure(_rule("problems", "told_within_24_hours"), _problem(), now=WEDNESDAY + timedelta(hours=2))
    assert _share(figure) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({"acknowledged_at": WEDNESDAY}, (1, 1)),
        ({"acknowledged_at": WEDNESDAY + timedelta(days=2)}, (0, 1)),
        ({"shipments": (_parcel(WEDNESDAY, WEDNESDAY.date()),)}, (1, 1)),
        ({}, (0, 1)),
    ],
    ids=["confirmed", "too late", "shipped", "silent"],
)
def test_an_answer_is_a_confirmation_a_parcel_or_a_problem(changes: dict[str, Any], share: tuple[int, int]) -> None:
    assert _share(_figure(_rule("orders_released", "answered_within_a_day"), order("A-1", **changes))) == share


def test_a_canceled_line_makes_a_canceled_order() -> None:
    rule = _rule("orders_released", "canceled")
    partly = order("A-1", line("1", quantity=2, canceled=1), line("2"))
    assert _share(_figure(rule, partly, order("A-2"))) == (1, 2)


def test_stock_is_fresh_on_the_day_of_a_list_and_on_the_next() -> None:
    rule = _rule("stock_days", "stock_not_older_than_a_day", good="above")
    first = StockReported(partner=_ACME, at=WEDNESDAY)
    again = StockReported(partner=_ACME, at=WEDNESDAY + timedelta(days=4))
    # Wed and Thu by the first list, Sun and Mon by the second; Fri, Sat, Tue, Wed, Thu and Fri are stale
    assert _share(_figure(rule, reports=(first, again))) == (4, 10)
