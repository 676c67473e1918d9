"""What leaves the house because of a decision, each with a key that makes it happen once in intent."""

from daemon.domain.identifiers import ArrivalId, MessageId, PartnerId
from daemon.domain.reason import Reason
from daemon.domain.values import Json, Value


class PassedOn(Value, frozen=True, kw_only=True):
    """A buyer's mail that goes to the operator, who tells the buyer by a way of his own.

    `language` is the operator's, `name` and `address` the buyer's; `due` is until when he must know, if a clock runs.
    """

    language: str
    name: str
    address: str
    due: str | None = None


class Copied(Value, frozen=True, kw_only=True):
    """The operator's copy of a mail to a partner: `language` is the operator's, `name` and `address` the partner's."""

    language: str
    name: str
    address: str


class SendMail(Value, tag="mail", frozen=True, kw_only=True):
    """One mail to one recipient.

    `conversation` names the thread (`order:a-1001:acme`, `inquiry:I-1:nova`); its `about` are the bare order or inquiry
    ids. `partner` is whose conversation it is, None for buyers and the operator. `data` is everything the template
    may show. `receipt` is the arrival with whose table a receipt goes back, as a file in the mail; `carries` is the one
    whose files go along. `answers` and `references` thread it under a mail that was received. `plain` marks the mails
    that a person might have written (`inquiry`, `order`, relays): no Auto-Submitted. `collapse` names the series of
    which, after downtime, only the latest is sent. `buyer` marks a mail that the buyer himself gets, `passed_on` one
    that the operator gets in his stead, `copied` the operator's copy of one.
    """

    key: str
    template: str
    to: str
    language: str
    conversation: str
    about: tuple[str, ...]
    partner: PartnerId | None = None
    data: dict[str, Json]
    plain: bool = False
    speaker: str = ""
    answers: MessageId | None = None
    references: tuple[MessageId, ...] = ()
    collapse: str | None = None
    buyer: bool = False
    passed_on: PassedOn | None = None
    copied: Copied | None = None
    receipt: ArrivalId | None = None
    carries: ArrivalId | None = None

    @property
    def occasion(self) -> str:
        """What people call it: its template, or that it is a copy."""
        return "copy" if self.copied else self.template


class WriteFile(Value, tag="file", frozen=True, kw_only=True):
    """One file into `outbox/PARTY/`, named `KIND-UTCTIME-SEQ.csv`.

    `wawi`: as a German merchandise system imports it without settings, with semicolons and a mark of UTF-8.
    `document`: as one order, with `.xml` behind its name, in the format of that name.
    """

    key: str
    party: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wawi: bool = False
    document: str = ""
    about: tuple[str, ...] = ()


class WriteReceipt(Value, tag="receipt", frozen=True, kw_only=True):
    """The sender's own rows back as `outbox/PARTY/NAME.receipt.csv`, written from the arrival's kept portions."""

    key: str
    party: str
    name: str
    arrival: ArrivalId
    language: str


class WriteInquiries(Value, tag="inquiries", frozen=True, kw_only=True):
    """A merchant's inquiries as `outbox/PARTY/inquiries.csv`, as they stand when it is written; it replaces the last.

    Times are written in `timezone`.
    """

    key: str
    party: str
    merchant: PartnerId
    timezone: str


class TellOperator(Value, tag="operator", frozen=True, kw_only=True):
    """A line for the operator's next bundled mail (and for `alert`)."""

    key: str
    reason: Reason
    about: tuple[str, ...] = ()


Effect = SendMail | WriteFile | WriteReceipt | WriteInquiries | TellOperator
