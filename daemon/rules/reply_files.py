"""Reply rules from `rules/replies`, none of which counts before its own examples come out right."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import regex
from pydantic import Field, field_validator, model_validator

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.rules.actions import Action
from daemon.rules.conditions import judge_by
from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.replies import About, ReplyRule


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

    @field_validator("says", "unless")
    @classmethod
    def _sound(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                found = regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)
            except regex.error as error:
                raise ValueError(f"`{pattern}` is no regular expression: {error}") from None
            if found.fullmatch("", timeout=1):
                raise ValueError(f"`{pattern}` is found in every text")
        return patterns


class ExampleEntry(Entry):
    says: Annotated[str, Field(min_length=1)]
    then: Literal["nothing"] | ActionEntry


class ReplyEntry(Entry):
    rule: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    about: About = "any"
    otherwise: bool = False
    when: WhenEntry
    then: ActionEntry
    examples: tuple[ExampleEntry, ...] = Field(min_length=1)

    def value(self) -> ReplyRule:
        return ReplyRule(
            rule=self.rule,
            about=self.about,
            says=self.when.says,
            unless=self.when.unless,
            then=self.then.action(),
            otherwise=self.otherwise,
        )


def read_replies(files: Iterable[tuple[str, str]]) -> tuple[tuple[ReplyRule, ...], list[Mistake]]:
    """The reply rules of all files, and every mistake in them, in their examples and between them."""
    found: list[Placed[ReplyEntry]] = []
    mistakes: list[Mistake] = []
    for file, text in files:
        some, wrong = entries(file, text, ReplyEntry)
        found += some
        mistakes += wrong
    names: dict[str, Placed[ReplyEntry]] = {}
    for entry in found:
        first = names.setdefault(entry.value.rule, entry)
        if first is not entry:
            problem = f"the rule `{entry.value.rule}` stands in {first.file}:{first.line('rule')} already"
            mistakes.append(entry.mistake(problem, "rule"))
        mistakes += _wrong_examples(entry)
    return tuple(entry.value.value() for entry in found), mistakes


def _wrong_examples(entry: Placed[ReplyEntry]) -> Iterator[Mistake]:
    rule = entry.value.value()
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
