"""The life of an inquiry: from the first mail over contact and contract to an active relationship."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from daemon.deciding import inquiry_mails
from daemon.deciding.clocks import happened
from daemon.deciding.draft import Draft
from daemon.domain.deadline import inquiry_subject
from daemon.domain.decision import Relationship
from daemon.domain.document import Mail
from daemon.domain.finding import Finding, Said, Statement
from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Order
from daemon.domain.partner import Contact, Partner, Role
from daemon.domain.reason import Reason, reason
from daemon.rules.deadlines import Event

_FORWARD = [InquiryState.SENT, InquiryState.IN_CONTACT, InquiryState.NEGOTIATING, InquiryState.CONTRACT_AGREED]
_ANSWERED = {*_FORWARD[1:], InquiryState.ACTIVE, InquiryState.DECLINED}
_ASKED_AGAIN = {InquiryState.UNDELIVERABLE, InquiryState.EXPIRED}
_AGREEING = {Statement.ACCEPTED, Statement.CONFIRMED, Statement.CONTRACT_AGREED}
_NAMED = 20
_YES_AND_MORE = {Statement.QUESTION, Statement.NEGOTIATING, Statement.UNCLEAR}


def refusal(draft: Draft, merchant: Partner | None, fulfiller: Partner | None, warehouse: str | None) -> Reason | None:
    """Why an inquiry cannot be made: parties unknown, contact data incomplete (seed rule 1.3), nobody to mail."""
    if merchant is None or merchant.role is not Role.MERCHANT:
        return reason("unknown_merchant", value=merchant.id if merchant else "?")
    if fulfiller is None or fulfiller.role is not Role.FULFILLER:
        return reason("unknown_fulfiller", value=fulfiller.id if fulfiller else "?")
    missing = (merchant.contact or Contact()).missing
    if missing:
        return reason("contact_incomplete", merchant=merchant.id, missing=", ".join(missing))
    if not fulfiller.address:
        return reason("partner_without_address", partner=fulfiller.id)
    if warehouse and warehouse not in {one.id for one in fulfiller.warehouses}:
        return reason("unknown_warehouse", warehouse=warehouse, fulfiller=fulfiller.id)
    return rival(draft, (merchant.id, fulfiller.id, warehouse))


def rival(draft: Draft, pair: tuple[str, str, str | None], but: InquiryId | None = None) -> Reason | None:
    """The inquiry or relationship that stands between the same two already."""
    for one in draft.snapshot.inquiries.values():
        if one.id != but and not one.state.came_to_nothing and (one.merchant, one.fulfiller, one.warehouse) == pair:
            return reason("inquiry_exists", inquiry=one.id)
    return None


def covers(relationship: Relationship | Inquiry, order: Order) -> bool:
    """Whether it is about this order's merchant, and about its warehouse if each names one."""
    fits = relationship.warehouse in {None, order.warehouse or relationship.warehouse}
    return relationship.merchant == order.merchant and fits


def _has_rival(draft: Draft, inquiry: Inquiry) -> bool:
    return rival(draft, (inquiry.merchant, inquiry.fulfiller, inquiry.warehouse), inquiry.id) is not None


def ask_again(draft: Draft, inquiry: Inquiry) -> Reason | None:
    """What never arrived, or was never answered, goes out once more, and its clocks start anew."""
    merchant, fulfiller = draft.rulebook.partner(inquiry.merchant), draft.rulebook.partner(inquiry.fulfiller)
    if inquiry.state not in _ASKED_AGAIN:
        return reason("inquiry_not_sent_again", inquiry=inquiry.id, state=inquiry.state)
    doubt = refusal(draft, merchant, fulfiller, inquiry.warehouse)
    if doubt or merchant is None or fulfiller is None:
        return doubt
    inquiry = msgspec.structs.replace(
        inquiry, state=InquiryState.SENT, sent_at=draft.at, ended_at=None, because=draft.because
    )
    draft.put_inquiry(inquiry)
    draft.note(inquiry_subject(inquiry.id), reason("inquiry_made", fulfiller=fulfiller.id))
    inquiry_mails.ask(draft, inquiry, merchant, fulfiller, again=True)
    inquiry_mails.tell_merchant(draft, inquiry)
    _event(draft, inquiry, "inquiry_sent")
    return None


