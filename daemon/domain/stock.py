"""What a partner has on his shelves, as he reported it last."""

from datetime import datetime

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value


class StockLevel(Value, frozen=True, kw_only=True):
    """One SKU in one warehouse (empty where the partner has only one). `level` counts what is free to be sold.

    `merchant` is whose goods they are, where a fulfiller's list says so; else whoever has the SKU with him sees them.
    Beside it, what is `reserved` for orders, `blocked`, and `announced` but not there yet, where the partner says so.
    """

    partner: PartnerId
    merchant: str = ""
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
        return stock_key(self.partner, self.sku, self.merchant)


def stock_key(partner: str, sku: str, merchant: str = "") -> str:
    """How a SKU of a partner is looked up, or that of one merchant with him; SKUs are compared without case."""
    return f"{partner}:{merchant}/{sku_key(sku)}" if merchant else f"{partner}/{sku_key(sku)}"


def sku_key(sku: str) -> str:
    """A SKU as it is compared."""
    return sku.strip().casefold()


class StockReported(Value, frozen=True, kw_only=True):
    """A partner's stock list was received."""

    partner: PartnerId
    at: datetime
