"""Reply rules from `rules/replies`, none of which counts before its own examples come out right."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Literal

import msgspec
import regex
from pydantic import Field, model_validator

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value
from daemon.rules.accents import bare_too
from daemon.rules.actions import Action
from daemon.rules.conditions import judge_by
from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry, Form
from daemon.rules.replies import About, ReplyRule
from daemon.rules.words import Words, spelled_out


class ActionEntry(Entry):
    say: Statement | None = None
    problem: ProblemKind | None = None

    @model_validator(mode="after")
    def _one(self) -> "ActionEntry":
        if (self.say is None) == (self.problem is None):
            raise ValueError("must hold exactly one of `say` and `problem`")
        return self

    def action(self) -> Action:
        return Action(say=self.say, problem=self.problem)


class WhenEntry(Entry):
    says: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()


class ExampleEntry(Entry):
    says: Annotated[str, Field(min_length=1)]
    then: Literal["nothing"] | ActionEntry


class ReplyEntry(Entry):
    rule: Annotated[str, Form("[a-z0-9][a-z0-9-]*", "a name in small letters, digits and hyphens")]
    about: About = "any"
    otherwise: bool = False
    courtesy: bool = False
    aside: bool = False
    when: WhenEntry
    then: ActionEntry
    examples: tuple[ExampleEntry, ...] = Field(min_length=1)

    def value(self, words: Words) -> ReplyRule:
        """The rule with its families of words spelled out; raises ValueError where one has none."""
        return ReplyRule(
            rule=self.rule,
            about=self.about,
            says=tuple(bare_too(spelled_out(pattern, words)) for pattern in self.when.says),
            unless=tuple(bare_too(spelled_out(pattern, words)) for pattern in self.when.unless),
            then=self.then.action(),
            otherwise=self.otherwise,
            courtesy=self.courtesy,
            aside=self.aside,
        )


class Proven(Value, frozen=True, kw_only=True):
    """A rule whose patterns are sound and whose examples came out right; `proof` is another for any change of them."""

    rule: ReplyRule
    proof: str


def read_replies(
    files: Iterable[tuple[str, str]], words: Words | None = None, proofs: Collection[str] = ()
) -> tuple[tuple[Proven, ...], list[Mistake]]:
    """The reply rules of all files, and every mistake in them, in their examples and between them.

    What `proofs` holds came out right before and is not tried again: trying all rules takes seconds.
    """
    known = words or {}
    found: list[Placed[ReplyEntry]] = []
    mistakes: list[Mistake] = []
    for file, text in files:
        some, wrong = entries(file, text, ReplyEntry)
        found += some
        mistakes += wrong
    rules: list[Proven] = []
    names: dict[str, Placed[ReplyEntry]] = {}
    for entry in found:
        first = names.setdefault(entry.value.rule, entry)
        if first is not entry:
            problem = f"the rule `{entry.value.rule}` stands in {first.file}:{first.line('rule')} already"
            mistakes.append(entry.mistake(problem, "rule"))
        tried = _tried(entry, known, proofs)
        if isinstance(tried, Proven):
            rules.append(tried)
        else:
            mistakes += tried
    return tuple(rules), mistakes


def _tried(entry: Placed[ReplyEntry], words: Words, proofs: Collection[str]) -> Proven | list[Mistake]:
    try:
        rule = entry.value.value(words)
    except ValueError:
        return list(_unsound(entry, words))
    told = entry.value.model_dump_json().encode() + msgspec.json.encode(rule)
    proof = hashlib.sha256(told).hexdigest()
    wrong = [] if proof in proofs else [*_unsound(entry, words)] or [*_wrong_examples(entry, rule)]
    return wrong or Proven(rule=rule, proof=proof)


def _unsound(entry: Placed[ReplyEntry], words: Words) -> Iterator[Mistake]:
    """What is wrong with the patterns of a rule."""
    when = entry.value.when
    for key, patterns in (("says", when.says), ("unless", when.unless)):
        for place, pattern in enumerate(patterns):
            if problem := _problem(pattern, words):
                yield entry.mistake(problem, "when", key, place)


def _problem(pattern: str, words: Words) -> str | None:
    try:
        found = regex.compile(bare_too(spelled_out(pattern, words)), regex.IGNORECASE | regex.UNICODE)
    except regex.error as error:
        return f"`{pattern}` is no regular expression: {error}"
    except ValueError as error:
        return str(error)
    return f"`{pattern}` is found in every text" if found.fullmatch("", timeout=1) else None


def _wrong_examples(entry: Placed[ReplyEntry], rule: ReplyRule) -> Iterator[Mistake]:
    for place, example in enumerate(entry.value.examples):
        hits, traces = judge_by([rule], example.says)
        expected = None if example.then == "nothing" else example.then.action()
        actual = hits[0].action if hits else None
        if actual != expected:
            problem = f"the example should mean {_told(expected)} but means {_told(actual)}: {traces[0].why}"
            yield entry.mistake(problem, "examples", place)


def _told(action: Action | None) -> str:
    if action is None:
        return "nothing"
    return f"`say: {action.say}`" if action.say else f"`problem: {action.problem}`"
