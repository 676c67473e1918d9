"""On which day a parcel left, and numbers that nothing has taken."""

from datetime import date

import pytest

from daemon.domain.finding import Parcel, Said, Statement
from tests.unit.reading.sample import DHL_NUMBER, IMEI, UPS_NUMBER, context, found_in


def _days(text: str, *orders: str) -> list[date | None]:
    found = found_in(text, context(*orders) if orders else context("A-1001"))
    return [one.shipped_on for one in found if isinstance(one, Parcel)]


def _unclear(text: str) -> bool:
    found = found_in(text, context("A-1001"))
    return any(isinstance(one, Said) and one.statement is Statement.UNCLEAR for one in found)


def test_each_order_has_the_day_of_its_own_part() -> None:
    text = f"A-1001\nDHL {DHL_NUMBER}\nVersendet am: 20.11.2026\n\nA-1002\nUPS {UPS_NUMBER}\nVersendet am: 21.11.2026"
    assert [day.day for day in _days(text, "A-1001", "A-1002") if day] == [20, 21]


def test_the_day_of_the_order_is_none_of_dispatch() -> None:
    assert _days(f"Zu Ihrer Bestellung vom 20.11.2026: DHL {DHL_NUMBER}") == [None]


@pytest.mark.parametrize(("text", "held"), [(f"IBAN und {IMEI}1", False), (f"Kundennummer {DHL_NUMBER}", True)])
def test_a_right_number_that_nothing_took_is_shown_to_a_person(text: str, held: bool) -> None:
    assert _unclear(text) is held
