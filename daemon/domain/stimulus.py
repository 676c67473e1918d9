"""A person's command: who it is and what he wants recorded."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from daemon.domain.finding import Finding
from daemon.domain.identifiers import OrderKey
from daemon.domain.inquiry import InquiryState
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value


class Person(Value, frozen=True, kw_only=True):
    """Who stands behind a command, as the history names him (`cli:anna`)."""

    name: str
    why: str = ""


class Inquire(Value, tag="inquire", frozen=True, kw_only=True):
    merchant: str
    fulfiller: str
    warehouse: str | None
    text: str


class SetInquiry(Value, tag="set_inquiry", frozen=True, kw_only=True):
    inquiry: str
    state: InquiryState


class Record(Value, tag="record", frozen=True, kw_only=True):
    """What a partner or buyer said elsewhere, entered by hand. `speaker` is who said it: the order's shipper.

    `hs_code` and `origin` are for customs, of one line or of all. `duties` is what the buyer had to pay, `on_return`
    when he sent the goods back; `refunded` says that the seller has paid it back, `refunded_amount` of which claim.
    `buyer_told` says that somebody else has told the buyer of every open problem, `buyer_email` is the buyer's right
    address. `returned` is where goods stand that come back, or `refunded`.
    """

    order: OrderKey
    line: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    imeis: tuple[str, ...] = ()
    problem: ProblemKind | None = None
    until: date | None = None
    hs_code: str | None = None
    origin: str | None = None
    duties: Decimal | None = None
    on_return: bool = False
    refunded: bool = False
    refunded_amount: Decimal | None = None
    buyer_told: bool = False
    buyer_email: str | None = None
    returned: str | None = None
    return_number: str = ""
    quantity: int | None = None
    replace: str | None = None
    speaker: str | None = None


class Cancel(Value, tag="cancel", frozen=True, kw_only=True):
    order: OrderKey
    line: str | None = None


class Remind(Value, tag="remind", frozen=True, kw_only=True):
    """Whoever asked for no more mail about these orders and inquiries wants to be reminded again."""

    about: tuple[str, ...]


class Resend(Value, tag="resend", frozen=True, kw_only=True):
    """What came back of an order, or was refused, is to leave once more, to the addresses as they are now."""

    order: OrderKey


Command = Inquire | SetInquiry | Record | Cancel | Remind | Resend


class Release(Value, frozen=True, kw_only=True):
    """A person takes what was read of a held arrival as true.

    `order` puts it on another order, `only` takes these findings alone (from 1).
    """

    person: Person
    order: OrderKey | None = None
    only: tuple[int, ...] = ()

    def chosen(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The findings that it is about."""
        return [one for number, one in enumerate(findings, 1) if number in self.only] if self.only else findings
