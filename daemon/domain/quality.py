"""Quality figures: how well a seller keeps what the marketplace promises (seed rule 2.15)."""

from decimal import Decimal
from enum import StrEnum

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value


class FigureState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BREACHED = "breached"
    TOO_FEW = "too_few"


class Figure(Value, frozen=True, kw_only=True):
    """One metric of one seller, or of all together (`seller` None). `value` is None where nothing was to be counted.

    `good` is the better side of the threshold, `below` or `above`.
    """

    seller: PartnerId | None
    metric: str
    numerator: int
    denominator: int
    value: Decimal | None
    threshold: Decimal
    good: str = "below"
    state: FigureState
