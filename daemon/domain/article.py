"""What a merchant has stored with a fulfiller."""

from datetime import datetime

from daemon.domain.identifiers import PartnerId
from daemon.domain.stock import sku_key
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
        return sku_key(self.sku)


def article_key(merchant: str, sku: str) -> str:
    """How an article of a merchant is looked up."""
    return f"{merchant}/{sku_key(sku)}"
