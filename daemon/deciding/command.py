"""A person's command: the same checks and the same effects as for a partner's word."""

from datetime import datetime

import msgspec

from daemon.deciding import (
    again,
    claims,
    customs,
    devices,
    inquiries,
    order_files,
    orders,
    problems,
    returns,
    shipping,
    stock,
)
from daemon.deciding.draft import Draft
from daemon.deciding.order_rows import EMAIL
from daemon.domain.calendar import local_day
from daemon.domain.checksums import is_imei
from daemon.domain.deadline import inquiry_subject, order_subject, partner_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.finding import DeviceNamed, Evidence, Parcel
from daemon.domain.goods_return import REFUNDED, ReturnState
from daemon.domain.identifiers import Imei, InquiryId, PartnerId, TrackingNumber, order_key
from daemon.domain.inquiry import InquiryState
from daemon.domain.order import Order
from daemon.domain.partner import Partner, Role
from daemon.domain.policy import Policy
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.domain.stimulus import Cancel, Command, Inquire, Person, Record, Remind, Resend, SetInquiry
from daemon.errors import RefusedError, UnknownIdError
from daemon.rules.carriers import recognise
from daemon.rules.rulebook import Rulebook


def lookup(command: Command) -> Lookup:
    """What a command has to see."""
    match command:
        case Inquire():
            return Lookup(merchants=(PartnerId(command.merchant),))
        case SetInquiry():
            inquiry = InquiryId(command.inquiry)
            return Lookup(inquiries=(inquiry,), running=(inquiry,), rivals=(inquiry,))
        case Record():
            numbers = (TrackingNumber(_compact(command.tracking)),) if command.tracking else ()
            imeis = tuple(Imei(_compact(one)) for one in command.imeis)
            return Lookup(orders=(command.order,), numbers=numbers, imeis=imeis)
        case Cancel():
            return Lookup(orders=(command.order,))
        case Resend():
            return Lookup(orders=(command.order,), returned=(command.order,))
        case Remind():
            return Lookup(
                orders=tuple(map(order_key, command.about)),
                inquiries=tuple(map(_inquiry_id, command.about)),
                partners=tuple(map(PartnerId, command.about)),
            )


def decide(
    command: Command, person: Person, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime
) -> Decision:
    """Carry a command out.

    Raises RefusedError with the reason, or UnknownIdError; then nothing changes.
    """
    because = f"{person.name}: {person.why}" if person.why else person.name
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=because)
    match command:
        case Inquire():
            _inquire(draft, command)
        case SetInquiry():
            _set_inquiry(draft, command)
        case Record():
            _record(draft, command)
        case Cancel():
            _cancel(draft, command)
        case Remind():
            _remind(draft, command)
        case Resend():
            _require(again.resend(draft, _order(draft, command)))
    return draft.seal(Disposition.DONE)


def _compact(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and sign not in "-./").upper()


def _require(doubt: Reason | None) -> None:
    if doubt and doubt.code != "already_recorded":
        raise RefusedError(doubt)


def _inquire(draft: Draft, command: Inquire) -> None:
    merchant, fulfiller = draft.rulebook.partner(command.merchant), draft.rulebook.partner(command.fulfiller)
    if merchant is None:
        raise UnknownIdError(command.merchant)
    if fulfiller is None:
        raise UnknownIdError(command.fulfiller)
    if not command.text.strip():
        raise RefusedError(reason("inquiry_without_text"))
    warehouse = fulfiller.house(command.warehouse or "") or command.warehouse
    _require(inquiries.refusal(draft, merchant, fulfiller, warehouse))
    inquiries.make(draft, merchant, fulfiller, warehouse, command.text, 0)


