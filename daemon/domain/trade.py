"""What a Fulfillment sync looks at between one merchant and one fulfiller, and what it has told before."""

from daemon.domain.article import Article
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.stock import StockLevel
from daemon.domain.values import Value

KINDS = ("orders", "articles", "announced", "stock", "status", "shipments", "returns", "warehouse")
"""What is exchanged: the first three go to the fulfiller, the others to the merchant."""


ONCE_BETWEEN_TWO = frozenset({"orders", "announced", "status", "shipments", "returns", "warehouse"})


def stream(kind: str, inquiry: Inquiry) -> str:
    """The name of one list between the two of an inquiry.

    What is told of orders and warehouses is told once between a merchant and his fulfiller, however many warehouses
    they have agreed on and whichever inquiry came after another: a second order would be sent a second time, and a
    second warehouse would overwrite what has been configured in the first.
    """
    between = f"{inquiry.merchant}/{inquiry.fulfiller}" if kind in ONCE_BETWEEN_TWO else inquiry.id
    return f"{kind}:{between}"


class Exported(Value, frozen=True, kw_only=True):
    """What one side was told last of one thing: `stream` names the list, `digest` stands for what its rows said."""

    stream: str
    key: str
    digest: str


class Trade(Value, frozen=True, kw_only=True):
    """`told` maps stream and key to the digest that was exported last. `only`: the fulfiller has no other merchant."""

    inquiry: Inquiry
    orders: tuple[Order, ...] = ()
    articles: tuple[Article, ...] = ()
    levels: tuple[StockLevel, ...] = ()
    only: bool = True
    told: dict[tuple[str, str], str] = {}