def make(draft: Draft, merchant: Partner, fulfiller: Partner, warehouse: str | None, text: str, place: int) -> Inquiry:
    """Record the inquiry, mail it to the fulfiller, and start its clocks."""
    number = draft.snapshot.next_inquiry + place
    inquiry = Inquiry(
        id=InquiryId(f"I-{number:04d}"),
        merchant=merchant.id,
        fulfiller=fulfiller.id,
        warehouse=warehouse,
        text=text,
        sent_at=draft.at,
        because=draft.because,
    )
    draft.put_inquiry(inquiry)
    draft.note(inquiry_subject(inquiry.id), reason("inquiry_made", fulfiller=fulfiller.id))
    inquiry_mails.ask(draft, inquiry, merchant, fulfiller)
    _event(draft, inquiry, "inquiry_sent")
    return inquiry


def _event(draft: Draft, inquiry: Inquiry, event: Event, *, awaited: PartnerId | None = None) -> None:
    """Something happened to an inquiry: its clocks start, are met or are dropped by it.

    `awaited` is whose answer is missing now; the fulfiller's, if nobody else is named.
    """
    partner = draft.rulebook.partner(awaited or inquiry.fulfiller)
    happened(draft, event, inquiry_subject(inquiry.id), market=market_of(partner), partner=partner)


def market_of(partner: Partner | None) -> str:
    """The calendar by which an inquiry's deadlines count; a partner no longer known is counted by the German one."""
    return partner.calendar_market if partner else "de-DE"


def next_state(inquiry: Inquiry, said: set[Statement], *, direct: bool) -> tuple[InquiryState, Reason | None]:
    """Where a fulfiller's statements lead, or why a person must look (contract §3).

    `active` needs a signed contract and the fulfiller's confirmation, contract first or both in one mail; with `direct`
    a yes is enough. A mere yes is contact.
    """
    state = inquiry.state
    yes = bool(said & {Statement.ACCEPTED, Statement.CONFIRMED})
    agreed = Statement.CONTRACT_AGREED in said or inquiry.contract_at is not None
    if Statement.DECLINED in said:
        return (state, reason("contradiction")) if said & _AGREEING else (InquiryState.DECLINED, None)
    if (Statement.CONFIRMED in said and agreed) or (direct and yes):
        return InquiryState.ACTIVE, None
    if Statement.ACCEPTED in said and inquiry.contract_at is not None:
        return state, reason("confirmation_unclear", inquiry=inquiry.id)
    reached = InquiryState.IN_CONTACT
    if Statement.NEGOTIATING in said:
        reached = InquiryState.NEGOTIATING
    if Statement.CONTRACT_AGREED in said:
        reached = InquiryState.CONTRACT_AGREED
    return max(state, reached, key=_FORWARD.index), None


def enter(draft: Draft, inquiry: Inquiry, state: InquiryState) -> Inquiry:
    """Bring an inquiry into a state, with the marks, clocks, relationship and mails that go with it."""
    if state is inquiry.state:
        return inquiry
    if state in _ANSWERED:
        inquiry = _answered(draft, inquiry)
    was, inquiry = inquiry.state, _marked(inquiry, state, draft.at)
    draft.put_inquiry(inquiry)
    draft.note(inquiry_subject(inquiry.id), reason(f"inquiry_{state}"))
    if state is InquiryState.CONTRACT_AGREED:
        _event(draft, inquiry, "inquiry_contract_agreed")
        if inquiry.confirmed_at is None:
            inquiry_mails.ask_to_confirm(draft, inquiry, inquiry.fulfiller)
    if state is InquiryState.ACTIVE:
        _event(draft, inquiry, "inquiry_active")
        draft.relate(_relationship(inquiry))
    if state.over:
        _event(draft, inquiry, "inquiry_over")
    if was is InquiryState.ACTIVE:
        _end(draft, inquiry)
        return inquiry
    if state is InquiryState.ACTIVE or (state is InquiryState.WITHDRAWN and not was.over):
        inquiry_mails.tell_fulfiller(draft, inquiry)
    inquiry_mails.tell_merchant(draft, inquiry)
    return inquiry


