"""Which reply rules hit a text, sentence by sentence, and why the others did not."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import regex

from daemon.domain.finding import RuleTrace
from daemon.domain.values import Value
from daemon.rules.actions import Action
from daemon.rules.replies import About, ReplyRule
from daemon.rules.rulebook import Rulebook
from daemon.rules.screening import Asked, Screen
from daemon.rules.sentences import Sentence, clauses, composed, sentences

__all__ = ["Action", "Hit", "ReplyRule", "judge", "judge_by"]

_PATIENCE = 0.2
_SHOWN = 80
NO_WORD = "no sentence holds its words"
NO_SENTENCE = "no sentence says it"


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
    """Every sentence against the patterns that its words call up."""
    search = _Search()
    likely = screen.over(composed(text).casefold())
    heard = [one for sentence in sentences(text) for one in _hear(screen, likely, search, text, sentence)]
    heard.sort(key=lambda one: one.rule)
    hits = [
        Hit(rule=rule.rule, action=rule.then, span=one.sentence.span)
        for one in heard
        for rule in [screen.rules[one.rule]]
        if one.hit and not search.slow_in(rule)
    ]
    return hits, _traces(screen, heard, search)


class _Heard(Value, frozen=True, kw_only=True):
    """What a rule found in a sentence that called it up, and what of its `unless` speaks against it."""

    rule: int
    sentence: Sentence
    word: str | None
    but: str | None = None

    @property
    def hit(self) -> bool:
        return self.word is not None and self.but is None

    @property
    def why(self) -> str:
        but = f', but also "{self.but}"' if self.but is not None else ""
        return f'"{self.word}"{but} in "{_shown(self.sentence)}"'


def _hear(
    screen: Screen, asked: Callable[[str], list[Asked]], search: "_Search", text: str, sentence: Sentence
) -> list[_Heard]:
    """A sentence clause by clause where each of them says something, else as a whole."""
    likely = asked(sentence.words.casefold())
    parts = clauses(text, sentence) if likely else ()
    if len(parts) > 1:
        heard = [_ask(screen, search, part, asked(part.words.casefold())) for part in parts]
        if all(any(one.hit for one in answers) for answers in heard):
            return [one for answers in heard for one in answers]
    whole = _ask(screen, search, sentence, likely)
    if any(one.hit for one in whole):
        return whole
    return [*whole, *_ask(screen, search, sentence, likely, otherwise=True)]


def _ask(
    screen: Screen, search: "_Search", sentence: Sentence, likely: Sequence[Asked], *, otherwise: bool = False
) -> list[_Heard]:
    """What each rule that the sentence calls up has to say about it."""
    answers: dict[int, _Heard] = {}
    for one in likely:
        rule = screen.rules[one.rule]
        known = answers.get(one.rule)
        if rule.otherwise is not otherwise or (known and known.word is not None):
            continue
        word = search.find(one.pattern, sentence.words)
        but = search.first(rule.unless, sentence.words) if word is not None else None
        answers[one.rule] = _Heard(rule=one.rule, sentence=sentence, word=word, but=but)
    return list(answers.values())


class _Search:
    """Patterns over one text; one that takes too long is not tried again and finds nothing."""

    def __init__(self) -> None:
        self._slow: set[str] = set()

    def find(self, pattern: str, words: str) -> str | None:
        if pattern in self._slow:
            return None
        try:
            found = _compiled(pattern).search(words, timeout=_PATIENCE)
        except TimeoutError:
            self._slow.add(pattern)
            return None
        return found.group() if found else None

    def first(self, patterns: Sequence[str], words: str) -> str | None:
        """What the first pattern that finds something finds in a sentence."""
        return next((found for one in patterns if (found := self.find(one, words)) is not None), None)

    @property
    def tired(self) -> bool:
        return bool(self._slow)

    def slow_in(self, rule: ReplyRule) -> list[str]:
        """The patterns of a rule that took too long."""
        return sorted(self._slow.intersection((*rule.says, *rule.unless))) if self._slow else []


def _traces(screen: Screen, heard: Sequence[_Heard], search: _Search) -> list[RuleTrace]:
    """Why each rule hit or missed; those that missed for the same plain reason share one trace."""
    told: dict[int, _Heard] = {}
    for one in heard:
        known = told.get(one.rule)
        if known is None or (one.hit, one.word is not None) > (known.hit, known.word is not None):
            told[one.rule] = one
    slow = {n: found for n, rule in enumerate(screen.rules) if (found := search.slow_in(rule))} if search.tired else {}
    traces = [_trace(screen.rules[number], told.get(number), slow.get(number)) for number in sorted({*told, *slow})]
    missed = [one.rule for one in traces if not one.why]
    silent = [rule.rule for number, rule in enumerate(screen.rules) if number not in told and number not in slow]
    shared = [
        RuleTrace(rule=" ".join(rules), hit=False, why=why)
        for rules, why in ((missed, NO_SENTENCE), (silent, NO_WORD))
        if rules
    ]
    return [*(one for one in traces if one.why), *shared]


def _trace(rule: ReplyRule, heard: _Heard | None, slow: Sequence[str] | None) -> RuleTrace:
    """Why a rule hit or missed; nothing where no sentence said it."""
    if slow:
        return RuleTrace(
            rule=rule.rule, hit=False, why=f"stopped: a pattern took longer than {_PATIENCE} s ({', '.join(slow)})"
        )
    if heard is None or heard.word is None:
        return RuleTrace(rule=rule.rule, hit=False, why="")
    return RuleTrace(rule=rule.rule, hit=heard.hit, why=heard.why)


def _shown(sentence: Sentence) -> str:
    return sentence.words if len(sentence.words) <= _SHOWN else sentence.words[: _SHOWN - 1] + "\u2026"


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)
