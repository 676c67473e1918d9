"""Sentences with a number of which nobody says that it left, and that hold a word which nobody knows.

There is no end to the words that take a number back ("mislaid", "pinched", "the display unit's"), but few that send a
parcel off. Where no rule found one of these, what stands beside a number is read to its last word.
"""

import re
from collections.abc import Collection, Iterator, Sequence

import regex

from daemon.domain.document import Mail
from daemon.domain.finding import DeviceNamed, Finding, Parcel, Said, Statement, Trouble
from daemon.reading.texts.labels import is_mistyped
from daemon.reading.texts.mentions import Known
from daemon.reading.texts.vocabulary import holds, unknown_to
from daemon.rules.accents import without_accents
from daemon.rules.sentences import Sentence, sentences
from daemon.rules.words import Vocabularies

_Number = tuple[Finding, str]

WORDS_AT_MOST = 10
_UNDERSTOOD = {
    Statement.SHIPPED,
    Statement.PARTIAL,
    Statement.NOT_SHIPPED,
    Statement.CAME_BACK,
    Statement.DECLINED,
    Statement.CORRECTION,
}
_LINK = re.compile(r"(?:https?://|www\.)\S{1,2000}|\S{1,80}@\S{1,80}")
_WORD = regex.compile(r"(?<!\w)[^\W\d_]{2,40}(?!\w)")
# "Hola Ana, ": up to three words and a pause.
_GREETING = regex.compile(r"\W*([^\W\d_]+)(?:\s[^\W\d_]+){1,3}\s?[,:!.]")
_DIGITS = re.compile(r"[0-9]{6}")
_SIGNS = re.compile(r"[^0-9A-Z]")
# "Fuer", "Haendler": German typed without its umlauts.
_TYPED_OUT = re.compile(r"(?<=[aou])e")


def with_unknown_words(
    found: Sequence[Finding], mail: Mail, known: Known, vocabularies: Vocabularies
) -> Iterator[Said]:
    """What keeps a mail back: each sentence with a number and words of no vocabulary; tables are read by headings."""
    numbers: dict[str, list[_Number]] = {}
    for one in found:
        numbers.setdefault(one.evidence.where, []).extend((one, number) for number in _numbers(one))
    if not any(numbers.values()) or not vocabularies.plain:
        return
    names = names_in(mail, known)
    understood = [one.evidence.text for one in found if _is_understood(one)]
    for sentence in sentences(mail.new_text):
        here = [one for where in _lines(mail.new_text, sentence) for one in numbers.get(where, ())]
        here = _standing_in(sentence, here) if here and not any(one in sentence.words for one in understood) else []
        spoken = between_names(_without(sentence.words, here), vocabularies) if here else ""
        if words := unknown(spoken, vocabularies.plain, names):
            said, _ = here[0]
            yield Said(
                evidence=said.evidence,
                order=said.order,
                statement=Statement.UNCLEAR,
                rule="unknown-word",
                unknown=words[:WORDS_AT_MOST],
            )


def _lines(text: str, sentence: Sentence) -> Iterator[str]:
    """The lines over which a sentence goes, as evidence names them."""
    start, end = sentence.span
    first = text.count("\n", 0, start) + 1
    return (f"mail text, line {number}" for number in range(first, first + text.count("\n", start, end) + 1))


def _standing_in(sentence: Sentence, numbers: Sequence[_Number]) -> list[_Number]:
    signs = _SIGNS.sub("", sentence.words.upper())
    return [one for one in numbers if one[1] in signs]


def _is_understood(finding: Finding) -> bool:
    """Whether a rule found in a sentence that something left or did not, or is corrected."""
    return isinstance(finding, Trouble) or (isinstance(finding, Said) and finding.statement in _UNDERSTOOD)


def _numbers(finding: Finding) -> tuple[str, ...]:
    if finding.evidence.row is not None:
        return ()
    match finding:
        case Parcel():
            return (str(finding.number),)
        case DeviceNamed():
            return (str(finding.imei),)
        case _:
            return ()


def _without(words: str, numbers: Sequence[_Number]) -> str:
    """A sentence without links and its numbers, which may be written in groups of letters."""
    spoken = _LINK.sub(" ", words)
    for _, number in numbers:
        spoken = re.sub(r"[ .-]?".join(number), "0", spoken, flags=re.IGNORECASE)
    return spoken


def names_in(mail: Mail, known: Known) -> frozenset[str]:
    """The words of names that a mail may hold: of articles and people of the order, and of its writer."""
    return frozenset(map(_plain, _WORD.findall(" ".join((*known.names, mail.sender_name, mail.sender)))))


def unknown(spoken: str, plain: Sequence[str], names: Collection[str]) -> tuple[str, ...]:
    """The words that are neither names nor in the vocabulary which holds the most of them."""
    words = dict.fromkeys(_WORD.findall(spoken))
    rest = [word for word in words if _plain(word) not in names and not is_mistyped(word.casefold())]
    return unknown_to(plain, rest, _forms)


def between_names(spoken: str, vocabularies: Vocabularies) -> str:
    """A sentence without whom it greets and who signs it: "Hi Ana, … Gruß Leonie"."""
    greeting = _GREETING.match(spoken)
    if greeting and any(holds(known, greeting[1]) for known in vocabularies.courtesies):
        spoken = spoken[greeting.end() :]
    ends = [one.end() for one in _WORD.finditer(spoken) if any(holds(known, one[0]) for known in vocabularies.closings)]
    return spoken[: ends[-1]] if ends and not _DIGITS.search(spoken, ends[-1]) else spoken


def _forms(word: str) -> tuple[str, ...]:
    """A word as plain words are written, and as one that may have been typed without its umlauts."""
    return _plain(word), _TYPED_OUT.sub("", _plain(word))


def _plain(word: str) -> str:
    return without_accents(word.casefold())
