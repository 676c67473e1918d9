"""Families of words in the patterns of reply rules."""

import pytest

from daemon.rules.loader import load
from daemon.rules.rulebook import Rulebook
from daemon.rules.words import Words, spelled_out, words_in

_WORDS: Words = {"weekday": {"de": ("montag", "freitag"), "en": ("monday",)}, "day": {"de": ("morgen", "{weekday}")}}
_RULE = """rule: leaves
about: order
when:
  says: ['\\bgeht {day}\\b']
then: {say: accepted}
examples:
  - {says: 'Geht Freitag.', then: {say: accepted}}
  - {says: 'Geht nie.', then: nothing}
"""
_FILE = "day:\n  de: ['heute', '{weekday}']\nweekday:\n  de: [montag, freitag]\n"


@pytest.mark.parametrize(
    ("pattern", "spelled"),
    [
        ("{weekday}", "(?:montag|freitag|monday)"),
        ("{weekday.en}", "(?:monday)"),
        ("am {day.de}", "am (?:morgen|(?:montag|freitag|monday))"),
        (r"[0-9]{2,3} \p{Lu} \p{alpha} a{2}", r"[0-9]{2,3} \p{Lu} \p{alpha} a{2}"),
    ],
)
def test_a_name_in_braces_stands_for_its_words(pattern: str, spelled: str) -> None:
    assert spelled_out(pattern, _WORDS) == spelled


def test_a_name_without_words_is_told() -> None:
    with pytest.raises(ValueError, match=r"`\{weekday\.fr\}` has no words in `rules/words\.yaml`"):
        spelled_out("{weekday.fr}", _WORDS)


def test_a_family_that_holds_itself_is_told() -> None:
    with pytest.raises(ValueError, match="holds itself"):
        spelled_out("{a}", {"a": {"de": ("{b}",)}, "b": {"de": ("{a}",)}})


def test_the_rules_of_a_set_know_the_words_of_its_file() -> None:
    book = load({"rules/words.yaml": _FILE, "rules/replies/leaves.yaml": _RULE})
    assert isinstance(book, Rulebook), book
    assert book.replies[0].says == (r"\bgeht (?:heute|(?:montag|freitag))\b",)


def test_a_name_nobody_has_explained_is_a_mistake_of_the_rule_that_uses_it() -> None:
    mistakes = load({"rules/replies/leaves.yaml": _RULE})
    assert not isinstance(mistakes, Rulebook)
    (mistake,) = mistakes
    assert (mistake.line, mistake.problem) == (4, "`{day}` has no words in `rules/words.yaml`")


def test_a_mistake_in_the_words_is_told_with_its_line() -> None:
    words, (mistake,) = words_in({"rules/words.yaml": "weekday:\n  german: [montag]\n"})
    assert (words, mistake.file, mistake.line) == ({}, "rules/words.yaml", 2)


def test_single_words_of_courtesy_are_known_by_language_and_a_wrong_one_is_told() -> None:
    book = load({"rules/words.yaml": "courtesy:\n  de: [danke]\n  en: [thanks, '{de-facto}']\nde-facto:\n  en: [ta]\n"})
    assert isinstance(book, Rulebook), book
    assert book.vocabularies.courtesies == ("(?:danke)", "(?:thanks|(?:ta))")
    wrong = load({"rules/words.yaml": "closing:\n  de: ['gru(ß']\nconfirming:\n  de: ['{nothing}']\n"})
    assert isinstance(wrong, tuple)
    assert [one.problem.partition(":")[0] for one in wrong] == ["`closing`, `de`", "`confirming`, `de`"]


def test_small_talk_is_a_family_of_words_in_a_file_of_its_own() -> None:
    words, mistakes = words_in(
        {"rules/words.yaml": "day: {de: [Montag]}\n", "rules/small_talk.yaml": "de: [es regnet]\n"}
    )
    assert (words, mistakes) == ({"day": {"de": ("Montag",)}, "small-talk": {"de": ("es regnet",)}}, ())
    _, wrong = words_in({"rules/small_talk.yaml": "de: es regnet\n"})
    assert [one.file for one in wrong] == ["rules/small_talk.yaml"]


def test_plain_words_are_known_by_language_and_a_wrong_one_is_told_with_its_file() -> None:
    book = load({"rules/plain_words.yaml": "de: [heute, paket(e)?]\n"})
    assert isinstance(book, Rulebook), book
    assert book.vocabularies.plain == ("(?:heute|paket(e)?)",)
    wrong = load({"rules/plain_words.yaml": "de: ['heu(te']\n"})
    assert isinstance(wrong, tuple)
    assert [(one.file, one.problem.partition(":")[0]) for one in wrong] == [("rules/plain_words.yaml", "`plain`, `de`")]
