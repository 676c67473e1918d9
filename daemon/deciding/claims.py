"""Duties and fees that a buyer paid: recorded, asked back from the shipper, and followed until they are refunded."""

from decimal import Decimal

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.orders import order_event, shipper_of
from daemon.domain.claim import Claim
from daemon.domain.deadline import order_subject
from daemon.domain.order import Order
from daemon.domain.reason import Reason, reason


def claim(draft: Draft, order: Order, amount: Decimal, *, on_return: bool) -> Reason | None:
    """The shipper bears every duty and fee, also on a return (seed rules 2.18, 2.19): he is asked to refund it."""
    if not order.shipments:
        return reason("nothing_has_left", order=order.number)
    found = Claim(amount=amount, on_return=on_return, claimed_at=draft.at, because=draft.because)
    order = msgspec.structs.replace(order, claims=(*order.claims, found))
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("duties_claimed", amount=order.priced(amount)))
    partner = shipper_of(draft, order)
    if partner and partner.address and not order.silent:
        letters.duties_mail(draft, order, partner, found)
    order_event(draft, order, "duties_claimed")
    return None


def refund(draft: Draft, order: Order) -> Reason | None:
    """The shipper has paid everything back that was claimed."""
    if not any(one.refunded_at is None for one in order.claims):
        return reason("nothing_claimed", order=order.number)
    claims = tuple(
        one if one.refunded_at else msgspec.structs.replace(one, refunded_at=draft.at) for one in order.claims
    )
    order = msgspec.structs.replace(order, claims=claims)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("duties_refunded"))
    order_event(draft, order, "duties_refunded")
    return None
