"""Which days are promised, and which only hang on something."""

from datetime import date

import pytest

from daemon.reading.texts.promises import (
    day_in,
    hinges,
    is_for_a_day,
    is_of_a_sale,
    is_of_the_last_one,
    is_of_the_reason,
    offers_days,
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
    ("text", "last"),
    [
        ("die letzte ging am Samstag im Laden weg", True),
        ("our last one went through the till on Monday", True),
        ("la dernière est partie samedi au magasin", True),
        ("l'ultima l'abbiamo venduta sabato", True),
        ("la última se fue el sábado", True),
        ("het laatste ging zaterdag over de toonbank", True),
        ("ostatnie zabrał klient w poniedziałek", True),
        ("am Montag hat noch eine dagelegen", True),
        ("the last one went on Saturday, new ones come on Tuesday", False),
        ("neue kommen am Montag", False),
        ("elle revient samedi", False),
        ("the last one is gone", False),
    ],
)
def test_a_day_on_which_the_last_one_went_is_none_on_which_more_come(text: str, *, last: bool) -> None:
    assert is_of_the_last_one(text) is last


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("It'll be Monday 30th, or Tuesday 1st if the screen is late.", True),
        ("Es wird Montag, 30.11., oder auch Dienstag.", True),
        ("Ce sera lundi 30 novembre, sinon mardi.", True),
        ("Parte lunedì o martedì.", True),
        ("Sale el lunes 30 de noviembre, o si no el martes.", True),
        ("Het wordt maandag 30 november, anders dinsdag.", True),
        ("Wyjdzie w poniedziałek, ewentualnie we wtorek.", True),
        ("Niet leverbaar tot maandag 30 november, of langer.", True),
        ("Rupture jusqu'au lundi 30 novembre, ou plus.", True),
        ("It ships on Thursday instead of Friday.", False),
        ("It ships on Monday or Tuesday at the latest.", False),
        ("Parte lunedì o 2 pezzi restano qui.", False),
        ("We send it on Friday, she will receive it on Monday or Tuesday.", False),
        ("We sturen hem vrijdag op, dan heeft de klant hem zaterdag of dinsdag.", False),
        ("Am Montag oder spätestens Dienstag.", False),
    ],
)
def test_who_offers_two_days_promises_none(text: str, *, open_: bool) -> None:
    assert offers_days(text) is open_


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


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Rückstand seit Montag.", True),
        ("verspätet sich; gesagt hatten wir Montag, 30. November.", True),
        ("vi avevamo detto lunedì 30 novembre", True),
        ("the delivery we expected on Monday 30 November was cancelled", True),
        ("dostawa z poniedziałku 30 listopada została odwołana", True),
        ("as it was last Monday", True),
        ("Retardé depuis lundi.", True),
        ("It got delayed on Monday.", True),
        ("Il Galaxy è in ritardo, lunedì 30 novembre c'è sciopero.", True),
        ("our packer is off sick until Monday", True),
        ("notre préparateur est en arrêt maladie jusqu'à lundi", True),
        ("das Schiff des Lieferanten legt am Dienstag an", True),
        ("El lunes tenemos a los auditores aquí.", True),
        ("de klant vroeg ons te wachten tot maandag", True),
        ("Ausverkauft, die für Montag, 30.11., erwartete Lieferung wurde gestrichen.", True),
        ("the delivery due Monday 30 November isn't coming after all", True),
        ("The delivery due Monday was cancelled, the next one comes on Wednesday 2 December.", False),
        ("Delayed until Monday, our packer is off sick.", False),
        ("Our packer is off sick and it leaves on Monday.", False),
        ("Streik am Montag, wir schicken es Dienstag.", False),
        ("It is late and leaves on Monday.", False),
    ],
)
def test_a_day_of_the_reason_is_none_until_which_something_is_late(text: str, *, reason: bool) -> None:
    assert is_of_the_reason(text) is reason
