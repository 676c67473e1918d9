"""The file `rules/asides.yaml`: in what words people tell, beside a dispatch, what changes nothing about the goods."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Annotated

import regex
from pydantic import Field, RootModel

from daemon.domain.values import Value
from daemon.rules.accents import without_accents
from daemon.rules.mistakes import Mistake
from daemon.rules.models import LANGUAGE, Entry
from daemon.rules.strict_yaml import load_checked

_FILES = ("rules/asides.yaml", "asides.yaml")


class AsideEntry(Entry):
    """One language: what speaks of the goods anywhere in a sentence or at its beginning, and what may be said."""

    goods: tuple[str, ...] = Field(min_length=1)
    begins: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(min_length=1)


class AsidesEntry(RootModel[dict[Annotated[str, LANGUAGE], AsideEntry]]):
    """The file `rules/asides.yaml`, by language: regular expressions without accents."""


class AsideWords(Value, frozen=True, kw_only=True):
    """One language: `goods` finds that a sentence speaks of them, `words` is the vocabulary, each as one pattern."""

    goods: str
    words: str

    def speaks_of_goods(self, sentence: str) -> bool:
        return _compiled(self.goods).search(without_accents(sentence.casefold())) is not None


def asides_in(files: Mapping[str, str]) -> tuple[dict[str, AsideWords], tuple[Mistake, ...]]:
    """The words of each language, or every mistake in their file; none without one."""
    file = next((name for name in _FILES if name in files), None)
    if file is None:
        return {}, ()
    entry, mistakes = load_checked(file, files[file], AsidesEntry)
    if entry is None:
        return {}, mistakes
    wrong = [
        Mistake(file=file, line=1, problem=f"`{language}`, `{pattern}`: {why}")
        for language, one in entry.root.items()
        for pattern in (*one.goods, *one.begins, *one.words)
        for why in _faults(pattern)
    ]
    return ({} if wrong else {language: _words(one) for language, one in entry.root.items()}), tuple(wrong)


def silent_asides(files: Mapping[str, str]) -> tuple[str, ...]:
    """What follows where the file lacks, as in a rule set of an older edition."""
    lacks = not any(name in files for name in _FILES)
    told = f"{_FILES[0]}: no words: beside a dispatch anything may be said of the goods that no reply rule knows"
    return (told,) if lacks else ()


def _faults(pattern: str) -> Iterator[str]:
    try:
        regex.compile(pattern)
    except regex.error as wrong:
        yield str(wrong)


def _words(entry: AsideEntry) -> AsideWords:
    goods = [rf"\b{_any(entry.goods)}\b", *([rf"^\W*{_any(entry.begins)}\b"] if entry.begins else [])]
    return AsideWords(goods="|".join(goods), words=_any(entry.words))


def _any(patterns: Sequence[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)
