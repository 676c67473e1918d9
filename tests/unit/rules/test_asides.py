"""The file of words with which people tell, beside a dispatch, what changes nothing about the goods."""

from daemon.rules.asides import AsideWords, asides_in
from daemon.rules.loader import load
from daemon.rules.rulebook import Rulebook

FILE = "rules/asides.yaml"
TEXT = "de:\n  goods: ['paket(e)?']\n  begins: ['es liegt']\n  words: [das, gut, verpackt]\n"


def words() -> AsideWords:
    found, mistakes = asides_in({FILE: TEXT})
    assert not mistakes
    return found["de"]


def test_what_speaks_of_the_goods_is_found_anywhere_as_a_word_of_its_own() -> None:
    assert words().speaks_of_goods("Wir haben das PAKET gut verpackt.")
    assert not words().speaks_of_goods("Die Paketmarke ist gedruckt.")


def test_what_begins_a_sentence_is_found_at_its_beginning_alone() -> None:
    assert words().speaks_of_goods("... Es liegt hier.")
    assert not words().speaks_of_goods("Bei uns, es liegt am Schnee.")


def test_accents_count_for_nothing() -> None:
    found, _ = asides_in({FILE: "fr:\n  goods: [telephone]\n  words: [charge]\n"})
    assert found["fr"].speaks_of_goods("Le téléphone est chargé.")


def test_a_rulebook_without_the_file_has_none() -> None:
    book = load({})
    assert isinstance(book, Rulebook)
    assert book.asides == {}


def test_a_wrong_pattern_or_a_missing_list_is_told_with_its_file() -> None:
    for text, told in (
        ("de:\n  goods: ['pak(et']\n  words: [das]\n", "`de`, `pak(et`"),
        ("de:\n  words: [das]\n", "goods"),
    ):
        wrong = load({FILE: text})
        assert not isinstance(wrong, Rulebook)
        assert [one.file for one in wrong] == [FILE]
        assert told in wrong[0].problem
