"""What a partner has on his shelves, as he reported it last."""

from datetime import datetime

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value


class StockLevel(Value, frozen=True, kw_only=True):
    """One SKU in one warehouse (empty where the partner has only one). `level` counts what is free to be sold.

    Beside it, what is `reserved` for orders, `blocked`, and `announced` but not there yet, where the partner says so.
    """

    partner: PartnerId
    warehouse: str = ""
    sku: str
    level: int
    reserved: int = 0
    blocked: int = 0
    announced: int = 0
    at: datetime
    because: str

    @property
    def key(self) -> str:
        return stock_key(self.partner, self.sku)


def stock_key(partner: str, sku: str) -> str:
    """How a SKU of a partner is looked up; SKUs are compared without case."""
    return f"{partner}/{sku.strip().casefold()}"


class StockReported(Value, frozen=True, kw_only=True):
    """A partner's stock list was received."""

    partner: PartnerId
    at: datetime
