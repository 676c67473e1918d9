"""Reply rules: how many mails a second are judged by 200 of them, against asking `re` one pattern after the other."""

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bench.measures import Bound, Figure, Measure, Setting, paired
from daemon.domain.finding import Statement
from daemon.rules.actions import Action
from daemon.rules.conditions import judge
from daemon.rules.replies import ReplyRule
from daemon.rules.rulebook import Rulebook

_BODIES = 60
_LETTERS = 3000
_WORDS = 4000
_SYLLABLES = tuple(
    f"{begin}{middle}{end}" for begin in "bdfgklmnprstvwz" for middle in "aeiou" for end in ("", "n", "r")
)
_SAID = ("{0} your {1}", "we {0} the {1} on Monday", "order {2}: {0} by {1}", "{0} ({1}) is not {2}")
_PATTERNS = (
    r"\b{0}\w*\s+(?:your|the|our)\s+{1}\w*\b",
    r"\bwe (?:have |will )?{0}(?:ed)?\b.*\b{1}\b",
    r"\border\s*(?:no\.?|number|#)?\s*[0-9]{{6}}: {0}\w* by {1}\b",
    r"\b{0}\b.*\b(?:not|never)\b.*\b(?:{1}|{0}ed)\b",
)


class _Matter:
    """Rules and mails that nobody wrote, the same for both sides; every mail is read once only."""

    def __init__(self, rules: int) -> None:
        self._chance = random.Random(rules)  # noqa: S311 - made-up words, no secret
        self.words = [self._word() for _ in range(_WORDS)]
        self.pairs = [(self._word(), self._word()) for _ in range(rules)]
        self.patterns = [_PATTERNS[n % len(_PATTERNS)].format(*pair) for n, pair in enumerate(self.pairs)]

    def _word(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.randrange(2, 5)))

    def bodies(self) -> list[str]:
        return [self._body() for _ in range(_BODIES)]

    def _body(self) -> str:
        said: list[str] = []
        while sum(map(len, said)) < _LETTERS:
            said.append(self._sentence())
        return "\n".join(said)[:_LETTERS]

    def _sentence(self) -> str:
        chance = self._chance
        if chance.random() < 1 / 20:
            sentence = chance.choice(_SAID).format(*chance.choice(self.pairs), chance.randrange(10**6))
        else:
            sentence = " ".join(chance.choices(self.words, k=chance.randrange(6, 14)))
        return f"{sentence.capitalize()}{chance.choice(('.', '.', '!'))}"


def _rate(judged: Callable[[str], object], bodies: Sequence[str]) -> float:
    began = time.perf_counter()
    for body in bodies:
        judged(body)
    return len(bodies) / (time.perf_counter() - began)


class _Judges:
    """So many rules, ready to judge: ours has its patterns compiled and agrees with `re` before the clock runs."""

    def __init__(self, rules: int) -> None:
        self._matter = _Matter(rules)
        self._plain = [re.compile(pattern, re.IGNORECASE) for pattern in self._matter.patterns]
        written = [
            ReplyRule(rule=f"r{n}", about="order", says=(pattern,), then=Action(say=Statement.SHIPPED))
            for n, pattern in enumerate(self._matter.patterns)
        ]
        self._book = Rulebook(hash="bench", replies=tuple(written))
        judge(
            "\n".join(f"{said.format(*pair, 1)}." for pair in self._matter.pairs for said in _SAID), "order", self._book
        )
        for body in self._matter.bodies():
            ours = {hit.rule for hit in judge(body, "order", self._book)[0]}
            theirs = {f"r{n}" for n, one in enumerate(self._plain) if any(map(one.search, body.split("\n")))}
            if ours != theirs:
                raise AssertionError(ours ^ theirs)

    def ours(self) -> float:
        return _rate(lambda body: judge(body, "order", self._book), self._matter.bodies())

    def plainly(self) -> float:
        return _rate(lambda body: [one.search(body) for one in self._plain], self._matter.bodies())


def _two_hundred(setting: Setting) -> list[Figure]:
    judges = _Judges(200)
    pairs = paired(setting.rounds, judges.ours, judges.plainly)
    return [pairs.figure("200 rules, differing bodies of 3 KB", "mails/s", floor=25, aim=100)]


def _a_thousand(setting: Setting) -> list[Figure]:
    pairs = paired(setting.rounds, _Judges(200).ours, _Judges(1000).ours)
    figure = pairs.figure("time for a mail, 1,000 rules to 200", "mails/s", floor=2, aim=1.3, bound=Bound.AT_MOST)
    return [replace(figure, ours="", theirs="")]


MEASURES = (
    Measure(
        code="R1", title="Reply rules over new mails", baseline="`re`, one pattern after another", run=_two_hundred
    ),
    Measure(code="R2", title="Five times as many rules", baseline="ourselves with 200", run=_a_thousand),
)
