"""Whose a number is: by its order and its article, beside it or above it, and where neither can tell."""

import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement
from daemon.reading.texts.text_findings import text_findings
from tests.unit.reading.sample import (
    DHL_NUMBER,
    DHL_OTHER,
    IMEI,
    IMEI_TWO,
    RECEIVED,
    UPS_NUMBER,
    context,
    found_in,
    shipped_rules,
)

TWO_ORDERS = context("A-1001", "A-1002")


def _owned(text: str, *orders: str) -> list[tuple[str | None, str]]:
    found = found_in(text, context(*orders) if orders else TWO_ORDERS)
    return [(one.order, one.number) for one in found if isinstance(one, Parcel)]


def _codes(found: tuple[Finding, ...]) -> set[str]:
    return {one.code for one in found if isinstance(one, Doubt)}


@pytest.mark.parametrize(
    "text",
    [
        f"A-1001\n{DHL_NUMBER}\nA-1002\n{DHL_OTHER}",
        f"A-1001: {DHL_NUMBER}\nA-1002: {DHL_OTHER}",
        f"{DHL_NUMBER} (A-1001), {DHL_OTHER} (A-1002)",
        f"Zu A-1001 und A-1002:\nA-1001: {DHL_NUMBER}\nA-1002: {DHL_OTHER}",
    ],
)
def test_each_number_is_of_the_order_beside_or_above_it(text: str) -> None:
    assert _owned(text) == [("A-1001", DHL_NUMBER), ("A-1002", DHL_OTHER)]


@pytest.mark.parametrize(
    "text",
    [
        f"{DHL_NUMBER}\nA-1001\n\n{DHL_OTHER}\nA-1002",
        f"Zu A-1001 und A-1002:\n{DHL_NUMBER}\nA-1001\n{DHL_OTHER}\nA-1002",
        f"A-1001\nA-1002\n{DHL_NUMBER}\n{DHL_OTHER}",
        f"A-1001 und A-1002:\n{DHL_NUMBER}\n{DHL_OTHER}",
        f"A-1001. A-1002. {DHL_NUMBER} {DHL_OTHER}",
    ],
)
def test_a_number_that_stands_before_or_apart_from_the_orders_is_nobodys(text: str) -> None:
    assert [order for order, _ in _owned(text) if order] == []


def test_one_number_below_two_orders_is_of_both() -> None:
    assert _owned(f"A-1001 und A-1002 zusammen:\n{DHL_NUMBER}") == [("A-1001", DHL_NUMBER), ("A-1002", DHL_NUMBER)]


def test_an_order_of_which_nothing_is_said_beside_another_that_left_holds_the_mail() -> None:
    found = found_in(f"A-1001: {DHL_NUMBER}\nA-1002: dito", TWO_ORDERS)
    assert [one.rule for one in found if isinstance(one, Said)] == ["order-left-over"]


def test_a_link_that_leads_to_another_number_holds_the_mail() -> None:
    found = found_in(f"{DHL_NUMBER}\nhttps://www.dhl.de/?piececode={DHL_OTHER}", context("A-1001"))
    assert [one.rule for one in found if isinstance(one, Said)] == ["link-of-another-number"]
    same = found_in(f"{DHL_NUMBER}\nhttps://www.dhl.de/?piececode={DHL_NUMBER}", context("A-1001"))
    assert not [one for one in same if isinstance(one, Said)]


# Lines of one order

_OURS = (
    "Position 1: 1 Stück, Apple iPhone 13\n    Artikelnummer: IP13-128\n"
    "Position 2: 1 Stück, Apple iPad 9\n    Artikelnummer: IPAD9-64\n"
    "Position 3: 3 Stück, USB-C Charger\n    Artikelnummer: USBC-20W\n"
)


def _lines(text: str) -> dict[str, list[str | None]]:
    found = found_in(text, context("A-1001", ours=(_OURS,)))
    lines: dict[str, list[str | None]] = {}
    for one in found:
        if isinstance(one, Parcel):
            lines.setdefault(one.number, []).append(one.line)
    return lines


