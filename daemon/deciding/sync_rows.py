"""The lists that a Fulfillment sync exchanges, row by row.

Orders bear the headings by which the JTL fulfillment network imports them as CSV, and behind these what a label needs;
what goes to the merchant has German headings that are assigned once in JTL-Ameise.
"""

from collections.abc import Iterator, Sequence

from daemon.domain.calendar import market_zone
from daemon.domain.goods_return import GoodsReturn, ReturnState
from daemon.domain.order import Line, Order, OrderState
from daemon.domain.shipment import Shipment, apart, contents
from daemon.domain.stock import StockLevel, sku_key
from daemon.domain.trade import Trade, stream
from daemon.domain.values import Value

COLUMNS: dict[str, tuple[str, ...]] = {
    "orders": (
        *("warehouse_id", "merchant_outbound_number", "currency", "item_quantity", "item_merchant_sku", "item_jfsku"),
        *("item_item_type", "item_name", "shipping_name", "shipping_company", "shipping_street", "shipping_extra"),
        *("shipping_zip", "shipping_city", "shipping_region", "shipping_country", "shipping_email", "shipping_phone"),
        *("ship_by", "incoterm", "hs_code", "origin", "status"),
    ),
    "articles": ("merchant", "merchant_sku", "name", "ean", "weight", "hs_code", "origin"),
    "document": (
        *("order_id", "placed_at", "ship_by", "currency", "merchant", "fulfiller", "warehouse", "incoterm"),
        *("buyer_email", "buyer_phone", "ship_name", "ship_company", "ship_street", "ship_extra", "ship_postcode"),
        *("ship_city", "ship_region", "ship_country"),
        *("line_id", "sku", "title", "quantity", "unit_price", "hs_code", "origin", "merchant_name"),
    ),
    "status": ("Externe Auftragsnummer", "Status"),
    "stock": ("Artikelnummer", "Lager", "Bestand", "Reserviert", "Gesperrt", "Angekündigt"),
    "shipments": (
        *("Externe Auftragsnummer", "Position", "Artikelnummer", "Menge", "Versanddatum", "Versanddienstleister"),
        *("Tracking-ID", "Tracking-Link", "Seriennummern", "Inhalt"),
    ),
    "returns": (
        *("Retourennummer", "Externe Auftragsnummer", "Artikelnummer", "Menge", "Retourendatum", "Zustand", "Grund"),
        *("Status", "Ergebnis", "Erstattet am"),
    ),
    "announced": (
        *("merchant_return_number", "merchant_outbound_number", "item_merchant_sku", "item_quantity", "item_reason"),
        "state",
    ),
}
FOR_WAWI = frozenset({"stock", "status", "shipments", "returns"})

_Row = tuple[str, ...]


class Told(Value, frozen=True, kw_only=True):
    """One thing that is told whole, in one row or several; `order` where it is about one."""

    key: str
    rows: tuple[_Row, ...]
    order: str = ""


def orders(trade: Trade) -> Iterator[Told]:
    """Every order that is released, and what has become of it by the merchant: paid for, changed, canceled."""
    for order in trade.orders:
        known = (stream("orders", trade.inquiry), order.key) in trade.told
        if order.released_at and not order.silent and not order.is_forgotten and (order.can_ship or known):
            yield Told(key=order.key, order=order.number, rows=tuple(_order_row(order, one) for one in order.lines))


def _order_row(order: Order, line: Line) -> _Row:
    """The network's import wants a warehouse; who lists none is his own, as in the merchant's list of warehouses."""
    address = order.address
    left = line.quantity - line.canceled
    status = "Canceled" if order.canceled_at or not left else "PartiallyCanceled" if line.canceled else "Pending"
    return (
        *(
            order.warehouse or order.shipper,
            order.number,
            order.currency,
            str(left),
            line.sku,
            "",
            "Product",
            line.title,
        ),
        *(address.name, address.company, address.street, address.extra, address.postcode, address.city),
        *(address.region, address.country, order.buyer.email, order.buyer.phone),
        *(order.ship_by.isoformat() if order.ship_by else "", order.incoterm or "", line.hs_code, line.origin, status),
    )


def document(order: Order, merchant_name: str = "") -> tuple[_Row, ...]:
    """An order by the columns of an order file, a row for each line of which there is something to send."""
    address = order.address
    whole = (
        *(order.number, order.placed_at.isoformat(), order.ship_by.isoformat() if order.ship_by else ""),
        *(order.currency, order.merchant or "", order.fulfiller or "", order.warehouse or "", order.incoterm or ""),
        *(order.buyer.email, order.buyer.phone, address.name, address.company, address.street, address.extra),
        *(address.postcode, address.city, address.region, address.country),
    )
    return tuple(
        (
            *whole,
            one.line,
            one.sku,
            one.title,
            str(left),
            f"{one.unit_price:.2f}",
            one.hs_code,
            one.origin,
            merchant_name,
        )
        for one in order.lines
        if (left := one.quantity - one.canceled)
    )


def status(trade: Trade) -> Iterator[Told]:
    """How far every order is, in the words of the JTL fulfillment network."""
    for order in trade.orders:
        known = (stream("status", trade.inquiry), order.key) in trade.told
        if order.released_at and not order.silent and (known or order.state is not OrderState.CANCELED):
            yield Told(key=order.key, order=order.number, rows=((order.number, _status(order)),))


_ENDS = {
    OrderState.CANCELED: "Canceled",
    OrderState.SHIPPED: "Shipped",
    OrderState.PARTIALLY_SHIPPED: "PartiallyShipped",
}