def _marked(inquiry: Inquiry, state: InquiryState, at: datetime) -> Inquiry:
    """In that state, with when it came to it."""
    if state in {InquiryState.CONTRACT_AGREED, InquiryState.ACTIVE}:
        inquiry = msgspec.structs.replace(inquiry, contract_at=inquiry.contract_at or at)
    if state is InquiryState.ACTIVE:
        inquiry = msgspec.structs.replace(inquiry, confirmed_at=inquiry.confirmed_at or at, active_since=at)
    if state.came_to_nothing:
        inquiry = msgspec.structs.replace(inquiry, ended_at=at)
    return msgspec.structs.replace(inquiry, state=state)


def _answered(draft: Draft, inquiry: Inquiry) -> Inquiry:
    """The fulfiller has said something, be it on the telephone: nobody waits for his first answer any more."""
    if inquiry.answered_at is not None:
        return inquiry
    inquiry = msgspec.structs.replace(inquiry, answered_at=draft.at)
    draft.put_inquiry(inquiry)
    _event(draft, inquiry, "inquiry_answered")
    return inquiry


def undo_contract(draft: Draft, inquiry: Inquiry) -> Inquiry:
    """The contract does not stand: whoever said yes to it has to say so again after the next (seed rule 1.10)."""
    for side in (inquiry.merchant, inquiry.fulfiller):
        inquiry_mails.ask_no_more(draft, inquiry, draft.rulebook.partner(side))
    _event(draft, inquiry, "inquiry_contract_undone")
    return msgspec.structs.replace(inquiry, contract_at=None, confirmed_at=None, merchant_confirmed_at=None)


def _end(draft: Draft, inquiry: Inquiry) -> None:
    """The relationship is over: what he still has he sends, and everybody hears which orders that are."""
    draft.part(_relationship(inquiry))
    beside = list(_beside(draft, inquiry))
    theirs = draft.snapshot.running.get(inquiry.id, ())
    running = [one for one in theirs if not any(covers(other, one) for other in beside)]
    numbers = tuple(one.number for one in running if one.released_at)
    inquiry_mails.tell_fulfiller(draft, inquiry, running=numbers, stands=bool(beside))
    inquiry_mails.tell_merchant(draft, inquiry, running=numbers, stands=bool(beside))
    if running:
        what = reason(
            "relationship_ended_with_orders",
            inquiry=inquiry.id,
            merchant=inquiry.merchant,
            fulfiller=inquiry.fulfiller,
            count=len(running),
            orders=", ".join([*(one.number for one in running[:_NAMED]), *["…"][: len(running) > _NAMED]]),
        )
        draft.tell_operator(f"ended:{inquiry.id}:{draft.cause}", what, (inquiry.id,))


def _beside(draft: Draft, inquiry: Inquiry) -> Iterator[Inquiry]:
    """The other relationships of the same two that stand, as for another warehouse."""
    for one in draft.snapshot.inquiries.values():
        same = (one.merchant, one.fulfiller) == (inquiry.merchant, inquiry.fulfiller)
        if same and one.id != inquiry.id and one.state is InquiryState.ACTIVE:
            yield one


def _relationship(inquiry: Inquiry) -> Relationship:
    return Relationship(
        merchant=inquiry.merchant,
        fulfiller=inquiry.fulfiller,
        warehouse=inquiry.warehouse,
        inquiry=inquiry.id,
        since=inquiry.active_since or inquiry.sent_at,
    )


