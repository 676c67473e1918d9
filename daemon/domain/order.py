"""An order from its placing to its completion."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from daemon.domain.claim import Claim
from daemon.domain.goods_return import GoodsReturn, ReturnState
from daemon.domain.identifiers import Imei, LineId, OrderKey, PartnerId, order_key
from daemon.domain.problem import Problem
from daemon.domain.shipment import Shipment
from daemon.domain.territory import incoterm
from daemon.domain.values import Value


class OrderState(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    CANCELED = "canceled"


class Address(Value, frozen=True, kw_only=True):
    """Where the parcel goes, in the parts that a label needs."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    company: str = ""
    extra: str = ""
    region: str = ""


class Buyer(Value, frozen=True, kw_only=True):
    name: str
    email: str
    phone: str = ""


class Device(Value, frozen=True, kw_only=True):
    """One cellular device that has left, with the arrival or person that named it."""

    imei: Imei
    because: str


class Line(Value, frozen=True, kw_only=True):
    line: LineId
    sku: str
    title: str
    quantity: int
    unit_price: Decimal
    category: str = ""
    cellular: bool = False
    handling_days: int = 1
    hs_code: str = ""
    origin: str = ""
    shipped: int = 0
    canceled: int = 0
    devices: tuple[Device, ...] = ()

    @property
    def imei_required(self) -> bool:
        """Smartphones, tablets and smartwatches with a cellular modem need one IMEI a device (seed rule 2.12)."""
        return self.cellular and self.category in {"smartphone", "tablet", "smartwatch"}

    @property
    def open(self) -> int:
        return self.quantity - self.canceled - self.shipped

    @property
    def devices_overdue(self) -> int:
        """How many devices have left without their IMEI."""
        return max(0, self.shipped - len(self.devices)) if self.imei_required else 0

    @property
    def devices_owed(self) -> int:
        """How many IMEIs are still to come in all."""
        return max(0, self.quantity - self.canceled - len(self.devices)) if self.imei_required else 0


class Order(Value, frozen=True, kw_only=True):
    """`version` counts every committed change, so that nobody decides on a state that has moved.

    `shipper` is the partner who sends it and may speak about it: the seller, or an active relationship's fulfiller.
    `silent` marks an order placed before `go_live`: recorded, but without mails and deadlines. `no_reminders_since` is
    when its shipper asked for no more mail: its clocks run on, but remind him no more. `stage` is how far its fulfiller
    says that he is, in the words of the JTL fulfillment network.
    """

    number: str
    version: int = 0
    seller: PartnerId | None = None
    merchant: PartnerId | None = None
    fulfiller: PartnerId | None = None
    warehouse: str | None = None
    shipper: PartnerId
    market: str
    currency: str
    placed_at: datetime
    paid_at: datetime | None = None
    paid_amount: Decimal | None = None
    payment_reversed_at: datetime | None = None
    released_at: datetime | None = None
    acknowledged_at: datetime | None = None
    shipped_at: datetime | None = None
    canceled_at: datetime | None = None
    ship_by: datetime | None = None
    incoterm: str | None = None
    shipping_price: Decimal = Decimal("0.00")
    buyer: Buyer
    address: Address
    lines: tuple[Line, ...]
    shipments: tuple[Shipment, ...] = ()
    problems: tuple[Problem, ...] = ()
    claims: tuple[Claim, ...] = ()
    returns: tuple[GoodsReturn, ...] = ()
    silent: bool = False
    no_reminders_since: datetime | None = None
    stage: str = ""
    because: str

    @property
    def key(self) -> OrderKey:
        return order_key(self.number)

    @property
    def total(self) -> Decimal:
        """What has to be paid: of an order canceled in part what is left of it, else all that was ordered."""
        whole = all(line.canceled == line.quantity for line in self.lines)
        kept = ((line, line.quantity - (0 if whole else line.canceled)) for line in self.lines)
        return sum((line.unit_price * count for line, count in kept), self.shipping_price)

    def priced(self, amount: Decimal) -> str:
        """An amount with the currency of the order: `449.00 EUR`."""
        return f"{amount:.2f} {self.currency}"

    @property
    def state(self) -> OrderState:
        if self.canceled_at:
            return OrderState.CANCELED
        if self.shipments and not any(line.open for line in self.lines):
            return OrderState.SHIPPED
        if self.shipments:
            return OrderState.PARTIALLY_SHIPPED
        if self.acknowledged_at and self.released_at:
            return OrderState.ACKNOWLEDGED
        return OrderState.RELEASED if self.released_at else OrderState.AWAITING_PAYMENT

    @property
    def complete(self) -> bool:
        """Shipped, and every cellular device has its own valid IMEI."""
        return self.state is OrderState.SHIPPED and not any(line.devices_owed for line in self.lines)

    @property
    def is_forgotten(self) -> bool:
        """Whether the buyer has been erased from it."""
        return not (self.buyer.name or self.buyer.email or self.address.street)

    @property
    def can_ship(self) -> bool:
        return self.state in {OrderState.RELEASED, OrderState.ACKNOWLEDGED, OrderState.PARTIALLY_SHIPPED}

    @property
    def undeclared(self) -> tuple[Line, ...]:
        """The lines of which customs will ask what nobody has said; none inside the Union."""
        if not incoterm(self.address.country, self.address.postcode):
            return ()
        return tuple(
            line for line in self.lines if line.quantity > line.canceled and not (line.hs_code and line.origin)
        )

    def keeps_devices(self, line: Line) -> bool:
        """Whether none of a line's devices may leave again, for the buyer has them; not once all are restocked."""
        back = sum(one.quantity for one in self.returns if one.line == line.line and one.state is ReturnState.RESTOCKED)
        return not self.canceled_at and (not back or back < line.shipped)

    def line(self, line: str) -> Line | None:
        """The line of that id, or None."""
        return next((one for one in self.lines if one.line == line), None)
