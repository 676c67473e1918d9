"""Goods of an order that a buyer sends back, from the announcement to what has become of them."""

from datetime import date, datetime
from enum import StrEnum

from daemon.domain.identifiers import LineId
from daemon.domain.values import Value


class ReturnState(StrEnum):
    """How far goods are that come back. From `completed` on the return has ended; the last three say how."""

    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    RESTOCKED = "restocked"
    BLOCKED = "blocked"
    REJECTED = "rejected"

    @property
    def rank(self) -> int:
        """A state of a lower rank comes before those of a higher one; one of the same rank contradicts it."""
        return min(list(ReturnState).index(self), 3)

    @property
    def ends(self) -> bool:
        return self.rank >= ReturnState.COMPLETED.rank


REFUNDED = "refunded"
"""What besides may be told of a return: that the buyer has his money back."""


class GoodsReturn(Value, frozen=True, kw_only=True):
    """So many pieces of a line that stand at the same point; `number` is the return's own, or empty.

    `day` is when they came, or what is told of them was told. `erased`: the words about it are gone with the buyer.
    """

    number: str = ""
    line: LineId
    quantity: int
    state: ReturnState
    day: date
    condition: str = ""
    reason: str = ""
    refunded_at: datetime | None = None
    erased: bool = False
    because: str
