"""Days on which nothing leaves."""

import pytest

from daemon.reading.texts.other_days import is_of_the_last_one, is_of_the_reason, offers_days


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
