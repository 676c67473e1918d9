"""The entries of `rules/deadlines.yaml`, with their examples counted out on the calendar."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, field_validator, model_validator

from daemon.domain.calendar import after, market_tag
from daemon.domain.deadline import DeadlineKind
from daemon.domain.policy import TimeUnit
from daemon.rules.deadlines import DeadlineRule, Event, Missed, Ring, Span
from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry, Form

_SPAN = re.compile(r"([1-9][0-9]{0,3}) (hour|day|working hour|working day)s?")
# Where two spans of different units are put in order, a working day counts as a day, with eight hours of work in it.
_ROUGHLY = {
    TimeUnit.HOURS: timedelta(hours=1),
    TimeUnit.DAYS: timedelta(days=1),
    TimeUnit.WORKING_DAYS: timedelta(days=1),
    TimeUnit.WORKING_HOURS: timedelta(hours=3),
}
_FROM_OFFER = "offer"


def span_of(text: str) -> Span:
    """A span in words: `24 hours`, `1 day`, `5 working days`, `8 working hours`."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise ValueError(f"`{text}` is no span such as `24 hours`, `21 days`, `5 working days` or `8 working hours`")
    return Span(amount=int(found[1]), unit=TimeUnit(found[2].replace(" ", "_") + "s"))


class _Spans(Entry):
    @field_validator("before", "after", "length", check_fields=False)
    @classmethod
    def _readable(cls, text: str | None) -> str | None:
        if text not in {None, _FROM_OFFER}:
            span_of(text or "")
        return text


class RingEntry(_Spans):
    before: str | None = None
    after: str | None = None
    template: Annotated[str, Form("[a-z][a-z-]*", "the name of a template, such as reminder-ship")] | None = None
    copy_: Annotated[bool, Field(alias="copy")] = False
    operator: bool = False
    buyer: bool = False
    propose_cancel: bool = False

    @model_validator(mode="after")
    def _sense(self) -> "RingEntry":
        if (self.before is None) == (self.after is None):
            raise ValueError("must hold exactly one of `before` and `after`")
        if self.template is None and not (self.operator or self.buyer or self.propose_cancel):
            raise ValueError("must hold a `template`, or one of `operator`, `buyer` and `propose_cancel` as true")
        if self.copy_ and self.template is None:
            raise ValueError("a `copy` needs the `template` that is copied")
        return self

    def ring(self) -> Ring:
        return Ring(
            before=span_of(self.before) if self.before else None,
            after=span_of(self.after) if self.after else None,
            template=self.template,
            copy=self.copy_,
            operator=self.operator,
            buyer=self.buyer,
            propose_cancel=self.propose_cancel,
        )


class ExampleEntry(Entry):
    market: str = "de-DE"
    started: AwareDatetime
    due: AwareDatetime


class DeadlineEntry(_Spans):
    kind: DeadlineKind
    starts: Event
    length: str
    anew: bool = False
    calendar: Literal["market", "partner"] = "market"
    waits_for: Literal["partner", "us"] = "partner"
    pauses: bool = True
    met_by: tuple[Event, ...] = ()
    dropped_by: tuple[Event, ...] = ()
    rings: tuple[RingEntry, ...] = ()
    missed: tuple[Missed, ...] = ()
    examples: tuple[ExampleEntry, ...] = ()

    @model_validator(mode="after")
    def _sense(self) -> "DeadlineEntry":
        if self.length == _FROM_OFFER and self.starts != "order_released":
            raise ValueError("only a clock that starts with `order_released` can be as long as the offer says")
        if self.examples and self.length == _FROM_OFFER:
            raise ValueError("an example needs a `length` to be counted")
        about = self.starts.partition("_")[0]
        if about == "inquiry" and self.calendar != "partner":
            raise ValueError("an inquiry belongs to no market: `calendar: partner`")
        strange = next((one for one in (*self.met_by, *self.dropped_by) if _about(one) != _about(self.starts)), None)
        if strange:
            raise ValueError(f"`{strange}` never happens to what `{self.starts}` happens to")
        if "expire" in self.missed and about != "inquiry":
            raise ValueError("only an inquiry can expire")
        if _about(self.starts) != "order" and (
            {"buyer", "propose_cancel"} & set(self.missed) or any(one.buyer or one.propose_cancel for one in self.rings)
        ):
            raise ValueError("only an order has a buyer, and can be canceled")
        return self

    def value(self) -> DeadlineRule:
        return DeadlineRule(
            kind=self.kind,
            starts=self.starts,
            length=None if self.length == _FROM_OFFER else span_of(self.length),
            anew=self.anew,
            calendar=self.calendar,
            waits_for=self.waits_for,
            pauses=self.pauses,
            met_by=self.met_by,
            dropped_by=self.dropped_by,
            rings=tuple(sorted((ring.ring() for ring in self.rings), key=_order)),
            missed=self.missed,
        )


def _about(event: Event) -> str:
    """What an event happens to: an inquiry, a partner's stock, or else an order."""
    word = event.partition("_")[0]
    return word if word in {"inquiry", "stock"} else "order"


def _order(ring: Ring) -> timedelta:
    """How long after the due time a ring is, roughly; before it, less than nothing."""
    if ring.before:
        return -_ROUGHLY[ring.before.unit] * ring.before.amount
    return _ROUGHLY[ring.after.unit] * ring.after.amount if ring.after else timedelta()


def read_deadlines(file: str, text: str) -> tuple[tuple[DeadlineRule, ...], list[Mistake]]:
    """The deadline rules, and every mistake in them, in their examples and between them."""
    found, mistakes = entries(file, text, DeadlineEntry)
    kinds: dict[DeadlineKind, Placed[DeadlineEntry]] = {}
    for entry in found:
        first = kinds.setdefault(entry.value.kind, entry)
        if first is not entry:
            problem = f"`{entry.value.kind}` has an entry in line {first.line('kind')} already"
            mistakes.append(entry.mistake(problem, "kind"))
        mistakes += _wrong_examples(entry)
    return tuple(entry.value.value() for entry in found), mistakes


def _wrong_examples(entry: Placed[DeadlineEntry]) -> Iterator[Mistake]:
    length = entry.value.value().length
    for place, example in enumerate(entry.value.examples):
        market = market_tag(example.market)
        if market is None:
            yield entry.mistake(f"`{example.market}` is no market such as `de-DE`", "examples", place, "market")
            continue
        if length and (due := after(example.started, length.amount, length.unit, market)) != example.due:
            yield entry.mistake(f"the example is due {due.isoformat()}", "examples", place, "due")
