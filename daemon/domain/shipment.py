"""What has left, with which number, and where that number can be followed."""

from collections.abc import Sequence
from datetime import date, datetime

from daemon.domain.identifiers import LineId, TrackingNumber
from daemon.domain.values import Value


class ShippedLine(Value, frozen=True, kw_only=True):
    line: LineId
    quantity: int


class Shipment(Value, frozen=True, kw_only=True):
    """One parcel. A further parcel of the same dispatch has no lines of its own.

    `entered_at` is when the number was received, which the dispatch-day rule compares with `shipped_on`.
    """

    tracking_number: TrackingNumber
    carrier: str | None
    tracking_url: str | None
    shipped_on: date
    entered_at: datetime
    lines: tuple[ShippedLine, ...] = ()
    because: str


def apart(shipments: Sequence[Shipment]) -> list[tuple[Shipment, ...]]:
    """The parcels one by one, or as one group where nobody has said which of them holds what.

    A parcel that came alone and holds nothing of its own may hold some of what any other is said to hold.
    """
    dispatches: dict[tuple[str, datetime], list[Shipment]] = {}
    for one in shipments:
        dispatches.setdefault((one.because, one.entered_at), []).append(one)
    if any(not any(one.lines for one in dispatch) for dispatch in dispatches.values()):
        return [tuple(shipments)]
    found: list[tuple[Shipment, ...]] = []
    for dispatch in dispatches.values():
        found += [(one,) for one in dispatch] if all(one.lines for one in dispatch) else [tuple(dispatch)]
    return found


def contents(parcels: Sequence[Shipment]) -> tuple[ShippedLine, ...]:
    """What is in these parcels, all in all."""
    pieces: dict[LineId, int] = {}
    for part in (part for one in parcels for part in one.lines):
        pieces[part.line] = pieces.get(part.line, 0) + part.quantity
    return tuple(ShippedLine(line=line, quantity=quantity) for line, quantity in pieces.items())
