"""Which days are promised, and which only hang on something."""

from datetime import date

import pytest

from daemon.reading.texts.promises import (
    day_in,
    hinges,
    is_for_a_day,
    is_of_a_sale,
    says_otherwise,
)
from tests.unit.reading.sample import RECEIVED


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


@pytest.mark.parametrize(
    ("text", "sold"),
    [
        ("Seit Samstag ausverkauft.", True),
        ("Sold out since Saturday.", True),
        ("Épuisé depuis samedi.", True),
        ("Esaurito da sabato.", True),
        ("Agotadas desde el sábado.", True),
        ("Se acabaron el sábado.", True),
        ("Sinds zaterdag uitverkocht.", True),
        ("Wyprzedane od soboty.", True),
        ("Skończyły się w sobotę.", True),
        ("Disponibile da sabato.", False),
        ("Se acabaron, el sábado nos traen más.", False),
        ("Skończyły się, w sobotę przyjdą nowe.", False),
    ],
)
def test_a_day_since_which_something_is_sold_out_is_not_when_it_comes_back(text: str, *, sold: bool) -> None:
    assert is_of_a_sale(text) is sold


@pytest.mark.parametrize(
    "text",
    [
        "Vendredi on est en inventaire, ce sera lundi.",
        "Venerdì facciamo inventario, quindi sarà lunedì.",
        "El viernes tenemos inventario, será el lunes.",
        "Vrijdag hebben we inventaris, dus het wordt maandag.",
        "W piątek inwentaryzacja, więc będzie w poniedziałek.",
        "Sorry, niet voor maandag.",
    ],
)
def test_a_day_on_which_the_house_is_shut_is_not_the_promised_one(text: str) -> None:
    assert day_in(text, RECEIVED.date()) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("Wenn der Fahrer kommt, geht es heute raus, sonst weiß ich nicht wann.", True),
        ("Si le chauffeur passe avant 17h ça partira aujourd'hui, sinon je ne sais pas quand.", True),
        ("If the driver comes it leaves today, otherwise I don't know.", True),
        ("Wir schicken es, sobald es da ist.", False),
        ("Otherwise all is well.", False),
    ],
)
def test_all_that_a_sentence_says_may_hang_on_a_condition(text: str, *, either: bool) -> None:
    assert says_otherwise(text) is either
