"""In which languages a text is written, and whose doubts count in it."""

import pytest

from daemon.domain.finding import Statement
from daemon.reading.texts.languages import ALL, languages_of, without_foreign_doubts
from daemon.rules.actions import Action
from daemon.rules.conditions import Hit


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das Paket ist heute mit DHL raus und kommt morgen an.", "de"),
        ("The parcel has left with DHL today.", "en"),
        ("Le colis est parti et nous vous tenons au courant.", "fr"),
        ("Il pacco è partito oggi con il corriere.", "it"),
        ("El paquete ha salido esta mañana y les avisamos.", "es"),
        ("Het pakket is vandaag met DHL meegegeven.", "nl"),
        ("Paczka wyszła dziś z magazynu i już jest u kuriera.", "pl"),
    ],
)
def test_a_text_is_of_the_language_of_its_small_words(text: str, language: str) -> None:
    assert languages_of(text) == {language}


def test_a_text_of_few_small_words_may_be_of_any_language() -> None:
    assert languages_of("DHL 00340434161094042557, ok") == ALL


@pytest.mark.parametrize(
    ("rule", "say", "kept"),
    [
        ("fr-unclear", Statement.UNCLEAR, False),
        ("es-unclear", Statement.UNCLEAR, True),
        ("fr-shipped", Statement.SHIPPED, True),
        ("came-back", Statement.UNCLEAR, True),
    ],
)
def test_only_a_doubt_of_another_language_does_not_count(rule: str, say: Statement, kept: bool) -> None:
    text = "El paquete ha salido esta mañana con DHL. Si falta algo, nos avisa."
    hit = Hit(rule=rule, action=Action(say=say), span=(42, len(text)))
    assert (without_foreign_doubts([hit], text) == [hit]) is kept


def test_a_sentence_in_another_language_than_its_mail_has_its_own_doubts() -> None:
    text = "El paquete ha salido esta mañana con DHL. But not the phone."
    hit = Hit(rule="en-unclear", action=Action(say=Statement.UNCLEAR), span=(42, len(text)))
    assert without_foreign_doubts([hit], text) == [hit]
