"""Which reply rules hit a text, sentence by sentence, and why the others did not."""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import regex

from daemon.domain.finding import RuleTrace, Statement
from daemon.domain.values import Value
from daemon.rules.actions import Action
from daemon.rules.replies import About, ReplyRule
from daemon.rules.rulebook import Rulebook
from daemon.rules.screening import Heard, Screen
from daemon.rules.sentences import Sentence, clauses, rows, sentences, together

__all__ = ["Action", "Hit", "ReplyRule", "judge", "judge_by", "judge_on"]

_PATIENCE = 0.02
# What a clause beside it may take back: "Shipped, but the name looks wrong."
_GOOD_NEWS = {
    Statement.ACCEPTED,
    Statement.WILL_SHIP,
    Statement.SHIPPED,
    Statement.CONFIRMED,
    Statement.CONTRACT_AGREED,
}
NO_SENTENCE = "no sentence says it"


class Hit(Value, frozen=True, kw_only=True):
    """`span` is the sentence in the judged text, from and to, in characters."""

    rule: str
    action: Action
    span: tuple[int, int]


def judge(text: str, about: About, rulebook: Rulebook) -> tuple[list[Hit], list[RuleTrace]]:
    """Judge a text by every reply rule about orders or about inquiries; hits and misses are both kept."""
    return judge_on(rulebook.screen(about), text)


def judge_by(rules: Iterable[ReplyRule], text: str) -> tuple[list[Hit], list[RuleTrace]]:
    """Judge a text by these rules."""
    return judge_on(Screen(rules), text)


def judge_on(screen: Screen, text: str) -> tuple[list[Hit], list[RuleTrace]]:
    """Judge a text by a screen's rules: every sentence against the patterns that may be found in it."""
    several = [(one, said, screen.recall(said)) for one in sentences(text) if (said := text[slice(*one.span)])]
    search = _Search(screen, [one.words for one, _, known in several if known is None])
    heard = [
        (sentence.span[0], one)
        for sentence, said, known in several
        for one in (_heard_first(search, said, sentence.words) if known is None else known)
    ]
    heard.sort(key=lambda pair: pair[1].rule)
    hits = [
        Hit(rule=rule.rule, action=rule.then, span=(start + one.sentence.span[0], start + one.sentence.span[1]))
        for start, one in heard
        for rule in [screen.rules[one.rule]]
        if one.hit and not search.slow_in(rule)
    ]
    return hits, _traces(screen, [one for _, one in heard], search)


def _heard_first(search: "_Search", said: str, words: str) -> Sequence[Heard]:
    """What the rules find in a sentence, to be remembered: people repeat themselves."""
    heard = _hear(search, said, Sentence(span=(0, len(said)), words=words))
    if not search.tired:
        search.screen.remember(said, heard)
    return heard


def _hear(search: "_Search", said: str, sentence: Sentence) -> list[Heard]:
    """A sentence as a whole, or in several where its writer makes no full stops."""
    possible = search.possible(sentence.words)
    if not possible:
        return []
    parts = rows(said, sentence)
    if len(parts) == 1:
        return _hear_one(search, said, sentence, possible)
    tells = [any(one.hit for one in _ask(search, part, search.possible(part.words))) for part in parts]
    # Only between two lines that both say something there may be a full stop.
    cuts = [0, *(place for place in range(1, len(parts)) if tells[place - 1] and tells[place]), len(parts)]
    several = [together(said, parts[first:last]) for first, last in pairwise(cuts)]
    return [heard for one in several for heard in _hear_one(search, said, one, search.possible(one.words))]


