"""Who ships an order and from which of his warehouses: its seller, or the fulfiller who works for its merchant."""

from collections.abc import Iterator

import msgspec

from daemon.deciding.draft import Draft
from daemon.deciding.inquiries import covers
from daemon.domain.decision import Relationship
from daemon.domain.finding import OrderRow
from daemon.domain.identifiers import PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order
from daemon.domain.partner import Role, Warehouse
from daemon.domain.reason import Reason, reason

AWAITED = "relationship_awaited"
IN_VAIN = "relationship_awaited_in_vain"
UNPLACED = "warehouse_not_named"
WAITS = frozenset({AWAITED, IN_VAIN, UNPLACED})


def assigned(draft: Draft, order: Order, known: Order | None) -> Order:
    """A merchant's order with whoever ships it and from where, as far as it says so or there is only one; for good."""
    if order.merchant is None or (order.seller and not order.fulfiller):
        return order
    if known and known.merchant == order.merchant and not order.seller:
        order = msgspec.structs.replace(order, fulfiller=order.fulfiller or known.fulfiller)
    order = msgspec.structs.replace(order, warehouse=_as_called(draft, order))
    if known:
        return order
    order = msgspec.structs.replace(order, warehouse=order.warehouse or _usual(draft, order))
    found = _fulfillers(draft, order)
    if len(found) == 1 and not order.seller:
        order = msgspec.structs.replace(order, fulfiller=order.fulfiller or found[0])
    places = _places(draft, order)
    return msgspec.structs.replace(order, warehouse=order.warehouse or (places[0] if len(places) == 1 else None))


def mistakes(
    draft: Draft, order: Order, row: OrderRow, *, new: bool, owner: PartnerId | None = None
) -> tuple[Reason, ...]:
    """Whether everyone named is known, whether anybody may ship an order that is new, and from where.

    `owner` is the merchant who dropped it himself: no seller can ship it in place of a fulfiller.
    """
    wanted = ((order.seller, Role.SELLER), (order.merchant, Role.MERCHANT), (order.fulfiller, Role.FULFILLER))
    for named, role in wanted:
        partner = draft.rulebook.partner(named) if named else None
        if named and (partner is None or partner.role is not role):
            return (reason(f"unknown_{role}", _place(row, role), column=row.heading(role), value=named),)
    if not new:
        return ()
    if is_covered(draft, order):
        unplaced = _unplaced(draft, order, row)
        return (unplaced,) if unplaced else ()
    return () if order.seller else (_uncovered(draft, order, row, owner),)


def _place(row: OrderRow, column: str) -> str:
    return f"{row.evidence.where}, column {row.heading(column)}"


def with_shipper(draft: Draft, order: Order) -> Order:
    """The order with the partner who may speak about it."""
    if is_covered(draft, order):
        return msgspec.structs.replace(order, shipper=order.fulfiller)
    return msgspec.structs.replace(order, shipper=order.seller) if order.seller else order


def is_covered(draft: Draft, order: Order) -> bool:
    """Whether an active relationship makes the fulfiller the shipper."""
    return order.fulfiller in _fulfillers(draft, order)


def inquiries(draft: Draft, order: Order) -> Iterator[Inquiry]:
    """The inquiries that are, or were, about whoever may ship it."""
    for one in draft.snapshot.inquiries.values():
        if covers(one, order) and order.fulfiller in {None, one.fulfiller}:
            yield one


def _as_called(draft: Draft, order: Order) -> str | None:
    """The warehouse that it names, by its id or its name."""
    agreed = {one.fulfiller for one in _agreed(draft, order)}
    awaited = {str(one.fulfiller) for one in draft.snapshot.inquiries.values() if one.merchant == order.merchant}
    asked = {order.fulfiller} if order.fulfiller else agreed | awaited
    known = filter(None, map(draft.rulebook.partner, asked))
    ids = {house for one in known if (house := one.house(order.warehouse or ""))}
    return ids.pop() if len(ids) == 1 else order.warehouse


def _usual(draft: Draft, order: Order) -> str | None:
    """The warehouse from which its merchant's orders leave that name none, if whoever ships it has it."""
    merchant = draft.rulebook.partner(order.merchant or "")
    usual = merchant.warehouse if merchant else ""
    return usual if usual and (order.fulfiller is None or usual in _places(draft, order)) else None


