"""What the words of a status or problem cell mean, and whether something in them undoes it."""

import re

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.reading.tables.cells import day
from daemon.rules.columns import plain_words
from daemon.rules.formats import ATTEMPTED, MOVING, NOT_LEFT, NOT_YET, OPEN, Format

_WORD = re.compile(r"\w+")
_APART = re.compile(r"\s[-\u2013]\s|[:;(),!*]")
_REASON = re.compile(r"\s*(?:\s[-\u2013]\s|[:;,(])")
GONE = frozenset({Statement.SHIPPED.value, MOVING})
"""Meanings of a cell by which something has left."""
HARMLESS = GONE | {"nothing"}
"""Meanings beside which a number may be taken."""
SAYS_SO = frozenset({Statement.SHIPPED, Statement.NOTHING})
"""What reply rules may find in words that say no more than that something has left."""

_FEW_WORDS = 3
_MOST_JUDGED = 1024
_DONE = frozenset({Statement.ACCEPTED.value, Statement.SHIPPED.value})
_TROUBLE = frozenset({NOT_LEFT, ProblemKind.OUT_OF_STOCK.value, ProblemKind.DELAY.value})
_NO = frozenset({"0", "false", "nein", "f", "n", "✗", "✘", "❌", "☐"})
_AS_A_PICTURE = "\ufe0f"


def meaning_of(text: str, known: Format) -> str | None:
    """The meaning whose longest phrase stands in the text as whole words; None when none does, or a word undoes it."""
    meaning, undone = _meaning(text, known)
    return None if undone else meaning


def waits(text: str, known: Format, *, free: bool = False, handed: bool = False, sent: bool = False) -> bool:
    """Whether a cell says that a number beside it is no dispatch, or not yet one, unless it was `handed` over.

    An order that is open only is none beside a status that says it was `sent`.

    In `free` text a single word for being packed or printed says who did so, unless it is all that stands there.
    """
    if free and puts_off(text, known):
        return True
    meaning, undone = _meaning(text, known)
    if meaning in {NOT_YET, OPEN} and handed:
        return False
    if meaning == OPEN:
        return not free and not sent
    if meaning == NOT_YET and free:
        folded = plain_words(text)
        phrases = [phrase for phrase, means in _found(folded, known) if means == NOT_YET]
        return any(" " in phrase or phrase == folded for phrase in phrases)
    if meaning == Statement.ACCEPTED:
        return not free and not sent and not handed
    return meaning in {NOT_LEFT, NOT_YET} or (meaning == Statement.SHIPPED and undone)


def says_only_that_it_stays(text: str, known: Format, *, opened: bool = False) -> bool:
    """Whether a cell below whatever heading is no more than the words for what has not left, or is open still."""
    folded = plain_words(text).rstrip(":.!")
    words = [word for word in folded.split() if word not in known.hedges] if opened else [_REASON.split(folded)[0]]
    meaning = known.meaning_by_phrase.get(" ".join(words))
    return meaning in {NOT_LEFT, NOT_YET} or (opened and meaning == OPEN)


def adds_that_it_stays(text: str, known: Format) -> bool:
    """Whether a cell, or what stands in it apart from the rest, says so: "Bert Mayer (storniert)", "STORNO Mayer"."""
    if text not in known.added:
        if len(known.added) >= _MOST_JUDGED:
            known.added.clear()
        known.added[text] = _adds(text, known)
    return known.added[text]


def _adds(text: str, known: Format) -> bool:
    apart = [part for part in _APART.split(text) if part.strip()]
    loud = [word for word in _WORD.findall(text) if word.isupper() and len(word) > _FEW_WORDS]
    parts = (text, *apart[1:], *(loud if " " in text else ()))
    return any(says_only_that_it_stays(part, known) for part in parts) or any(
        _is_hedges(part, known) or known.meaning_by_phrase.get(plain_words(part)) in _TROUBLE for part in parts[1:]
    )


