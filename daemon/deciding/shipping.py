"""Parcels onto an order, and everything that follows from a dispatch."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from daemon.deciding import letters
from daemon.deciding.devices import ask_for_imeis, settle_imeis
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, lines_told, not_open, order_event, shipper_of
from daemon.domain.calendar import local_day
from daemon.domain.deadline import order_subject
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
        self._refused: Reason | None = None
        self._begun = False

    @property
    def _order(self) -> Order:
        return self._draft.order(self._before.key) or self._before

    @property
    def empty(self) -> bool:
        return not self._new

    def add(self, parcel: Parcel) -> Reason | None:
        """Record a parcel; None when it is recorded, `already_recorded` when it was, else why it may not be."""
        order = self._order
        known = next((one for one in order.shipments if one.tracking_number == parcel.number), None)
        if parcel.beside:
            return reason("already_recorded", value=parcel.number) if known else self._beside(order, parcel)
        self._begun = True
        doubt = self._fill(order, known, parcel) if known else self._first(order, parcel)
        self._refused = doubt if doubt and doubt.code != "already_recorded" else None
        return doubt

    def _first(self, order: Order, parcel: Parcel) -> Reason | None:
        if doubt := not_open(order) or self._refusal(order, parcel):
            return doubt
        lines, doubt = self._lines(order, parcel)
        doubt = doubt or self._fewer(order, parcel, lines)
        if not doubt:
            self._record(order, parcel, lines)
        return doubt

    def _beside(self, order: Order, parcel: Parcel) -> Reason | None:
        """A further parcel with the goods of the one before it, of which it shares the fate."""
        if not self._begun and not self._trusted:
            return reason("quantity_unclear", value=parcel.number)
        doubt = self._refused or not_open(order) or self._refusal(order, parcel)
        if not doubt:
            self._record(order, parcel, ())
        return doubt

    def _fill(self, order: Order, known: Shipment, parcel: Parcel) -> Reason | None:
        """A known parcel holds a further line of the order, too; what it is known to hold is not counted twice."""
        line = _line_of(order, parcel)
        if line is None or not line.open or line.line in {one.line for one in known.lines}:
            return reason("already_recorded", value=parcel.number)
        doubt = not_open(order)
        lines, part_doubt = self._part(line, parcel)
        part_doubt = part_doubt or self._fewer(order, parcel, lines)
        if doubt or part_doubt:
            return doubt or part_doubt
        filled = msgspec.structs.replace(known, lines=(*known.lines, *lines))
        shipments = tuple(filled if one is known else one for one in order.shipments)
        self._draft.put_order(_left(msgspec.structs.replace(order, shipments=shipments), lines))
        self._new = [*(one for one in self._new if one.tracking_number != parcel.number), filled]
        return None

    def _refusal(self, order: Order, parcel: Parcel) -> Reason | None:
        if parcel.shipped_on and parcel.shipped_on > self._today(order):
            return reason("dispatch_in_future", value=parcel.number, day=parcel.shipped_on)
        if parcel.shipped_on and parcel.shipped_on < self._day(order, order.placed_at):
            return reason("dispatch_before_order", value=parcel.number, day=parcel.shipped_on)
        if self._trusted:
            return None
        if not self._url(order, parcel):
            return reason("not_traceable", value=parcel.number, carrier=parcel.carrier or "?")
        elsewhere = {key: self._draft.order(key) for key in self._draft.parcel_use(parcel.number) if key != order.key}
        others = {key: other for key, other in elsewhere.items() if not (other and travel_together(order, other))}
        if others:
            own = all(other and other.shipper == order.shipper for other in others.values())
            named = ", ".join(other.number if other else key for key, other in others.items())
            code = "number_used_elsewhere" if own else "number_used_by_another"
            return reason(code, value=parcel.number, order=named)
        if order.state is OrderState.SHIPPED and not self._new:
            return _otherwise(order, parcel)
        return None

    def _lines(self, order: Order, parcel: Parcel) -> tuple[tuple[ShippedLine, ...], Reason | None]:
        if parcel.line:
            line = line_named(order, parcel.line)
            if line is None:
                return (), reason("unknown_line", line=parcel.line, order=order.number)
            return self._part(line, parcel)
        still_open = [line for line in order.lines if line.open]
        if parcel.article and not self._trusted and len(order.lines) > 1:
            told = lines_told(order, parcel.article)
            if len(told) == 1:
                return self._part(told[0], parcel)
            if len(still_open) > 1 and not all(line in told for line in still_open):
                return (), reason("line_not_named", order=order.number)
        if parcel.quantity is None or parcel.quantity == sum(line.open for line in still_open):
            return tuple(ShippedLine(line=line.line, quantity=line.open) for line in still_open), None
        if len(still_open) > 1:
            return (), reason("line_not_named", order=order.number)
        return self._part((still_open or list(order.lines))[0], parcel)

    def _part(self, line: Line, parcel: Parcel) -> tuple[tuple[ShippedLine, ...], Reason | None]:
        quantity = line.open if parcel.quantity is None else parcel.quantity
        shares = any(one.line == line.line for parcel_ in self._new for one in parcel_.lines)
        if not line.open and not shares:
            return (), _otherwise(self._order, parcel)
        if quantity > line.open and line.open:
            return (), reason("quantity_too_large", value=quantity, open=line.open, line=line.line)
        quantity = min(quantity, line.open)
        return ((ShippedLine(line=line.line, quantity=quantity),) if quantity else ()), None

    def _fewer(self, order: Order, parcel: Parcel, lines: Sequence[ShippedLine]) -> Reason | None:
        """A number that nobody understands may say that fewer have left than are meant where no quantity is named.

        One of two is a parcel, and no piece, where there are three pieces.
        """
        ordered = {line.line: line.quantity for line in order.lines}
        if parcel.of and parcel.of not in {sum(ordered.values()), *(ordered[LineId(one.line)] for one in lines)}:
            return reason("quantity_unclear", value=parcel.number)
        meant = sum(line.quantity for line in lines)
        none = parcel.line and 0 in parcel.perhaps and meant not in parcel.perhaps
        fewer = none or any(0 < number < meant for number in parcel.perhaps)
        if self._trusted or parcel.quantity is not None or not fewer:
            return None
        return reason("quantity_unclear", value=parcel.number)

    def _record(self, order: Order, parcel: Parcel, lines: tuple[ShippedLine, ...]) -> None:
        shipment = Shipment(
            tracking_number=parcel.number,
            carrier=parcel.carrier,
            tracking_url=self._url(order, parcel),
            shipped_on=parcel.shipped_on or self._today(order),
            entered_at=self._draft.at,
            lines=lines,
            because=self._draft.because,
        )
        self._draft.put_order(_left(msgspec.structs.replace(order, shipments=(*order.shipments, shipment)), lines))
        self._new.append(shipment)
        what = reason("shipment_recorded", number=parcel.number, carrier=parcel.carrier or "?")
        self._draft.note(order_subject(order.key), what)
        if shipment.shipped_on < self._today(order):
            late = reason("number_entered_late", number=parcel.number, day=shipment.shipped_on)
            self._draft.note(order_subject(order.key), late)

    def _today(self, order: Order) -> date:
        """The day of the entry where the parcel leaves: in the shipper's own zone (seed rule 2.8)."""
        return self._day(order, self._draft.at)

    def _day(self, order: Order, moment: datetime) -> date:
        shipper = shipper_of(self._draft, order)
        return moment.astimezone(ZoneInfo(shipper.timezone)).date() if shipper else local_day(moment, order.market)

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
            order_event(draft, order, "order_shipped")
            # Reminders to ship that have not left yet.
            draft.withdraw(*draft.queued(f"reminder-ship:{order.key}:"))
        letters.shipped_to_buyer(draft, order, self._new)
        if any(line.devices_overdue for line in order.lines):
            ask_for_imeis(draft, order)


