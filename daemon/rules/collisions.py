"""Rules that are right each by itself but meet: numbers two carriers could own, sentences two rules answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.rules.actions import Action
from daemon.rules.carrier_files import CarrierEntry
from daemon.rules.carriers import Carrier, matches, normalised, recognise
from daemon.rules.conditions import judge_on
from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.replies import ReplyRule
from daemon.rules.reply_files import ReplyEntry
from daemon.rules.screening import Screen
from daemon.rules.words import Words, words_in

E = TypeVar("E", bound=Entry)
_YES = {Statement.ACCEPTED, Statement.CONFIRMED, Statement.CONTRACT_AGREED, Statement.SHIPPED}
_NO = {Statement.DECLINED, ProblemKind.OUT_OF_STOCK}
_NOT_LEFT = {Statement.NOT_SHIPPED, Statement.CAME_BACK}


def collisions(files: Mapping[str, str]) -> tuple[Mistake, ...]:
    """Every collision between the carriers and between the reply rules of a sound set, each with its file and line."""
    carriers = _entries(files, "rules/carriers/", CarrierEntry)
    replies = _entries(files, "rules/replies/", ReplyEntry)
    found = [*_between_carriers(carriers), *_between_replies(replies, words_in(files)[0])]
    return tuple(sorted(set(found), key=lambda one: (one.file, one.line, one.problem)))


def _entries(files: Mapping[str, str], folder: str, model: type[E]) -> list[Placed[E]]:
    mine = [(name, text) for name, text in sorted(files.items()) if folder.removeprefix("rules/") in name]
    return [entry for name, text in mine if name.endswith((".yaml", ".yml")) for entry in entries(name, text, model)[0]]


def _between_carriers(found: list[Placed[CarrierEntry]]) -> Iterator[Mistake]:
    carriers = [entry.value.value() for entry in found]
    for entry, carrier in zip(found, carriers, strict=True):
        for place, number in enumerate(entry.value.numbers):
            rivals = {one.id for example in number.valid for one in _rivals(normalised(example), carrier, carriers)}
            if rivals:
                named = ", ".join(sorted(rivals))
                problem = f"such a number may also be one of {named}: without a carrier's name or link it is held"
                yield entry.mistake(problem, "numbers", place)


def _rivals(number: str, carrier: Carrier, carriers: list[Carrier]) -> list[Carrier]:
    """The other carriers that the number may belong to, where its form does not settle it."""
    if recognise(number, carriers, None, None).ok:
        return []
    return [one for one in carriers if one.id != carrier.id and any(matches(form, number) for form in one.numbers)]


def _between_replies(found: list[Placed[ReplyEntry]], words: Words) -> Iterator[Mistake]:
    rules = [entry.value.value(words) for entry in found]
    # Rules of one meaning have the same rivals.
    screens: dict[tuple[str, ...], Screen] = {}
    for entry, rule in zip(found, rules, strict=True):
        rivals = [one for one in rules if one is not rule and _meet(one, rule)]
        screen = screens.setdefault(tuple(one.rule for one in rivals), Screen(rivals))
        for place, example in enumerate(entry.value.examples):
            if example.then == "nothing":
                continue
            for other in {hit.rule for hit in judge_on(screen, example.says)[0]}:
                problem = f"the rule `{other}` hits this example, too, and says the contrary"
                yield entry.mistake(problem, "examples", place)


def _meet(one: ReplyRule, other: ReplyRule) -> bool:
    """Whether two rules may be asked about the same sentence and contradict each other."""
    asked = "any" in {one.about, other.about} or one.about == other.about
    return asked and not (one.otherwise or other.otherwise) and _contrary(_said(one.then), _said(other.then))


def _said(action: Action) -> Statement | ProblemKind | None:
    return action.say or action.problem


def _contrary(one: Statement | ProblemKind | None, other: Statement | ProblemKind | None) -> bool:
    pair: Iterable[Statement | ProblemKind | None] = (one, other)
    if Statement.SHIPPED in pair and not _NOT_LEFT.isdisjoint(pair):
        return True
    return (one in _YES and other in _NO) or (one in _NO and other in _YES)
