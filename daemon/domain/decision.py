"""What a stimulus changes and sends; it becomes true in one transaction or not at all."""

from datetime import datetime
from enum import StrEnum

from daemon.domain.article import Article
from daemon.domain.deadline import Deadline
from daemon.domain.effect import Effect
from daemon.domain.identifiers import PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.reason import Reason
from daemon.domain.stock import StockLevel, StockReported
from daemon.domain.trade import Exported
from daemon.domain.values import Value


class Disposition(StrEnum):
    DONE = "done"
    IGNORED = "ignored"
    HELD = "held"


class RowResult(StrEnum):
    TAKEN = "taken"
    UNCHANGED = "unchanged"
    HELD = "held"
    REFUSED = "refused"


class RowVerdict(Value, frozen=True, kw_only=True):
    """What became of one row of a file; `number` counts its lines from 1."""

    number: int
    result: RowResult
    reasons: tuple[Reason, ...] = ()


class HistoryEntry(Value, frozen=True, kw_only=True):
    """One line of the history of an order or inquiry (`subject` as in `Deadline`)."""

    subject: str
    at: datetime
    what: Reason
    because: str


class Relationship(Value, frozen=True, kw_only=True):
    """A merchant and a fulfiller between whom the Fulfillment sync (Abgleich) is on."""

    merchant: str
    fulfiller: str
    warehouse: str | None
    inquiry: str
    since: datetime


class Proposal(Value, frozen=True, kw_only=True):
    """What a release of a held arrival would change and send, and the versions it was worked out on."""

    changes: tuple[Reason, ...]
    sends: tuple[str, ...]
    versions: dict[str, int]


class Decision(Value, frozen=True, kw_only=True):
    """What becomes true together.

    `about` are the bare ids of the orders and inquiries concerned, `taken` those of them for which nobody has to decide
    anything although the rest is held. `orders` and `inquiries` carry the version they were
    decided on; the commit raises it by one. `ended` are relationships that are over. `deadlines` are written over the
    rows with the same key. `verdicts` go into the receipt. `withdrawn` are keys of effects that must no longer leave.
    `undeliverable` are Message-IDs of ours that came back for good. `left_alone` are partners who want no more mail
    that is about no order or inquiry, `reminded_again` those who want it after all.
    """

    disposition: Disposition = Disposition.DONE
    reasons: tuple[Reason, ...] = ()
    about: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    inquiries: tuple[Inquiry, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    ended: tuple[Relationship, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    stock: tuple[StockLevel, ...] = ()
    reports: tuple[StockReported, ...] = ()
    articles: tuple[Article, ...] = ()
    exported: tuple[Exported, ...] = ()
    effects: tuple[Effect, ...] = ()
    verdicts: tuple[RowVerdict, ...] = ()
    withdrawn: tuple[str, ...] = ()
    undeliverable: tuple[str, ...] = ()
    left_alone: tuple[PartnerId, ...] = ()
    reminded_again: tuple[PartnerId, ...] = ()
    proposal: Proposal | None = None
