"""Goods that come back: announced or not, from their arrival to what has become of them, each told of once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from daemon.deciding.draft import Draft
from daemon.deciding.orders import order_event
from daemon.domain.deadline import order_subject
from daemon.domain.goods_return import GoodsReturn, ReturnState
from daemon.domain.order import Line, Order
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value


class Told(Value, frozen=True, kw_only=True):
    """What is said of goods of one line: that so many stand there by now."""

    line: Line
    state: ReturnState
    quantity: int
    day: date
    number: str = ""
    condition: str = ""
    reason: str = ""


def tell(draft: Draft, order: Order, told: Told, *, trusted: bool) -> Reason | None:
    """Take it; why it waits for a person, or `already_recorded` where it is no news.

    `trusted`: a person says it, so that it goes before what was said, and needs no more to have been ordered.
    """
    number = told.number or _only_number(order, told.line)
    own = [one for one in order.returns if one.line == told.line.line and one.number.casefold() == number.casefold()]
    number = own[0].number if own else number
    same = next((one for one in own if one.state is told.state), None)
    if same and same.quantity == told.quantity:
        if not trusted and _is_told_just_now(draft, order, same):
            return reason("return_differs", sku=told.line.sku, order=order.number)
        return _reword(draft, order, same, told)
    before = [one for one in own if one.state.rank < told.state.rank]
    if own and not before and _pieces(one for one in own if one.state.rank > told.state.rank) >= told.quantity:
        return reason("already_recorded", value=number or told.line.sku)
    if own and not trusted and (same or _pieces(before) < told.quantity):
        return reason("return_differs", sku=told.line.sku, order=order.number)
    if trusted and own:
        before = [one for one in own if one is not same]
    elif not own:
        before = [one for one in order.returns if _is_awaited(one, told)]
    others = [one for one in order.returns if one not in before and one is not same]
    kept = (*others, *_less(before, told.quantity - (same.quantity if same else 0)))
    doubt = _too_many(kept, told, trusted=trusted)
    if doubt is None:
        _put(draft, order, (*kept, _moved_on(told, number, (*before, *([same] if same else ())), draft.because)))
        what = reason("goods_returned", sku=told.line.sku, count=told.quantity, state=told.state)
        draft.note(order_subject(order.key), what)
        _tell_operator(draft, order, told)
    return doubt


def _too_many(others: Iterable[GoodsReturn], told: Told, *, trusted: bool) -> Reason | None:
    """No more can come back than has left; a person may know of more that left than was told, not where nothing was."""
    line = told.line
    left = line.quantity - line.canceled if trusted and line.shipped else line.shipped
    if _pieces(one for one in others if one.line == line.line) + told.quantity <= left:
        return None
    return reason("more_returned_than_left", count=told.quantity, sku=line.sku, left=left)


def _moved_on(told: Told, number: str, before: Sequence[GoodsReturn], because: str) -> GoodsReturn:
    """What is told now, with the words that were told before where there are no new ones."""
    return GoodsReturn(
        number=number,
        line=told.line.line,
        quantity=told.quantity,
        state=told.state,
        day=told.day,
        condition=told.condition or next((one.condition for one in before if one.condition), ""),
        reason=told.reason or next((one.reason for one in before if one.reason), ""),
        refunded_at=next((one.refunded_at for one in before if one.refunded_at), None),
        because=because,
    )


def _only_number(order: Order, line: Line) -> str:
    """Who names no number means the return of the line, if there is but one."""
    known = {one.number for one in order.returns if one.line == line.line}
    return known.pop() if len(known) == 1 else ""


def _is_told_just_now(draft: Draft, order: Order, same: GoodsReturn) -> bool:
    """A list that says the same twice may mean two pieces; one that was sent again does not."""
    known = draft.snapshot.orders.get(order.key)
    return known is None or same not in known.returns


def _is_awaited(one: GoodsReturn, told: Told) -> bool:
    """Whether it may have been announced as this: who receives it gives it a number of his own."""
    return one.line == told.line.line and one.state is ReturnState.ANNOUNCED is not told.state


def _pieces(returns: Iterable[GoodsReturn]) -> int:
    return sum(one.quantity for one in returns)


def _less(returns: Sequence[GoodsReturn], taken: int) -> Iterator[GoodsReturn]:
    """What is left of them once so many pieces have moved on."""
    for one in sorted(returns, key=lambda one: -one.state.rank):
        moved = max(0, min(taken, one.quantity))
        taken -= moved
        if moved < one.quantity:
            yield msgspec.structs.replace(one, quantity=one.quantity - moved)


def _reword(draft: Draft, order: Order, same: GoodsReturn, told: Told) -> Reason | None:
    """Words about it may come later; those that were erased with the buyer do not come back."""
    worded = msgspec.structs.replace(
        same, condition=told.condition or same.condition, reason=told.reason or same.reason
    )
    if same.erased or worded == same:
        return reason("already_recorded", value=same.number or told.line.sku)
    draft.put_order(
        msgspec.structs.replace(order, returns=tuple(worded if one is same else one for one in order.returns))
    )
    return None


def refund(draft: Draft, order: Order, line: Line | None, number: str) -> Reason | None:
    """The buyer has his money back for what he returned: of one return, of a line, or of all."""
    named = [
        one
        for one in order.returns
        if (line is None or one.line == line.line) and number.casefold() in {"", one.number.casefold()}
    ]
    if not named:
        return reason("no_such_return", order=order.number)
    if all(one.refunded_at for one in named):
        return reason("already_recorded", value=number or order.number)
    returns = tuple(
        msgspec.structs.replace(one, refunded_at=draft.at) if one in named and not one.refunded_at else one
        for one in order.returns
    )
    draft.note(order_subject(order.key), reason("return_refunded"))
    _put(draft, order, returns)
    return None


def _put(draft: Draft, order: Order, returns: tuple[GoodsReturn, ...]) -> None:
    """Write them down; the clock that waits for their end runs while any lies there undecided."""
    changed = msgspec.structs.replace(order, returns=returns)
    draft.put_order(changed)
    if order.silent:
        return
    waiting = any(one.state is ReturnState.ARRIVED and not one.refunded_at for one in returns)
    order_event(draft, changed, "goods_returned" if waiting else "return_ended")


def _tell_operator(draft: Draft, order: Order, told: Told) -> None:
    """No mail to the buyer says what becomes of his return; a merchant learns it by file, a marketplace from us."""
    unheard = told.state is ReturnState.ARRIVED and order.merchant is None
    if not order.silent and (unheard or told.state is ReturnState.REJECTED):
        what = reason("return_to_tell", order=order.number, count=told.quantity, sku=told.line.sku, state=told.state)
        key = f"return:{order.key}:{told.line.line}:{told.number.casefold()}:{told.state}:{order.version}"
        draft.tell_operator(key, what, (order.number,))
