"""A person's command: who it is and what he wants recorded."""

from datetime import date

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
    """What a partner said elsewhere, entered by hand. `speaker` is who said it; it must be the order's shipper."""

    order: OrderKey
    line: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    imeis: tuple[str, ...] = ()
    problem: ProblemKind | None = None
    until: date | None = None
    replace: str | None = None
    speaker: str | None = None


class Cancel(Value, tag="cancel", frozen=True, kw_only=True):
    order: OrderKey
    line: str | None = None


Command = Inquire | SetInquiry | Record | Cancel


class Release(Value, frozen=True, kw_only=True):
    """A person takes what was read of a held arrival as true.

    `order` puts it on another order, `only` takes the Nth finding alone (from 1).
    """

    person: Person
    order: OrderKey | None = None
    only: int | None = None
