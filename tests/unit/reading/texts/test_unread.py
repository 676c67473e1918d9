"""What no rule understood in an answer to an inquiry."""

import pytest

from daemon.domain.finding import Statement
from daemon.reading.texts.unread import Left, unread
from daemon.rules.actions import Action
from daemon.rules.conditions import Hit
from daemon.rules.replies import ReplyRule
from daemon.rules.rulebook import Rulebook
from daemon.rules.words import Vocabularies

_UNCLEAR = Action(say=Statement.UNCLEAR)
BOOK = Rulebook(
    hash="h",
    replies=(ReplyRule(rule="caution", about="inquiry", says=("but",), then=_UNCLEAR, otherwise=True),),
    vocabularies=Vocabularies(
        courtesies=("thanks|for|your|mail|kind|regards|hello", "danke|gruß"),
        closings=("regards", "gruß"),
        confirming=("we|confirm|the|cooperation|with", "wir|bestätigen|die|zusammenarbeit|mit"),
    ),
)


def left(text: str, *hits: tuple[str, Statement]) -> list[Left]:
    places = [(text.index(words), words, say) for words, say in hits]
    said = [
        Hit(rule="caution" if say is Statement.UNCLEAR else "r", action=Action(say=say), span=(at, at + len(words)))
        for at, words, say in places
    ]
    return unread(text, said, BOOK)


@pytest.mark.parametrize(
    "text",
    ["", "Thanks for your mail.", "Danke! Gruß", "Hello Kim Doe,\nThanks.\nKind regards\nKim Doe\nHead of Sales Desk"],
)
def test_courtesies_and_a_signature_leave_nothing_unread(text: str) -> None:
    assert left(text) == []


def test_a_sentence_that_no_rule_understood_is_left() -> None:
    (one,) = left("Thanks. The roof leaks badly.")
    assert (one.words, one.beside) == (("The", "roof", "leaks", "badly"), False)


@pytest.mark.parametrize(
    ("text", "words"), [("Nope.", ("Nope",)), ("Deposit missing\nKind regards", ("Deposit", "missing"))]
)
def test_what_is_all_that_somebody_says_is_left_however_short(text: str, words: tuple[str, ...]) -> None:
    assert [one.words for one in left(text)] == [words]


def test_a_caution_understands_nothing_and_another_rule_does() -> None:
    assert [one.beside for one in left("But the roof leaks.", ("But the roof leaks.", Statement.UNCLEAR))] == [False]
    assert left("Which roof is it?", ("Which roof is it?", Statement.QUESTION)) == []


def test_what_stands_beside_a_confirmation_is_left_in_the_language_that_leaves_least() -> None:
    words = "Wir bestätigen die Zusammenarbeit mit Nova gegen Kaution."
    (one,) = left(words, (words, Statement.CONFIRMED))
    assert (one.words, one.beside) == (("Nova", "gegen", "Kaution"), True)
    plain = "We confirm the cooperation."
    assert left(plain, (plain, Statement.CONFIRMED)) == []


def test_another_sentence_beside_a_confirmation_is_left_unless_it_is_made_of_its_words() -> None:
    plain = "We confirm the cooperation. The cooperation with the we."
    assert left(plain, ("We confirm the cooperation", Statement.CONFIRMED)) == []
    (one,) = left("We confirm. The deposit comes first.", ("We confirm", Statement.CONFIRMED))
    assert (one.words, one.beside) == (("deposit", "comes", "first"), True)


def test_a_confirmation_below_a_closing_is_looked_at_too() -> None:
    (one,) = left("Kind regards\nWe confirm for a month.", ("We confirm for a month.", Statement.CONFIRMED))
    assert one.words == ("for", "a", "month")


def test_where_no_vocabulary_is_known_every_confirmation_is_left() -> None:
    hit = Hit(rule="r", action=Action(say=Statement.CONFIRMED), span=(0, 10))
    (one,) = unread("Confirmed.", [hit], Rulebook(hash="h"))
    assert one.words == ("Confirmed",)
