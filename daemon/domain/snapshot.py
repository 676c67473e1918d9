"""Exactly the state that a decision may look at, and what has to be looked up for it."""

from daemon.domain.article import Article
from daemon.domain.deadline import Deadline
from daemon.domain.decision import Relationship
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import ConversationId, Imei, InquiryId, MessageId, OrderKey, PartnerId, TrackingNumber
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.stock import StockLevel
from daemon.domain.values import Value

_ASKING_TO_CONFIRM = frozenset({"inquiry-confirm", "reminder-confirm"})


class Conversation(Value, frozen=True, kw_only=True):
    """A thread of ours with one partner (or a buyer, or the operator: `partner` None) about some orders or an inquiry.

    `recipient` is the address we wrote to, `template` that of the mail which is answered, as far as that is known; else
    that of our latest.
    """

    id: ConversationId
    name: str
    about: tuple[str, ...]
    partner: PartnerId | None
    recipient: str
    template: str = ""

    @property
    def asks_to_confirm(self) -> bool:
        """Whether a mere yes confirms a relationship: it answers the mail that asks for just that."""
        return self.template in _ASKING_TO_CONFIRM


class Context(Value, frozen=True, kw_only=True):
    """What reading may know beforehand, from a cheap look at the envelope.

    `proven` is how the conversation was found: `token`, `message-id`, or None. `ours` is the text of the mails of ours
    that are being answered, whose lines are not new. `party` is the folder or the conversation's partner. `timezone`
    is that of the writer, whose "today" is meant.
    """

    conversation: Conversation | None = None
    proven: str | None = None
    ours: tuple[str, ...] = ()
    party: str | None = None
    partner: PartnerId | None = None
    own_addresses: tuple[str, ...] = ()
    timezone: str = "UTC"


class Lookup(Value, frozen=True, kw_only=True):
    """What the store has to fetch before an arrival can be decided.

    `running` are relationships that may end, so that the orders matter that are still to be sent for them; `rivals` are
    inquiries beside which the others between the same two matter.

    `stock` are keys of SKUs, `articles` are ordered SKUs of merchants, `unplaced` those whose fulfiller is still to be
    found; `described` are SKUs whose open orders may lack what is told of them now. `partners` are those whose own
    clocks matter. `returned` are orders of whose mails some may have come back. `held`: does something about these wait
    for a person?
    """

    orders: tuple[OrderKey, ...] = ()
    inquiries: tuple[InquiryId, ...] = ()
    running: tuple[InquiryId, ...] = ()
    rivals: tuple[InquiryId, ...] = ()
    imeis: tuple[Imei, ...] = ()
    numbers: tuple[TrackingNumber, ...] = ()
    messages: tuple[MessageId, ...] = ()
    merchants: tuple[PartnerId, ...] = ()
    stock: tuple[str, ...] = ()
    articles: tuple[tuple[PartnerId, str], ...] = ()
    unplaced: tuple[tuple[PartnerId, str], ...] = ()
    described: tuple[tuple[PartnerId, str], ...] = ()
    partners: tuple[PartnerId, ...] = ()
    returned: tuple[OrderKey, ...] = ()
    held: tuple[str, ...] = ()


class DeviceUse(Value, frozen=True, kw_only=True):
    """Where an IMEI is recorded: the key and number of the order, the line, and who sends it."""

    order: OrderKey
    line: str
    number: str = ""
    shipper: str = ""


class Snapshot(Value, frozen=True, kw_only=True):
    """`sent` are the keys of effects about the orders here that have already left; `queued`, those that have not.

    `running` are the orders of a relationship that are still to be sent.

    `deadlines` are those of the orders and inquiries here of which something is still to come. `messages` maps a
    Message-ID of ours to its conversation. `returned` are the mails that came back or were refused, the oldest first.
    `held` are those of the subjects that were asked for about which something waits for a person. `left_alone` are
    those of the partners who want no more mail that is about no order or inquiry.
    """

    orders: dict[OrderKey, Order] = {}
    inquiries: dict[InquiryId, Inquiry] = {}
    running: dict[InquiryId, tuple[Order, ...]] = {}
    deadlines: tuple[Deadline, ...] = ()
    devices: dict[Imei, DeviceUse] = {}
    parcels: dict[TrackingNumber, tuple[OrderKey, ...]] = {}
    messages: dict[MessageId, Conversation] = {}
    relationships: tuple[Relationship, ...] = ()
    stock: dict[str, tuple[StockLevel, ...]] = {}
    articles: dict[str, Article] = {}
    sent: frozenset[str] = frozenset()
    queued: frozenset[str] = frozenset()
    returned: tuple[SendMail, ...] = ()
    held: frozenset[str] = frozenset()
    left_alone: frozenset[PartnerId] = frozenset()
    next_inquiry: int = 1
