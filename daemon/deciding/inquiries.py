"""The life of an inquiry: from the first mail over contact and contract to an active relationship."""

from collections.abc import Sequence

import msgspec

from daemon.deciding.clocks import happened
from daemon.deciding.draft import Draft
from daemon.domain.deadline import inquiry_subject
from daemon.domain.decision import Relationship
from daemon.domain.effect import SendMail
from daemon.domain.finding import Finding, Said, Statement
from daemon.domain.identifiers import InquiryId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.partner import Partner, Role
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Json
from daemon.rules.deadlines import Event

_FORWARD = [InquiryState.SENT, InquiryState.IN_CONTACT, InquiryState.NEGOTIATING, InquiryState.CONTRACT_AGREED]


def conversation_name(inquiry: Inquiry, partner: Partner) -> str:
    return f"{inquiry_subject(inquiry.id)}:{partner.id}"


def refusal(draft: Draft, merchant: Partner | None, fulfiller: Partner | None, warehouse: str | None) -> Reason | None:
    """Why an inquiry cannot be made: parties unknown, contact data incomplete (seed rule 1.3), nobody to mail."""
    if merchant is None or merchant.role is not Role.MERCHANT:
        return reason("unknown_merchant", value=merchant.id if merchant else "?")
    if fulfiller is None or fulfiller.role is not Role.FULFILLER:
        return reason("unknown_fulfiller", value=fulfiller.id if fulfiller else "?")
    missing = merchant.contact.missing if merchant.contact else ("contact",)
    if missing:
        return reason("contact_incomplete", merchant=merchant.id, missing=", ".join(missing))
    if not fulfiller.address:
        return reason("partner_without_address", partner=fulfiller.id)
    if warehouse and warehouse not in {one.id for one in fulfiller.warehouses}:
        return reason("unknown_warehouse", warehouse=warehouse, fulfiller=fulfiller.id)
    pair = (merchant.id, fulfiller.id, warehouse)
    for one in draft.snapshot.inquiries.values():
        if not one.state.over and (one.merchant, one.fulfiller, one.warehouse) == pair:
            return reason("inquiry_exists", inquiry=one.id)
    return None


def make(draft: Draft, merchant: Partner, fulfiller: Partner, warehouse: str | None, text: str, place: int) -> Inquiry:
    """Record the inquiry, mail it to the fulfiller with the merchant's contact data, and start its clocks."""
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
    contact = merchant.contact
    draft.send(
        SendMail(
            key=f"inquiry:{inquiry.id}",
            template="inquiry",
            to=fulfiller.address,
            language=fulfiller.language,
            conversation=conversation_name(inquiry, fulfiller),
            about=(inquiry.id,),
            partner=fulfiller.id,
            plain=True,
            data={
                "partner": {"name": fulfiller.name},
                "inquiry": {"id": inquiry.id, "text": text, "warehouse": warehouse_of(fulfiller, warehouse)},
                "merchant": {
                    "name": merchant.name,
                    "email": merchant.address,
                    "contact": {name: getattr(contact, name) for name in contact.__struct_fields__} if contact else {},
                },
            },
        )
    )
    _event(draft, inquiry, "inquiry_sent")
    return inquiry


def warehouse_of(fulfiller: Partner, warehouse: str | None) -> Json:
    """The warehouse as mails name it."""
    found = next((one for one in fulfiller.warehouses if one.id == warehouse), None)
    return {"id": found.id, "name": found.name, "country": found.country} if found else None


def _event(draft: Draft, inquiry: Inquiry, event: Event) -> None:
    """Something happened to an inquiry: its clocks start, are met or are dropped by it."""
    fulfiller = draft.rulebook.partner(inquiry.fulfiller)
    market = market_of(draft, inquiry)
    happened(draft, event, inquiry_subject(inquiry.id), market=market, partner=fulfiller)


def market_of(draft: Draft, inquiry: Inquiry) -> str:
    """The market by whose calendar the inquiry's deadlines count: the fulfiller's."""
    return market_of_fulfiller(draft.rulebook.partner(inquiry.fulfiller))


def market_of_fulfiller(fulfiller: Partner | None) -> str:
    """The calendar of a fulfiller; one who is no longer known is counted by the German one."""
    return fulfiller.calendar_market if fulfiller else "de-DE"