def confirm(draft: Draft, inquiry: Inquiry, role: Role) -> Inquiry:
    """One side confirms (seed rule 1.10); where the handshake is two-sided the relationship waits for the other."""
    mark = "merchant_confirmed_at" if role is Role.MERCHANT else "confirmed_at"
    fresh = getattr(inquiry, mark) is None
    inquiry = msgspec.structs.replace(inquiry, **{mark: getattr(inquiry, mark) or draft.at})
    if not draft.policy.two_sided_handshake or (inquiry.confirmed_at and inquiry.merchant_confirmed_at):
        return enter(draft, inquiry, InquiryState.ACTIVE)
    draft.put_inquiry(inquiry)
    if fresh:
        by_merchant = role is Role.MERCHANT
        what = reason("inquiry_confirmed_by_merchant" if by_merchant else "inquiry_confirmed_by_fulfiller")
        draft.note(inquiry_subject(inquiry.id), what)
        awaited = inquiry.fulfiller if by_merchant else inquiry.merchant
        _event(draft, inquiry, "inquiry_confirmed_by_one", awaited=awaited)
        speaker = inquiry.merchant if by_merchant else inquiry.fulfiller
        inquiry_mails.ask_no_more(draft, inquiry, draft.rulebook.partner(speaker))
        inquiry_mails.ask_to_confirm(draft, inquiry, awaited)
    return inquiry


def hear(
    draft: Draft,
    inquiry: Inquiry,
    speaker: Partner,
    findings: Sequence[Finding],
    mail: Mail,
    *,
    asked: bool,
    trusted: bool,
) -> Reason | None:
    """What one side wrote: it moves the inquiry as far as it is his to say, and is passed on to the other.

    `asked`: it answers our mail that asked for the confirmation, so that a mere yes is one.
    """
    draft.concern(inquiry.id)
    if not mail.new_text.strip() and not (trusted and mail.attachments):
        return reason("empty_reply")
    if speaker.id == inquiry.merchant and inquiry.state is InquiryState.UNDELIVERABLE and not trusted:
        return reason("inquiry_undeliverable_answered", inquiry=inquiry.id, fulfiller=inquiry.fulfiller)
    if mail.attachments and not draft.policy.show_contact and not trusted:
        return reason("files_not_looked_into", files=", ".join(one.name for one in mail.attachments[:_NAMED]))
    said = {one.statement for one in findings if isinstance(one, Said)}
    inquiry_mails.relay(draft, inquiry, speaker, mail)
    if asked and _may_become_active(draft, inquiry):
        if said <= {Statement.UNCLEAR} and not trusted:
            return reason("confirmation_unclear", inquiry=inquiry.id)
        if Statement.ACCEPTED in said and not said & _YES_AND_MORE:
            said.add(Statement.CONFIRMED)
    if Statement.NO_MORE_MAIL in said and not inquiry.state.over:
        inquiry = _leave_alone(draft, inquiry, speaker.id)
    if speaker.id == inquiry.fulfiller:
        return _fulfiller_says(draft, inquiry, said, trusted=trusted)
    return _merchant_says(draft, inquiry, said, trusted=trusted)


def _fulfiller_says(draft: Draft, inquiry: Inquiry, said: set[Statement], *, trusted: bool) -> Reason | None:
    if _takes_notice(inquiry, said):
        return reason("relationship_declined", inquiry=inquiry.id, partner=inquiry.fulfiller)
    if inquiry.state.over:
        if _comes_too_late(draft, inquiry, said):
            return reason("inquiry_is_over", inquiry=inquiry.id, state=inquiry.state)
        if inquiry.state is not InquiryState.EXPIRED or said == {Statement.NO_MORE_MAIL} or _has_rival(draft, inquiry):
            return None
        # Nobody had answered, and now he has.
        inquiry = msgspec.structs.replace(inquiry, state=InquiryState.SENT, ended_at=None)
    if said == {Statement.NO_MORE_MAIL}:
        return None
    inquiry = _answered(draft, inquiry)
    approved = trusted and inquiry.contract_at is not None
    state, doubt = next_state(inquiry, said, direct=draft.policy.direct_confirmation or approved)
    if Statement.CONFIRMED in said and state is InquiryState.IN_CONTACT:
        draft.note(inquiry_subject(inquiry.id), reason("confirmed_before_contract"))
    if state is not InquiryState.ACTIVE:
        enter(draft, inquiry, state)
        return doubt
    if Statement.CONTRACT_AGREED in said:
        inquiry = _with_contract(draft, inquiry)
    elif draft.policy.two_sided_handshake and inquiry.state is InquiryState.SENT:
        inquiry = enter(draft, inquiry, InquiryState.IN_CONTACT)
    confirm(draft, inquiry, Role.FULFILLER)
    return doubt


