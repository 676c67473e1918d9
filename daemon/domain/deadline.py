"""What must have happened by when. A deadline is a row; bells only make the daemon look at it."""

from datetime import datetime
from enum import StrEnum

from daemon.domain.identifiers import PartnerId
from daemon.domain.values import Value


class DeadlineKind(StrEnum):
    SHIP = "ship"
    IMEI = "imei"
    BUYER_NOTICE = "buyer_notice"
    ANSWER = "answer"
    EXPIRY = "expiry"
    CUSTOMS = "customs"
    DUTIES = "duties"
    STOCK = "stock"
    CONFIRMATION = "confirmation"
    HANDSHAKE = "handshake"
    RETURN = "return"


class DeadlineState(StrEnum):
    OPEN = "open"
    MET = "met"
    MISSED = "missed"
    DROPPED = "dropped"


class Deadline(Value, frozen=True, kw_only=True):
    """`subject` is `order:KEY`, `inquiry:ID` or `partner:ID`; with `kind` and `started` it is the identity.

    `due` is aware. `next_ring` is when it must be looked at next, for a reminder or because it is due; None once
    nothing more will be done by itself. `over`: nobody waits for it any more, as it is met, dropped, or has come late.
    `step` counts the rings that are done. `silent_party` is whose silence it measures.
    `pauses`: it does not ring while an arrival about its subject is held. `left_alone`: who is waited for wants no
    reminders; it rings for everybody else.
    """

    kind: DeadlineKind
    subject: str
    started: datetime
    due: datetime
    state: DeadlineState = DeadlineState.OPEN
    next_ring: datetime | None = None
    over: bool = False
    step: int = 0
    silent_party: PartnerId | None = None
    pauses: bool = True
    left_alone: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.subject}:{self.started.isoformat()}"


def partner_subject(partner: str) -> str:
    """How a partner is named where orders and inquiries stand side by side."""
    return f"partner:{partner}"


def order_subject(key: str) -> str:
    """How an order is named where orders and inquiries stand side by side."""
    return f"order:{key}"


def inquiry_subject(inquiry: str) -> str:
    """How an inquiry is named where orders and inquiries stand side by side."""
    return f"inquiry:{inquiry}"
