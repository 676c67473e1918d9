"""One cheap look at a whole text for all rules together: which of them may be found in it, and by which patterns."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from daemon.domain.finding import RuleTrace
from daemon.domain.values import Value
from daemon.rules.clauses import Clauses, needed
from daemon.rules.literals import required
from daemon.rules.replies import ReplyRule

NO_WORD = "none of its words occurs"
NO_SENTENCE = "no sentence says it"


class _Needs(Value, frozen=True, kw_only=True):
    """What a pattern needs: one of `words` (None: not sure), and something of each of `clauses`."""

    pattern: str
    words: frozenset[str] | None
    clauses: Clauses


class _Screened(Value, frozen=True, kw_only=True):
    """A rule with what its patterns need, and the traces of its two ways to miss."""

    rule: ReplyRule
    needs: tuple[_Needs, ...]
    words: frozenset[str] | None
    no_word: RuleTrace
    no_sentence: RuleTrace


class Screen:
    """The rules of one edition, made ready to be passed over at a glance."""

    def __init__(self, rules: Iterable[ReplyRule]) -> None:
        self._rules = tuple(_screened(rule) for rule in rules)
        self._vocabulary = frozenset(_vocabulary(self._rules))

    def likely(self, folded: str) -> Iterator[tuple[ReplyRule, tuple[str, ...], RuleTrace]]:
        """Each rule with its patterns that may be found in a folded text, and its trace in case that none is."""
        present = {word for word in self._vocabulary if word in folded}
        for one in self._rules:
            if one.words is not None and one.words.isdisjoint(present):
                yield one.rule, (), one.no_word
            else:
                yield one.rule, tuple(need.pattern for need in one.needs if _may_hit(need, present)), one.no_sentence


def _may_hit(need: _Needs, present: set[str]) -> bool:
    for clause in need.clauses:  # noqa: SIM110 - runs for every pattern and mail, and a generator costs twice as much
        if clause.isdisjoint(present):
            return False
    return True


def _screened(rule: ReplyRule) -> _Screened:
    needs = tuple(_needs(pattern) for pattern in rule.says)
    words = [need.words for need in needs if need.words is not None]
    return _Screened(
        rule=rule,
        needs=needs,
        words=frozenset[str]().union(*words) if len(words) == len(needs) else None,
        no_word=RuleTrace(rule=rule.rule, hit=False, why=NO_WORD),
        no_sentence=RuleTrace(rule=rule.rule, hit=False, why=NO_SENTENCE),
    )


@lru_cache(maxsize=4096)
def _needs(pattern: str) -> _Needs:
    words = required(pattern)
    return _Needs(
        pattern=pattern,
        words=None if words is None else frozenset(words),
        clauses=needed(pattern),
    )


def _vocabulary(rules: Iterable[_Screened]) -> Iterator[str]:
    for one in rules:
        for need in one.needs:
            yield from need.words or ()
            for clause in need.clauses:
                yield from clause
