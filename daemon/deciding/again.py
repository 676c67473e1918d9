"""Mails about an order that came back or were refused, once more, to the addresses as they are now."""

import msgspec

from daemon.deciding import letters, orders, problems
from daemon.deciding.draft import Draft
from daemon.domain.deadline import order_subject
from daemon.domain.effect import SendMail
from daemon.domain.order import Order
from daemon.domain.reason import Reason, reason

_ORDER = frozenset({"order", "order-correction"})
_TO_THE_SHIPPER = _ORDER | {"order-canceled", "duties"}


def resend(draft: Draft, order: Order) -> Reason | None:
    """Send what still has to be said; None, or that nothing came back. Reminders go on by themselves.

    An order mail that could not leave at all, because nobody knew where to, leaves now.
    """
    if _never_left(draft, order) and (partner := orders.shipper_of(draft, order)) and partner.address:
        orders.hand_over(draft, order, partner)
        return None
    lost = [mail for mail in draft.snapshot.returned if _is_latest(draft, mail)]
    if not lost:
        return reason("nothing_came_back", order=order.number)
    again = [mail for mail in lost if _still_matters(order, mail)]
    if any(mail.template == "order" for mail in again):
        # It says everything as it is now.
        again = [mail for mail in again if mail.template != "order-correction"]
    count = sum(_send(draft, order, mail) for mail in again)
    draft.concern(order.number)
    draft.note(order_subject(order.key), reason("sent_again", count=count))
    return None


def _never_left(draft: Draft, order: Order) -> bool:
    known = draft.snapshot.sent | draft.snapshot.queued
    return order.can_ship and not order.silent and letters.order_mail_key(order) not in known


def _tries(draft: Draft, mail: SendMail) -> list[str]:
    """The keys under which a mail has left already, or is about to."""
    first = letters.first_key(mail.key)
    return [key for key in draft.snapshot.sent | draft.snapshot.queued if letters.first_key(key) == first]


def _is_latest(draft: Draft, mail: SendMail) -> bool:
    """Whether it has not left once more since it came back."""
    before = len(_tries(draft, mail)) - 1
    return mail.key == (letters.again_key(mail.key, before) if before else letters.first_key(mail.key))


def _still_matters(order: Order, mail: SendMail) -> bool:
    if mail.template in _ORDER:
        return order.can_ship
    if order.is_forgotten or mail.copied or not mail.data:
        # Of what has been erased nothing is left to say.
        return False
    if mail.partner:
        return mail.template in _TO_THE_SHIPPER
    if mail.key.startswith(letters.notice_keys(order)):
        return problems.is_owed(order, mail.key)
    if mail.template == "buyer-shipped":
        return letters.tells_of_present_parcels(order, mail)
    return mail.template == "buyer-canceled"


def _send(draft: Draft, order: Order, mail: SendMail) -> int:
    """One more mail; what its shipper has to know of an order is told as it is now."""
    key = letters.again_key(mail.key, len(_tries(draft, mail)))
    partner = draft.rulebook.partner(mail.partner) if mail.partner else None
    if mail.partner and not (partner and partner.address):
        return 0
    if partner and mail.template in _ORDER:
        letters.order_mail(draft, order, partner, correction=mail.template != "order", key=key)
        return 1
    to = partner.address if partner else order.buyer.email if mail.buyer else draft.policy.operator
    told = mail.passed_on and msgspec.structs.replace(mail.passed_on, address=order.buyer.email)
    draft.send(msgspec.structs.replace(mail, key=key, to=to, passed_on=told))
    return 1
