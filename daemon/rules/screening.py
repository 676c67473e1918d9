"""The rules of one edition, made ready to be passed over at a glance."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache

from daemon.domain.values import Value
from daemon.rules.automaton import Automaton
from daemon.rules.replies import ReplyRule
from daemon.rules.sentences import Sentence

# So few are sooner asked one by one than made ready.
_FEW = 64
_SHOWN = 80
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 300


class Heard(Value, frozen=True, kw_only=True):
    """What a rule found in a sentence or in a clause of it, and what of its `unless` speaks against it."""

    rule: int
    sentence: Sentence
    word: str
    but: str | None = None

    @property
    def hit(self) -> bool:
        return self.but is None

    @property
    def why(self) -> str:
        but = f', but also "{self.but}"' if self.but is not None else ""
        words = self.sentence.words
        shown = words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "\u2026"
        return f'"{self.word}"{but} in "{shown}"'


class Screen:
    """Which rules may have something to say about a sentence."""

    def __init__(self, rules: Iterable[ReplyRule]) -> None:
        self.rules = tuple(rules)
        self.names = tuple(rule.rule for rule in self.rules)
        self._saying: dict[str, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for pattern in rule.says:
                self._saying.setdefault(pattern, []).append(number)
        self._heard: dict[str, Sequence[Heard]] = {}
        self._against: dict[int, Automaton] = {}

    def possible(self, words: str) -> Collection[str]:
        """The patterns of `says` that may be found in a text or in a sentence or clause of it."""
        return self._saying.keys() if len(self._saying) <= _FEW else self._automaton.possible(words)

    def still_possible(self, possible: Collection[str], words: str) -> Collection[str]:
        """Those of the patterns that are possible in a text which are so in a sentence or clause of it."""
        if not possible or len(self._saying) <= _FEW:
            return possible
        return self._automaton.still_possible(possible, words)

    def against(self, number: int, words: str) -> Collection[str]:
        """The patterns of a rule's `unless` that may be found in a sentence.

        They are many and long, and only the few rules that found something ask for theirs.
        """
        unless = self.rules[number].unless
        if len(self._saying) <= _FEW:
            return unless
        if number not in self._against:
            self._against[number] = Automaton(unless)
        return self._against[number].possible(words)

    def called(self, possible: Iterable[str]) -> list[int]:
        """The rules of whose words some may be found, in order."""
        return sorted({number for pattern in possible for number in self._saying[pattern]})

    def recall(self, said: str) -> Sequence[Heard] | None:
        """What was heard in this sentence before."""
        return self._heard.get(said)

    def remember(self, said: str, heard: Sequence[Heard]) -> None:
        if len(said) > _LONGEST_REMEMBERED:
            return
        if len(self._heard) >= _REMEMBERED:
            self._heard.clear()
        self._heard[said] = heard

    @cached_property
    def _automaton(self) -> Automaton:
        return _automaton(tuple(sorted(self._saying)))


# To make it takes half a second; it stays as it is where only partners change or come to be trusted.
@lru_cache(maxsize=4)
def _automaton(patterns: tuple[str, ...]) -> Automaton:
    return Automaton(patterns)
