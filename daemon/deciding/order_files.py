"""A file of the shop or marketplace: new orders, the same again, payments, changed addresses, cancellations."""

from collections.abc import Iterator, Sequence

import msgspec

from daemon.deciding import customs, orders, stock
from daemon.deciding.draft import Draft
from daemon.deciding.inquiries import covers
from daemon.deciding.order_rows import Cells, is_report, order_of
from daemon.domain.article import article_key
from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.finding import OrderRow
from daemon.domain.identifiers import OrderKey, PartnerId, order_key
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order, OrderState
from daemon.domain.partner import Role
from daemon.domain.reason import Reason, reason

AWAITED = "relationship_awaited"
IN_VAIN = "relationship_awaited_in_vain"
LEFT_BEHIND = "paid_after_relationship"
_IDENTITY = ("seller", "merchant", "fulfiller", "market", "currency", "placed_at", "shipping_price")


def decide_orders(draft: Draft, rows: Sequence[OrderRow], *, approved: bool) -> list[RowVerdict]:
    """Take each order of the file for itself: a mistake in one never stops the others."""
    return [verdict for group in grouped(rows) for verdict in _verdicts(group, _decide(draft, group, approved))]


def grouped(rows: Sequence[OrderRow]) -> Iterator[list[OrderRow]]:
    """The rows of each order; a row without an order number belongs to the order above it."""
    group: list[OrderRow] = []
    current = None
    for row in rows:
        number = row.fields.get("order_id", "").strip()
        key = order_key(number) if number else current
        if group and key != current:
            yield group
            group = []
        current = key
        group.append(row)
    if group:
        yield group


def _verdicts(group: Sequence[OrderRow], outcome: tuple[RowResult, tuple[Reason, ...]]) -> Iterator[RowVerdict]:
    result, reasons = outcome
    for row in group:
        yield RowVerdict(number=row.evidence.row or 0, result=result, reasons=reasons)


def _decide(draft: Draft, group: Sequence[OrderRow], approved: bool) -> tuple[RowResult, tuple[Reason, ...]]:
    number = group[0].fields.get("order_id", "").strip()
    if not number:
        return RowResult.REFUSED, (reason("missing_value", group[0].evidence.where, column="order_id", value=""),)
    known = draft.order(order_key(number))
    if is_report(group):
        return _report(draft, group, known, number, approved)
    order, mistakes = order_of(group, draft.because)
    order = _with_fulfiller(draft, order, known)
    mistakes = mistakes or _partners(draft, order, group, known)
    if mistakes:
        waits = any(one.code in {AWAITED, IN_VAIN} for one in mistakes)
        return RowResult.HELD if waits else RowResult.REFUSED, mistakes
    if known:
        return _again(draft, known, _as_placed(known, order), group, approved)
    orders.place(draft, _as_described(draft, _with_shipper(draft, order)))
    _consequences(draft, group, order)
    _remark(draft, order)
    stock.check(draft, draft.order(order.key) or order)
    return RowResult.TAKEN, ()


def _remark(draft: Draft, order: Order) -> None:
    """Seed rule 2.17: standard shipping is in the price, so a shipping price other than 0 is worth a word."""
    if order.shipping_price:
        what = reason("shipping_price_not_zero", value=order.priced(order.shipping_price))
        draft.tell_operator(f"shipping-price:{order.key}", what, (order.number,))


def _partners(draft: Draft, order: Order, group: Sequence[OrderRow], known: Order | None) -> tuple[Reason, ...]:
    """Whether everyone named is known, and whether anybody may ship an order that is new."""
    where = group[0].evidence.where
    wanted = ((order.seller, Role.SELLER), (order.merchant, Role.MERCHANT), (order.fulfiller, Role.FULFILLER))
    for named, role in wanted:
        partner = draft.rulebook.partner(named) if named else None
        if named and (partner is None or partner.role is not role):
            return (reason(f"unknown_{role}", f"{where}, column {role}", column=role, value=named),)
    return () if known or order.seller or _is_covered(draft, order) else (_uncovered(draft, order, where),)


