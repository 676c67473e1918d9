"""What is known when the golden files are dropped: the same open orders for whichever partner drops the file.

`open`: nothing has left yet. `shipped`: part of it has, as an earlier file said. `empty`: no order is known.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from daemon.domain.identifiers import Imei, LineId, PartnerId, TrackingNumber
from daemon.domain.order import Address, Buyer, Device, Line, Order
from daemon.domain.partner import Partner, Role
from daemon.domain.shipment import Shipment, ShippedLine

_PLACED = datetime.fromisoformat("2026-11-24T09:12:00+01:00")
_LEFT = datetime.fromisoformat("2026-11-25T09:40:00+01:00")
_PHONES = ("smartphone", True)
_TABLETS = ("tablet", True)

# SKU: title, price, category and whether it is cellular.
_GOODS: dict[str, tuple[str, str, tuple[str, bool]]] = {
    "IP13-128": ("Apple iPhone 13 128 GB", "389.00", _PHONES),
    "GS22-128": ("Samsung Galaxy S22 128 GB", "299.00", _PHONES),
    "IPAD9-64C": ("Apple iPad 9 64 GB Cellular", "279.00", _TABLETS),
    "USBC-20W": ("USB-C Charger 20 W", "19.90", ("", False)),
    "CASE-01": ("Clear Case 6.1", "14.90", ("", False)),
}

# Order: its lines as (line, SKU, quantity).
_ORDERS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "A-1001": (("1", "IP13-128", 2),),
    "A-1002": (("1", "GS22-128", 1),),
    "A-1003": (("1", "CASE-01", 1),),
    "A-1004": (("1", "GS22-128", 1), ("2", "CASE-01", 1)),
    "A-1005": (("1", "IP13-128", 1), ("2", "IPAD9-64C", 1), ("3", "USBC-20W", 3)),
    "A-1006": (("1", "CASE-01", 1),),
    "A-1007": (("1", "CASE-01", 1),),
    "A-1008": (("1", "USBC-20W", 2),),
    "A-1009": (("1", "CASE-01", 1),),
    "A-1010": (("1", "CASE-01", 1),),
    "305-4417823-9921137": (("40218857230114", "CASE-01", 1),),
    "305-4417823-9921145": (("40218857230122", "GS22-128", 1), ("40218857230130", "CASE-01", 2)),
    "31456789451": (("1", "CASE-01", 1),),
    "31456789452": (("1", "CASE-01", 1),),
    "3001": (("1", "CASE-01", 1),),
    "3002": (("1", "IP13-128", 1),),
    "3003": (("1", "GS22-128", 1), ("2", "CASE-01", 1)),
    "000417": (("1", "CASE-01", 1),),
    "C-7718-A": (("1", "CASE-01", 1),),
    "C-7719-A": (("C-7719-A-1", "IP13-128", 1), ("C-7719-A-2", "CASE-01", 1)),
    "45600123": (("9100551", "IP13-128", 1),),
    "45600124": (("9100552", "GS22-128", 1),),
    "B-2001": (("1", "CASE-01", 1),),
}
UNPAID, CANCELED, ANOTHERS = "A-1009", "A-1010", "B-2001"

# What has left in the situation `shipped`: the number, the lines that went with it, and the IMEIs named.
_SHIPPED: dict[str, tuple[str, dict[str, int], dict[str, tuple[str, ...]]]] = {
    "A-1001": ("00340433836442636597", {"1": 1}, {"1": ("352099001761481",)}),
    "A-1002": ("1Z999AA10123456784", {"1": 1}, {"1": ("490154203237518",)}),
    "A-1003": ("01015026003653C", {"1": 1}, {}),
    "A-1004": ("00340434161094042557", {"1": 1}, {}),
    "A-1005": ("1Z4E52V66809624597", {"1": 1, "2": 1, "3": 3}, {}),
}
_CARRIERS = {"00": "dhl", "1Z": "ups", "01": "dpd"}


def orders(situation: str, speaker: Partner) -> tuple[Order, ...]:
    """The orders of the situation; all but `ANOTHERS` are the speaker's to ship."""
    if situation == "empty":
        return ()
    if situation not in {"open", "shipped"}:
        raise KeyError(situation)
    placed = [_order(number, speaker) for number in _ORDERS]
    return tuple(map(_left, placed) if situation == "shipped" else placed)


def _order(number: str, speaker: Partner) -> Order:
    shipper = PartnerId("somebody-else") if number == ANOTHERS else speaker.id
    fulfilled = speaker.role is Role.FULFILLER
    paid = None if number == UNPAID else _PLACED
    return Order(
        number=number,
        seller=None if fulfilled else shipper,
        merchant=PartnerId("nova") if fulfilled else None,
        fulfiller=shipper if fulfilled else None,
        shipper=shipper,
        market=speaker.market or "de-DE",
        currency="EUR",
        placed_at=_PLACED,
        paid_at=paid,
        released_at=paid and paid + timedelta(minutes=5),
        canceled_at=_PLACED + timedelta(hours=2) if number == CANCELED else None,
        ship_by=datetime.fromisoformat("2026-11-27T23:59:59+01:00"),
        buyer=Buyer(name="Zoë Kanari", email="buyer@mail.example", phone="+49 170 5550199"),
        address=Address(name="Zoë Kanari", street="Ringstraße 5", postcode="50667", city="Köln", country="DE"),
        lines=tuple(_line(*one) for one in _ORDERS[number]),
        because="an order file",
    )


def _line(line: str, sku: str, quantity: int) -> Line:
    title, price, (category, cellular) = _GOODS[sku]
    return Line(
        line=LineId(line),
        sku=sku,
        title=title,
        quantity=quantity,
        unit_price=Decimal(price),
        category=category,
        cellular=cellular,
        handling_days=2,
    )


def _left(order: Order) -> Order:
    if order.number not in _SHIPPED:
        return order
    number, quantities, imeis = _SHIPPED[order.number]
    parcel = Shipment(
        tracking_number=TrackingNumber(number),
        carrier=_CARRIERS[number[:2]],
        tracking_url=None,
        shipped_on=date(2026, 11, 25),
        entered_at=_LEFT,
        lines=tuple(ShippedLine(line=LineId(line), quantity=quantity) for line, quantity in quantities.items()),
        because="this morning's file",
    )
    lines = tuple(
        msgspec.structs.replace(
            one,
            shipped=quantities.get(one.line, 0),
            devices=tuple(Device(imei=Imei(imei), because=parcel.because) for imei in imeis.get(one.line, ())),
        )
        for one in order.lines
    )
    return msgspec.structs.replace(order, lines=lines, shipments=(parcel,), acknowledged_at=_LEFT)
