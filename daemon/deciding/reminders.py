"""What a deadline is about, and how whoever is waited for is reminded of it."""

from datetime import datetime

from daemon.deciding import inquiries, inquiry_mails, letters
from daemon.deciding.clocks import calendar_of
from daemon.deciding.draft import Draft
from daemon.deciding.orders import shipper_of
from daemon.domain.deadline import Deadline
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import InquiryId, OrderKey
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.values import Json, Value
from daemon.rules.deadlines import DeadlineRule


class Matter(Value, frozen=True, kw_only=True):
    """An order, an inquiry, or a partner as such; `partner` is who is waited for."""

    partner: Partner | None
    order: Order | None = None
    inquiry: Inquiry | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """The bare id of the order or inquiry."""
        return (self.order.number,) if self.order else (self.inquiry.id,) if self.inquiry else ()

    @property
    def name(self) -> str:
        """What people call it: the id, or the partner's."""
        return self.about[0] if self.about else self.partner.id if self.partner else "?"

    def calendar(self, rule: DeadlineRule) -> str:
        """The market whose working days and midnight count."""
        if self.order:
            return calendar_of(rule, self.order.market, self.partner)
        return inquiries.market_of(self.partner)


def matter_of(draft: Draft, deadline: Deadline) -> Matter | None:
    """What the deadline is about, or None when it is gone."""
    kind, _, key = deadline.subject.partition(":")
    if kind == "order":
        order = draft.order(OrderKey(key))
        return Matter(partner=shipper_of(draft, order), order=order) if order else None
    if kind == "inquiry":
        inquiry = draft.inquiry(InquiryId(key))
        if inquiry is None:
            return None
        return Matter(partner=draft.rulebook.partner(deadline.silent_party or inquiry.fulfiller), inquiry=inquiry)
    partner = draft.rulebook.partner(key)
    return Matter(partner=partner) if partner else None


class Step(Value, frozen=True, kw_only=True):
    """One step of a ladder; with `copy` the operator gets the same mail."""

    template: str
    number: int
    since: datetime
    due: datetime
    copy: bool = False


def remind(draft: Draft, matter: Matter, step: Step) -> None:
    """Write to whoever is waited for, unless there is nothing left to wait for."""
    partner = matter.partner
    if partner is None or not partner.address:
        return
    if matter.order:
        _about_order(draft, matter.order, partner, step)
    elif matter.inquiry:
        _about_inquiry(draft, matter.inquiry, partner, step)
    else:
        _about_stock(draft, partner, step)


def _about_order(draft: Draft, order: Order, partner: Partner, step: Step) -> None:
    if order.silent or order.no_reminders_since:
        return
    overdue = draft.now > step.due
    reminder = letters.Reminder(
        template=step.template, step=step.number, due=step.due, overdue=overdue, copy=step.copy, since=step.since
    )
    letters.remind(draft, order, partner, reminder)


def _about_inquiry(draft: Draft, inquiry: Inquiry, partner: Partner, step: Step) -> None:
    if inquiry.state.over or partner.id in inquiry.left_alone:
        return
    mail = SendMail(
        key=f"{step.template}:{inquiry.id}:{step.number}",
        template=step.template,
        to=partner.address,
        language=partner.language,
        conversation=inquiry_mails.conversation_name(inquiry, partner),
        about=(inquiry.id,),
        partner=partner.id,
        collapse=f"{step.template}:{inquiry.id}",
        data={
            "partner": {"name": partner.name},
            "inquiry": {
                "id": inquiry.id,
                "sent_at": inquiry.sent_at.isoformat(),
                "warehouse": inquiry_mails.warehouse_of(partner, inquiry.warehouse),
            },
            "merchant": {"name": inquiry_mails.name_of(draft, inquiry.merchant)},
            "other": _other_side(draft, inquiry, partner),
        },
    )
    letters.post(draft, mail, to=partner, copy=step.copy)


def _other_side(draft: Draft, inquiry: Inquiry, partner: Partner) -> Json:
    """Who waits for this partner, and since when he has confirmed."""
    awaits_fulfiller = partner.id == inquiry.fulfiller
    other = inquiry.merchant if awaits_fulfiller else inquiry.fulfiller
    confirmed_at = inquiry.merchant_confirmed_at if awaits_fulfiller else inquiry.confirmed_at
    return {
        "name": inquiry_mails.name_of(draft, other),
        "confirmed_at": confirmed_at.isoformat() if confirmed_at else None,
    }


def _about_stock(draft: Draft, partner: Partner, step: Step) -> None:
    if partner.id in draft.snapshot.left_alone:
        return
    mail = SendMail(
        key=f"{step.template}:{partner.id}:{step.due.isoformat()}:{step.number}",
        template=step.template,
        to=partner.address,
        language=partner.language,
        conversation=f"partner:{partner.id}:{partner.id}",
        about=(),
        partner=partner.id,
        collapse=f"{step.template}:{partner.id}",
        data={
            "partner": {"name": partner.name, "folder": f"inbox/{partner.party}"},
            "due": step.due.isoformat(),
            "overdue": draft.now > step.due,
        },
    )
    letters.post(draft, mail, to=partner, copy=step.copy)
