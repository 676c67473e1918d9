"""Which patterns may be found in a sentence, known from the words that stand in it: one look for all rules together."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from daemon.domain.values import Value
from daemon.rules.clauses import Clauses, needed
from daemon.rules.replies import ReplyRule

_WORD = re.compile(r"\w+")
_WORDS_REMEMBERED = 8192
_FEW = 24


class Asked(Value, frozen=True, kw_only=True):
    """A pattern of the rule that stands at this place among the rules."""

    rule: int
    pattern: str
    clauses: Clauses


class Screen:
    """The rules of one edition, made ready to be passed over at a glance.

    Each pattern lies under the words of its most telling clause, so that a sentence calls up those that it may hold.
    """

    def __init__(self, rules: Iterable[ReplyRule]) -> None:
        self.rules = tuple(rules)
        self._asked = [
            Asked(rule=number, pattern=pattern, clauses=needed(pattern))
            for number, rule in enumerate(self.rules)
            for pattern in rule.says
        ]
        self._always = [number for number, one in enumerate(self._asked) if not one.clauses]
        self._under: dict[str, list[int]] = {}
        for number, one in enumerate(self._asked):
            for word in _telling(one.clauses):
                self._under.setdefault(word, []).append(number)
        self._pieces = _Pieces({word for one in self._asked for clause in one.clauses for word in clause})

    def over(self, folded: str) -> Callable[[str], list[Asked]]:
        """How to ask about the sentences of a folded text: where few patterns come into question, only about those."""
        possible = self.likely(folded)
        if len(possible) > _FEW:
            return self.likely
        return lambda sentence: [one for one in possible if _may_be_in(sentence, one.clauses)]

    def likely(self, folded: str) -> list[Asked]:
        """The patterns that may be found in a folded text, in the order of the rules."""
        present: set[str] = set()
        for word in set(_WORD.findall(folded)):
            if pieces := self._pieces.of(word):
                present.update(pieces)
        if not present:
            return [self._asked[number] for number in self._always]
        called = {number for word in present for number in self._under.get(word, ())}
        sure = [number for number in called if _may_hit(self._asked[number].clauses, present)]
        return [self._asked[number] for number in sorted([*self._always, *sure])]


def _may_be_in(sentence: str, clauses: Clauses) -> bool:
    for clause in clauses:  # noqa: SIM110 - runs for every sentence, and a generator costs twice as much
        if not any(piece in sentence for piece in clause):
            return False
    return True


def _may_hit(clauses: Clauses, present: set[str]) -> bool:
    for clause in clauses:  # noqa: SIM110 - runs for every sentence, and a generator costs twice as much
        if clause.isdisjoint(present):
            return False
    return True


def _telling(clauses: Clauses) -> frozenset[str]:
    """The clause by which a pattern is called up: the one whose words are the longest."""
    return max(clauses, key=lambda clause: min(map(len, clause)), default=frozenset())


class _Pieces:
    """Which pieces of a vocabulary stand in a word; words come again, so answers are remembered."""

    def __init__(self, vocabulary: set[str]) -> None:
        self._begun: dict[str, list[str]] = {}
        for piece in vocabulary:
            self._begun.setdefault(piece[:3], []).append(piece)
        self.of = lru_cache(maxsize=_WORDS_REMEMBERED)(self._of)

    def _of(self, word: str) -> Sequence[str]:
        begun = self._begun
        return tuple(
            piece
            for place in range(len(word) - 1)
            for beginning in (word[place : place + 2], word[place : place + 3])
            if beginning in begun
            for piece in begun[beginning]
            if word.startswith(piece, place)
        )