def _set_inquiry(draft: Draft, command: SetInquiry) -> None:
    inquiry = draft.inquiry(InquiryId(command.inquiry))
    if inquiry is None:
        raise UnknownIdError(command.inquiry)
    if command.state is InquiryState.ACTIVE and inquiry.contract_at is None and not draft.policy.direct_confirmation:
        raise RefusedError(reason("no_contract_yet", inquiry=inquiry.id))
    if inquiry.state is InquiryState.ACTIVE and command.state is not InquiryState.WITHDRAWN:
        raise RefusedError(reason("relationship_is_active", inquiry=inquiry.id))
    if command.state is InquiryState.SENT:
        _require(inquiries.ask_again(draft, inquiry))
        return
    if not command.state.came_to_nothing:
        _require(inquiries.rival(draft, (inquiry.merchant, inquiry.fulfiller, inquiry.warehouse), inquiry.id))
    if command.state is InquiryState.ACTIVE and draft.policy.two_sided_handshake:
        inquiry = inquiries.confirm(draft, inquiry, Role.MERCHANT)
    if command.state in {InquiryState.IN_CONTACT, InquiryState.NEGOTIATING}:
        inquiry = inquiries.undo_contract(draft, inquiry)
    inquiries.enter(draft, inquiry, command.state)


def _order(draft: Draft, command: Record | Cancel | Resend) -> Order:
    order = draft.order(command.order)
    if order is None:
        raise UnknownIdError(command.order)
    return order


def _record(draft: Draft, command: Record) -> None:
    order = _order(draft, command)
    if command.line and orders.line_named(order, command.line) is None:
        raise RefusedError(reason("unknown_line", line=command.line, order=order.number))
    if command.speaker and draft.rulebook.partner(command.speaker) is None:
        raise UnknownIdError(command.speaker)
    if command.speaker and command.speaker != order.shipper:
        raise RefusedError(reason("not_your_order", order=order.number))
    if command.tracking:
        _record_parcel(draft, order, command)
    if command.imeis:
        _record_devices(draft, draft.order(order.key) or order, command)
    if command.until and command.until < local_day(draft.now, order.market):
        raise RefusedError(reason("new_date_is_past", until=command.until))
    if command.problem:
        current = draft.order(order.key) or order
        _require(problems.report(draft, current, command.problem, command.until, draft.now))
    _record_beside(draft, draft.order(order.key) or order, command)
    if not draft.is_changed():
        raise RefusedError(reason("nothing_to_record"))


def _record_beside(draft: Draft, order: Order, command: Record) -> None:
    """What concerns neither parcels nor devices: customs data, duties, returns, a notice that somebody else gave."""
    if command.hs_code or command.origin:
        _record_customs(draft, order, command)
    if command.duties:
        _require(claims.claim(draft, draft.order(order.key) or order, command.duties, on_return=command.on_return))
    if command.refunded:
        _require(claims.refund(draft, draft.order(order.key) or order, command.refunded_amount))
    if command.returned:
        _record_return(draft, draft.order(order.key) or order, command)
    if command.buyer_email:
        if not EMAIL.fullmatch(command.buyer_email):
            raise RefusedError(reason("bad_address", value=command.buyer_email))
        _require(orders.readdress(draft, draft.order(order.key) or order, command.buyer_email))
    if command.buyer_told:
        _require(problems.told_elsewhere(draft, draft.order(order.key) or order))


def _record_customs(draft: Draft, order: Order, command: Record) -> None:
    """Outside the Union the shipper sends the goods by it; he need not hear what he has said himself."""
    line = orders.line_named(order, command.line) if command.line else None
    doubt = customs.fill_in(draft, order, line.line if line else None, command.hs_code, command.origin)
    _require(doubt)
    filled = draft.order(order.key) or order
    if doubt is None and filled.incoterm and not command.speaker:
        customs.tell_shipper(draft, filled)


def _record_return(draft: Draft, order: Order, command: Record) -> None:
    """Goods that come back, announced or not, and what becomes of them."""
    line = orders.line_named(order, command.line) if command.line else None
    if command.returned == REFUNDED:
        _require(returns.refund(draft, order, line, command.return_number))
        return
    line = line or (order.lines[0] if len(order.lines) == 1 else None)
    if line is None:
        raise RefusedError(reason("line_not_named", order=order.number))
    known = sum(one.quantity for one in order.returns if one.line == line.line)
    told = returns.Told(
        line=line,
        state=ReturnState(command.returned or ReturnState.ARRIVED),
        quantity=command.quantity or known or line.shipped or 1,
        day=local_day(draft.now, order.market),
        number=command.return_number,
    )
    doubt = returns.tell(draft, order, told, trusted=True)
    if doubt:
        raise RefusedError(doubt)


