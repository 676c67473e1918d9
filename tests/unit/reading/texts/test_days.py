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


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"Gestern kam die Ware, heute ging sie raus: {DHL_NUMBER}", 25),
        (f"Ihre Bestellung vom 24.11. haben wir heute verschickt: {DHL_NUMBER}", 25),
        (f"Am 23.11. bestellt, gestern verschickt, {DHL_NUMBER}", 24),
        (f"Danke für die Mail von gestern. Verschickt: {DHL_NUMBER}", None),
        (f"Das Paket ist seit gestern bei DHL, {DHL_NUMBER}", 24),
        (f"{DHL_NUMBER} am 24. verschickt", 24),
        (f"Pris en charge par DHL le 24, {DHL_NUMBER}", 24),
        (f"De 24e opgehaald door DHL, {DHL_NUMBER}", 24),
        (f"Ist raus und am 27.11. beim Kunden, {DHL_NUMBER}", None),
        (f"Die Nummern von heute: {DHL_NUMBER}", 25),
    ],
)
def test_a_parcel_has_the_day_of_its_own_clause_or_that_of_a_dispatch(text: str, day: int | None) -> None:
    assert [one and one.day for one in _days(text)] == [day]


def test_as_many_days_as_numbers_go_with_them_in_their_order() -> None:
    text = f"A-1001 ging gestern raus, {DHL_NUMBER}, A-1002 heute, {UPS_NUMBER}"
    assert [day and day.day for day in _days(text, "A-1001", "A-1002")] == [24, 25]


def test_a_column_of_days_is_what_its_head_says() -> None:
    rows = f"A-1001  24.11.2026  {DHL_NUMBER}\nA-1002  25.11.2026  {UPS_NUMBER}"
    assert [day and day.day for day in _days(f"Auftrag  Versanddatum  Sendung\n{rows}", "A-1001", "A-1002")] == [24, 25]
    assert _days(f"Auftrag  Bestelldatum  Sendung\n{rows}", "A-1001", "A-1002") == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        f"Gestern oder heute verschickt {DHL_NUMBER}",
        f"Shipped two days ago {DHL_NUMBER}",
        f"{DHL_NUMBER} am 2. verschickt",
        f"Am 24. bestellt und verschickt {DHL_NUMBER}",
        f"Verschickt am 27.11.2026: {DHL_NUMBER}",
        f"Ist am 31.11. raus, {DHL_NUMBER}",
        f"Consegnata a DHL il 27/11/2026 {DHL_NUMBER}",
        f"Ist am 26.11. raus, {DHL_NUMBER}",
        f"Ging Anfang der Woche raus, {DHL_NUMBER}",
        f"Went out the other day, {DHL_NUMBER}",
        f"Die Nummern von Montag:\n{DHL_NUMBER}",
        f"Last week's numbers:\n{DHL_NUMBER}",
        f"Consegnata venerdì 27, DHL {DHL_NUMBER}",
        f"Livrée lundi 23, DHL {DHL_NUMBER}",
        f"Delivered on Monday, DHL {DHL_NUMBER}",
        f"Spedita venerdì 27 con DHL {DHL_NUMBER}",
        f"Wysłano w piątek 27, DHL {DHL_NUMBER}",
    ],
)
def test_a_day_that_nobody_can_tell_holds_the_mail(text: str) -> None:
    assert _unclear(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Verschickt {DHL_NUMBER}, Zustellung am 27.11.2026",
        f"Versendet mit Rechnung vom 27.11.2026, {DHL_NUMBER}",
        f"Spedita con DHL {DHL_NUMBER} e consegnata al cliente il 27/11/2026",
        f"Verschickt am 24.11.2026: {DHL_NUMBER}",
        f"Sera livrée vendredi 27, DHL {DHL_NUMBER}",
        f"Consegnata a DHL lunedì 23, {DHL_NUMBER}",
        f"Spedita lunedì 23 con DHL {DHL_NUMBER}",
    ],
)
def test_a_day_to_come_that_is_none_of_dispatch_holds_nothing(text: str) -> None:
    assert not _unclear(text)


@pytest.mark.parametrize("text", [f"Versand am 27.11.: {DHL_NUMBER}", f"{DHL_NUMBER}\nAbholung am 26.11."])
def test_a_number_of_what_is_still_to_leave_is_said_so(text: str) -> None:
    found = found_in(text, context("A-1001"))
    assert [one.statement for one in found if isinstance(one, Said)] == [Statement.WILL_SHIP]


@pytest.mark.parametrize(("text", "held"), [(f"IBAN und {IMEI}1", False), (f"Kundennummer {DHL_NUMBER}", True)])
def test_a_right_number_that_nothing_took_is_shown_to_a_person(text: str, held: bool) -> None:
    assert _unclear(text) is held


@pytest.mark.parametrize(
    "text", ["gestern ging das letzte über die Theke", "sold the last one over the counter yesterday"]
)
def test_the_day_of_a_sale_is_none_of_dispatch(text: str) -> None:
    assert _days(f"Handy ist weg, DHL {DHL_NUMBER}. Tablet leider aus, {text}") == [None]
