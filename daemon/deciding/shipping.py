"""Parcels and devices onto an order, and everything that follows from a dispatch."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import letters
from daemon.deciding.clocks import open_deadline
from daemon.deciding.draft import Draft
from daemon.deciding.orders import shipper_of
from daemon.domain.calendar import local_day
from daemon.domain.deadline import DeadlineKind, order_subject
from daemon.domain.finding import DeviceNamed, Parcel
from daemon.domain.identifiers import Imei, LineId, TrackingNumber
from daemon.domain.order import Device, Line, Order, OrderState
from daemon.domain.reason import Reason, reason
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.rules.carriers import tracking_url


def line_named(order: Order, named: str) -> Line | None:
    """The line whose id or, if only one has it, SKU a partner named."""
    found = order.line(named)
    if found is None:
        same = [one for one in order.lines if one.sku.casefold() == named.casefold()]
        found = same[0] if len(same) == 1 else None
    return found


def not_open(order: Order) -> Reason | None:
    """Why nothing may be recorded on the order in its present state, whoever says it."""
    if order.state is OrderState.CANCELED:
        return reason("order_is_canceled", order=order.number)
    if order.state is OrderState.AWAITING_PAYMENT:
        return reason("order_not_paid", order=order.number)
    return None


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
        _settle_imeis(self._draft, self._order)

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
            _ask_for_imeis(draft, order)


def _travels_with(order: Order, other: Order) -> bool:
    """Whether two orders can lie in one parcel: the same shipper and the same destination."""
    return order.shipper == other.shipper and order.address == other.address


def _pointless(draft: Draft, order: Order) -> list[str]:
    """Reminders to ship that have not left yet."""
    return [key for key in draft.snapshot.queued if key.startswith(f"reminder-ship:{order.key}:")]


def _ask_for_imeis(draft: Draft, order: Order) -> None:
    partner = shipper_of(draft, order)
    rule = draft.rulebook.deadline(DeadlineKind.IMEI)
    if order.silent or partner is None or rule is None:
        return
    if partner.address:
        letters.imei_reminder(draft, order, partner, step=0)
    subject = order_subject(order.key)
    if draft.deadlines(DeadlineKind.IMEI, subject):
        return
    deadline = open_deadline(rule, subject, started=draft.at, market=order.market, silent=order.shipper, due=None)
    if deadline:
        draft.put_deadline(deadline)


def _settle_imeis(draft: Draft, order: Order) -> None:
    if any(line.devices_overdue for line in order.lines):
        return
    subject = order_subject(order.key)
    if draft.deadlines(DeadlineKind.IMEI, subject):
        draft.settle(DeadlineKind.IMEI, subject, draft.at)
        draft.withdraw(*(key for key in draft.snapshot.queued if key.startswith(f"reminder-imei:{order.key}:")))


def name_devices(draft: Draft, order: Order, devices: Sequence[DeviceNamed]) -> dict[Imei, Reason | None]:
    """Put IMEIs on the order's lines; for each None when recorded, else why not. A line gets all of its own or none."""
    surplus = _surplus(order, devices)
    if surplus:
        return {named.imei: surplus for named in devices}
    verdicts: dict[Imei, Reason | None] = {}
    wanted: dict[LineId, list[Imei]] = {}
    for named in devices:
        line, doubt = _line_for(draft, order, named)
        if doubt or line is None:
            verdicts[named.imei] = doubt
        elif named.imei not in verdicts:
            verdicts[named.imei] = None
            wanted.setdefault(line.line, []).append(named.imei)
    for line_id, imeis in wanted.items():
        doubt = _put_devices(draft, order, line_id, imeis)
        if doubt:
            verdicts |= dict.fromkeys(imeis, doubt)
    return verdicts


def _surplus(order: Order, devices: Sequence[DeviceNamed]) -> Reason | None:
    """More IMEIs than devices: which of them are wrong, nobody can tell, even where some are refused for themselves."""
    known = {device.imei for line in order.lines for device in line.devices}
    fresh = {named.imei for named in devices} - known
    owed = sum(line.devices_owed for line in order.lines)
    if not_open(order) or not owed or len(fresh) <= owed:
        return None
    return reason("too_many_imeis", count=len(fresh), expected=owed)


def _line_for(draft: Draft, order: Order, named: DeviceNamed) -> tuple[Line | None, Reason | None]:
    imei = named.imei
    use = draft.device_use(imei)
    if use and use.order == order.key:
        return None, reason("already_recorded", value=imei)
    doubt = not_open(order)
    if use or (named.second and draft.device_use(named.second)):
        doubt = reason("imei_used_elsewhere", value=imei)
    if doubt:
        return None, doubt
    if named.line:
        line = line_named(order, named.line)
        if line is None:
            return None, reason("unknown_line", line=named.line, order=order.number)
        return (
            (line, _pair_doubt(line, named)) if line.imei_required else (None, reason("imei_not_expected", value=imei))
        )
    cellular = [line for line in order.lines if line.imei_required]
    if not cellular:
        return None, reason("imei_not_expected", value=imei)
    waiting = [line for line in cellular if line.devices_owed] or cellular
    if len(waiting) > 1:
        return None, reason("line_not_named", order=order.number)
    return waiting[0], _pair_doubt(waiting[0], named)


def _pair_doubt(line: Line, named: DeviceNamed) -> Reason | None:
    """`A / B` is one dual-SIM device where one is due; where more are due it may as well be two devices."""
    if named.second and line.devices_owed > 1:
        return reason("imei_pair_unclear", value=f"{named.imei} / {named.second}")
    return None


def _put_devices(draft: Draft, order: Order, line_id: LineId, imeis: list[Imei]) -> Reason | None:
    current = draft.order(order.key) or order
    line = current.line(line_id)
    if line is None or len(imeis) > line.devices_owed:
        return reason("too_many_imeis", count=len(imeis), expected=line.devices_owed if line else 0)
    devices = (*line.devices, *(Device(imei=imei, because=draft.because) for imei in imeis))
    lines = tuple(
        msgspec.structs.replace(one, devices=devices) if one.line == line_id else one for one in current.lines
    )
    draft.put_order(msgspec.structs.replace(current, lines=lines))
    draft.note(order_subject(order.key), reason("imei_recorded", count=len(imeis), line=line_id))
    return None


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


def replace_device(draft: Draft, order: Order, old: Imei, new: Imei) -> Reason | None:
    """A person corrects an IMEI."""
    if draft.device_use(new):
        return reason("imei_used_elsewhere", value=new)
    if not any(device.imei == old for line in order.lines for device in line.devices):
        return reason("nothing_to_replace", value=old)
    lines = tuple(
        msgspec.structs.replace(
            line,
            devices=tuple(
                Device(imei=new, because=draft.because) if device.imei == old else device for device in line.devices
            ),
        )
        for line in order.lines
    )
    draft.put_order(msgspec.structs.replace(order, lines=lines))
    draft.note(order_subject(order.key), reason("imei_replaced", old=old, new=new))
    return None
