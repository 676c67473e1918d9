"""Words that mean the same, kept under one name: a pattern says `{weekday}` for any of them."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import regex
from pydantic import RootModel

from daemon.domain.values import Value
from daemon.rules.accents import without_accents
from daemon.rules.column_files import ByLanguage
from daemon.rules.mistakes import Mistake
from daemon.rules.strict_yaml import load_checked

_FILES = ("rules/words.yaml", "words.yaml")
_PLAIN = ("rules/plain_words.yaml", "plain_words.yaml")
_SMALL_TALK = ("rules/small_talk.yaml", "small_talk.yaml")

# Not the braces of a count (`{2,3}`) or of a Unicode class (`\p{Lu}`).
_NAMED = re.compile(r"(?<!\\[pPN])\{([a-z]+(?:-[a-z]+)*)(?:\.([a-z]{2}))?\}")

Words = Mapping[str, ByLanguage]
T = TypeVar("T")


class WordsEntry(RootModel[dict[str, ByLanguage]]):
    """The file `rules/words.yaml`: regular expressions by name and language; one may hold the name of another."""


class PlainWordsEntry(RootModel[ByLanguage]):
    """The file `rules/plain_words.yaml`: by language, regular expressions of words that may stand beside a number."""


class SmallTalkEntry(RootModel[ByLanguage]):
    """The file `rules/small_talk.yaml`: by language, regular expressions of sentences that change nothing."""


def words_in(files: Mapping[str, str]) -> tuple[Words, tuple[Mistake, ...]]:
    """The families of words that stand in a rule set, small talk among them, or every mistake in their files."""
    words, wrong = _read(files, _FILES, WordsEntry)
    small_talk, wrong_talk = _read(files, _SMALL_TALK, SmallTalkEntry)
    return words | ({"small-talk": small_talk} if small_talk else {}), (*wrong, *wrong_talk)


def plain_words_in(files: Mapping[str, str]) -> tuple[ByLanguage, tuple[Mistake, ...]]:
    """The words by language that may stand beside a number, or every mistake in their file."""
    return _read(files, _PLAIN, PlainWordsEntry)


def _read(
    files: Mapping[str, str], names: Sequence[str], model: type[RootModel[dict[str, T]]]
) -> tuple[dict[str, T], tuple[Mistake, ...]]:
    file = next((name for name in names if name in files), None)
    if file is None:
        return {}, ()
    entry, mistakes = load_checked(file, files[file], model)
    return (entry.root if entry else {}), mistakes


def spelled_out(pattern: str, words: Words, within: tuple[str, ...] = ()) -> str:
    """A pattern with every name in braces replaced by its words: `{weekday}` in all languages, `{weekday.de}` in one.

    Raises ValueError for a name without words and for one that holds itself.
    """

    def family(found: re.Match[str]) -> str:
        name, language = found.groups()
        if name in within:
            raise ValueError(f"`{{{name}}}` holds itself")
        several = _family(words, name, language)
        return f"(?:{'|'.join(spelled_out(one, words, (*within, name)) for one in several)})"

    return _NAMED.sub(family, pattern)


class Vocabularies(Value, frozen=True, kw_only=True):
    """Families whose single words are known by themselves, each as one pattern for each language.

    `courtesies` are those of thanks and greetings, `closings` those before a signature, `confirming` those with which a
    confirmation may be written, `plain` those that may stand beside a number.
    """

    courtesies: tuple[str, ...] = ()
    closings: tuple[str, ...] = ()
    confirming: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


def vocabularies_in(words: Words, plain: ByLanguage) -> tuple[Vocabularies, tuple[Mistake, ...]]:
    """The plain words and the vocabularies among the families, or what is wrong with each of their patterns."""
    mistakes: list[Mistake] = []

    def patterns(name: str, families: Words = words, file: str = _FILES[0]) -> tuple[str, ...]:
        found: list[str] = []
        for language in families.get(name, {}):
            try:
                pattern = spelled_out(f"{{{name}.{language}}}", families)
                regex.compile(pattern)
            except (ValueError, regex.error) as wrong:
                mistakes.append(Mistake(file=file, line=1, problem=f"`{name}`, `{language}`: {wrong}"))
            else:
                found.append(pattern)
        return tuple(found)

    found = Vocabularies(
        courtesies=patterns("courtesy"),
        closings=patterns("closing"),
        confirming=patterns("confirming"),
        plain=tuple(map(without_accents, patterns("plain", {"plain": plain}, _PLAIN[0]))),
    )
    return found, tuple(mistakes)


def silent_vocabularies(files: Mapping[str, str]) -> tuple[str, ...]:
    """What follows from a file of words that lacks a vocabulary, as one from an older edition does."""
    words, _ = words_in(files)
    waits = {
        "courtesy": "thanks and greetings in the answers to inquiries count as words that nobody understood",
        "closing": "the signatures below the answers to inquiries count as words that nobody understood",
        "confirming": "every confirmation of an inquiry waits for a person",
    }
    lacking = (name for name in waits if words and not words.get(name))
    told = [f"{_FILES[0]}: `{name}` has no words: {waits[name]}" for name in lacking]
    plain, _ = plain_words_in(files)
    return (
        *told,
        *(() if plain else (f"{_PLAIN[0]}: no words: a number counts whatever unknown words stand beside it",)),
    )


def _family(words: Words, name: str, language: str | None) -> list[str]:
    languages = words.get(name, {})
    found = [one for code, several in languages.items() if language in {None, code} for one in several]
    if not found:
        wanted = f"{name}.{language}" if language else name
        raise ValueError(f"`{{{wanted}}}` has no words in `{_FILES[0]}`")
    return found
