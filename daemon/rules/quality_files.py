"""The entries of `rules/quality.yaml`."""

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from daemon.rules.entries import Placed, entries
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry, Form
from daemon.rules.quality import FITTING, Counted, Matching, MetricRule

_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%")
_WINDOW = re.compile(r"([1-9][0-9]{0,2}) days?")
_WHOLE = 100


def share_of(text: str) -> Decimal:
    """A share in words: `4 %`, `2.5%`."""
    found = _SHARE.fullmatch(text)
    if not found or Decimal(found[1]) > _WHOLE:
        raise ValueError(f"`{text}` is no share such as `4 %` or `2.5 %`")
    return Decimal(found[1]) / _WHOLE


class MetricEntry(Entry):
    metric: Annotated[str, Form("[a-z][a-z_]*", "a name in small letters and underscores")]
    among: Counted
    count: Matching
    window: str
    at_least: Annotated[int, Field(ge=1)] = 1
    good: Literal["below", "above"]
    threshold: str
    warn: str

    @field_validator("threshold", "warn")
    @classmethod
    def _share(cls, text: str) -> str:
        share_of(text)
        return text

    @field_validator("window")
    @classmethod
    def _days(cls, text: str) -> str:
        if not _WINDOW.fullmatch(text):
            raise ValueError(f"`{text}` is no window such as `30 days`")
        return text

    @model_validator(mode="after")
    def _sense(self) -> "MetricEntry":
        if self.count not in FITTING[self.among]:
            fitting = " or ".join(f"`{one}`" for one in FITTING[self.among])
            raise ValueError(f"among `{self.among}` one can count {fitting}")
        threshold, warn = share_of(self.threshold), share_of(self.warn)
        if warn > threshold if self.good == "below" else warn < threshold:
            raise ValueError("the warning must come before the threshold is crossed")
        return self

    def value(self) -> MetricRule:
        return MetricRule(
            metric=self.metric,
            among=self.among,
            count=self.count,
            window=int(self.window.split()[0]),
            at_least=self.at_least,
            good=self.good,
            threshold=share_of(self.threshold),
            warn=share_of(self.warn),
        )


def read_quality(file: str, text: str) -> tuple[tuple[MetricRule, ...], list[Mistake]]:
    """The metrics in the order in which they are reported, and every mistake in them."""
    found, mistakes = entries(file, text, MetricEntry)
    names: dict[str, Placed[MetricEntry]] = {}
    for entry in found:
        first = names.setdefault(entry.value.metric, entry)
        if first is not entry:
            problem = f"`{entry.value.metric}` has an entry in line {first.line('metric')} already"
            mistakes.append(entry.mistake(problem, "metric"))
    return tuple(entry.value.value() for entry in found), mistakes
