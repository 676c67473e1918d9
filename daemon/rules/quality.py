"""What is counted for a quality figure, over which time, and from where on it is too bad."""

from decimal import Decimal
from typing import Literal

from daemon.domain.values import Value

Counted = Literal[
    "orders_due",
    "orders_released",
    "parcels",
    "devices_shipped",
    "problems",
    "stock_days",
]
"""What a figure is about: each of these, with its day in the window, is one in the denominator."""

Matching = Literal[
    "dispatched_late",
    "canceled",
    "answered_within_a_day",
    "traceable",
    "entered_on_the_day_of_dispatch",
    "named_by_imei",
    "told_within_24_hours",
    "stock_not_older_than_a_day",
]
"""Which of them are in the numerator."""

FITTING: dict[Counted, tuple[Matching, ...]] = {
    "orders_due": ("dispatched_late",),
    "orders_released": ("canceled", "answered_within_a_day"),
    "parcels": ("traceable", "entered_on_the_day_of_dispatch"),
    "devices_shipped": ("named_by_imei",),
    "problems": ("told_within_24_hours",),
    "stock_days": ("stock_not_older_than_a_day",),
}
"""Which question can be asked of what."""


class MetricRule(Value, frozen=True, kw_only=True):
    """A share between 0 and 1, judged only when the denominator is `at_least` so many.

    With `good` below, a share above `threshold` is breached and one above `warn` a warning; with above, the other way.
    """

    metric: str
    among: Counted
    count: Matching
    window: int
    at_least: int
    good: Literal["below", "above"]
    threshold: Decimal
    warn: Decimal
