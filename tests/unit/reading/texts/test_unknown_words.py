"""A sentence with a number of which nobody says that it left is read to its last word."""

from datetime import date

import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import Said, Statement
from daemon.reading.texts.text_findings import text_findings
from tests.unit.reading.sample import context, shipped_rules

NUMBER = "00340434161094042557"
IMEI = "352099001761481"
TODAY = date(2026, 11, 25)


def unknown(text: str, name: str = "") -> list[tuple[str, ...]]:
    mail = Mail(sender="lager@acme.example", sender_name=name, new_text=text)
    found = text_findings(mail, context("A-1001"), shipped_rules(), TODAY)[0]
    return [one.unknown for one in found if isinstance(one, Said) and one.unknown]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"DHL {NUMBER} hat der Azubi verbummelt", ("verbummelt",)),
        (f"{NUMBER} got pinched from the porch", ("pinched", "porch")),
        (f"DHL {NUMBER}, chipé par un goéland", ("chipé", "goéland")),
        (f"IMEI {IMEI} klebt am Vorführgerät", ("klebt", "Vorführgerät")),
        (f"IMEI {IMEI} es del escaparate", ("escaparate",)),
        (f"numer {NUMBER} naklejony na słoiku", ("słoiku",)),
    ],
)
def test_a_word_that_nobody_knows_keeps_the_number_back_and_is_named(text: str, words: tuple[str, ...]) -> None:
    assert unknown(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        f"DHL {NUMBER}",
        f"Sendungsnummer: {NUMBER}",
        f"Sendungsnummer fuer das Päckchen: {NUMBER}",
        f"numéro de suivi {NUMBER} chez DHL",
        f"Hi Wilhelmine, DHL {NUMBER}",
        f"DHL {NUMBER}, viele Grüße Wilhelmine",
        f"https://www.dhl.de/verschlampt?piececode={NUMBER}",
        "UPS 1Z A5F 092 20 7127 4758",
        f"IMEI: {IMEI}",
    ],
)
def test_labels_greetings_signatures_and_links_are_no_such_words(text: str) -> None:
    assert unknown(text) == []


def test_where_it_is_said_to_have_left_an_aside_says_nothing_else() -> None:
    assert unknown(f"Ging heute trotz Faschingsumzug mit DHL raus, {NUMBER}") == []


def test_the_senders_own_name_is_known() -> None:
    assert unknown(f"Kollerbach: DHL {NUMBER}", name="Jutta Kollerbach") == []


def test_without_a_number_nothing_is_asked() -> None:
    assert unknown("Der Azubi hat das Päckchen verbummelt.") == []


def test_it_is_unclear_of_the_order_of_its_number() -> None:
    mail = Mail(sender="lager@acme.example", new_text=f"A-1001: DHL {NUMBER} verbummelt")
    found = text_findings(mail, context("A-1001"), shipped_rules(), TODAY)[0]
    [said] = [one for one in found if isinstance(one, Said) and one.unknown]
    assert (said.statement, said.order) == (Statement.UNCLEAR, "A-1001")
