"""What must have happened by when, when it is spoken of before and after, and what follows if it has not."""

from typing import Literal

from daemon.domain.deadline import DeadlineKind
from daemon.domain.policy import TimeUnit
from daemon.domain.values import Value

Event = Literal[
    "order_released",
    "order_shipped",
    "order_canceled",
    "payment_reversed",
    "devices_left_unnamed",
    "devices_named",
    "problem_found",
    "buyer_told",
    "customs_data_missing",
    "customs_data_complete",
    "duties_claimed",
    "duties_refunded",
    "goods_returned",
    "return_ended",
    "stock_reported",
    "inquiry_sent",
    "inquiry_answered",
    "inquiry_contract_agreed",
    "inquiry_contract_undone",
    "inquiry_confirmed_by_one",
    "inquiry_active",
    "inquiry_over",
]
"""What a clock can start with, be met by, or be dropped by."""

Missed = Literal["buyer", "operator", "expire", "remind", "propose_cancel"]


class Span(Value, frozen=True, kw_only=True):
    amount: int
    unit: TimeUnit


class Ring(Value, frozen=True, kw_only=True):
    """A look at an open deadline, `before` or `after` it is due: exactly one of them is set.

    One step of the ladder: `template` reminds whoever is waited for, `copy` gives the operator the same mail,
    `operator` tells him in his bundled mail, `buyer` tells the buyer of a delay, `propose_cancel` proposes to cancel.
    """

    before: Span | None = None
    after: Span | None = None
    template: str | None = None
    copy: bool = False
    operator: bool = False
    buyer: bool = False
    propose_cancel: bool = False


class DeadlineRule(Value, frozen=True, kw_only=True):
    """One clock. `length` is None where the length is the offer's standard delivery time.

    `anew`: every start begins another clock; else one that runs is not begun again. `calendar` says whose working days
    and whose midnight count. `waits_for`: a partner's silence may only ring once all his ways to us have been read.
    `pauses` while a mail or file about the same order or inquiry waits for a person; else only nobody is reminded.
    """

    kind: DeadlineKind
    starts: Event
    length: Span | None = None
    anew: bool = False
    calendar: Literal["market", "partner"] = "market"
    waits_for: Literal["partner", "us"] = "partner"
    pauses: bool = True
    met_by: tuple[Event, ...] = ()
    dropped_by: tuple[Event, ...] = ()
    rings: tuple[Ring, ...] = ()
    missed: tuple[Missed, ...] = ()