def next_state(inquiry: Inquiry, said: set[Statement], *, direct: bool) -> tuple[InquiryState, Reason | None]:
    """Where a fulfiller's statements lead, or why a person must look (contract §3).

    `active` needs a signed contract and the fulfiller's confirmation, contract first or both in one mail; with `direct`
    a yes is enough. A mere yes is contact.
    """
    state = inquiry.state
    yes = bool(said & {Statement.ACCEPTED, Statement.CONFIRMED})
    agreed = Statement.CONTRACT_AGREED in said or inquiry.contract_at is not None
    if Statement.DECLINED in said:
        contradicts = yes or Statement.CONTRACT_AGREED in said
        return (state, reason("contradiction")) if contradicts else (InquiryState.DECLINED, None)
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
    """Bring an inquiry into a state, with the marks, clocks and relationship that go with it."""
    if state is inquiry.state:
        return inquiry
    marks = {"contract_at": draft.at} if state is InquiryState.CONTRACT_AGREED else {}
    if state is InquiryState.ACTIVE:
        marks = {
            "contract_at": inquiry.contract_at or draft.at,
            "confirmed_at": draft.at,
            "active_since": draft.at,
        }
    entered = msgspec.structs.replace(inquiry, state=state, **marks)
    draft.put_inquiry(entered)
    draft.note(inquiry_subject(inquiry.id), reason(f"inquiry_{state}"))
    if state.over:
        _event(draft, entered, "inquiry_over")
    if state is InquiryState.ACTIVE:
        draft.relate(
            Relationship(
                merchant=inquiry.merchant,
                fulfiller=inquiry.fulfiller,
                warehouse=inquiry.warehouse,
                inquiry=inquiry.id,
                since=draft.at,
            )
        )
    return entered


def tell_merchant(draft: Draft, inquiry: Inquiry, text: str = "") -> None:
    """The merchant sees each change of status without a shell."""
    merchant, fulfiller = draft.rulebook.partner(inquiry.merchant), draft.rulebook.partner(inquiry.fulfiller)
    if merchant is None or not merchant.address:
        return
    draft.send(
        SendMail(
            key=f"inquiry-status:{inquiry.id}:{inquiry.state}:{draft.cause}",
            template="inquiry-status",
            to=merchant.address,
            language=merchant.language,
            conversation=conversation_name(inquiry, merchant),
            about=(inquiry.id,),
            partner=merchant.id,
            data={
                "partner": {"name": merchant.name},
                "inquiry": {"id": inquiry.id, "state": inquiry.state},
                "fulfiller": {"name": fulfiller.name if fulfiller else inquiry.fulfiller},
                "text": text,
            },
        )
    )


def relay(draft: Draft, inquiry: Inquiry, speaker: Partner, text: str) -> None:
    """Pass a message on to the other side, in that side's own thread; it carries no address of the speaker."""
    other_id = inquiry.merchant if speaker.id == inquiry.fulfiller else inquiry.fulfiller
    other = draft.rulebook.partner(other_id)
    if other is None or not other.address:
        draft.tell_operator(f"relay:{draft.cause}", reason("partner_without_address", partner=other_id), (inquiry.id,))
        return
    draft.send(
        SendMail(
            key=f"relay:{draft.cause}",
            template="relay",
            to=other.address,
            language=other.language,
            conversation=conversation_name(inquiry, other),
            about=(inquiry.id,),
            partner=other.id,
            plain=True,
            speaker=speaker.name,
            data={
                "partner": {"name": other.name},
                "inquiry": {"id": inquiry.id, "state": inquiry.state},
                "speaker": {"name": speaker.name},
                "text": text,
            },
        )
    )


def hear(
    draft: Draft, inquiry: Inquiry, speaker: Partner, findings: Sequence[Finding], text: str, *, trusted: bool
) -> Reason | None:
    """What one side wrote: the fulfiller's words move the inquiry, either side's are passed on to the other."""
    draft.concern(inquiry.id)
    if not text.strip():
        return reason("empty_reply")
    doubt = None
    if speaker.id == inquiry.fulfiller:
        said = {one.statement for one in findings if isinstance(one, Said)}
        inquiry, doubt = _answer(draft, inquiry, said, trusted=trusted)
    relay(draft, inquiry, speaker, text)
    return doubt


def _answer(draft: Draft, inquiry: Inquiry, said: set[Statement], *, trusted: bool) -> tuple[Inquiry, Reason | None]:
    if inquiry.state.over:
        moved = said & {Statement.ACCEPTED, Statement.CONFIRMED, Statement.CONTRACT_AGREED, Statement.DECLINED}
        return inquiry, reason("inquiry_is_over", inquiry=inquiry.id, state=inquiry.state) if moved else None
    subject = inquiry_subject(inquiry.id)
    if inquiry.answered_at is None:
        inquiry = msgspec.structs.replace(inquiry, answered_at=draft.at)
        draft.put_inquiry(inquiry)
        _event(draft, inquiry, "inquiry_answered")
    approved = trusted and inquiry.contract_at is not None
    state, doubt = next_state(inquiry, said, direct=draft.policy.direct_confirmation or approved)
    if Statement.CONFIRMED in said and state is InquiryState.IN_CONTACT:
        draft.note(subject, reason("confirmed_before_contract"))
    if Statement.CONTRACT_AGREED in said and state is InquiryState.ACTIVE:
        draft.note(subject, reason("inquiry_contract_agreed"))
    return enter(draft, inquiry, state), doubt