def _hear_one(search: "_Search", said: str, sentence: Sentence, possible: Collection[str]) -> list[Heard]:
    """A sentence clause by clause where each of them says something, else as a whole.

    Good news does not cover a clause in which no rule but a caution finds something.
    """
    whole = _ask(search, sentence, possible)
    if any(_is_aside(search.screen, one) for one in whole):
        return whole
    parts = clauses(said, sentence)
    heard = [_ask(search, part, search.possible(part.words)) for part in parts] if len(parts) > 1 else []
    if heard and all(any(one.hit for one in answers) for answers in heard):
        return [one for answers in heard for one in answers]
    hits = [search.screen.rules[one.rule].then.say for one in whole if one.hit]
    if not hits:
        return [*whole, *_ask(search, sentence, possible, otherwise=True)]
    part_left = {Statement.PARTIAL} if Statement.SHIPPED in hits else set()
    if not _GOOD_NEWS.issuperset(set(hits) - part_left):
        return whole
    silent = [part for part, answers in zip(parts, heard, strict=False) if not any(one.hit for one in answers)]
    asked = [_ask(search, part, search.possible(part.words), otherwise=True) for part in silent]
    return [*whole, *(one for answers in asked for one in answers)]


def _ask(search: "_Search", sentence: Sentence, possible: Collection[str], *, otherwise: bool = False) -> list[Heard]:
    """What the rules find in a sentence, of the patterns that may be found in it."""
    heard: list[Heard] = []
    screen = search.screen
    for number in screen.called(possible):
        rule = screen.rules[number]
        if rule.otherwise is otherwise and (word := search.first(rule.says, possible, sentence.words)) is not None:
            against = screen.against(number, sentence.words) if rule.unless else ()
            but = search.first(rule.unless, against, sentence.words)
            heard.append(Heard(rule=number, sentence=sentence, word=word, but=but))
    return [one for one in heard if _is_aside(screen, one)] or heard


def _is_aside(screen: Screen, heard: Heard) -> bool:
    return heard.hit and screen.rules[heard.rule].aside


class _Search:
    """The patterns of a screen over sentences; one that takes too long is not tried again and finds nothing."""

    def __init__(self, screen: Screen, sentences: Sequence[str]) -> None:
        self.screen = screen
        self._possible = screen.possible(" ".join(sentences)) if sentences else ()
        self._slow: set[str] = set()

    def possible(self, words: str) -> Collection[str]:
        """The patterns that may be found in one of the sentences or in a part of it."""
        return self.screen.still_possible(self._possible, words) if self._possible else ()

    def first(self, patterns: Sequence[str], possible: Collection[str], words: str) -> str | None:
        """What the first pattern that finds something finds in a sentence."""
        for pattern in patterns:
            if pattern in possible and (found := self._find(pattern, words)) is not None:
                return found
        return None

    def _find(self, pattern: str, words: str) -> str | None:
        if pattern in self._slow:
            return None
        try:
            found = _compiled(pattern).search(words, timeout=_PATIENCE)
        except TimeoutError:
            self._slow.add(pattern)
            return None
        return found.group() if found else None

    @property
    def tired(self) -> bool:
        return bool(self._slow)

    def slow_in(self, rule: ReplyRule) -> list[str]:
        """The patterns of a rule that took too long."""
        return sorted(self._slow.intersection((*rule.says, *rule.unless))) if self._slow else []


def _traces(screen: Screen, heard: Sequence[Heard], search: _Search) -> list[RuleTrace]:
    """Why each rule hit or missed; those that found nothing share one trace."""
    told: dict[int, Heard] = {}
    for one in heard:
        if one.rule not in told or (one.hit and not told[one.rule].hit):
            told[one.rule] = one
    slow = {n: found for n, rule in enumerate(screen.rules) if (found := search.slow_in(rule))} if search.tired else {}
    silent = list(screen.names)
    traces: list[RuleTrace] = []
    for number in sorted({*told, *slow}, reverse=True):
        rule = screen.rules[number]
        traces.append(_stopped(rule, slow[number]) if number in slow else _trace(rule, told[number]))
        del silent[number]
    traces.reverse()
    return [*traces, RuleTrace(rule=" ".join(silent), hit=False, why=NO_SENTENCE)] if silent else traces


def _trace(rule: ReplyRule, heard: Heard) -> RuleTrace:
    return RuleTrace(rule=rule.rule, hit=heard.hit, why=heard.why)


def _stopped(rule: ReplyRule, slow: Sequence[str]) -> RuleTrace:
    why = f"stopped: a pattern took longer than {_PATIENCE} s ({', '.join(slow)})"
    return RuleTrace(rule=rule.rule, hit=False, why=why)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)
