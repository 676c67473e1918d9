"""IMEIs onto an order's lines: asked for after a dispatch, recorded once each, corrected by a person."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import letters
from daemon.deciding.clocks import open_deadline
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, not_open, shipper_of
from daemon.domain.deadline import DeadlineKind, order_subject
from daemon.domain.finding import DeviceNamed
from daemon.domain.identifiers import Imei, LineId
from daemon.domain.order import Device, Line, Order
from daemon.domain.reason import Reason, reason


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


def ask_for_imeis(draft: Draft, order: Order) -> None:
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


def settle_imeis(draft: Draft, order: Order) -> None:
    if any(line.devices_overdue for line in order.lines):
        return
    subject = order_subject(order.key)
    if draft.deadlines(DeadlineKind.IMEI, subject):
        draft.settle(DeadlineKind.IMEI, subject, draft.at)
        draft.withdraw(*(key for key in draft.snapshot.queued if key.startswith(f"reminder-imei:{order.key}:")))
