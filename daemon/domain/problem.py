"""What can keep an order from leaving in time, and whether the buyer has been told."""

from datetime import date, datetime
from enum import StrEnum

from daemon.domain.values import Value


class ProblemKind(StrEnum):
    OUT_OF_STOCK = "out_of_stock"
    DELAY = "delay"
    ADDRESS = "address"
    CUSTOMS = "customs"
    OTHER = "other"


class Problem(Value, frozen=True, kw_only=True):
    """`detected_at` is when it became known to us: the receipt of the mail, not the run of a job (seed rule 2.13)."""

    kind: ProblemKind
    detected_at: datetime
    new_date: date | None = None
    buyer_notified_at: datetime | None = None
    resolved_at: datetime | None = None
