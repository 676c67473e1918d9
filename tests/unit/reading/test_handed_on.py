"""A carrier's mail that somebody hands on below his own words."""

import io
from datetime import date
from functools import cache

import pytest

from daemon.domain.finding import Parcel, Reading, Said, Statement
from daemon.reading.read import read
from daemon.rules.rulebook import Rulebook
from tests.unit.reading.sample import DHL_NUMBER, RECEIVED, arrival, context, shipped_rules

HEADS = {
    "gmail": "---------- Forwarded message ---------\nVon: {who}\nDate: {day}\nSubject: {what}\nTo: <a@b.example>\n\n\n"
    "{says}",
    "thunderbird": "-------- Weitergeleitete Nachricht --------\nBetreff: \t{what}\nDatum: \t{day}\nVon: \t{who}\n"
    "An: \ta@b.example\n\n\n\n{says}",
    "outlook": "Von: {who}\nGesendet: {day}\nAn: a@b.example\nBetreff: {what}\n\n{says}",
    "apple": "Anfang der weitergeleiteten Nachricht:\n\n> Von: {who}\n> Betreff: {what}\n> Datum: {day}\n"
    "> An: a@b.example\n> \n> {says}",
}
DHL = "DHL Paket <noreply@dhl.de>"
LEFT = f"Ihre Sendung {DHL_NUMBER} wurde eingeliefert."
DAY = f"{RECEIVED:%d.%m.%Y 12:10}"


@cache
def rules() -> Rulebook:
    return shipped_rules()


def reading_of(own: str, head: str = "outlook", who: str = DHL, day: str = DAY, **mail: str) -> Reading:
    below = HEADS[head].format(
        who=who, day=day, what=mail.get("what", "Ihre Sendung A-1001"), says=mail.get("says", LEFT)
    )
    raw = f"From: orders@acme.example\nContent-Type: text/plain; charset=utf-8\n\n{own}\n\n{below}\n".encode()
    return read(arrival(), io.BytesIO(raw), context("A-1001"), rules())


def parcels(reading: Reading) -> list[tuple[str, date | None]]:
    return [(one.number, one.shipped_on) for one in reading.findings if isinstance(one, Parcel)]


@pytest.mark.parametrize("head", HEADS)
def test_its_number_counts_whatever_program_handed_it_on(head: str) -> None:
    reading = reading_of("siehe unten", head)
    assert parcels(reading) == [(DHL_NUMBER, RECEIVED.date())]
    (parcel,) = [one for one in reading.findings if isinstance(one, Parcel)]
    assert parcel.evidence.where.startswith("attachment forwarded mail, mail text")


def test_it_left_on_the_day_of_the_carriers_mail() -> None:
    assert parcels(reading_of("siehe unten", day="Montag, 23. November 2026 17:10")) == [
        (DHL_NUMBER, date(2026, 11, 23))
    ]


def test_a_mail_that_names_no_order_counts_where_the_sender_says_that_it_left() -> None:
    assert parcels(reading_of("Ist heute raus.", what="Ihre Sendung"))
    assert not parcels(reading_of("Zur Info.", what="Ihre Sendung"))


@pytest.mark.parametrize(
    ("own", "mail"),
    [
        ("Ist heute raus.", {"what": "Ihre Sendung B-4711"}),
        ("Zur Info.", {"says": f"Ihre Sendung {DHL_NUMBER} wird heute zugestellt, A-1001."}),
        ("Ist heute raus.", {"who": "Petra <petra@acme.example>"}),
    ],
)
def test_the_number_of_another_order_of_nothing_that_left_or_of_a_colleague_does_not(
    own: str, mail: dict[str, str]
) -> None:
    assert not parcels(reading_of(own, **mail))


def test_what_the_carrier_has_not_got_yet_is_told() -> None:
    reading = reading_of("Ist heute raus.", says=f"Ihre Sendung {DHL_NUMBER} wurde uns angekündigt.")
    assert any(isinstance(one, Said) and one.statement is Statement.NOT_SHIPPED for one in reading.findings)