def _evidence(text: str) -> Evidence:
    return Evidence(where="command", text=text)


def _record_parcel(draft: Draft, order: Order, command: Record) -> None:
    tracking = command.tracking or ""
    found = recognise(tracking, draft.rulebook.carriers, command.carrier, None)
    if not found.ok:
        odd = ", ".join(f"U+{ord(sign):04X}" for sign in tracking if not sign.isascii())
        raise RefusedError(reason(found.code or "number_unknown_form", value=tracking, characters=odd))
    parcel = Parcel(
        evidence=_evidence(tracking),
        line=command.line,
        number=found.number,
        carrier=found.carrier.id if found.carrier else command.carrier,
    )
    if command.replace and not command.imeis:
        _require(shipping.replace_parcel(draft, order, TrackingNumber(_compact(command.replace)), parcel))
        return
    dispatch = shipping.Dispatch(draft, order, trusted=False)
    _require(dispatch.add(parcel))
    dispatch.finish()


def _record_devices(draft: Draft, order: Order, command: Record) -> None:
    imeis = [Imei(_compact(one)) for one in command.imeis]
    for imei in imeis:
        if not is_imei(imei):
            raise RefusedError(reason("imei_luhn_wrong", value=imei))
    if command.replace:
        _require(devices.replace_device(draft, order, Imei(_compact(command.replace)), imeis[0]))
        return
    named = [DeviceNamed(evidence=_evidence(imei), line=command.line, imei=imei) for imei in imeis]
    for doubt in devices.name_devices(draft, order, named, {}).values():
        _require(doubt)
    shipping.Dispatch(draft, draft.order(order.key) or order, trusted=False).finish()


def _cancel(draft: Draft, command: Cancel) -> None:
    order = _order(draft, command)
    line = orders.line_named(order, command.line) if command.line else None
    if command.line and line is None:
        raise RefusedError(reason("unknown_line", line=command.line, order=order.number))
    if not any(one.open for one in order.lines if line is None or one.line == line.line):
        raise RefusedError(reason("nothing_to_cancel", order=order.number))
    orders.cancel(draft, order, line)
    order_files.release_rest(draft, order.key)


def _inquiry_id(named: str) -> InquiryId:
    return InquiryId(named.strip().upper())


def _is_left_alone(draft: Draft, partner: Partner) -> bool:
    """Whether he gets no reminders of his lists, or no mail at all that is about no order."""
    return partner.id in draft.snapshot.left_alone or any(one.left_alone for one in stock.clocks(draft, partner))


def _remind(draft: Draft, command: Remind) -> None:
    """Who asked for no more mail wants to be reminded again; what was not reminded of meanwhile is not made up for."""
    what = reason("reminders_resumed")
    for named in command.about:
        order, inquiry = draft.order(order_key(named)), draft.inquiry(_inquiry_id(named))
        if order and order.no_reminders_since:
            draft.put_order(msgspec.structs.replace(order, no_reminders_since=None))
            draft.note(order_subject(order.key), what)
        elif inquiry and inquiry.left_alone:
            draft.put_inquiry(msgspec.structs.replace(inquiry, left_alone=()))
            draft.note(inquiry_subject(inquiry.id), what)
        elif (partner := draft.rulebook.partner(named)) and _is_left_alone(draft, partner):
            draft.concern(partner.id)
            draft.remind_again(partner.id)
            draft.note(partner_subject(partner.id), what)
            for one in stock.clocks(draft, partner):
                draft.put_deadline(msgspec.structs.replace(one, left_alone=False))
        elif order is None and inquiry is None and draft.rulebook.partner(named) is None:
            raise UnknownIdError(named)
    if not draft.is_changed():
        raise RefusedError(reason("reminders_run_already", about=", ".join(command.about)))
