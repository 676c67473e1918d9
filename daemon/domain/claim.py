"""Duties, taxes or fees that a buyer had to pay although the seller bears them (seed rule 2.18)."""

from datetime import datetime
from decimal import Decimal

from daemon.domain.values import Value


class Claim(Value, frozen=True, kw_only=True):
    """`amount` is in the order's currency. `on_return`: it fell due when the buyer sent the goods back."""

    amount: Decimal
    on_return: bool
    claimed_at: datetime
    refunded_at: datetime | None = None
    because: str
