"""The lists that a Fulfillment sync exchanges, row by row.

Orders bear the headings by which the JTL fulfillment network imports them as CSV, and behind these what a label needs;
what goes to the merchant has German headings that are assigned once in JTL-Ameise.
"""

from collections.abc import Iterator

from daemon.domain.order import Line, Order
from daemon.domain.shipment import Shipment
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
    "stock": ("Artikelnummer", "Lager", "Bestand", "Reserviert", "Gesperrt", "Angekündigt"),
    "shipments": (
        *("Externe Auftragsnummer", "Position", "Artikelnummer", "Menge", "Versanddatum", "Versanddienstleister"),
        *("Tracking-ID", "Tracking-Link", "Seriennummern"),
    ),
    "returns": (
        *("Retourennummer", "Externe Auftragsnummer", "Artikelnummer", "Menge", "Retourendatum", "Zustand", "Grund"),
    ),
}
FOR_WAWI = frozenset({"stock", "shipments", "returns"})

_Row = tuple[str, ...]


class Told(Value, frozen=True, kw_only=True):
    """One thing that is told whole, in one row or several; `order` where it is about one."""

    key: str
    rows: tuple[_Row, ...]
    order: str = ""


def orders(trade: Trade) -> Iterator[Told]:
    """Every order that is released, and what has become of it by the merchant: paid for, changed, canceled."""
    for order in trade.orders:
        known = (stream("orders", trade.inquiry.id), order.key) in trade.told
        if order.released_at and not order.silent and (order.can_ship or known):
            yield Told(key=order.key, order=order.number, rows=tuple(_order_row(order, one) for one in order.lines))


def _order_row(order: Order, line: Line) -> _Row:
    address = order.address
    left = line.quantity - line.canceled
    status = "Canceled" if order.canceled_at or not left else "PartiallyCanceled" if line.canceled else "Pending"
    return (
        *(order.warehouse or "", order.number, order.currency, str(left), line.sku, "", "Product", line.title),
        *(address.name, address.company, address.street, address.extra, address.postcode, address.city),
        *(address.region, address.country, order.buyer.email, order.buyer.phone),
        *(order.ship_by.isoformat() if order.ship_by else "", order.incoterm or "", line.hs_code, line.origin, status),
    )


def articles(trade: Trade) -> Iterator[Told]:
    """The merchant's articles as he described them last."""
    for one in trade.articles:
        row = (str(one.merchant), one.sku, one.name, one.ean, one.weight, one.hs_code, one.origin)
        yield Told(key=one.key, rows=(row,))


def stock(trade: Trade) -> Iterator[Told]:
    """What the fulfiller reported of this merchant's articles.

    A fulfiller of several merchants reports them in one list; then each is told only of articles that he has named.
    """
    named = {one.key for one in trade.articles} | {
        line.sku.strip().casefold() for order in trade.orders for line in order.lines
    }
    for one in trade.levels:
        ours = one.warehouse in {"", trade.inquiry.warehouse or one.warehouse}
        if ours and (trade.only or one.sku.strip().casefold() in named):
            counts = (one.level, one.reserved, one.blocked, one.announced)
            yield Told(
                key=f"{one.warehouse}/{one.sku.strip().casefold()}",
                rows=((one.sku, one.warehouse, *map(str, counts)),),
            )


def shipments(trade: Trade) -> Iterator[Told]:
    """What has left, with the numbers of the devices as far as they are known by now."""
    for order in trade.orders:
        for one in order.shipments:
            rows = tuple(_shipment_rows(order, one))
            yield Told(key=f"{order.key}/{one.tracking_number}", order=order.number, rows=rows)


def _shipment_rows(order: Order, shipment: Shipment) -> Iterator[_Row]:
    sent = (
        shipment.shipped_on.strftime("%d.%m.%Y"),
        shipment.carrier or "",
        shipment.tracking_number,
        shipment.tracking_url or "",
    )
    for one in shipment.lines:
        line = order.line(one.line)
        # Which of a line's devices lies in which of its parcels nobody has said.
        whole = line is not None and line.shipped == one.quantity
        serials = " ".join(device.imei for device in line.devices) if line and whole else ""
        yield (order.number, one.line, line.sku if line else "", str(one.quantity), *sent, serials)
    if not shipment.lines:
        yield (order.number, "", "", "", *sent, "")


def returns(trade: Trade) -> Iterator[Told]:
    """What has come back."""
    for one in trade.returns:
        day = one.returned_on.strftime("%d.%m.%Y")
        row = (one.number, one.order, one.sku, str(one.quantity), day, one.condition, one.reason)
        yield Told(key=one.key, order=one.order, rows=(row,))
