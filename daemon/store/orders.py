"""Orders with the devices and parcels that make them findable."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from daemon.domain.identifiers import Imei, OrderKey, TrackingNumber
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order, OrderState
from daemon.domain.snapshot import DeviceUse
from daemon.domain.stock import sku_key
from daemon.errors import StaleError
from daemon.store.codec import decode, encode
from daemon.store.database import STREAMED, among, chunks
from daemon.store.schema import device, orders, parcel
from daemon.store.schema import inquiry as inquiries

_OVER = (OrderState.SHIPPED.value, OrderState.CANCELED.value)
_MINE = sa.and_(orders.c.key == sa.bindparam("b_key"), orders.c.version == sa.bindparam("b_version"))
_CHANGING = [column.name for column in orders.c if column.name not in {"key", "number"}]
_UPDATE = orders.update().where(_MINE).values({name: sa.bindparam(f"v_{name}") for name in _CHANGING})
_LOAD = sa.select(orders.c.key, orders.c.data).where(among(orders.c.key))
_DEVICES = sa.select(device).where(among(device.c.order_key))
_PARCELS = sa.select(parcel).where(among(parcel.c.order_key))
# As the index has it: "active = 1" would read every device there is.
_ACTIVE = sa.text("device.active")
_USES = (
    sa.select(device, orders.c.number, orders.c.shipper)
    .join(orders, orders.c.key == device.c.order_key)
    .where(among(device.c.imei), _ACTIVE)
)
_SHARED = sa.select(parcel).where(among(parcel.c.number)).order_by(parcel.c.order_key)


def load(connection: Connection, keys: Sequence[str]) -> dict[OrderKey, Order]:
    """The orders that exist under these keys."""
    found: dict[OrderKey, Order] = {}
    for some in chunks(keys):
        rows = connection.execute(_LOAD, {"values": some})
        found.update((OrderKey(row.key), decode(row.data, Order)) for row in rows)
    return found


def undeclared(connection: Connection, goods: Sequence[tuple[str, str]]) -> list[Order]:
    """Orders of these merchants that are still to be sent, of which customs will ask what nobody said of these SKUs.

    By whom they are sent is asked in two halves, for each of which there is an index.
    """
    if not goods:
        return []
    wanted = {(merchant, sku_key(sku)) for merchant, sku in goods}
    merchants = sorted({merchant for merchant, _ in wanted})
    fulfillers = sa.select(inquiries.c.fulfiller).where(inquiries.c.merchant.in_(merchants))
    theirs = sa.select(orders.c.data).where(orders.c.merchant.in_(merchants), orders.c.state.not_in(_OVER))
    halves = (orders.c.fulfiller.in_(fulfillers), orders.c.fulfiller.is_(None) & orders.c.merchant.is_not(None))
    found = [decode(row.data, Order) for half in halves for row in connection.execute(theirs.where(half))]
    return [one for one in found if any((one.merchant, sku_key(line.sku)) in wanted for line in one.undeclared)]


def running(connection: Connection, inquiry: Inquiry) -> tuple[Order, ...]:
    """What the fulfiller of a relationship is still to send for its merchant, oldest first."""
    wanted = sa.select(orders.c.data).where(
        orders.c.fulfiller == inquiry.fulfiller,
        orders.c.merchant == inquiry.merchant,
        orders.c.shipper == inquiry.fulfiller,
        orders.c.state.not_in(_OVER),
    )
    return tuple(
        decode(row.data, Order) for row in connection.execute(wanted.order_by(orders.c.placed_at, orders.c.key))
    )


def placed_since(connection: Connection, moment: datetime) -> Iterator[Order]:
    """Orders placed since then, one after the other."""
    wanted = sa.select(orders.c.data).where(orders.c.placed_at >= moment)
    for row in connection.execute(wanted, execution_options=STREAMED):
        yield decode(row.data, Order)


def write(connection: Connection, changed: Sequence[Order], now: datetime) -> None:
    """Write orders one version on; StaleError when any has moved, or an IMEI is active elsewhere."""
    if not changed:
        return
    new = [_row(order, now) for order in changed if order.version == 0]
    moved = [_row(order, now) | {"b_key": order.key, "b_version": order.version} for order in changed if order.version]
    try:
        if new:
            connection.execute(orders.insert(), new)
        if moved:
            _update(connection, moved)
        _write_devices(connection, changed)
    except IntegrityError as error:
        raise StaleError from error
    _write_parcels(connection, changed)


def _update(connection: Connection, rows: list[dict[str, Any]]) -> None:
    values = [
        {"b_key": row["b_key"], "b_version": row["b_version"]} | {f"v_{name}": row[name] for name in _CHANGING}
        for row in rows
    ]
    if connection.execute(_UPDATE, values).rowcount != len(rows):
        raise StaleError


def _row(order: Order, now: datetime) -> dict[str, Any]:
    version = order.version + 1
    return {
        "key": order.key,
        "number": order.number,
        "version": version,
        "state": order.state.value,
        "complete": order.complete,
        "shipper": order.shipper,
        "seller": order.seller,
        "merchant": order.merchant,
        "fulfiller": order.fulfiller,
        "buyer": order.buyer.email.casefold(),
        "placed_at": order.placed_at,
        "changed_at": now,
        "data": encode(replace(order, version=version)),
    }


def _write_devices(connection: Connection, changed: Sequence[Order]) -> None:
    wanted = {
        (order.key, one.imei): {"line": line.line, "active": order.keeps_devices(line)}
        for order in changed
        for line in order.lines
        for one in line.devices
    }
    there = {
        (OrderKey(row.order_key), Imei(row.imei)): {"line": row.line, "active": row.active}
        for row in _rows_of(connection, _DEVICES, changed)
    }
    gone = [pair for pair in there if wanted.get(pair) != there[pair]]
    _delete(connection, device, device.c.imei, gone)
    rows = [
        {"order_key": key, "imei": imei, **values}
        for (key, imei), values in wanted.items()
        if there.get((key, imei)) != values
    ]
    if rows:
        connection.execute(device.insert(), rows)


def _write_parcels(connection: Connection, changed: Sequence[Order]) -> None:
    wanted = {(order.key, shipment.tracking_number) for order in changed for shipment in order.shipments}
    there = {(OrderKey(row.order_key), TrackingNumber(row.number)) for row in _rows_of(connection, _PARCELS, changed)}
    _delete(connection, parcel, parcel.c.number, list(there - wanted))
    rows = [{"order_key": key, "number": number} for key, number in wanted - there]
    if rows:
        connection.execute(parcel.insert(), rows)


def _rows_of(connection: Connection, wanted: "sa.Select[Any]", changed: Sequence[Order]) -> Iterable[Any]:
    # An order that is new here can have no rows yet.
    keys = [order.key for order in changed if order.version]
    for some in chunks(keys):
        yield from connection.execute(wanted, {"values": some})


def _delete(
    connection: Connection, table: sa.Table, column: "sa.Column[Any]", pairs: Sequence[tuple[str, str]]
) -> None:
    for key, value in pairs:
        connection.execute(table.delete().where(table.c.order_key == key, column == value))


def device_uses(connection: Connection, imeis: Sequence[str]) -> dict[Imei, DeviceUse]:
    """Where these IMEIs are active."""
    found: dict[Imei, DeviceUse] = {}
    for some in chunks(imeis):
        rows = connection.execute(_USES, {"values": some})
        for row in rows:
            use = DeviceUse(order=row.order_key, number=row.number, line=row.line, shipper=row.shipper)
            found[Imei(row.imei)] = use
    return found


def parcels(connection: Connection, numbers: Sequence[str]) -> dict[TrackingNumber, tuple[OrderKey, ...]]:
    """The orders that have shipped under these tracking numbers."""
    found: dict[TrackingNumber, tuple[OrderKey, ...]] = {}
    for some in chunks(numbers):
        for row in connection.execute(_SHARED, {"values": some}):
            number = TrackingNumber(row.number)
            found[number] = (*found.get(number, ()), OrderKey(row.order_key))
    return found


def left_alone(connection: Connection, shipper: str) -> list[Order]:
    """The orders about which their shipper asked for no more mail."""
    rows = connection.execute(sa.select(orders.c.data).where(orders.c.shipper == shipper))
    return [order for row in rows if (order := decode(row.data, Order)).no_reminders_since]


def listed(connection: Connection, *, buyer: str | None = None) -> Iterable[Order]:
    """All orders, newest first; only those of one buyer when his address is given."""
    wanted = sa.select(orders.c.data).order_by(orders.c.placed_at.desc(), orders.c.key)
    if buyer is not None:
        wanted = wanted.where(orders.c.buyer == buyer.casefold())
    with connection.execute(wanted) as rows:
        for row in rows:
            yield decode(row.data, Order)
