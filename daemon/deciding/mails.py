"""Mails that a person wrote, and the automatic ones that only tell that a mail came back."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import authority, goods, inquiries, problems, stock
from daemon.deciding.answers import answer
from daemon.deciding.authority import Authority
from daemon.deciding.draft import Draft
from daemon.deciding.files import row_verdicts
from daemon.deciding.inquiry_doubts import InquiryDoubts
from daemon.deciding.letters import customs_missing
from daemon.deciding.match import is_inquiry
from daemon.deciding.words import Words
from daemon.domain.arrival import Verdict
from daemon.domain.deadline import order_subject, partner_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.document import Automatic, Mail
from daemon.domain.finding import (
    ArticleRow,
    DeviceNamed,
    Finding,
    OrderRow,
    Parcel,
    Reading,
    ReturnRow,
    Said,
    Statement,
    StockRow,
    Trouble,
    Undelivered,
    Unread,
    is_attached,
)
from daemon.domain.identifiers import InquiryId, MessageId, OrderKey, order_key
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason, reason
from daemon.domain.snapshot import Context, Conversation
from daemon.domain.stimulus import Release

CAME_BACK = frozenset({"order_mail_came_back", "buyer_mail_came_back"})
_UNDELIVERED = {Automatic.BOUNCE, Automatic.DELAYED}
_STOCK = "reminder-stock"
_ASKS_A_PERSON = frozenset({"duties", "reminder-duties", _STOCK, "quality-report", "quality-warning"})
_WORDS = (Said, Trouble, Unread)
_OF_THE_DISPATCH = {Statement.SHIPPED, Statement.WILL_SHIP, Statement.PARTIAL, Statement.NOT_SHIPPED}


def decide_mail(draft: Draft, mail: Mail, reading: Reading, context: Context, release: Release | None) -> Decision:
    """One mail in one portion."""
    if mail.automatic in _UNDELIVERED:
        return _came_back(draft, reading, release)
    if mail.automatic and not release:
        return _automatic(draft, mail, reading, context)
    speaker = authority.of_mail(mail, context, draft.rulebook)
    if is_inquiry(context):
        return _about_inquiry(draft, mail, reading, context, speaker, release)
    return _about_orders(draft, mail, reading, context, speaker, release)


def _automatic(draft: Draft, mail: Mail, reading: Reading, context: Context) -> Decision:
    """What a program wrote changes nothing; where it names numbers of a known order, a person looks at it."""
    if any(isinstance(one, Parcel | DeviceNamed) for one in reading.findings):
        _concern_everything(draft, reading, context)
        if draft.about:
            return draft.seal(Disposition.HELD, (reason("automatic_with_number"),))
    return draft.seal(Disposition.IGNORED, (reason(f"automatic_{mail.automatic}"),))


def _about_orders(
    draft: Draft, mail: Mail, reading: Reading, context: Context, speaker: Authority, release: Release | None
) -> Decision:
    if speaker.partner is None and (order := _bought_by(draft, mail, reading, context)):
        return _from_the_buyer(draft, order)
    if speaker.doubt and not release:
        return _doubted(draft, mail, reading, context, speaker)
    partner = speaker.partner or _written_to(draft, context)
    if partner and _is_about_himself(context) and _wants_no_mail(reading.findings):
        draft.leave_alone(partner.id)
        draft.note(partner_subject(partner.id), reason("reminders_stopped"))
        draft.tell_operator(f"no-more-mail:{draft.cause}", reason("no_more_mail_as_such", partner=partner.id))
        return draft.seal(Disposition.DONE)
    if partner and release and _is_about_stock(context) and _needs_no_reminders(reading.findings, release):
        stock.leave_alone(draft, partner)
        return draft.seal(Disposition.DONE)
    if context.conversation and not release and _is_for_a_person(context.conversation, reading.findings):
        _concern_everything(draft, reading, context)
        return draft.seal(Disposition.HELD, (reason("read_by_a_person", template=context.conversation.template),))
    words = Words(
        draft,
        partner,
        default=_default_order(context),
        about=_orders_written_of(context),
        trusted=release is not None,
        place=release.order if release else None,
    )
    findings = _chosen(reading, release)
    outcomes = words.apply(findings)
    waiting: list[Reason] = []
    for one in outcomes:
        if one.doubt and one.waits and one.doubt not in waiting:
            waiting.append(one.doubt)
    waiting += [one for one in _goods(draft, mail, speaker.partner, findings, release) if one not in waiting]
    if not findings and not release:
        _concern_everything(draft, reading, context)
        waiting.append(_not_understood(draft, mail))
    verdicts = row_verdicts(reading, [one for one in outcomes if is_attached(one.finding)]) if reading.rows else ()
    if not release and (waiting or draft.policy.ack_all):
        answer(draft, mail, context, speaker, outcomes, waiting, receipt=bool(verdicts))
    return draft.seal(Disposition.HELD if waiting else Disposition.DONE, tuple(waiting), verdicts=verdicts)


def _bought_by(draft: Draft, mail: Mail, reading: Reading, context: Context) -> Order | None:
    """The order whose buyer writes, as far as his address may be believed."""
    if mail.sender_doubt or mail.verdict is Verdict.FAIL:
        return None
    about = context.conversation.about if context.conversation else ()
    orders = [order for number in (*about, *reading.orders) if (order := draft.order(order_key(number)))]
    return next((one for one in orders if one.buyer.email.casefold() == mail.sender.casefold()), None)


def _from_the_buyer(draft: Draft, order: Order) -> Decision:
    """What a buyer wants is for a person, at once; nobody's word but the seller's says what becomes of an order."""
    draft.concern(order.number)
    what = reason("from_the_buyer", order=order.number)
    draft.tell_operator(f"from-the-buyer:{draft.cause}", what, (order.number,))
    return draft.seal(Disposition.HELD, (what,))


def _is_about_himself(context: Context) -> bool:
    """Whether he answers a mail about his lists or figures, and not about an order."""
    return (
        context.conversation is not None and context.conversation.partner is not None and not context.conversation.about
    )


def _wants_no_mail(findings: Sequence[Finding]) -> bool:
    """Whether he wants no more mail, and nothing else."""
    said = {one.statement if isinstance(one, Said) else None for one in findings}
    return Statement.NO_MORE_MAIL in said <= {Statement.NO_MORE_MAIL, Statement.NOTHING}


def _needs_no_reminders(findings: Sequence[Finding], release: Release) -> bool:
    """Whether a person releases words in place of a stock list: he has the goods no more, or nothing changed."""
    return not release.order and not any(one.order or not isinstance(one, _WORDS) for one in findings)


def _is_about_stock(context: Context) -> bool:
    return context.conversation is not None and context.conversation.template == _STOCK


def _is_for_a_person(conversation: Conversation, findings: Sequence[Finding]) -> bool:
    """Whether he answers a mail that asks for words that only a person can take in ("we refunded it today").

    Values and lists are taken as everywhere. To the reminder of a notice he may also answer that all is well again. Who
    wants no more mail is left alone about an order; about his figures only a person can see to it.
    """
    notice = conversation.template == "reminder-notice"
    if not notice and conversation.template not in _ASKS_A_PERSON:
        return False
    said = [one for one in findings if isinstance(one, Said)]
    if any(not isinstance(one, Said) and (notice or not isinstance(one, Trouble)) for one in findings):
        return False
    statements = {one.statement for one in said}
    settled = {*({Statement.NO_MORE_MAIL} if conversation.about else ()), *(_OF_THE_DISPATCH if notice else ())}
    return not statements & settled and not (statements == {Statement.NOTHING} and len(said) == len(findings))


def _written_to(draft: Draft, context: Context) -> Partner | None:
    """For whom a stranger speaks whose answer to our mail a person releases."""
    written_to = context.conversation.partner if context.conversation and context.proven else None
    return draft.rulebook.partner(written_to) if written_to else None


def _not_understood(draft: Draft, mail: Mail) -> Reason:
    """It asks for what is owed."""
    unread = next((one for one in mail.attachments if not one.read), None)
    if unread:
        return reason("only_attached", name=unread.name)
    if not mail.new_text.strip():
        return reason("empty_reply")
    orders = [order for number in draft.about if (order := draft.order(order_key(number)))]
    return reason("nothing_understood_customs" if any(map(customs_missing, orders)) else "nothing_understood")


def _goods(
    draft: Draft, mail: Mail, partner: Partner | None, findings: Sequence[Finding], release: Release | None
) -> list[Reason]:
    """Lists of stock, articles and returns that were attached; why some of it waits for a person."""
    levels = [one for one in findings if isinstance(one, StockRow)]
    rows = [one for one in findings if isinstance(one, ArticleRow | ReturnRow)]
    if partner is None:
        return [reason("unknown_sender", sender=mail.sender)] if levels or rows else []
    doubts = stock.take(draft, partner, levels) if levels else {}
    return [*doubts.values(), *(one.doubt for one in goods.take(draft, partner, rows, release) if one.doubt)]


def _chosen(reading: Reading, release: Release | None) -> Sequence[Finding]:
    """All findings, or those that a person releases alone."""
    return release.chosen(reading.findings) if release else reading.findings


def _orders_written_of(context: Context) -> frozenset[OrderKey]:
    return frozenset(map(order_key, context.conversation.about if context.conversation else ()))


def _default_order(context: Context) -> OrderKey | None:
    """The order that is meant where none is named: that of a thread about one order only."""
    about = context.conversation.about if context.conversation else ()
    return order_key(about[0]) if len(about) == 1 else None


def _concern_everything(draft: Draft, reading: Reading, context: Context) -> None:
    """Name every known order that the mail may be about, or the partner whose stock, so that its clocks wait too."""
    if _is_about_stock(context) and context.conversation and context.conversation.partner:
        draft.concern(context.conversation.partner)
    about = context.conversation.about if context.conversation else ()
    named = [one.order for one in reading.findings if one.order]
    for number in (*about, *reading.orders, *named):
        order = draft.order(order_key(number))
        if order:
            draft.concern(order.number)


def _doubted(draft: Draft, mail: Mail, reading: Reading, context: Context, speaker: Authority) -> Decision:
    """The speaker may not change a state by himself: everything waits for a person."""
    _concern_everything(draft, reading, context)
    reasons = (speaker.doubt,) if speaker.doubt else ()
    answer(draft, mail, context, speaker, [], list(reasons))
    return draft.seal(Disposition.HELD, reasons)


def _about_inquiry(
    draft: Draft, mail: Mail, reading: Reading, context: Context, speaker: Authority, release: Release | None
) -> Decision:
    about = context.conversation.about if context.conversation else ()
    inquiry = draft.inquiry(InquiryId(about[0])) if about else None
    if inquiry is None:
        return draft.seal(Disposition.HELD, (reason("unknown_inquiry", inquiry=about[0] if about else "?"),))
    draft.concern(inquiry.id)
    asked = context.conversation is not None and context.conversation.asks_to_confirm
    expected = context.conversation.partner if context.conversation else None
    partner = speaker.partner or draft.rulebook.partner(expected or "")
    if (speaker.doubt and not release) or partner is None:
        reasons = (speaker.doubt or reason("unknown_sender", sender=mail.sender),)
        answer(draft, mail, context, speaker, [], list(reasons))
        return draft.seal(Disposition.HELD, reasons)
    # What a list says of orders is nobody's word about the inquiry.
    spoken = [one for one in reading.findings if not is_attached(one)]
    doubts = InquiryDoubts(draft, inquiry, spoken, by_fulfiller=partner.id == inquiry.fulfiller)
    unclear = doubts.before(asked=asked)
    if unclear and not release:
        answer(draft, mail, context, speaker, [], [unclear])
        return draft.seal(Disposition.HELD, (unclear,))
    chosen = _chosen(reading, release)
    said, listed = ([one for one in chosen if is_attached(one) is there] for there in (False, True))
    doubt = inquiries.hear(draft, inquiry, partner, said, mail, asked=asked, trusted=release is not None)
    if doubt is None and not release:
        # It is passed on, for the merchant must hear of it, and yet somebody must say what it means.
        doubt = doubts.afterwards()
    waiting = [doubt] if doubt else []
    waiting += _goods(draft, mail, partner, listed, release)
    if not release:
        waiting += _orders_listed(draft, inquiry, partner, listed)
    if not waiting:
        return draft.seal(Disposition.DONE)
    if not release:
        answer(draft, mail, context, speaker, [], waiting)
    return draft.seal(Disposition.HELD, tuple(waiting))


def _orders_listed(draft: Draft, inquiry: Inquiry, partner: Partner, listed: Sequence[Finding]) -> list[Reason]:
    """Why a list beside an answer to an inquiry waits: it tells of orders, of which no such answer is taken."""
    rows = [one for one in listed if one.order and not isinstance(one, ArticleRow | ReturnRow)]
    placed = next((one.order for one in rows if isinstance(one, OrderRow)), None)
    if placed:
        return [reason("orders_in_inquiry", order=placed, inquiry=inquiry.id)]
    orders = [order for one in rows if (order := draft.order(order_key(one.order or "")))]
    theirs = next((one for one in orders if partner.id in {one.shipper, one.merchant}), None)
    if theirs is None:
        return []
    draft.concern(theirs.number)
    return [reason("orders_in_inquiry", order=theirs.number, inquiry=inquiry.id)]


def _came_back(draft: Draft, reading: Reading, release: Release | None) -> Decision:
    """A mail of ours could not be delivered: for good, which a person must see, or only not yet.

    There is nothing in it to release; an order's mail goes once more by the command `resend`.
    """
    returned = [one for one in reading.findings if isinstance(one, Undelivered)]
    permanent = [one for one in returned if one.permanent]
    if returned and not permanent:
        return draft.seal(Disposition.IGNORED, (reason("delivery_delayed"),))
    ours = [(one, _conversation(draft, one.message)) for one in permanent]
    known = [(one, conversation) for one, conversation in ours if conversation]
    if not known:
        return draft.seal(Disposition.HELD, (reason("bounce_of_unknown_mail"),))
    reasons = tuple(_reason_for(draft, conversation, one.status) for one, conversation in known)
    if release:
        return draft.seal(Disposition.HELD, reasons)
    messages: list[MessageId] = []
    for (one, conversation), what in zip(known, reasons, strict=True):
        _undeliverable(draft, conversation, what)
        messages.append(one.message or MessageId(""))
    only_inquiries = all(conversation.name.startswith("inquiry:") for _, conversation in known)
    disposition = Disposition.DONE if only_inquiries else Disposition.HELD
    return draft.seal(disposition, reasons, undeliverable=tuple(messages))


def _conversation(draft: Draft, message: MessageId | None) -> Conversation | None:
    return draft.snapshot.messages.get(message) if message else None


def _reason_for(draft: Draft, conversation: Conversation, status: str) -> Reason:
    """What came back, and what about: of orders it can be sent once more."""
    code = "mail_undeliverable_about" if conversation.about else "mail_undeliverable"
    if any(draft.order(order_key(one)) for one in conversation.about):
        code = "order_mail_came_back" if conversation.partner else "buyer_mail_came_back"
    return reason(code, template=conversation.template, about=" ".join(conversation.about), status=status)


def _undeliverable(draft: Draft, conversation: Conversation, what: Reason) -> None:
    for about in conversation.about:
        draft.concern(about)
    draft.tell_operator(f"undeliverable:{conversation.id}:{draft.because}", what, conversation.about)
    for order in [found for one in conversation.about if (found := draft.order(order_key(one)))]:
        draft.note(order_subject(order.key), msgspec.structs.replace(what, code="mail_undeliverable_about"))
        if conversation.partner is None:
            problems.not_reached(draft, order, conversation.template)
    inquiry = draft.inquiry(InquiryId(conversation.about[0])) if conversation.about else None
    if inquiry and conversation.partner == inquiry.fulfiller and not inquiry.state.over:
        inquiries.enter(draft, inquiry, InquiryState.UNDELIVERABLE)