def _status(order: Order) -> str:
    on_its_way = "PartiallyCanceled" if any(line.canceled for line in order.lines) else order.stage
    return _ENDS.get(order.state) or on_its_way or ("Acknowledged" if order.acknowledged_at else "Pending")


def articles(trade: Trade) -> Iterator[Told]:
    """The merchant's articles as he described them last."""
    for one in trade.articles:
        row = (str(one.merchant), one.sku, one.name, one.ean, one.weight, one.hs_code, one.origin)
        yield Told(key=one.key, rows=(row,))


def stock(trade: Trade) -> Iterator[Told]:
    """What the fulfiller reported of this merchant's articles.

    A list that names the merchant of each row tells each only of his own. One that names nobody, of a fulfiller of
    several merchants, tells each of the articles that he has named or sold.
    """
    named = {one.key for one in trade.articles} | {sku_key(line.sku) for order in trade.orders for line in order.lines}
    levels = [one for one in trade.levels if one.warehouse in {"", trade.inquiry.warehouse or one.warehouse}]
    found = {
        _level_key(one): one for one in levels if not one.merchant and (trade.only or sku_key(one.sku) in named)
    } | {_level_key(one): one for one in levels if one.merchant == trade.inquiry.merchant}
    for key, one in found.items():
        counts = (one.level, one.reserved, one.blocked, one.announced)
        yield Told(key=key, rows=((one.sku, one.warehouse, *map(str, counts)),))


def _level_key(level: StockLevel) -> str:
    return f"{level.warehouse}/{sku_key(level.sku)}"


_SPREAD = "auf {count} Pakete verteilt"
_NOT_SAID = "nicht je Paket gemeldet"


def shipments(trade: Trade) -> Iterator[Told]:
    """What has left, with the numbers of the devices as far as they are known by now.

    Where nobody has said which of several parcels holds what, the goods stand by themselves and the parcels by
    themselves: a quantity beside a number says that it is in that parcel.
    """
    for order in trade.orders:
        for parcels in apart(order.shipments):
            goods = tuple(_goods_rows(order, parcels))
            for place, one in enumerate(parcels):
                rows = (*goods, _parcel_row(order, one)) if len(parcels) > 1 else goods or (_parcel_row(order, one),)
                told = rows[-1:] if place else rows
                yield Told(key=f"{order.key}/{one.tracking_number}", order=order.number, rows=told)


def _goods_rows(order: Order, parcels: Sequence[Shipment]) -> Iterator[_Row]:
    first, several = parcels[0], len(parcels) > 1
    spread = _SPREAD.format(count=len(parcels)) if several else ""
    for one in contents(parcels):
        line = order.line(one.line)
        # Which of a line's devices lies in which of its parcels nobody has said.
        whole = line is not None and line.shipped == one.quantity
        serials = " ".join(device.imei for device in line.devices) if line and whole else ""
        named = (order.number, one.line, line.sku if line else "", str(one.quantity))
        yield (*named, *_sent(first, numbered=not several), serials, spread)


def _parcel_row(order: Order, shipment: Shipment) -> _Row:
    return (order.number, "", "", "", *_sent(shipment), "", _NOT_SAID)


def _sent(shipment: Shipment, *, numbered: bool = True) -> _Row:
    number = (shipment.tracking_number, shipment.tracking_url or "") if numbered else ("", "")
    return (shipment.shipped_on.strftime("%d.%m.%Y"), shipment.carrier or "", *number)


_RESULTS = {
    ReturnState.RESTOCKED: "wieder eingelagert",
    ReturnState.BLOCKED: "gesperrt",
    ReturnState.REJECTED: "abgelehnt",
}


def returns(trade: Trade) -> Iterator[Told]:
    """What has come back, each return of an order whole; that words about it were erased with a buyer is no news."""
    for order, number, parts in _returns(trade):
        key = f"{order.key}/{number}"
        if not all(one.erased for one in parts) or (stream("returns", trade.inquiry), key) not in trade.told:
            yield Told(key=key, order=order.number, rows=tuple(_return_row(order, one) for one in parts))


def announced(trade: Trade) -> Iterator[Told]:
    """What the fulfiller may expect; once it has come, he knows."""
    for order, number, parts in _returns(trade):
        coming = [one for one in parts if one.state is ReturnState.ANNOUNCED]
        rows = tuple(
            (number, order.number, _sku(order, one.line), str(one.quantity), one.reason, "Announced") for one in coming
        )
        if rows:
            yield Told(key=f"{order.key}/{number}", order=order.number, rows=rows)


def _returns(trade: Trade) -> Iterator[tuple[Order, str, list[GoodsReturn]]]:
    for order in trade.orders:
        for number in dict.fromkeys(one.number for one in order.returns):
            yield order, number, [one for one in order.returns if one.number == number]


def _return_row(order: Order, one: GoodsReturn) -> _Row:
    """Where it stands, in the words of the JTL fulfillment network, which do not say what became of it."""
    zone = market_zone(order.market)
    return (
        *(one.number, order.number, _sku(order, one.line), str(one.quantity), one.day.strftime("%d.%m.%Y")),
        *(one.condition, one.reason, "Completed" if one.state.ends else one.state.capitalize()),
        _RESULTS.get(one.state, ""),
        one.refunded_at.astimezone(zone).strftime("%d.%m.%Y") if one.refunded_at else "",
    )


def _sku(order: Order, line: str) -> str:
    found = order.line(line)
    return found.sku if found else ""
