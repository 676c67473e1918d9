"""Which orders may lose their buyer, and what is left of an order then."""

import re

import msgspec

from daemon.domain.order import Address, Buyer, Order, OrderState


def has_ended(order: Order) -> bool:
    """Whether nobody needs the buyer any more: it is complete or canceled, and no refund is awaited."""
    over = order.complete or order.state is OrderState.CANCELED
    return over and all(claim.refunded_at for claim in order.claims)


def has_lapsed(order: Order) -> bool:
    """Whether an order of which nothing was heard for as long as buyers are kept is over: unpaid, or left."""
    over = has_ended(order) or order.state in {OrderState.AWAITING_PAYMENT, OrderState.SHIPPED}
    return over and all(claim.refunded_at for claim in order.claims)


_COUNTS = re.compile("[0-9]{1,4}")
"""So short a number may count anything."""


def named_by(order: Order) -> tuple[tuple[str, ...], ...]:
    """What names an order's buyer in a mail or file: its number, or his name beside something else of his."""
    buyer, address = order.buyer, order.address
    people = {one.strip() for one in (buyer.name, address.name) if one.strip()}
    beside = {one.strip() for one in (address.street, address.postcode, buyer.phone) if one.strip()}
    numbers = () if _COUNTS.fullmatch(order.number) else ((order.number,),)
    return (*numbers, *((person, one) for person in sorted(people) for one in sorted(beside)))


def without_buyer(order: Order) -> Order:
    """The order as commercial law wants it kept: goods, amounts, dates and country, but no person.

    A reason for a return is free text and may name the buyer.
    """
    nowhere = Address(name="", street="", postcode="", city="", country=order.address.country)
    returns = tuple(msgspec.structs.replace(one, reason="", condition="", erased=True) for one in order.returns)
    return msgspec.structs.replace(order, buyer=Buyer(name="", email=""), address=nowhere, returns=returns)
