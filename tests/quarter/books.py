"""The same quarter kept by hand: what has to come out, worked out from the script alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from tests.quarter.world import MARKETS, Placed, World

_END = time(23, 59, 59)
_WEEKEND = 5


@cache
def _free_days(country: str) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=(2026, 2027)))


def _is_free(day: date, country: str) -> bool:
    return day.weekday() >= _WEEKEND or day in _free_days(country)


def _working(day: date, amount: int, country: str) -> date:
    while amount:
        day += timedelta(days=1)
        amount -= not _is_free(day, country)
    return day


def due(order: Placed) -> datetime:
    """The end of the standard delivery time: so many working days after the order came in, at the market's midnight."""
    zone = ZoneInfo(MARKETS[order.seller.country])
    last = _working(order.placed_at.astimezone(zone).date(), order.handling_days, order.seller.country)
    return datetime.combine(last, _END, zone)


@dataclass(frozen=True)
class Fate:
    """What must be true of an order when the quarter is over."""

    deadline: str | None
    reminders: int
    delay_told: int


def fate(world: World, order: Placed, until: datetime) -> Fate:
    """The ship clock of an order: how it ends, how often its seller was reminded, how often its buyer was told."""
    if order.released is None:
        return Fate(None, 0, 0)
    released, end = world.moment(order.released), due(order)
    gone = world.moment(order.ships) if order.ships is not None else None
    zone = end.tzinfo
    country = order.seller.country
    # After its end it counts from the release where that is later.
    late = max(end, released).astimezone(zone).date()
    after = [datetime.combine(_working(late, days, country), _END, zone) for days in (1, 2, 3)]
    bells = [("reminder", end.astimezone(ZoneInfo("UTC")) - timedelta(hours=24)), ("due", end)]
    bells += [("reminder", one) for one in after] + [
        ("cancel", datetime.combine(_working(late, 5, country), _END, zone))
    ]
    # Reminders whose time had passed before the clock began are not sent; being due always counts.
    start = next(at for at, (kind, moment) in enumerate(bells) if moment > released or kind == "due")
    reminders = told = 0
    missed = False
    look = order.released
    place = start
    while place < len(bells) and look < world.looks and world.moment(look) <= until:
        now = world.moment(look)
        if gone is not None and gone <= now:
            break
        rung = [kind for kind, moment in bells[place:] if moment <= now]
        place += len(rung)
        reminders += "reminder" in rung
        if "due" in rung:
            missed = True
            told += 1
        look += 1
    if missed:
        state = "missed"
    elif gone is not None and gone <= until:
        state = "met" if gone <= end else "missed"
    else:
        state = "open"
    return Fate(state, reminders, told)


def figures(world: World, now: datetime) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of the figures of all sellers together, over the last 30 days."""
    since = now - timedelta(days=30)
    tally: Counter[str] = Counter()

    def count(metric: str, at: datetime, *, matches: bool) -> None:
        if since < at <= now:
            tally[metric, "of"] += 1  # type: ignore[index]
            tally[metric, "n"] += matches  # type: ignore[index]

    for order in world.orders:
        if order.released is None or world.moment(order.released) > now:
            continue
        released, end = world.moment(order.released), due(order)
        gone = world.moment(order.ships) if order.ships is not None and world.moment(order.ships) <= now else None
        count("late_dispatch_rate", end, matches=(gone or now) > end)
        count("cancellation_rate", released, matches=False)
        if gone:
            count("valid_tracking_rate", gone, matches=True)
            on_the_day = gone.astimezone(order.seller.zone).date() <= (order.shipped_on or date.max)
            count("tracking_same_day", gone, matches=on_the_day)
            if order.is_phone:
                named = order.names is not None and world.moment(order.names) <= now
                count("imei_completeness", gone, matches=named)
    return {str(metric): (tally[metric, "n"], tally[metric, "of"]) for metric in {key[0] for key in tally}}  # type: ignore[index]


def inquiry_states(world: World) -> Counter[str]:
    """How the inquiries end: answered with a contract and a confirmation, declined, expired, undeliverable."""
    ends: dict[str, Any] = {"yes": "active", "no": "declined", "nothing": "expired", "bounce": "undeliverable"}
    return Counter(ends[one.answer] for one in world.inquiries)
