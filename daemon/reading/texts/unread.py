"""What no rule understood in an answer to an inquiry: whole sentences, and words beside a confirmation."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import regex

from daemon.domain.finding import Statement
from daemon.domain.values import Value
from daemon.reading.texts.vocabulary import holds, unknown_to
from daemon.rules.conditions import Hit
from daemon.rules.rulebook import Rulebook
from daemon.rules.sentences import Sentence, sentences

# A name and a greeting leave fewer words that are no courtesy.
_CONTENT = 3
_WORD = regex.compile(r"[^\W\d_]+")
_THANKS = regex.compile(
    r"\W*(\w+ ){0,2}(dank|merci|thank|cheers|grazie|gracias|bedankt|dzięk|hallo|hello|hi|moin|bonjour|ciao|hola|hoi)",
    regex.IGNORECASE,
)
_YES = {Statement.CONFIRMED, Statement.ACCEPTED}


class Left(Value, frozen=True, kw_only=True):
    """A sentence, from and to, with those of its words that nobody knows; `beside` a confirmation or alone."""

    span: tuple[int, int]
    words: tuple[str, ...]
    beside: bool


def unread(text: str, hits: Sequence[Hit], rulebook: Rulebook) -> list[Left]:
    """The sentences that say more than courtesies and that no rule but a caution understood.

    In a mail that says yes they are what stands beside it, as far as they are not made of the words of a confirmation.
    """
    known = rulebook.vocabularies
    understood = _places(hit for hit in hits if hit.rule not in rulebook.cautions)
    confirming = _places(hit for hit in hits if hit.action.say in _YES)
    closed = False
    found: list[Left] = []
    spoken: list[Left] = []
    for one in sentences(text):
        words = _unknown(one, known.courtesies)
        confirms = _holds(one, confirming)
        if len(words) < _CONTENT and not confirms:
            closed = closed or _closes(one, known.closings)
            spoken += [] if closed else [Left(span=one.span, words=words, beside=False)]
        elif confirms or not (closed or _holds(one, understood)):
            words = _unknown(one, known.confirming) if confirming else words
            found.append(Left(span=one.span, words=words, beside=bool(confirming)))
    told = any(hit.action.say is not Statement.NOTHING and hit.rule not in rulebook.cautions for hit in hits)
    if not found and not told and len(spoken) == 1 and not _thanks(text, spoken[0]):
        found = spoken  # "Lieber nicht." is all that he says.
    return [one for one in found if one.words]


def _places(hits: Iterable[Hit]) -> list[int]:
    return sorted(hit.span[0] for hit in hits)


def _holds(sentence: Sentence, places: Sequence[int]) -> bool:
    start, end = sentence.span
    first = bisect_left(places, start)
    return first < len(places) and places[first] < end


def _closes(sentence: Sentence, closings: Sequence[str]) -> bool:
    """Whether only a signature follows a sentence: "Viele Grüße aus dem Lager"."""
    words = _WORD.findall(sentence.words)
    return any(holds(known, one) for known in closings for one in words)


def _thanks(text: str, left: Left) -> bool:
    return _THANKS.match(text[slice(*left.span)]) is not None


def _unknown(sentence: Sentence, vocabularies: Sequence[str]) -> tuple[str, ...]:
    return unknown_to(vocabularies, _WORD.findall(sentence.words))
