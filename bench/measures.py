"""What a measure is and what comes of it: paired rounds, their ratios, and a floor that must be reached."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.workshop import Workshop


class MissingError(Exception):
    """A tool that this measure needs is not on this machine."""


class Bound:
    """How a figure has to stand to its floor and its aim."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One row of the result. `values` are ratios or amounts, one a round; without a floor it is there to be read only.

    `ours` and `theirs` are what was measured on both sides, with their units, for people.
    """

    what: str
    values: Sequence[float]
    unit: str = "x"
    floor: float | None = None
    aim: float | None = None
    bound: str = Bound.AT_LEAST
    ours: str = ""
    theirs: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def reached(self) -> bool | None:
        """Whether the floor is reached; None where there is none."""
        return self._keeps(self.floor)

    @property
    def aimed(self) -> bool | None:
        return self._keeps(self.aim)

    def _keeps(self, limit: float | None) -> bool | None:
        if limit is None:
            return None
        return self.median >= limit if self.bound == Bound.AT_LEAST else self.median <= limit


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a measure gets: how many rounds, and a folder of its own with everything that it starts."""

    rounds: int
    shop: Workshop

    @property
    def folder(self) -> Path:
        return self.shop.folder


@dataclass(frozen=True, kw_only=True)
class Measure:
    code: str
    title: str
    baseline: str
    run: Callable[[Setting], list[Figure]]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a measure said; `trouble` says why it could not be made."""

    measure: Measure
    figures: Sequence[Figure] = field(default=())
    trouble: str = ""
    skipped: bool = False
    seconds: float = 0.0


@dataclass
class Pairs:
    """Two things measured in turn, round by round, so that a noisy machine troubles both alike."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    def add(self, ours: float, theirs: float) -> None:
        self.ours.append(ours)
        self.theirs.append(theirs)

    @property
    def ratios(self) -> list[float]:
        return [one / other for one, other in zip(self.ours, self.theirs, strict=True)]

    def figure(
        self,
        what: str,
        unit: str,
        *,
        floor: float | None = None,
        aim: float | None = None,
        bound: str = Bound.AT_LEAST,
    ) -> Figure:
        """The ratio of ours to theirs; `unit` is what both were measured in."""
        return Figure(
            what=what,
            values=self.ratios,
            floor=floor,
            aim=aim,
            bound=bound,
            ours=spoken(self.ours, unit),
            theirs=spoken(self.theirs, unit),
        )


def paired(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Pairs:
    """Measure both in every round, the second first in every other, so that neither always has the warm machine."""
    pairs = Pairs()
    for number in range(rounds):
        if number % 2:
            their_figure, our_figure = theirs(), ours()
        else:
            our_figure, their_figure = ours(), theirs()
        pairs.add(our_figure, their_figure)
    return pairs


def spoken(values: Sequence[float], unit: str) -> str:
    """The median for people."""
    return f"{number(statistics.median(values))} {unit}" if values else ""


def number(value: float) -> str:
    """Three figures are as much as a noisy machine can say."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"
