"""Parcels onto an order, and everything that follows from a dispatch."""

import msgspec

from daemon.deciding import letters
from daemon.deciding.devices import ask_for_imeis, settle_imeis
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, not_open
from daemon.domain.calendar import local_day
from daemon.domain.deadline import DeadlineKind, order_subject
from daemon.domain.finding import Parcel
from daemon.domain.identifiers import LineId, TrackingNumber
from daemon.domain.order import Line, Order, OrderState
from daemon.domain.reason import Reason, reason
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.rules.carriers import tracking_url


class Dispatch:
    """What one stimulus says has left of one order. Parcels beyond the first of a line share its dispatch."""

    def __init__(self, draft: Draft, order: Order, *, trusted: bool) -> None:
        self._draft = draft
        self._before = order
        self._trusted = trusted
        self._new: list[Shipment] = []

    @property
    def _order(self) -> Order:
        return self._draft.order(self._before.key) or self._before

    def add(self, parcel: Parcel) -> Reason | None:
        """Record a parcel; None when it is recorded, `already_recorded` when it was, else why it may not be."""
        order = self._order
        if any(one.tracking_number == parcel.number for one in order.shipments):
            return reason("already_recorded", value=parcel.number)
        doubt = not_open(order) or self._refusal(order, parcel)
        if doubt:
            return doubt
        lines, doubt = self._lines(order, parcel)
        if doubt:
            return doubt
        self._record(order, parcel, lines)
        return None

    def _refusal(self, order: Order, parcel: Parcel) -> Reason | None:
        today = local_day(self._draft.at, order.market)
        if parcel.shipped_on and parcel.shipped_on > today:
            return reason("dispatch_in_future", value=parcel.number, day=parcel.shipped_on)
        if self._trusted:
            return None
        if not self._url(order, parcel):
            return reason("not_traceable", value=parcel.number, carrier=parcel.carrier or "?")
        others = [self._draft.order(key) for key in self._draft.parcel_use(parcel.number) if key != order.key]
        if any(other is None or not _travels_with(order, other) for other in others):
            return reason("number_used_elsewhere", value=parcel.number)
        if order.state is OrderState.SHIPPED and not self._new:
            return reason("already_shipped_otherwise", value=parcel.number, order=order.number)
        return None

    def _lines(self, order: Order, parcel: Parcel) -> tuple[tuple[ShippedLine, ...], Reason | None]:
        if parcel.line:
            line = line_named(order, parcel.line)
            if line is None:
                return (), reason("unknown_line", line=parcel.line, order=order.number)
            return self._part(line, parcel)
        still_open = [line for line in order.lines if line.open]
        if parcel.quantity is None or parcel.quantity == sum(line.open for line in still_open):
            return tuple(ShippedLine(line=line.line, quantity=line.open) for line in still_open), None
        if len(still_open) > 1:
            return (), reason("line_not_named", order=order.number)
        return self._part((still_open or list(order.lines))[0], parcel)

    def _part(self, line: Line, parcel: Parcel) -> tuple[tuple[ShippedLine, ...], Reason | None]:
        quantity = line.open if parcel.quantity is None else parcel.quantity
        shares = any(one.line == line.line for parcel_ in self._new for one in parcel_.lines)
        if quantity > line.open and not (shares and not line.open):
            if not line.open:
                return (), reason("already_shipped_otherwise", value=parcel.number, order=self._before.number)
            return (), reason("quantity_too_large", value=quantity, open=line.open, line=line.line)
        quantity = min(quantity, line.open)
        return ((ShippedLine(line=line.line, quantity=quantity),) if quantity else ()), None

    def _record(self, order: Order, parcel: Parcel, lines: tuple[ShippedLine, ...]) -> None:
        shipment = Shipment(
            tracking_number=parcel.number,
            carrier=parcel.carrier,
            tracking_url=self._url(order, parcel),
            shipped_on=parcel.shipped_on or local_day(self._draft.at, order.market),
            entered_at=self._draft.at,
            lines=lines,
            because=self._draft.because,
        )
        left = {LineId(one.line): one.quantity for one in lines}
        changed = msgspec.structs.replace(
            order,
            shipments=(*order.shipments, shipment),
            lines=tuple(
                msgspec.structs.replace(line, shipped=line.shipped + left.get(line.line, 0)) for line in order.lines
            ),
        )
        self._draft.put_order(changed)
        self._new.append(shipment)
        what = reason("shipment_recorded", number=parcel.number, carrier=parcel.carrier or "?")
        self._draft.note(order_subject(order.key), what)

    def _url(self, order: Order, parcel: Parcel) -> str | None:
        carrier = self._draft.rulebook.carrier(parcel.carrier) if parcel.carrier else None
        return tracking_url(carrier, parcel.number, order.market) if carrier else parcel.url

    def finish(self) -> None:
        """Draw the consequences once everything that the stimulus says of the order is recorded."""
        order = self._order
        if self._new:
            self._after_dispatch(order)
        settle_imeis(self._draft, self._order)

    def _after_dispatch(self, order: Order) -> None:
        draft, subject = self._draft, order_subject(order.key)
        if order.state is OrderState.SHIPPED:
            problems = tuple(
                one if one.resolved_at else msgspec.structs.replace(one, resolved_at=draft.at) for one in order.problems
            )
            order = msgspec.structs.replace(order, shipped_at=draft.at, problems=problems)
            draft.put_order(order)
            draft.note(subject, reason("order_shipped"))
            draft.settle(DeadlineKind.SHIP, subject, draft.at)
            draft.withdraw(*_pointless(draft, order))
        letters.shipped_to_buyer(draft, order, self._new)
        if any(line.devices_overdue for line in order.lines):
            ask_for_imeis(draft, order)


def _travels_with(order: Order, other: Order) -> bool:
    """Whether two orders can lie in one parcel: the same shipper and the same destination."""
    return order.shipper == other.shipper and order.address == other.address


def _pointless(draft: Draft, order: Order) -> list[str]:
    """Reminders to ship that have not left yet."""
    return [key for key in draft.snapshot.queued if key.startswith(f"reminder-ship:{order.key}:")]


def replace_parcel(draft: Draft, order: Order, old: TrackingNumber, new: Parcel) -> Reason | None:
    """A person corrects a tracking number; the dispatch keeps its day and lines (a correction is no late entry)."""
    place = next((at for at, one in enumerate(order.shipments) if one.tracking_number == old), None)
    if place is None:
        return reason("nothing_to_replace", value=old)
    carrier = draft.rulebook.carrier(new.carrier) if new.carrier else None
    corrected = msgspec.structs.replace(
        order.shipments[place],
        tracking_number=new.number,
        carrier=new.carrier,
        tracking_url=tracking_url(carrier, new.number, order.market) if carrier else new.url,
        because=draft.because,
    )
    shipments = (*order.shipments[:place], corrected, *order.shipments[place + 1 :])
    changed = msgspec.structs.replace(order, shipments=shipments)
    draft.put_order(changed)
    draft.note(order_subject(order.key), reason("number_replaced", old=old, new=new.number))
    letters.shipped_to_buyer(draft, changed, [corrected])
    return None
