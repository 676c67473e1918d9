"""What a dropped file has made true, told apart value by value."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from daemon.domain.decision import Decision
from daemon.domain.order import Address, Order
from daemon.domain.values import Value
from tests.golden.changes import Left, Trouble, imeis_between, left_between, problems_between


class Placed(Value, frozen=True, kw_only=True):
    """A new order; a line is told as `2 x SKU at 389.00`, with `IMEI` behind where devices must be named."""

    shipper: str
    market: str
    paid_at: datetime | None = None
    buyer: str
    to: str
    lines: dict[str, str]


class Taken(Value, frozen=True, kw_only=True):
    """`imeis` are named by ORDER/LINE; `addresses` where a known order goes now; `inquiries` as FULFILLER WAREHOUSE.

    An order that has left need not be said to be acknowledged. `changed` is whatever no case may bring about.
    """

    acknowledged: tuple[str, ...] = ()
    shipments: tuple[Left, ...] = ()
    imeis: dict[str, tuple[str, ...]] = {}
    problems: tuple[Trouble, ...] = ()
    orders: dict[str, Placed] = {}
    paid: dict[str, datetime] = {}
    reversed: dict[str, datetime] = {}
    canceled: tuple[str, ...] = ()
    addresses: dict[str, str] = {}
    inquiries: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def in_order(self) -> "Taken":
        return msgspec.structs.replace(
            self,
            acknowledged=tuple(sorted(self.acknowledged)),
            shipments=tuple(sorted(self.shipments, key=lambda one: (one.order, one.number))),
            imeis={line: tuple(sorted(imeis)) for line, imeis in sorted(self.imeis.items())},
            problems=tuple(sorted(self.problems, key=lambda one: (one.order, one.kind))),
            canceled=tuple(sorted(self.canceled)),
        )

    @property
    def values(self) -> frozenset[str]:
        """Each single thing that was taken, so that one can be told from another."""
        return frozenset(_values(self))


def taken(known: Sequence[Order], decision: Decision) -> Taken:
    before = {one.key: one for one in known}
    moved = [(before[one.key], one) for one in decision.orders if one.key in before]
    return Taken(
        acknowledged=tuple(
            new.number
            for old, new in moved
            if new.acknowledged_at != old.acknowledged_at and new.shipments == old.shipments
        ),
        shipments=tuple(parcel for old, new in moved for parcel in left_between(old, new)),
        imeis=dict(named for old, new in moved for named in imeis_between(old, new)),
        problems=tuple(trouble for old, new in moved for trouble in problems_between(old, new)),
        orders={one.number: _placed(one) for one in decision.orders if one.key not in before},
        paid={new.number: new.paid_at for old, new in moved if new.paid_at and new.paid_at != old.paid_at},
        reversed={
            new.number: new.payment_reversed_at
            for old, new in moved
            if new.payment_reversed_at and new.payment_reversed_at != old.payment_reversed_at
        },
        canceled=tuple(new.number for old, new in moved if new.canceled_at != old.canceled_at),
        addresses={new.number: _place(new.address) for old, new in moved if new.address != old.address},
        inquiries=tuple(f"{one.fulfiller} {one.warehouse or ''}".strip() for one in decision.inquiries),
        changed=tuple(change for old, new in moved for change in _changed(old, new)),
    ).in_order


def _place(to: Address) -> str:
    parts = (to.name, to.company, to.extra, to.street, f"{to.postcode} {to.city}", to.region, to.country)
    return ", ".join(part for part in parts if part)


def _placed(order: Order) -> Placed:
    return Placed(
        shipper=order.shipper,
        market=order.market,
        paid_at=order.paid_at,
        buyer=order.buyer.name,
        to=_place(order.address),
        lines={
            line.line: f"{line.quantity} x {line.sku} at {line.unit_price}{' IMEI' if line.imei_required else ''}"
            for line in order.lines
        },
    )


_MAY_CHANGE = {
    *("version", "acknowledged_at", "shipped_at", "shipments", "problems", "lines", "because", "address"),
    *("paid_at", "paid_amount", "payment_reversed_at", "released_at", "canceled_at", "ship_by"),
}


def _changed(old: Order, new: Order) -> Iterator[str]:
    for field in new.__struct_fields__:
        if field not in _MAY_CHANGE and getattr(old, field) != getattr(new, field):
            yield f"{new.number}: {field}"
    if not set(old.shipments) <= set(new.shipments):
        yield f"{new.number}: a parcel is gone"
    for was, line in zip(old.lines, new.lines, strict=True):
        if not set(was.devices) <= set(line.devices):
            yield f"{new.number}/{line.line}: a device is gone"


def _values(taken: Taken) -> Iterator[str]:
    yield from (f"{order} acknowledged" for order in taken.acknowledged)
    for parcel in taken.shipments:
        named = f"{parcel.order} left as {parcel.number}"
        yield from (named, f"{named} with {parcel.carrier}", f"{named} on {parcel.shipped_on}")
        yield from (f"{named}: {quantity} of line {line}" for line, quantity in parcel.lines.items())
    yield from (f"{line} has IMEI {imei}" for line, imeis in taken.imeis.items() for imei in imeis)
    for trouble in taken.problems:
        yield f"{trouble.order} has the problem {trouble.kind}"
        if trouble.until:
            yield f"{trouble.order}: {trouble.kind} until {trouble.until}"
    for number, order in taken.orders.items():
        told = (f"by {order.shipper}", f"in {order.market}", f"from {order.buyer}", f"to {order.to}")
        yield from (f"{number} placed {one}" for one in told)
        if order.paid_at:
            yield f"{number} paid {order.paid_at.astimezone(UTC)}"
        yield from (f"{number}/{line}: {what}" for line, what in order.lines.items())
    yield from (f"{order} paid {at.astimezone(UTC)}" for order, at in taken.paid.items())
    yield from (f"{order} payment reversed {at.astimezone(UTC)}" for order, at in taken.reversed.items())
    yield from (f"{order} canceled" for order in taken.canceled)
    yield from (f"{order} goes to {place}" for order, place in taken.addresses.items())
    yield from (f"inquiry to {one}" for one in taken.inquiries)
    yield from taken.changed