def _places(draft: Draft, order: Order) -> list[str]:
    """The warehouses from which its fulfiller sends for its merchant: what the two have agreed on, or all he has."""
    agreed = {one.warehouse for one in _agreed(draft, order) if one.fulfiller == order.fulfiller and one.warehouse}
    return sorted(agreed) or [one.id for one in _houses(draft, order.fulfiller or "")]


def _agreed(draft: Draft, order: Order) -> list[Relationship]:
    return [one for one in draft.snapshot.relationships if one.merchant == order.merchant]


def _houses(draft: Draft, fulfiller: str) -> tuple[Warehouse, ...]:
    partner = draft.rulebook.partner(fulfiller)
    return partner.warehouses if partner else ()


def _fulfillers(draft: Draft, order: Order) -> list[PartnerId]:
    """Who may ship it: those with whom its merchant has an active relationship, and who have its warehouse."""
    return sorted({PartnerId(one.fulfiller) for one in draft.snapshot.relationships if _may_ship(draft, one, order)})


def _may_ship(draft: Draft, one: Relationship, order: Order) -> bool:
    """A relationship about no warehouse is about all that the fulfiller has; one who lists none may have any."""
    houses = {house.id for house in _houses(draft, one.fulfiller)}
    has_it = not order.warehouse or not houses or order.warehouse in houses | {one.warehouse}
    return covers(one, order) and has_it


def _unplaced(draft: Draft, order: Order, row: OrderRow) -> Reason | None:
    """Why nobody knows from which of several warehouses it leaves: a guess would be sent from an empty shelf."""
    if order.warehouse or len(places := _places(draft, order)) <= 1:
        return None
    named = {"merchant": order.merchant, "fulfiller": order.fulfiller, "warehouses": ", ".join(places)}
    return reason(UNPLACED, _place(row, "warehouse"), column=row.heading("warehouse"), order=order.number, **named)


def _uncovered(draft: Draft, order: Order, row: OrderRow, owner: PartnerId | None) -> Reason:
    """Why nobody may ship a merchant's order, or not yet."""
    where, fulfillers = row.evidence.where, _fulfillers(draft, order)
    if _is_nowhere(draft, order):
        return reason(
            "unknown_warehouse", _place(row, "warehouse"), warehouse=order.warehouse, fulfiller=order.fulfiller
        )
    if (awaited := _awaited(draft, order)) and (order.fulfiller or not fulfillers):
        return reason(AWAITED, where, inquiry=awaited.id, merchant=awaited.merchant, fulfiller=awaited.fulfiller)
    if (ended := _ended_since(draft, order)) and (order.fulfiller or not fulfillers):
        values = {"inquiry": ended.id, "merchant": ended.merchant, "fulfiller": ended.fulfiller, "state": ended.state}
        return reason(IN_VAIN, where, **values)
    if order.fulfiller:
        return reason("no_active_relationship", where, merchant=order.merchant, fulfiller=order.fulfiller)
    if fulfillers:
        return reason("several_fulfillers", where, merchant=order.merchant, fulfillers=", ".join(fulfillers))
    return reason("no_fulfiller_asked" if owner else "no_active_fulfiller", where, merchant=order.merchant)


def _is_nowhere(draft: Draft, order: Order) -> bool:
    """Whether its fulfiller has warehouses, and not the one that it names."""
    houses = {one.id for one in _houses(draft, order.fulfiller or "")}
    agreed = {one.warehouse for one in _agreed(draft, order) if one.fulfiller == order.fulfiller}
    return bool(order.warehouse and houses) and order.warehouse not in houses | agreed


def _awaited(draft: Draft, order: Order) -> Inquiry | None:
    """The inquiry that would make somebody its shipper if it became active."""
    return next((one for one in inquiries(draft, order) if not one.state.over), None)


def _ended_since(draft: Draft, order: Order) -> Inquiry | None:
    """The inquiry or relationship that it could count on when it came, and that is over now."""
    asked = (one for one in inquiries(draft, order) if one.state.came_to_nothing)
    return next((one for one in asked if one.ended_at and one.sent_at <= draft.at < one.ended_at), None)
