"""Dates as people write them: what may mean two days is none."""

from datetime import date

import pytest

from daemon.reading.dates import days_in_one_piece, has_vague_day, past_days, promised_date, says_impossible_day
from daemon.reading.texts.promises import day_in

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("geht erst Montag raus", date(2026, 11, 30)),
        ("übermorgen", date(2026, 11, 27)),
        ("uebermorgen", date(2026, 11, 27)),
        ("wir versenden morgen", date(2026, 11, 26)),
        ("am 3.12. möglich", date(2026, 12, 3)),
        ("on 1 December", date(2026, 12, 1)),
        ("le 4 décembre", date(2026, 12, 4)),
        ("Montag nächster Woche", date(2026, 11, 30)),
        ("Freitag nächster Woche", date(2026, 12, 4)),
        ("next Friday", None),
        ("next Monday", date(2026, 11, 30)),
        ("Montag oder Dienstag", None),
        ("Ende der Woche", None),
        ("in KW 49", None),
        ("heute Morgen", None),
        ("esta mañana", None),
        ("mañana", date(2026, 11, 26)),
        ("manana", date(2026, 11, 26)),
        ("el jueves por la mañana", date(2026, 11, 26)),
        ("w srode 2.12", date(2026, 12, 2)),
        ("do piątku", date(2026, 11, 27)),
        ("lunedi", date(2026, 11, 30)),
        ("passa domani verso le 11", date(2026, 11, 26)),
        ("02-Dec-2026", date(2026, 12, 2)),
        ("Sat 28th", date(2026, 11, 28)),
        ("not before the 1st", date(2026, 12, 1)),
        ("on the 15th", date(2026, 12, 15)),
        ("on the 24th", None),
        ("after the Black Friday rush", None),
        ("grosse Bestellwelle zu Black Friday, Versand Montag", date(2026, 11, 30)),
        ("on the 2nd van", None),
        ("by the 2nd or 3rd", None),
        ("am 30. geht es raus", date(2026, 11, 30)),
        ("am 24.", None),
        ("am 2. Tag", None),
        ("on part le 27.", date(2026, 11, 27)),
        ("le 2 colis", None),
        ("parte il 27", date(2026, 11, 27)),
        ("op de 27e", date(2026, 11, 27)),
        ("wyślemy 27-go", date(2026, 11, 27)),
        ("Your order of 24 November leaves tomorrow", date(2026, 11, 26)),
        ("Monday rather than Friday", date(2026, 11, 30)),
        ("statt am 27.11. wird es der 1.12.", date(2026, 12, 1)),
        ("maandag in plaats van vrijdag", date(2026, 11, 30)),
    ],
)
def test_a_promised_day(text: str, day: date | None) -> None:
    assert promised_date(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Versand in zehn Tagen", date(2026, 12, 5)),
        ("in 12 Tagen", date(2026, 12, 7)),
        ("it will ship in seven days' time", date(2026, 12, 2)),
        ("dans dix-sept jours", date(2026, 12, 12)),
        ("tra sei giorni", date(2026, 12, 1)),
        ("dentro de ocho dias", date(2026, 12, 3)),
        ("over twintig dagen", date(2026, 12, 15)),
        ("za dziesięć dni", date(2026, 12, 5)),
        ("in zehn bis vierzehn Tagen", None),
        ("in 10-14 days", None),
        ("in ten days or twelve", None),
        ("in about ten days", None),
        ("about in ten days", None),
        ("in zehn Werktagen", None),
        ("dans cinq jours ouvrés", None),
        ("entro dieci giorni", None),
        ("within ten days", None),
        ("in zwei Tagen, spätestens in drei Tagen", None),
        ("in the last ten days", None),
    ],
)
def test_a_day_that_is_counted_from_that_of_writing(text: str, day: date | None) -> None:
    assert promised_date(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("gestern verschickt", date(2026, 11, 24)),
        ("vorgestern", date(2026, 11, 23)),
        ("shipped on 24 November 2026", date(2026, 11, 24)),
        ("colis expédié hier", date(2026, 11, 24)),
        ("hier apres-midi", date(2026, 11, 24)),
        ("heute verschickt", WEDNESDAY),
        ("hier verfolgen Sie die Sendung", None),
        ("am Montag verschickt", None),
        ("wird am 01.12.2026 verschickt", None),
    ],
)
def test_a_day_on_which_something_was_done(text: str, day: date | None) -> None:
    assert [one.day for one in past_days(text, WEDNESDAY)] == ([day] if day else [])


def test_several_days_stand_in_their_order() -> None:
    found = past_days("gestern bestellt, am 24.11. bezahlt, heute verschickt", WEDNESDAY)
    assert [(one.day.day, one.spoken) for one in found] == [(24, True), (24, False), (25, True)]


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("am Montag verschickt", True),
        ("am 24. verschickt", True),
        ("am 24.11. verschickt", False),
        ("shipped two days ago", True),
        ("vor zwei Tagen", True),
        ("in KW 48", True),
        ("letzte Woche", True),
        ("gestern", False),
    ],
)
def test_a_day_that_only_its_writer_can_tell(text: str, vague: bool) -> None:
    assert has_vague_day(text) is vague


def test_the_comma_between_a_weekday_and_its_date_ends_no_clause() -> None:
    sentence = "Betriebsurlaub bis 06.12., das Handy verschicken wir am Montag, 7. Dezember."
    assert day_in(sentence, WEDNESDAY) == date(2026, 12, 7)
    assert days_in_one_piece("Wednesday, December 9, then Friday, then") == "Wednesday  December 9, then Friday, then"


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        ("am 31.11. raus", True),
        ("Versanddatum 31.11.2026", True),
        ("am 30.2 verschickt", True),
        ("went out on 31 November", True),
        ("sent 31/11", True),
        ("shipped 11/31/2026", True),
        ("February 30th", True),
        ("am Freitag, den 28.11.2026", True),
        ("on Friday 28 November", True),
        ("vendredi 28 novembre", True),
        ("am Freitag, den 27.11.2026", False),
        ("opóźni się do 1 grudnia", False),
        ("um 10.30. abgeholt", False),
        ("um 16.31. abgeholt", False),
        ("am 30.11. raus", False),
        ("sent 11/30/2026", False),
        ("offen 24/7", False),
    ],
)
def test_a_day_that_no_calendar_has_is_told_from_an_hour(text: str, impossible: bool) -> None:
    assert says_impossible_day(text, WEDNESDAY) is impossible


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("verschickt 24.11, DHL", 24),
        ("wysłane 24.11", 24),
        ("sent 24/11/26", 24),
        ("sent 11/24/26", 24),
        ("the day before yesterday", 23),
        ("avant hier", 23),
        ("Preis 14.90", None),
        ("20.11 kg", None),
        ("verschickt 03.02", None),
    ],
)
def test_a_day_of_the_past_that_is_carelessly_written(text: str, day: int | None) -> None:
    assert [one.day.day for one in past_days(text, WEDNESDAY)] == ([day] if day else [])
