"""Beside a dispatch, what is said of the goods is read to its last word; small talk is not looked at."""

from datetime import date

import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import UNKNOWN_ASIDE, Said, Statement
from daemon.reading.texts.text_findings import text_findings
from tests.unit.reading.sample import context, shipped_rules

NUMBER = "00340434161094042557"
DE, EN = f"Die Hülle ging heute mit DHL raus, {NUMBER}.", f"The case went out today with DHL, {NUMBER}."
TODAY = date(2026, 11, 25)


def unknown(text: str, name: str = "") -> list[tuple[str, ...]]:
    mail = Mail(sender="lager@acme.example", sender_name=name, new_text=text)
    found = text_findings(mail, context("A-1001"), shipped_rules(), TODAY)[0]
    said = [one for one in found if isinstance(one, Said) and one.rule == UNKNOWN_ASIDE]
    assert all(one.statement is Statement.UNCLEAR for one in said)
    return [one.unknown for one in said]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{DE}\nDas Paket rollte vorhin auf unseren Hof.", ("rollte", "vorhin", "Hof")),
        (f"{DE}\nDer Aufkleber hängt bei uns am Monitor.", ("hängt", "Monitor")),
        (f"{EN}\nThe box is behind the door as I type.", ("behind", "door")),
        (f"{EN}\nThe jiffy bag was stuffed with a brick.", ("stuffed", "brick")),
        (f"Expédié aujourd'hui par DHL, {NUMBER}.\nLe colis a réapparu dans notre cour.", ("réapparu", "cour")),
        (f"Spedito oggi con DHL, {NUMBER}.\nQualcuno l'ha calpestata.", ("Qualcuno", "calpestata")),
        (f"Enviado hoy con DHL, {NUMBER}.\nLa funda está encima de mi mesa.", ("encima", "mesa")),
        (f"Vandaag verzonden met DHL, {NUMBER}.\nDe sticker plakt op mijn scherm.", ("plakt", "scherm")),
        (f"Wysłane dzisiaj, DHL {NUMBER}.\nEtui wisi u mnie na haku.", ("wisi", "haku")),
    ],
)
def test_a_word_about_the_goods_that_nobody_knows_keeps_the_mail_back_and_is_named(
    text: str, words: tuple[str, ...]
) -> None:
    assert unknown(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        f"{DE}\nDas Paket ist doppelt in Luftpolster gewickelt.",
        f"{DE}\nBei uns schneit es seit gestern wie verrückt.",
        f"{EN}\nThe parcel weighs less than 200 grams.",
        f"{EN}\nWe are all knackered and off to the pub.",
        f"{EN}\nCarrier: Wilhelmina Dispatch Parcels",
        f"{EN}\nHere is the parcel's docket:",
        f"Expédié aujourd'hui par DHL, {NUMBER}.\nLe colis est bien protégé.",
        f"Spedito oggi con DHL, {NUMBER}.\nIl pacco pesa meno di 200 grammi.",
        f"Enviado hoy con DHL, {NUMBER}.\nLa factura va en la caja.",
        f"Vandaag verzonden met DHL, {NUMBER}.\nHet pakje past makkelijk door de brievenbus.",
        f"Wysłane dzisiaj, DHL {NUMBER}.\nPaczka jest dobrze zabezpieczona.",
    ],
)
def test_what_changes_nothing_and_what_is_not_about_the_goods_is_let_be(text: str) -> None:
    assert unknown(text) == []


def test_without_a_number_nothing_is_asked() -> None:
    assert unknown("Alles klar, danke.\nDas Paket rollte vorhin auf unseren Hof.") == []


def test_what_a_rule_understood_says_nothing_else() -> None:
    assert unknown(f"{DE}\nDas Paket wurde leider gestohlen.") == []


def test_a_greeting_and_the_senders_own_name_are_known() -> None:
    assert unknown(f"{EN}\nHi Wilhelmina, the parcel is from Kollerbach.", name="Jutta Kollerbach") == []


def test_it_says_where_the_sentence_stands() -> None:
    mail = Mail(sender="lager@acme.example", new_text=f"{DE}\nGruß\nDer Aufkleber hängt bei uns am Monitor.")
    found = text_findings(mail, context("A-1001"), shipped_rules(), TODAY)[0]
    [said] = [one for one in found if isinstance(one, Said) and one.rule == UNKNOWN_ASIDE]
    assert (said.evidence.where, said.evidence.text) == (
        "mail text, line 3",
        "Der Aufkleber hängt bei uns am Monitor.",
    )
