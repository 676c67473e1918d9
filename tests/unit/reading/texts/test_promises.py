"""Which days are promised, and which only hang on something."""

import pytest

from daemon.reading.texts.promises import hinges, is_for_a_day


@pytest.mark.parametrize(
    "text",
    [
        "will ship Monday if the new ones land",
        "Montag geht sie raus, wenn der Nachschub kommt",
        "on envoie lundi si la livraison arrive",
        "parte lunedì se il fornitore consegna",
        "sale el lunes si el proveedor cumple",
        "gaat maandag weg als de nieuwe er zijn",
        "wyślę w poniedziałek, jeśli dojadą",
    ],
)
def test_a_day_under_a_condition_hinges(text: str) -> None:
    assert hinges(text)


@pytest.mark.parametrize(
    "text",
    [
        "will ship Monday",
        "goes Monday and tracking once I have it",
        "se envía el lunes",
        "si spedisce lunedì",
        "später als Montag geht nicht",
        "as soon as possible, Monday",
    ],
)
def test_a_plain_day_hinges_on_nothing(text: str) -> None:
    assert not hinges(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bestätigt für Dienstag", True),
        ("Order confirmed for 1 December", True),
        ("Potwierdzam na wtorek", True),
        ("Confermato per martedì", True),
        ("Liefertermin 3.12.", True),
        ("Eure Bestellung von Montag ist bestätigt", False),
        ("We confirm your order of Monday", False),
        ("Bestätigt, wir melden uns am Montag", False),
    ],
)
def test_what_is_confirmed_may_be_for_a_day(text: str, *, told: bool) -> None:
    assert is_for_a_day(text) is told
