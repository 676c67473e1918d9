"""Duties and fees that a buyer paid: recorded, asked back from the shipper, and followed until they are refunded."""

from collections.abc import Collection, Iterable
from datetime import datetime
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


def refund(draft: Draft, order: Order, amount: Decimal | None) -> Reason | None:
    """The shipper has paid back the one claim of that amount, or everything that was claimed."""
    paid = [one for one in order.claims if not one.refunded_at and amount in {None, one.amount}]
    paid = paid if amount is None else paid[:1]
    if not paid:
        named = reason("no_such_claim", order=order.number, amount=order.priced(amount)) if amount else None
        return named or reason("nothing_claimed", order=order.number)
    claims = tuple(
        msgspec.structs.replace(one, refunded_at=draft.at) if any(one is each for each in paid) else one
        for one in order.claims
    )
    order = msgspec.structs.replace(order, claims=claims)
    draft.put_order(order)
    draft.note(order_subject(order.key), reason("duties_refunded", amount=order.priced(_sum_of(paid))))
    open_since = {one.claimed_at for one in claims if not one.refunded_at}
    if open_since:
        _end_clocks(draft, order, {one.claimed_at for one in paid} - open_since)
    else:
        order_event(draft, order, "duties_refunded")
    return None


def _sum_of(claims: Iterable[Claim]) -> Decimal:
    return sum((one.amount for one in claims), Decimal(0))


def _end_clocks(draft: Draft, order: Order, started: Collection[datetime]) -> None:
    """End the clocks of these claims alone; those of the others run on."""
    for rule in draft.rulebook.deadlines:
        if "duties_refunded" in rule.met_by:
            draft.settle(rule.kind, order_subject(order.key), draft.at, started=started)
