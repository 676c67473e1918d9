"""Spans of time as the trade counts them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.calendar import _MARKETS, add_working_days, after, is_working_day, local_day, market_tag, market_zone
from daemon.domain.policy import BusinessHours, TimeUnit


@pytest.mark.parametrize(
    ("start", "amount", "unit", "market", "end"),
    [
        ("2026-11-25T10:00:00+00:00", 2, TimeUnit.WORKING_DAYS, "de-DE", "2026-11-27T23:59:59+01:00"),
        ("2026-11-27T10:00:00+00:00", 1, TimeUnit.WORKING_DAYS, "de-DE", "2026-11-30T23:59:59+01:00"),
        ("2026-11-28T10:00:00+00:00", 1, TimeUnit.WORKING_DAYS, "de-DE", "2026-11-30T23:59:59+01:00"),
        ("2026-12-23T10:00:00+00:00", 2, TimeUnit.WORKING_DAYS, "de-DE", "2026-12-28T23:59:59+01:00"),
        ("2026-11-10T10:00:00+00:00", 1, TimeUnit.WORKING_DAYS, "pl-PL", "2026-11-12T23:59:59+01:00"),
        ("2026-11-25T10:00:00+00:00", 3, TimeUnit.DAYS, "de-DE", "2026-11-28T23:59:59+01:00"),
        ("2026-11-25T10:00:00+00:00", 36, TimeUnit.HOURS, "en-GB", "2026-11-26T22:00:00+00:00"),
        # Friday at four: one hour of work is left, and seven on Monday; nine to five in the market's own time.
        ("2026-11-27T15:00:00+00:00", 8, TimeUnit.WORKING_HOURS, "de-DE", "2026-11-30T16:00:00+01:00"),
        ("2026-11-27T22:00:00+00:00", 8, TimeUnit.WORKING_HOURS, "de-DE", "2026-11-30T17:00:00+01:00"),
        ("2026-12-24T09:00:00+00:00", 24, TimeUnit.WORKING_HOURS, "de-DE", "2026-12-30T10:00:00+01:00"),
        ("2026-11-30T09:00:00+00:00", -2, TimeUnit.WORKING_HOURS, "de-DE", "2026-11-27T16:00:00+01:00"),
        ("2026-11-28T09:00:00+00:00", -2, TimeUnit.WORKING_HOURS, "de-DE", "2026-11-27T15:00:00+01:00"),
        # Late on Wednesday in London is already Thursday in Berlin.
        ("2026-11-25T23:30:00+00:00", 1, TimeUnit.DAYS, "de-DE", "2026-11-27T23:59:59+01:00"),
    ],
)
def test_a_span_ends_where_the_trade_says(start: str, amount: int, unit: TimeUnit, market: str, end: str) -> None:
    assert after(datetime.fromisoformat(start), amount, unit, market).isoformat() == end


def test_working_hours_are_those_of_the_house() -> None:
    long = BusinessHours(opens=time(8, 30), closes=time(20))
    start = datetime.fromisoformat("2026-11-27T19:00:00+01:00")
    assert after(start, 2, TimeUnit.WORKING_HOURS, "de-DE", long).isoformat() == "2026-11-30T09:30:00+01:00"


@pytest.mark.parametrize("night", ["2026-03-28T12:00:00+01:00", "2026-10-24T12:00:00+02:00"])
def test_24_hours_are_24_real_hours_on_both_nights_of_the_clock_change(night: str) -> None:
    start = datetime.fromisoformat(night)
    assert after(start, 24, TimeUnit.HOURS, "de-DE").astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)


@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)), st.integers(1, 30))
def test_so_many_working_days_later_lie_exactly_so_many_working_days(day: date, amount: int) -> None:
    end = add_working_days(day, amount, "DE")
    between = [day + timedelta(days=one) for one in range(1, (end - day).days + 1)]
    assert sum(is_working_day(one, "DE") for one in between) == amount
    assert is_working_day(end, "DE")


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("de-DE", "de-DE"),
        ("DE", "de-DE"),
        ("at", "de-AT"),
        ("en_GB", "en-GB"),
        ("fr-CH", "fr-CH"),
        ("XX", None),
        ("", None),
    ],
)
def test_a_market_is_completed_from_its_country(text: str, tag: str | None) -> None:
    assert market_tag(text) == tag


def test_the_day_of_a_moment_is_the_markets_own() -> None:
    moment = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert local_day(moment, "de-DE") == date(2026, 11, 26)
    assert local_day(moment, "en-GB") == date(2026, 11, 25)
    assert market_zone("xx-XX").key == "UTC"


def test_every_market_that_is_known_has_a_time_zone() -> None:
    assert all(market_tag(country) and market_zone(f"x-{country}").key != "UTC" for country in _MARKETS)