def _comes_too_late(draft: Draft, inquiry: Inquiry, said: set[Statement]) -> bool:
    """Whether a person has to see what he says of an inquiry that is over; a late yes to an expired one is contact."""
    decisive = said & {*_AGREEING, Statement.DECLINED}
    is_contact = decisive == {Statement.ACCEPTED} and not draft.policy.direct_confirmation
    may_go_on = inquiry.state is InquiryState.EXPIRED and not _has_rival(draft, inquiry)
    return bool(decisive) and not (is_contact and may_go_on)


def _takes_notice(inquiry: Inquiry, said: set[Statement]) -> bool:
    """Whether one side seems to end what is active, which a person does once he knows when."""
    return inquiry.state is InquiryState.ACTIVE and Statement.DECLINED in said


def _leave_alone(draft: Draft, inquiry: Inquiry, partner: PartnerId) -> Inquiry:
    """No more reminders to him; the clocks run on, so the operator is told."""
    what = reason("no_more_mail", partner=partner, about=inquiry.id)
    draft.tell_operator(f"no-more-mail:{draft.because}", what, (inquiry.id,))
    if partner in inquiry.left_alone:
        return inquiry
    draft.note(inquiry_subject(inquiry.id), reason("reminders_stopped"))
    inquiry = msgspec.structs.replace(inquiry, left_alone=(*inquiry.left_alone, partner))
    draft.put_inquiry(inquiry)
    return inquiry


def _with_contract(draft: Draft, inquiry: Inquiry) -> Inquiry:
    """The contract in the same mail as the confirmation: a state of its own only where another must still confirm."""
    if draft.policy.two_sided_handshake:
        return enter(draft, inquiry, InquiryState.CONTRACT_AGREED)
    draft.note(inquiry_subject(inquiry.id), reason("inquiry_contract_agreed"))
    return msgspec.structs.replace(inquiry, contract_at=inquiry.contract_at or draft.at)


def _merchant_says(draft: Draft, inquiry: Inquiry, said: set[Statement], *, trusted: bool) -> Reason | None:
    """The merchant may withdraw, speak of terms and say that the contract is signed, for either of the two knows.

    What makes it active is the fulfiller's to say, and his own word besides only in a two-sided handshake.
    """
    if _takes_notice(inquiry, said):
        return reason("relationship_declined", inquiry=inquiry.id, partner=inquiry.merchant)
    if inquiry.state.over or (Statement.UNCLEAR in said and not trusted):
        return None
    if Statement.DECLINED in said:
        if said & _AGREEING:
            return reason("contradiction")
        enter(draft, inquiry, InquiryState.WITHDRAWN)
        return None
    was = inquiry.state
    if Statement.CONTRACT_AGREED in said:
        inquiry = enter(draft, inquiry, InquiryState.CONTRACT_AGREED)
    elif Statement.NEGOTIATING in said and inquiry.state is InquiryState.IN_CONTACT:
        inquiry = enter(draft, inquiry, InquiryState.NEGOTIATING)
    if not (draft.policy.two_sided_handshake and _may_become_active(draft, inquiry)):
        return None
    return _merchant_confirms(draft, inquiry, said, was, trusted=trusted)


def _may_become_active(draft: Draft, inquiry: Inquiry) -> bool:
    """Whether nothing but confirmations is missing."""
    return inquiry.contract_at is not None or draft.policy.direct_confirmation


def _merchant_confirms(
    draft: Draft, inquiry: Inquiry, said: set[Statement], was: InquiryState, *, trusted: bool
) -> Reason | None:
    if Statement.CONFIRMED in said or (trusted and Statement.ACCEPTED in said):
        confirmed = confirm(draft, inquiry, Role.MERCHANT)
        if was is not inquiry.state and confirmed.state is inquiry.state:
            inquiry_mails.tell_merchant(draft, confirmed)
        return None
    return reason("confirmation_unclear", inquiry=inquiry.id) if Statement.ACCEPTED in said else None