def _uncovered(draft: Draft, order: Order, where: str) -> Reason:
    """Why nobody may ship a merchant's order, or not yet."""
    fulfillers = _fulfillers(draft, order)
    if (awaited := _awaited(draft, order)) and (order.fulfiller or not fulfillers):
        return reason(AWAITED, where, inquiry=awaited.id, merchant=awaited.merchant, fulfiller=awaited.fulfiller)
    if (ended := _ended_since(draft, order)) and (order.fulfiller or not fulfillers):
        values = {"inquiry": ended.id, "merchant": ended.merchant, "fulfiller": ended.fulfiller, "state": ended.state}
        return reason(IN_VAIN, where, **values)
    if order.fulfiller:
        return reason("no_active_relationship", where, merchant=order.merchant, fulfiller=order.fulfiller)
    if fulfillers:
        return reason("several_fulfillers", where, merchant=order.merchant, fulfillers=", ".join(fulfillers))
    return reason("no_active_fulfiller", where, merchant=order.merchant)


def _awaited(draft: Draft, order: Order) -> Inquiry | None:
    """The inquiry that would make somebody its shipper if it became active."""
    return next((one for one in _inquiries(draft, order) if not one.state.over), None)


def _ended_since(draft: Draft, order: Order) -> Inquiry | None:
    """The inquiry or relationship that it could count on when it came, and that is over now."""
    asked = (one for one in _inquiries(draft, order) if one.state.came_to_nothing)
    return next((one for one in asked if one.ended_at and one.sent_at <= draft.at < one.ended_at), None)


def _inquiries(draft: Draft, order: Order) -> Iterator[Inquiry]:
    for one in draft.snapshot.inquiries.values():
        if covers(one, order) and order.fulfiller in {None, one.fulfiller}:
            yield one


def _with_fulfiller(draft: Draft, order: Order, known: Order | None) -> Order:
    """A merchant's order that names nobody who ships it goes to the only fulfiller who works for him, for good."""
    if order.seller or order.fulfiller or not order.merchant:
        return order
    if known and known.merchant == order.merchant:
        return msgspec.structs.replace(order, fulfiller=known.fulfiller)
    fulfillers = _fulfillers(draft, order)
    return msgspec.structs.replace(order, fulfiller=fulfillers[0]) if len(fulfillers) == 1 else order


def _fulfillers(draft: Draft, order: Order) -> list[PartnerId]:
    """Who may ship it: those with whom its merchant has an active relationship, for its warehouse if it names one."""
    return sorted({PartnerId(one.fulfiller) for one in draft.snapshot.relationships if covers(one, order)})


def _is_covered(draft: Draft, order: Order) -> bool:
    """Whether an active relationship makes the fulfiller the shipper."""
    return order.fulfiller in _fulfillers(draft, order)


def _with_shipper(draft: Draft, order: Order) -> Order:
    if _is_covered(draft, order):
        return msgspec.structs.replace(order, shipper=order.fulfiller, warehouse=_warehouse(draft, order))
    return msgspec.structs.replace(order, shipper=order.seller) if order.seller else order


def _warehouse(draft: Draft, order: Order) -> str | None:
    """From where it is sent: what it says, or what its relationship is about, or the only place that there is."""
    agreed = {
        one.warehouse
        for one in draft.snapshot.relationships
        if one.fulfiller == order.fulfiller and covers(one, order) and one.warehouse
    }
    fulfiller = draft.rulebook.partner(order.fulfiller or "")
    places = agreed or {one.id for one in (fulfiller.warehouses if fulfiller else ())}
    return order.warehouse or (places.pop() if len(places) == 1 else None)


def _as_described(draft: Draft, order: Order) -> Order:
    """With the customs data that its merchant has told of his articles."""
    told = (draft.snapshot.articles.get(article_key(order.merchant or "", line.sku)) for line in order.lines)
    return customs.as_described(order, [one for one in told if one])


def _as_placed(known: Order, order: Order) -> Order:
    """The order again with what a file cannot say, or left blank, taken from the one that is known."""
    there = {line.line: line for line in known.lines}
    lines = tuple(
        msgspec.structs.replace(line, hs_code=line.hs_code or old.hs_code, origin=line.origin or old.origin)
        if (old := there.get(line.line))
        else line
        for line in order.lines
    )
    return msgspec.structs.replace(order, shipper=known.shipper, lines=lines)


def _terms(order: Order) -> tuple[object, ...]:
    """What may not change under one order number, apart from the payment and the destination."""
    lines = tuple(msgspec.structs.replace(line, shipped=0, canceled=0, devices=()) for line in order.lines)
    return (*(getattr(order, name) for name in _IDENTITY), lines)


