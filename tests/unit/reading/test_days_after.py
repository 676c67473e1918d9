"""Days that are counted from another one that a text names."""

from datetime import date

import pytest

from daemon.reading.days_after import counts_in_vain, with_days_after
from daemon.reading.texts.promises import day_in

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ware kommt Montag und geht tags darauf raus", "1.12."),
        ("Ware kommt Freitag und geht am nächsten Werktag raus", "30.11."),
        ("comes in Monday, ships two days later", "2.12."),
        ("comes in Monday, ships two working days later", "2.12."),
        ("livraison lundi, expédition le surlendemain", "2.12."),
        ("arriva lunedì e parte il giorno dopo", "1.12."),
        ("llega el lunes y sale al día siguiente", "1.12."),
        ("maandag komt het binnen en de dag erna gaat het weg", "1.12."),
        ("dostawa w poniedziałek, wysyłka następnego dnia", "1.12."),
        ("Ware kommt Montag. Am Tag darauf geht sie raus", "1.12."),
        ("comes Monday or Tuesday, ships the next day", None),
        ("comes Monday, ships a few days later", None),
        ("kommt Montag, geht zwei bis drei Tage später raus", None),
        ("ships the next day", None),
        ("yesterday's parcel, the next day", None),
    ],
)
def test_a_day_is_counted_from_the_one_named_before(text: str, told: str | None) -> None:
    dated = with_days_after(text, WEDNESDAY)

    assert len(dated) == len(text)
    assert (dated != text and f" {told} " in f"{dated} ") if told else dated == text


def test_a_day_that_is_told_is_not_counted() -> None:
    told = with_days_after("Ware kommt am Donnerstag, wir versenden tags darauf, am 4. Dezember", WEDNESDAY)

    assert day_in(told, WEDNESDAY) == date(2026, 12, 4)
    assert day_in("geht einen Tag später raus als geplant, am 28.11.", WEDNESDAY) == date(2026, 11, 28)


def test_only_a_day_that_is_named_can_be_counted_from_in_vain() -> None:
    assert counts_in_vain("Montag oder Dienstag da, am Tag darauf raus")
    assert not counts_in_vain("wird ein paar Tage später")
