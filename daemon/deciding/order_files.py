"""A file of the shop or marketplace: new orders, the same again, payments, changed addresses, cancellations."""

from collections.abc import Iterator, Sequence

import msgspec

from daemon.deciding import customs, orders, shippers, stock
from daemon.deciding.draft import Draft
from daemon.deciding.order_rows import Cells, is_report, order_of
from daemon.domain.article import article_key
from daemon.domain.decision import RowResult, RowVerdict
from daemon.domain.finding import OrderRow
from daemon.domain.identifiers import OrderKey, PartnerId, order_key
from daemon.domain.order import Order, OrderState
from daemon.domain.reason import Reason, reason

LEFT_BEHIND = "paid_after_relationship"
_IDENTITY = ("seller", "merchant", "fulfiller", "warehouse", "market", "currency", "placed_at", "shipping_price")


def decide_orders(
    draft: Draft, rows: Sequence[OrderRow], *, approved: bool, owner: PartnerId | None = None
) -> list[RowVerdict]:
    """Take each order of the file for itself: a mistake in one never stops the others.

    `owner` is the merchant in whose folder the file lay, who speaks of his own orders alone.
    """
    return [verdict for group in grouped(rows) for verdict in _verdicts(group, _decide(draft, group, approved, owner))]


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


def _decide(
    draft: Draft, group: Sequence[OrderRow], approved: bool, owner: PartnerId | None
) -> tuple[RowResult, tuple[Reason, ...]]:
    number = group[0].fields.get("order_id", "").strip()
    if not number:
        return RowResult.REFUSED, (
            reason("missing_value", group[0].evidence.where, column=group[0].heading("order_id"), value=""),
        )
    known = draft.order(order_key(number))
    if owner and not _is_his(group, known, owner):
        return RowResult.REFUSED, (reason("not_your_order", group[0].evidence.where, order=number),)
    if is_report(group):
        return _report(draft, group, known, number, approved)
    order, mistakes = order_of(group, draft.because)
    order = shippers.assigned(draft, order, known)
    mistakes = mistakes or shippers.mistakes(draft, order, group[0], new=known is None, owner=owner)
    if mistakes:
        waits = any(one.code in shippers.WAITS for one in mistakes)
        return RowResult.HELD if waits else RowResult.REFUSED, mistakes
    if known:
        return _again(draft, known, _as_placed(known, order), group, approved)
    orders.place(draft, _as_described(draft, shippers.with_shipper(draft, order)))
    _consequences(draft, group, order)
    _remark(draft, order)
    stock.check(draft, draft.order(order.key) or order)
    return RowResult.TAKEN, ()


def _is_his(group: Sequence[OrderRow], known: Order | None, owner: PartnerId) -> bool:
    said = {row.fields.get("merchant", "") for row in group} - {""}
    return said <= {owner} and (known is None or known.merchant == owner)


def _remark(draft: Draft, order: Order) -> None:
    """Seed rule 2.17: standard shipping is in the price, so a shipping price other than 0 is worth a word."""
    if order.shipping_price:
        what = reason("shipping_price_not_zero", value=order.priced(order.shipping_price))
        draft.tell_operator(f"shipping-price:{order.key}", what, (order.number,))


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
    warehouse = order.warehouse or known.warehouse
    return msgspec.structs.replace(order, shipper=known.shipper, warehouse=warehouse, lines=lines)


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
        or shippers.is_covered(draft, known)
    ):
        return None
    over = [one for one in shippers.inquiries(draft, known) if one.state.came_to_nothing and one.active_since]
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