def _changed_columns(known: Order, order: Order) -> str:
    names = [name for name in _IDENTITY if getattr(known, name) != getattr(order, name)]
    return ", ".join(names) or "lines"


def _again(
    draft: Draft, known: Order, order: Order, group: Sequence[OrderRow], approved: bool
) -> tuple[RowResult, tuple[Reason, ...]]:
    draft.concern(known.number)
    if _terms(known) != _terms(order):
        return RowResult.HELD, (reason("order_changed", order=known.number, columns=_changed_columns(known, order)),)
    if not approved and (waits := _left_behind(draft, known, order)):
        return RowResult.HELD, (waits,)
    changed = _pay(draft, known, order)
    known = draft.order(known.key) or known
    if not known.is_forgotten and (known.address, known.buyer) != (order.address, order.buyer):
        if not orders.move(draft, known, order, approved=approved):
            return RowResult.HELD, (reason("address_changed_after_mail", order=known.number),)
        changed = True
    changed = _consequences(draft, group, known) or changed
    return (RowResult.TAKEN if changed else RowResult.UNCHANGED), ()


def _left_behind(draft: Draft, known: Order, paid: Order) -> Reason | None:
    """Why a payment waits: the relationship that the order was placed in is over, and nobody ships it by himself."""
    if (
        known.shipper != known.fulfiller
        or known.released_at
        or not orders.paid_in_full(paid)
        or _is_covered(draft, known)
    ):
        return None
    over = [one for one in _inquiries(draft, known) if one.state.came_to_nothing and one.active_since]
    if not over:
        return None
    ended = max(over, key=lambda one: one.ended_at or one.sent_at)
    what = reason(LEFT_BEHIND, order=known.number, merchant=ended.merchant, fulfiller=ended.fulfiller, inquiry=ended.id)
    draft.tell_operator(f"left-behind:{known.key}:{ended.id}", what, (known.number,))
    return what


def _report(
    draft: Draft, group: Sequence[OrderRow], known: Order | None, number: str, approved: bool
) -> tuple[RowResult, tuple[Reason, ...]]:
    if known is None:
        return RowResult.REFUSED, (reason("unknown_order", group[0].evidence.where, order=number),)
    draft.concern(known.number)
    cells = Cells(group)
    paid_at, amount = cells.moment("paid_at"), cells.own_amount("paid_amount")
    if cells.mistakes:
        return RowResult.REFUSED, tuple(cells.mistakes)
    paid = msgspec.structs.replace(known, paid_at=paid_at, paid_amount=amount)
    if not approved and (waits := _left_behind(draft, known, paid)):
        return RowResult.HELD, (waits,)
    changed = _pay(draft, known, paid)
    changed = _consequences(draft, group, known) or changed
    return (RowResult.TAKEN if changed else RowResult.UNCHANGED), ()


def _pay(draft: Draft, known: Order, paid: Order) -> bool:
    """An order that is paid only now may be for what has run out meanwhile."""
    changed = orders.pay(draft, known, paid)
    if changed:
        stock.check(draft, draft.order(known.key) or known)
    return changed


def release_rest(draft: Draft, key: OrderKey) -> None:
    """What is left of an order after a line was canceled may be paid by what has come in already."""
    order = draft.order(key)
    if order is None or order.state is not OrderState.AWAITING_PAYMENT or not orders.paid_in_full(order):
        return
    if _left_behind(draft, order, order) is None:
        orders.release(draft, order)
        stock.check(draft, draft.order(key) or order)


def _consequences(draft: Draft, group: Sequence[OrderRow], known: Order) -> bool:
    """Carry out what the optional columns say beside placing and paying."""
    cells = Cells(group)
    changed = False
    order = draft.order(known.key) or known
    reversed_at = cells.moment("payment_reversed_at")
    if reversed_at and order.state is not OrderState.CANCELED:
        changed = orders.reverse_payment(draft, order, reversed_at)
    order = draft.order(known.key) or known
    if (
        cells.moment("canceled_at")
        and order.state is not OrderState.CANCELED
        and any(line.open for line in order.lines)
    ):
        orders.cancel(draft, order)
        changed = True
    return changed
