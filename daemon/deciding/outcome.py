"""What it means for an order or inquiry that a mail has been accepted by a server, or refused for good."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from daemon.deciding import inquiries, problems
from daemon.deciding.draft import Draft
from daemon.domain.deadline import inquiry_subject, order_subject
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import SendMail
from daemon.domain.identifiers import InquiryId, order_key
from daemon.domain.inquiry import InquiryState
from daemon.domain.policy import Policy
from daemon.domain.reason import reason
from daemon.domain.snapshot import Lookup, Snapshot
from daemon.rules.rulebook import Rulebook

_INQUIRY = "inquiry:"
REFUSED = "mail-refused:"
"""How the keys of the operator's lines about refused mails begin."""


def lookup(mail: SendMail) -> Lookup:
    """The orders or the inquiry that a mail was about."""
    if mail.conversation.startswith(_INQUIRY):
        return Lookup(inquiries=tuple(InquiryId(one) for one in mail.about))
    return Lookup(orders=tuple(order_key(one) for one in mail.about))


def sent(mail: SendMail, reply: str, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime) -> Decision:
    """A server has accepted the mail: it stands in the history, and a buyer's notice stops its clock.

    `reply` is what the server said (or the name of the file): with the kept mail it is the proof of a notice.
    """
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=mail.key)
    what = reason("mail_passed_on" if mail.passed_on else "mail_sent", template=mail.occasion, reply=reply)
    for order in snapshot.orders.values():
        draft.note(order_subject(order.key), what)
        if mail.buyer:
            problems.notified(draft, order, mail.key)
    for inquiry in snapshot.inquiries:
        draft.note(inquiry_subject(inquiry), what)
    return draft.seal(Disposition.DONE)


def heard(keys: Iterable[str], snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime) -> Decision:
    """As if the notices to buyers among the mails with these keys had been accepted."""
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because="")
    for key in keys:
        for order in snapshot.orders.values():
            problems.notified(draft, draft.order(order.key) or order, key)
    return draft.seal(Disposition.DONE)


def refused(
    mail: SendMail, reply: str, snapshot: Snapshot, rulebook: Rulebook, policy: Policy, now: datetime
) -> Decision:
    """The mail will never be accepted: the operator is told, and an inquiry is undeliverable."""
    draft = Draft(snapshot, rulebook, policy, now=now, at=now, because=mail.key)
    what = reason("mail_refused", template=mail.occasion, about=", ".join(mail.about), reply=reply)
    code = "mail_refused" if not snapshot.orders else "buyer_mail_refused" if mail.buyer else "order_mail_refused"
    told = msgspec.structs.replace(what, code=code)
    draft.tell_operator(f"{REFUSED}{mail.key}", told, mail.about)
    for order in snapshot.orders.values():
        draft.note(order_subject(order.key), what)
    for inquiry in snapshot.inquiries.values():
        draft.note(inquiry_subject(inquiry.id), what)
        if mail.partner == inquiry.fulfiller and not inquiry.state.over:
            inquiries.enter(draft, inquiry, InquiryState.UNDELIVERABLE)
    return draft.seal(Disposition.DONE)