def _otherwise(order: Order, parcel: Parcel) -> Reason:
    """Another number than the one recorded: a person must say which is right, and sees where each comes from."""
    line = line_named(order, parcel.line) if parcel.line else None
    holding = [one for one in order.shipments if line and any(part.line == line.line for part in one.lines)]
    before = holding or order.shipments
    return reason(
        "already_shipped_otherwise",
        value=parcel.number,
        order=order.number,
        recorded=", ".join(one.tracking_number for one in before) or "?",
        recorded_by=", ".join(dict.fromkeys(one.because for one in before)) or "?",
    )


def _line_of(order: Order, parcel: Parcel) -> Line | None:
    """The line that a parcel's row names, or the one whose article it tells."""
    if parcel.line:
        return line_named(order, parcel.line)
    told = lines_told(order, parcel.article) if parcel.article else []
    return told[0] if len(told) == 1 else None


def travel_together(order: Order, other: Order) -> bool:
    """Whether two orders can lie in one parcel: the same shipper and the same destination."""
    return order.shipper == other.shipper and order.address == other.address


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
    letters.corrected_to_buyer(draft, changed, corrected, old)
    return None


def _left(order: Order, lines: Sequence[ShippedLine]) -> Order:
    """The order with these pieces counted as shipped."""
    left = {LineId(one.line): one.quantity for one in lines}
    counted = (msgspec.structs.replace(line, shipped=line.shipped + left.get(line.line, 0)) for line in order.lines)
    return msgspec.structs.replace(order, lines=tuple(counted))
