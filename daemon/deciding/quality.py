"""Quality figures out of orders and stock reports, by the definitions in `rules/quality.yaml`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from daemon.domain.calendar import market_zone
from daemon.domain.identifiers import PartnerId
from daemon.domain.order import Order
from daemon.domain.problem import Problem
from daemon.domain.quality import Figure, FigureState
from daemon.domain.shipment import Shipment
from daemon.domain.stock import StockReported
from daemon.rules.quality import Counted, Matching, MetricRule

_DAY = timedelta(days=1)
_EXACT = Decimal("0.0001")

Tally = dict[PartnerId | None, tuple[int, int]]
"""Per seller, and under None for all: how many match, and of how many."""


def figures(
    orders: Iterable[Order],
    reports: Sequence[StockReported],
    metrics: Sequence[MetricRule],
    zones: Mapping[PartnerId, ZoneInfo],
    now: datetime,
) -> tuple[Figure, ...]:
    """Every metric of every seller and of all together, metric by metric, all together first.

    `zones` are the sellers' time zones, in which their days are counted; a seller without one counts in his market's.
    """
    tallies: list[Tally] = [{None: (0, 0)} for _ in metrics]
    for rule, tally in zip(metrics, tallies, strict=True):
        if rule.among == "stock_days":
            _count(tally, _stock_days(reports, zones, now - timedelta(days=rule.window), now))
    for order in orders:
        for rule, tally in zip(metrics, tallies, strict=True):
            if not order.silent and rule.among != "stock_days":
                _count(tally, _of_order(order, rule, zones, now))
    return tuple(
        _figure(rule, who, *tally[who])
        for rule, tally in zip(metrics, tallies, strict=True)
        for who in sorted(tally, key=lambda who: who or "")
    )


def _count(tally: Tally, found: Iterable[tuple[PartnerId, bool]]) -> None:
    for seller, matches in found:
        for who in (None, seller):
            numerator, denominator = tally.get(who, (0, 0))
            tally[who] = (numerator + matches, denominator + 1)


def _figure(rule: MetricRule, seller: PartnerId | None, numerator: int, denominator: int) -> Figure:
    share = Decimal(numerator) / denominator if denominator else None
    return Figure(
        seller=seller,
        metric=rule.metric,
        numerator=numerator,
        denominator=denominator,
        value=None if share is None else share.quantize(_EXACT, ROUND_HALF_EVEN),
        threshold=rule.threshold,
        good=rule.good,
        state=FigureState.TOO_FEW if share is None or denominator < rule.at_least else _judged(rule, share),
    )


def _judged(rule: MetricRule, share: Decimal) -> FigureState:
    """What is just on the threshold or on the warning is still on its good side."""
    sign = 1 if rule.good == "below" else -1
    if sign * share > sign * rule.threshold:
        return FigureState.BREACHED
    return FigureState.WARNING if sign * share > sign * rule.warn else FigureState.OK


def _of_order(
    order: Order, rule: MetricRule, zones: Mapping[PartnerId, ZoneInfo], now: datetime
) -> Iterator[tuple[PartnerId, bool]]:
    """Everything of one order that counts within the window, with its seller and whether it matches."""
    since = now - timedelta(days=rule.window)
    for at, matches in _AMONG[rule.among](order, rule.count, zones, now):
        if since < at <= now:
            yield order.seller or order.shipper, matches


_Found = Iterable[tuple[datetime, bool]]


def _orders_due(order: Order, _count: Matching, _zones: Mapping[PartnerId, ZoneInfo], now: datetime) -> _Found:
    """Orders by the time they had to leave; one that was canceled before is not late."""
    due = order.ship_by
    if due is None or (order.canceled_at and order.canceled_at <= due):
        return
    yield due, (order.shipped_at or now) > due


def _orders_released(order: Order, count: Matching, _zones: Mapping[PartnerId, ZoneInfo], now: datetime) -> _Found:
    if order.released_at is None:
        return
    if count == "canceled":
        yield order.released_at, any(line.canceled for line in order.lines)
        return
    answers = [
        *([order.acknowledged_at] if order.acknowledged_at else []),
        *(shipment.entered_at for shipment in order.shipments),
        *(problem.detected_at for problem in order.problems),
    ]
    last = order.released_at + _DAY
    in_time = any(answer <= last for answer in answers)
    if in_time or last < now:
        yield order.released_at, in_time


def _parcels(order: Order, count: Matching, zones: Mapping[PartnerId, ZoneInfo], _now: datetime) -> _Found:
    zone = zones.get(order.shipper) or market_zone(order.market)
    for shipment in order.shipments:
        if count == "traceable":
            yield shipment.entered_at, shipment.tracking_url is not None
        else:
            yield shipment.entered_at, _on_the_day(shipment, zone)


def _on_the_day(shipment: Shipment, zone: ZoneInfo) -> bool:
    return shipment.entered_at.astimezone(zone).date() <= shipment.shipped_on


def _devices(order: Order, _count: Matching, _zones: Mapping[PartnerId, ZoneInfo], _now: datetime) -> _Found:
    """Devices by the entry of the last parcel of their line; the first so many of a line are those that are named."""
    for line in order.lines:
        entered = [one.entered_at for one in order.shipments if any(part.line == line.line for part in one.lines)]
        if line.imei_required and entered:
            for place in range(line.shipped):
                yield max(entered), place < len(line.devices)


def _problems(order: Order, _count: Matching, _zones: Mapping[PartnerId, ZoneInfo], now: datetime) -> _Found:
    """Problems whose day is over, or that the buyer knows of; what resolved itself before is none to tell."""
    for problem in order.problems:
        last = problem.detected_at + _DAY
        if _told(problem, last) or last < now:
            resolved = problem.resolved_at is not None and problem.resolved_at <= last
            if not resolved or problem.buyer_notified_at:
                yield problem.detected_at, _told(problem, last)


def _told(problem: Problem, last: datetime) -> bool:
    return problem.buyer_notified_at is not None and problem.buyer_notified_at <= last


_AMONG: dict[Counted, Callable[[Order, Matching, Mapping[PartnerId, ZoneInfo], datetime], _Found]] = {
    "orders_due": _orders_due,
    "orders_released": _orders_released,
    "parcels": _parcels,
    "devices_shipped": _devices,
    "problems": _problems,
}


def _stock_days(
    reports: Sequence[StockReported], zones: Mapping[PartnerId, ZoneInfo], since: datetime, now: datetime
) -> Iterator[tuple[PartnerId, bool]]:
    """Every whole day since a seller's first list, up to yesterday."""
    by_seller: dict[PartnerId, list[datetime]] = {}
    for report in reports:
        by_seller.setdefault(report.partner, []).append(report.at)
    for seller, moments in by_seller.items():
        zone = zones.get(seller, ZoneInfo("UTC"))
        days = {moment.astimezone(zone).date() for moment in moments}
        day = max(min(days), since.astimezone(zone).date() + _DAY)
        while day < now.astimezone(zone).date():
            yield seller, day in days or day - _DAY in days
            day += _DAY