@pytest.mark.parametrize(
    "text",
    [
        f"{DHL_NUMBER} ist das iPhone, {DHL_OTHER} das iPad",
        f"iPhone\n{DHL_NUMBER}\niPad\n{DHL_OTHER}",
        f"iPhone und iPad getrennt: {DHL_NUMBER} (iPhone), {DHL_OTHER} (iPad)",
        f"{DHL_NUMBER} Pos. 1\n{DHL_OTHER} Pos. 2",
        f"IP13-128 {DHL_NUMBER}\nIPAD9-64 {DHL_OTHER}",
    ],
)
def test_each_number_is_of_its_article(text: str) -> None:
    named = {
        number: [{"IP13-128": "1", "IPAD9-64": "2"}.get(one or "", one) for one in of]
        for number, of in _lines(text).items()
    }
    assert named == {DHL_NUMBER: ["1"], DHL_OTHER: ["2"]}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"Pos. 2+3: {DHL_NUMBER}", ["2", "3"]),
        (f"Das iPhone (IMEI {IMEI}) und das iPad (IMEI {IMEI_TWO}), {DHL_NUMBER}", ["1", "2"]),
        (f"iPhone und drei Charger: {DHL_NUMBER}", ["1", "3"]),
        (f"IMEI {IMEI} (iPhone), {DHL_NUMBER}", [None]),
        (f"iPhone {IMEI}, alles in einem Karton {DHL_NUMBER}", [None]),
    ],
)
def test_several_articles_lie_in_one_parcel(text: str, lines: list[str | None]) -> None:
    assert _lines(text) == {DHL_NUMBER: lines}


def test_the_rest_is_what_no_other_parcel_holds() -> None:
    assert _lines(f"iPhone mit {DHL_NUMBER}, Rest mit {UPS_NUMBER}") == {DHL_NUMBER: ["1"], UPS_NUMBER: ["2", "3"]}


@pytest.mark.parametrize(
    "text",
    [
        f"{DHL_NUMBER}\niPhone\n{DHL_OTHER}\niPad",
        f"iPhone: {DHL_NUMBER}\n{DHL_OTHER}",
        f"{DHL_NUMBER}\nInhalt: iPhone",
    ],
)
def test_a_number_of_which_nobody_says_what_it_holds_is_not_taken(text: str) -> None:
    assert "quantity_unclear" in _codes(found_in(text, context("A-1001", ours=(_OURS,))))


def test_an_imei_that_is_said_of_two_lines_is_of_none() -> None:
    found = found_in(f"Pos 1 IMEI {IMEI}\nPos 2 IMEI {IMEI}", context("A-1001", ours=(_OURS,)))
    assert not [one for one in found if isinstance(one, DeviceNamed)]
    assert _codes(found) == {"imei_named_twice"}


def test_a_small_number_before_an_article_counts_it() -> None:
    found = found_in(f"2 Charger {DHL_NUMBER}", context("A-1001", ours=(_OURS,)))
    assert [(one.line, one.quantity) for one in found if isinstance(one, Parcel)] == [("3", 2)]


def test_a_mail_that_counts_more_parcels_than_numbers_is_of_a_part() -> None:
    found = found_in(f"In zwei Paketen: {DHL_NUMBER}", context("A-1001"))
    assert [one.statement for one in found if isinstance(one, Said)] == [Statement.PARTIAL]


def test_a_sentence_that_begins_with_an_order_may_be_unclear_of_that_one_alone() -> None:
    rulebook = shipped_rules()
    for says, alone in {
        "Bei A-1002 gibt es leider ein Problem mit dem Lager.": True,
        "As for A-1002, we might have a problem.": True,
        "Pour la A-1002, nous avons malheureusement un souci au dépôt.": True,
        "Für A-1002 war das vielleicht, ich schaue nach.": False,
        "Sorry, ich meinte A-1002 und leider nichts anderes.": False,
        "A-1002 ist vielleicht besser.": False,
        "Bei A-1002 stimmt leider die Nummer oben nicht.": False,
        "Leider unklar, was mit A-1002 ist.": False,
        "A-1002 took its place on the van, unfortunately.": False,
    }.items():
        mail = Mail(sender="orders@acme.example", new_text=f"A-1001 ist heute raus, DHL {DHL_NUMBER}.\n{says}")
        found, _, _ = text_findings(mail, context("A-1001", "A-1002"), rulebook, RECEIVED.date())
        unclear = [one for one in found if isinstance(one, Said) and one.statement is Statement.UNCLEAR]
        assert {one.alone for one in unclear} == {alone}, says


def test_orders_on_lines_of_their_own_are_a_list() -> None:
    text = f"A-1001\nA-1002\nheute zusammen raus\nDHL {DHL_NUMBER}\nIMEI {IMEI}"
    found = found_in(text, TWO_ORDERS)
    assert [one.order for one in found if isinstance(one, Parcel)] == ["A-1001", "A-1002"]
    assert [one.among for one in found if isinstance(one, DeviceNamed)] == [("A-1001", "A-1002")]
    apart = found_in(f"A-1001\nfertig\nA-1002\nDHL {DHL_NUMBER}", TWO_ORDERS)
    assert not any(isinstance(one, Parcel) and one.order == "A-1001" for one in apart)
