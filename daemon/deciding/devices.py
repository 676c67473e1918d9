"""IMEIs onto an order's lines: asked for after a dispatch, recorded once each, corrected by a person."""

from collections.abc import Mapping, Sequence

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, lines_told, not_open, order_event, shipper_of
from daemon.domain.deadline import DeadlineKind, order_subject
from daemon.domain.finding import DeviceNamed
from daemon.domain.identifiers import Imei, LineId
from daemon.domain.order import Device, Line, Order
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import DeviceUse


def name_devices(
    draft: Draft, order: Order, devices: Sequence[DeviceNamed], several: Mapping[Imei, Reason]
) -> dict[Imei, Reason | None]:
    """Put IMEIs on the order's lines; for each None when recorded, else why not. A line gets all of its own or none.

    `several` are those that are said to be of more than one device.
    """
    devices = _told_apart(order, devices)
    doubt = _surplus(order, devices) or _pair_doubt(order, devices)
    if doubt:
        return {named.imei: doubt for named in devices}
    verdicts: dict[Imei, Reason | None] = {}
    wanted: dict[LineId, list[Imei]] = {}
    for named in devices:
        line, doubt = _line_for(draft, order, named)
        doubt = doubt or several.get(named.imei)
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
    use = draft.device_use(imei) or (draft.device_use(named.second) if named.second else None)
    if any(device.imei == imei for line in order.lines for device in line.devices):
        return None, reason("already_recorded", value=imei)
    doubt = not_open(order)
    if use:
        doubt = _used(order, imei, use)
    if doubt:
        return None, doubt
    if named.line:
        line = line_named(order, named.line)
        if line is None:
            return None, reason("unknown_line", line=named.line, order=order.number)
        return (line, None) if line.imei_required else (None, reason("imei_not_expected", value=imei))
    cellular = [line for line in order.lines if line.imei_required]
    if not cellular:
        return None, reason("imei_not_expected", value=imei)
    waiting = [line for line in cellular if line.devices_owed] or cellular
    if len(waiting) > 1 and named.article:
        waiting = [line for line in lines_told(order, named.article) if line in waiting] or waiting
    if len(waiting) > 1:
        return None, reason("line_not_named", order=order.number)
    return waiting[0], None


def _used(order: Order, imei: Imei, use: DeviceUse) -> Reason:
    """The number of an order that somebody else sends is no business of this partner's; the operator sees it."""
    code = "imei_used_elsewhere" if use.shipper == order.shipper else "imei_used_by_another"
    return reason(code, value=imei, order=use.number)


def _told_apart(order: Order, devices: Sequence[DeviceNamed]) -> Sequence[DeviceNamed]:
    """Numbered IMEIs ("IMEI 1", "IMEI 2") are one for each device where just as many are due."""
    each: list[DeviceNamed] = []
    for named in devices:
        each.append(msgspec.structs.replace(named, second=None) if named.counted else named)
        if named.counted and named.second:
            each.append(msgspec.structs.replace(named, imei=named.second, second=None))
    return each if len(each) == sum(line.devices_owed for line in order.lines) else devices


def _pair_doubt(order: Order, devices: Sequence[DeviceNamed]) -> Reason | None:
    """`A / B` is one dual-SIM device where as many are named as are due; else it may as well be two devices."""
    pair = next((named for named in devices if named.second), None)
    owed = sum(line.devices_owed for line in order.lines)
    if pair is None or len(devices) >= owed:
        return None
    return reason("imei_pair_unclear", value=f"{pair.imei} / {pair.second}")


def _put_devices(draft: Draft, order: Order, line_id: LineId, imeis: list[Imei]) -> Reason | None:
    current = draft.order(order.key) or order
    line = current.line(line_id)
    if line and line.devices and not line.devices_owed:
        return reason(
            "imei_recorded_otherwise",
            value=", ".join(imeis),
            recorded=", ".join(device.imei for device in line.devices),
            recorded_by=", ".join(dict.fromkeys(device.because for device in line.devices)),
        )
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
    if not any(device.imei == old for line in order.lines for device in line.devices):
        return reason("nothing_to_replace", value=old)
    if use := draft.device_use(new):
        return _used(order, new, use)
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
    if order.silent or partner is None:
        return
    if partner.address:
        asking = letters.Reminder(template="reminder-imei", step=0, due=draft.at, overdue=False)
        letters.remind(draft, order, partner, asking)
    order_event(draft, order, "devices_left_unnamed")


def settle_imeis(draft: Draft, order: Order) -> None:
    if any(line.devices_overdue for line in order.lines):
        return
    if draft.deadlines(DeadlineKind.IMEI, order_subject(order.key)):
        order_event(draft, order, "devices_named")
        draft.withdraw(*draft.queued(f"reminder-imei:{order.key}:"))
