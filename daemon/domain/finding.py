"""What a document claims, each claim with its place in the original."""

from datetime import date
from enum import StrEnum

from daemon.domain.document import Automatic, Document
from daemon.domain.goods_return import ReturnState
from daemon.domain.identifiers import Imei, MessageId, TrackingNumber
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value


class Evidence(Value, frozen=True, kw_only=True):
    """`where` is for people ("row 4, column tracking_number"; "mail text, line 2").

    `row` counts the lines of a file from 1.
    """

    where: str
    text: str
    row: int | None = None


class Statement(StrEnum):
    """What a person can say about an order or an inquiry without naming a value."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    QUESTION = "question"
    NEGOTIATING = "negotiating"
    CONTRACT_AGREED = "contract_agreed"
    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    CORRECTION = "correction"
    NO_MORE_MAIL = "no_more_mail"
    WILL_SHIP = "will_ship"
    PARTIAL = "partial"
    NOT_SHIPPED = "not_shipped"
    CAME_BACK = "came_back"
    SCARCE = "scarce"
    UNCLEAR = "unclear"
    NOTHING = "nothing"


class _Claim(Value, frozen=True, kw_only=True):
    """`order` and `line` are as the sender wrote them; None where he named none."""

    evidence: Evidence
    order: str | None = None
    line: str | None = None


UNKNOWN_ASIDE = "unknown-aside"
"""The rule that found a sentence about the goods beside a dispatch, in words which nobody knows."""


class Said(_Claim, tag="said", frozen=True, kw_only=True):
    """`until` is the day to come that it names, `arrives` that of the arrival; `quantity` the pieces of which a row of
    a table says it, 1 where a sentence says of "the other one" that it follows, or how many it says are all there are.

    `instead` is the number of this very mail that a correction takes back for another. `alone`: nobody understands it,
    but its sentence begins with its order and speaks of nothing else. `courtesy`: it asks something only beside
    trouble. `unknown` are the words for which nobody understands it: beside a number, or said of the goods beside a
    dispatch (`rule` is `UNKNOWN_ASIDE`). `rest`: what it says of a part is that all has left that was still to come.
    """

    statement: Statement
    rule: str
    until: date | None = None
    arrives: date | None = None
    quantity: int | None = None
    instead: str = ""
    alone: bool = False
    courtesy: bool = False
    unknown: tuple[str, ...] = ()
    rest: bool = False


class Parcel(_Claim, tag="parcel", frozen=True, kw_only=True):
    """A tracking number whose form and check digit are right. `quantity` is None where the sender named none.

    `of`: how many its line, or its order, has in all where the sender said so: "1 of 2".
    `instead` is the number in whose place it stands, by a heading of its own.
    `article` is what its row calls the goods where it names no line.
    `perhaps` are numbers of its row that may be the quantity, though nobody knows what they count.
    `beside`: it is one of several for the same goods, and the one before it says which and how many.
    """

    number: TrackingNumber
    carrier: str | None = None
    url: str | None = None
    shipped_on: date | None = None
    quantity: int | None = None
    of: int | None = None
    instead: str = ""
    perhaps: tuple[int, ...] = ()
    article: str = ""
    beside: bool = False


class DeviceNamed(_Claim, tag="device", frozen=True, kw_only=True):
    """A valid IMEI: 15 ASCII digits, Luhn right, not all equal.

    `article` as for a parcel. `counted`: it and the `second` were numbered ("IMEI 1", "IMEI 2"), as those of one
    telephone or of two are. `among` are the orders of which it is one's, where its sender names several together;
    where it has an `order` that stands no more than above it, those that were named before.
    """

    imei: Imei
    second: Imei | None = None
    article: str = ""
    counted: bool = False
    among: tuple[str, ...] = ()


class Customs(StrEnum):
    """What customs want to know of goods."""

    HS_CODE = "hs_code"
    ORIGIN = "origin"
    VALUE = "value"


class CustomsNamed(_Claim, tag="customs", frozen=True, kw_only=True):
    """A commodity code as written, a country by its code of two letters, or an amount with its currency."""

    what: Customs
    value: str
    currency: str = ""


class Trouble(_Claim, tag="trouble", frozen=True, kw_only=True):
    """`leaving`: the sentence says that something leaves on that day, and not only that it is short until then."""

    problem: ProblemKind
    until: date | None = None
    leaving: bool = False
    rule: str = ""


class Doubt(_Claim, tag="doubt", frozen=True, kw_only=True):
    """Something that looks like a value but may not be taken; `code` is a reason of the catalogue.

    `blocks` is the row or mail part that must not take effect beside it: True keeps the whole row back.
    """

    code: str
    value: str
    values: dict[str, str] = {}


class Unread(_Claim, tag="unread", frozen=True, kw_only=True):
    """What no rule understood in an answer to an inquiry.

    A whole sentence, or the words `beside` a confirmation that do not belong to one; the names among them are for
    whoever knows the parties to recognise.
    """

    words: tuple[str, ...]
    beside: bool


class Undelivered(_Claim, tag="undelivered", frozen=True, kw_only=True):
    """A mail of ours came back. `permanent` is False for a mere delay."""

    recipient: str
    status: str
    permanent: bool
    message: MessageId | None = None


class Automated(_Claim, tag="automated", frozen=True, kw_only=True):
    automatic: Automatic


class OrderRow(_Claim, tag="order_row", frozen=True, kw_only=True):
    """One row of an order file: the contract's column names with the cells as text.

    `columns` are the sender's own headings of those that he calls otherwise.
    """

    fields: dict[str, str]
    columns: dict[str, str] = {}

    def heading(self, column: str) -> str:
        """What the sender calls a column."""
        return self.columns.get(column, column)


class InquiryRow(_Claim, tag="inquiry_row", frozen=True, kw_only=True):
    fulfiller: str
    warehouse: str
    text: str


class StockRow(_Claim, tag="stock_row", frozen=True, kw_only=True):
    """One row of a stock list; `warehouse` and `merchant` are empty where it names none."""

    sku: str
    level: int
    merchant: str = ""
    warehouse: str = ""
    reserved: int = 0
    blocked: int = 0
    announced: int = 0


class ArticleRow(_Claim, tag="article_row", frozen=True, kw_only=True):
    """One row of a merchant's list of articles: his cells by field."""

    fields: dict[str, str]


