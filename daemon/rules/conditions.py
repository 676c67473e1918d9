"""Which reply rules hit a text, sentence by sentence, and why the others did not."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import regex

from daemon.domain.finding import RuleTrace
from daemon.domain.values import Value
from daemon.rules.actions import Action
from daemon.rules.clauses import needed
from daemon.rules.replies import About, ReplyRule
from daemon.rules.rulebook import Rulebook
from daemon.rules.screening import NO_SENTENCE, Screen
from daemon.rules.sentences import Sentence, sentences

__all__ = ["Action", "Hit", "ReplyRule", "judge", "judge_by"]

_PATIENCE = 0.2
_SHOWN = 80


class Hit(Value, frozen=True, kw_only=True):
    """`span` is the sentence in the judged text, from and to, in characters."""

    rule: str
    action: Action
    span: tuple[int, int]


def judge(text: str, about: About, rulebook: Rulebook) -> tuple[list[Hit], list[RuleTrace]]:
    """Judge a text by every reply rule about orders or about inquiries; hits and misses are both kept."""
    return _judge(rulebook.screen(about), text)


def judge_by(rules: Iterable[ReplyRule], text: str) -> tuple[list[Hit], list[RuleTrace]]:
    """Judge a text by these rules."""
    return _judge(Screen(rules), text)


def _judge(screen: Screen, text: str) -> tuple[list[Hit], list[RuleTrace]]:
    said = sentences(text)
    folded = tuple(sentence.words.casefold() for sentence in said)
    hits: list[Hit] = []
    traces: list[RuleTrace] = []
    for rule, says, missed in screen.likely("\n".join(folded)):
        if not says:
            traces.append(missed)
            continue
        found, why = _asked(rule, says, said, folded)
        hits += [Hit(rule=rule.rule, action=rule.then, span=sentence.span) for sentence in found]
        traces.append(RuleTrace(rule=rule.rule, hit=bool(found), why=why))
    return hits, traces


class _Search:
    """One rule's patterns over one text; a pattern that takes too long is not tried again and finds nothing."""

    def __init__(self) -> None:
        self.slow: set[str] = set()

    def first(self, patterns: Sequence[str], words: str, folded: str) -> str | None:
        """What the first pattern that finds something finds in a sentence."""
        likely = (pattern for pattern in patterns if _may_be_in(pattern, folded))
        return next((found for pattern in likely if (found := self._find(pattern, words)) is not None), None)

    def _find(self, pattern: str, words: str) -> str | None:
        if pattern in self.slow:
            return None
        try:
            found = _compiled(pattern).search(words, timeout=_PATIENCE)
        except TimeoutError:
            self.slow.add(pattern)
            return None
        return found.group() if found else None


def _asked(
    rule: ReplyRule, says: Sequence[str], said: Sequence[Sentence], folded: Sequence[str]
) -> tuple[list[Sentence], str]:
    """The sentences that a rule hits by these of its patterns, and why it hit or missed."""
    search = _Search()
    found: list[tuple[Sentence, str]] = []
    withheld: list[tuple[Sentence, str, str]] = []
    for sentence, plain in zip(said, folded, strict=True):
        word = search.first(says, sentence.words, plain)
        if word is None:
            continue
        but = search.first(rule.unless, sentence.words, plain)
        if but is None:
            found.append((sentence, word))
        else:
            withheld.append((sentence, word, but))
    if search.slow:
        return [], f"stopped: a pattern took longer than {_PATIENCE} s ({', '.join(sorted(search.slow))})"
    return [sentence for sentence, _ in found], _why(found, withheld)


def _why(found: list[tuple[Sentence, str]], withheld: list[tuple[Sentence, str, str]]) -> str:
    if found:
        sentence, word = found[0]
        return f'"{word}" in "{_shown(sentence)}"'
    if withheld:
        sentence, word, but = withheld[0]
        return f'"{word}", but also "{but}" in "{_shown(sentence)}"'
    return NO_SENTENCE


def _shown(sentence: Sentence) -> str:
    return sentence.words if len(sentence.words) <= _SHOWN else sentence.words[: _SHOWN - 1] + "\u2026"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)


def _may_be_in(pattern: str, folded: str) -> bool:
    return all(any(word in folded for word in clause) for clause in needed(pattern))
