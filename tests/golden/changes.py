"""What a mail or a file has changed about an order, in the words of the pages."""

from collections.abc import Iterator
from datetime import date

from daemon.domain.order import Order
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value
from tests.golden.house import NOW


class Left(Value, frozen=True, kw_only=True):
    """A parcel; a further one of the same dispatch has no lines of its own."""

    order: str
    number: str
    carrier: str | None
    lines: dict[str, int] = {}
    shipped_on: date = NOW.date()


class Trouble(Value, frozen=True, kw_only=True):
    order: str
    kind: ProblemKind
    until: date | None = None


def left_between(old: Order, new: Order) -> Iterator[Left]:
    """The parcels that are new."""
    for one in new.shipments:
        if one not in old.shipments:
            lines: dict[str, int] = {line.line: line.quantity for line in one.lines}
            yield Left(
                order=new.number,
                number=one.tracking_number,
                carrier=one.carrier,
                lines=lines,
                shipped_on=one.shipped_on,
            )


def imeis_between(old: Order, new: Order) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The IMEIs that are new, by ORDER/LINE."""
    for was, line in zip(old.lines, new.lines, strict=True):
        if added := tuple(one.imei for one in line.devices if one not in was.devices):
            yield f"{new.number}/{line.line}", added


def problems_between(old: Order, new: Order) -> Iterator[Trouble]:
    """The problems that are new."""
    known = {(one.kind, one.new_date) for one in old.problems}
    for one in new.problems:
        if (one.kind, one.new_date) not in known:
            yield Trouble(order=new.number, kind=one.kind, until=one.new_date)
