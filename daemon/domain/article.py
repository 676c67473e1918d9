"""What a merchant has stored with a fulfiller, and what comes back to it."""

from datetime import date, datetime

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value


class Article(Value, frozen=True, kw_only=True):
    """One article as its merchant describes it, his cells as they are; SKUs are compared without case."""

    merchant: PartnerId
    sku: str
    name: str = ""
    ean: str = ""
    weight: str = ""
    hs_code: str = ""
    origin: str = ""
    at: datetime
    because: str

    @property
    def key(self) -> str:
        return self.sku.strip().casefold()


class GoodsReturn(Value, frozen=True, kw_only=True):
    """Goods of an order that came back to the fulfiller; `number` is his own for the return, or empty.

    `erased`: what he wrote about it is gone with the buyer.
    """

    fulfiller: PartnerId
    merchant: PartnerId
    number: str = ""
    order: str
    sku: str
    quantity: int = 1
    returned_on: date
    condition: str = ""
    reason: str = ""
    erased: bool = False
    at: datetime
    because: str

    @property
    def key(self) -> str:
        return f"{self.order.casefold()}/{self.number.casefold()}/{self.sku.strip().casefold()}"