class ReturnRow(_Claim, tag="return_row", frozen=True, kw_only=True):
    """One row of a list of goods that came back; `line` is the SKU, `state` one of a return's or `refunded`."""

    number: str
    state: str = ReturnState.ARRIVED
    quantity: int | None
    returned_on: date | None
    condition: str = ""
    reason: str = ""


Finding = (
    Said
    | Parcel
    | DeviceNamed
    | CustomsNamed
    | Trouble
    | Doubt
    | Unread
    | Undelivered
    | Automated
    | OrderRow
    | InquiryRow
    | StockRow
    | ArticleRow
    | ReturnRow
)


ATTACHMENT = "attachment "


def is_attached(finding: Finding) -> bool:
    """Whether it stands in a file that came with a mail."""
    return finding.evidence.where.startswith(ATTACHMENT)


class RuleTrace(Value, frozen=True, kw_only=True):
    """One rule that was asked, whether it hit, and why or why not; `rules` where one reason holds for several."""

    rule: str
    hit: bool
    why: str

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that this is told of: those that missed for the same plain reason stand together."""
        return tuple(self.rule.split())


class Row(Value, frozen=True, kw_only=True):
    """A sender's row as he wrote it; `number` counts the lines of his file from 1."""

    number: int
    cells: tuple[str, ...]


class Reading(Value, frozen=True, kw_only=True):
    """Everything that was understood of one portion of an arrival.

    `orders` are the order numbers that were recognised, as written. `columns` and `rows` go back in the receipt; of a
    mail they are those of the one table that came with it. `also`: what in other columns could be the order's number.
    `numbered`: what is called a line may as well number the rows. `next_position` is where the next portion begins,
    None at the end.
    """

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()
    rules: tuple[RuleTrace, ...] = ()
    orders: tuple[str, ...] = ()
    also: dict[str, tuple[str, ...]] = {}
    numbered: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    next_position: int | None = None
    excerpt: str = ""
