"""What has left, with which number, and where that number can be followed."""

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