def _is_hedges(text: str, known: Format) -> bool:
    """Whether words are no more than those that put off or deny: "fehlt noch", "nicht da"."""
    words = _WORD.findall(plain_words(text))
    return bool(words) and not known.hedges.isdisjoint(words) and known.hedges.union(known.negations).issuperset(words)


def puts_off(text: str, known: Format) -> bool:
    """Whether a cell is no more than a word for later: "morgen"."""
    folded = plain_words(text)
    return folded in known.hedges and folded not in known.meaning_by_phrase


def tells_where_it_is(text: str, known: Format) -> bool:
    """Whether a cell below whatever heading is no more than the words for what is on its way."""
    folded = plain_words(text).rstrip(".!")
    return known.meaning_by_phrase.get(folded) == MOVING


def names_trouble(heading: str, known: Format) -> bool:
    """Whether a heading is no more than a word for what has not left: a mark below it says so of its row."""
    return known.meaning_by_phrase.get(plain_words(heading).rstrip("?:! ")) in _TROUBLE


def hedged(text: str, known: Format) -> bool:
    """Whether a word of a text puts off what stands beside it: "geht morgen raus"."""
    return not known.hedges.isdisjoint(_WORD.findall(plain_words(text)))


def speaks_against(text: str, known: Format) -> bool:
    """Whether a cell of several words below whatever heading puts off or denies something: "liegt noch in Halle 3"."""
    words = _WORD.findall(plain_words(text)) if " " in text else []
    return len(words) > 1 and (not known.hedges.isdisjoint(words) or words[0] in known.negations)


def is_no(text: str, known: Format) -> bool:
    return text.casefold().removesuffix(_AS_A_PICTURE) in _NO | known.negations


def is_yes(text: str, known: Format) -> bool:
    return text.casefold().removesuffix(_AS_A_PICTURE) in known.yes


def _meaning(text: str, known: Format) -> tuple[str | None, bool]:
    """The gravest or longest phrase's meaning, and whether another word undoes it."""
    if text not in known.judged:
        if len(known.judged) >= _MOST_JUDGED:
            known.judged.clear()
        known.judged[text] = _judged(text, known)
    return known.judged[text]


def _judged(text: str, known: Format) -> tuple[str | None, bool]:
    folded = plain_words(text)
    # A bare "no" in the midst of a sentence is no answer.
    found = [one for one in _found(folded, known) if one[0] not in known.negations or one[0] == folded.rstrip(".!")]
    if not found:
        ticked = not folded.isalpha() and is_yes(text, known)
        plain = folded.isdecimal() or day(text, day_first=True) or folded in known.outgoing or ticked
        return ("nothing" if plain else None), False
    judged = [
        (MOVING, False) if meaning == ATTEMPTED else (meaning, _undone(phrase, meaning, folded, known))
        for phrase, meaning in found
    ]
    for grave in (NOT_LEFT, Statement.PARTIAL, Statement.SHIPPED, NOT_YET):
        if (grave, False) in judged:
            return grave, False
    return judged[0]


def _found(folded: str, known: Format) -> list[tuple[str, str]]:
    """The phrases of a text, the longest first, without those that stand in a longer one."""
    words = dict.fromkeys(_WORD.findall(folded))
    likely = sorted((one for word in words for one in known.phrases_by_word.get(word, ())), key=_longest_first)
    found: list[tuple[str, str]] = []
    left = folded
    for phrase, meaning in likely:
        if phrase in left and (at := re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", left)):
            found.append((phrase, meaning))
            left = f"{left[: at.start()]}|{left[at.end() :]}"
    return found


def _longest_first(one: tuple[str, str]) -> int:
    return -len(one[0])


def _undone(phrase: str, meaning: str, folded: str, known: Format) -> bool:
    rest = set(_WORD.findall(folded.replace(phrase, " ", 1)))
    weak = meaning in _DONE and len(rest) > _FEW_WORDS
    put_off = meaning in _DONE | {MOVING, "nothing"} and rest & known.hedges
    return bool(rest & known.negations or weak or put_off)
