"""What must have happened by when, when it is spoken of before and after, and what follows if it has not."""

from typing import Literal

from daemon.domain.deadline import DeadlineKind
from daemon.domain.policy import TimeUnit
from daemon.domain.values import Value

Missed = Literal["buyer", "operator", "expire", "remind"]


class Span(Value, frozen=True, kw_only=True):
    amount: int
    unit: TimeUnit


class Ring(Value, frozen=True, kw_only=True):
    """A look at an open deadline, `before` or `after` it is due: exactly one of them is set."""

    before: Span | None = None
    after: Span | None = None
    template: str | None = None
    operator: bool = False


class DeadlineRule(Value, frozen=True, kw_only=True):
    """`length` is None where the length comes from elsewhere (the offer's standard delivery time)."""

    kind: DeadlineKind
    length: Span | None = None
    rings: tuple[Ring, ...] = ()
    missed: tuple[Missed, ...] = ()
