"""Stock: what partners report, the clock that waits for the next report, and orders for what is not there."""

from collections.abc import Sequence

import msgspec

from daemon.deciding import letters, problems
from daemon.deciding.clocks import happened
from daemon.deciding.draft import Draft
from daemon.deciding.orders import shipper_of
from daemon.domain.deadline import Deadline, DeadlineKind, partner_subject
from daemon.domain.finding import StockRow
from daemon.domain.order import Line, Order
from daemon.domain.partner import Partner, Role
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason, reason
from daemon.domain.stock import StockLevel, StockReported, stock_key


def take(draft: Draft, partner: Partner, rows: Sequence[StockRow]) -> dict[int, Reason]:
    """A partner's stock list (seed rule 2.14). It says nothing about orders that stand: a unit may be kept for them.

    Why some of its rows, by their place, wait for a person.
    """
    doubts: dict[int, Reason] = {}
    _tell_of_unknown(
        draft, partner, [row.warehouse for row in rows if row.warehouse and not partner.house(row.warehouse)]
    )
    for place, row in enumerate(rows):
        merchant = _merchant(draft, partner, row)
        if merchant is None:
            where = row.evidence.where.partition(",")[0]
            doubts[place] = reason("unknown_merchant", f"{where}, column merchant", value=row.merchant)
            continue
        draft.put_stock(
            StockLevel(
                partner=partner.id,
                merchant=merchant,
                warehouse=partner.house(row.warehouse) or row.warehouse,
                sku=row.sku,
                level=row.level,
                reserved=row.reserved,
                blocked=row.blocked,
                announced=row.announced,
                at=draft.at,
                because=draft.because,
            )
        )
    draft.report_stock(StockReported(partner=partner.id, at=draft.at))
    subject, market = partner_subject(partner.id), partner.calendar_market
    happened(draft, "stock_reported", subject, market=market, partner=partner)
    return doubts


def _tell_of_unknown(draft: Draft, partner: Partner, named: Sequence[str]) -> None:
    """Stock in a warehouse that the rules do not name is kept all the same; one who has none there may name any."""
    for warehouse in dict.fromkeys(named) if partner.warehouses else ():
        what = reason("stock_of_unknown_warehouse", partner=partner.id, warehouse=warehouse)
        draft.tell_operator(f"warehouse:{partner.id}:{warehouse.casefold()}", what)


def leave_alone(draft: Draft, partner: Partner) -> None:
    """He gets no more reminders of his lists; their clock runs on, and a person has seen to it."""
    draft.note(partner_subject(partner.id), reason("reminders_stopped"))
    for one in clocks(draft, partner):
        draft.put_deadline(msgspec.structs.replace(one, left_alone=True))


def clocks(draft: Draft, partner: Partner) -> list[Deadline]:
    """What waits for his next list."""
    return draft.deadlines(DeadlineKind.STOCK, partner_subject(partner.id))


def _merchant(draft: Draft, partner: Partner, row: StockRow) -> str | None:
    """Whose goods a row counts: a merchant by his id or name, nobody in particular, or None for a stranger."""
    if partner.role is not Role.FULFILLER or not row.merchant:
        return ""
    named = row.merchant.casefold()
    found = [
        one.id
        for one in draft.rulebook.partners
        if one.role is Role.MERCHANT and named in {one.id.casefold(), one.name.casefold()}
    ]
    return found[0] if len(found) == 1 else None


def check(draft: Draft, order: Order) -> None:
    """An order that comes in, or is paid, while the last report says 0 has a problem from the first moment."""
    missing = [line.sku for line in order.lines if line.open and _is_empty(draft, order, line)]
    if not missing:
        return
    doubt = problems.report(draft, order, ProblemKind.OUT_OF_STOCK, None, draft.at)
    if doubt is None:
        what = reason("stock_is_empty", order=order.number, skus=", ".join(missing), partner=order.shipper)
        draft.tell_operator(f"stock:{order.key}", what, (order.number,))
        _say_so(draft, order, missing)


def _say_so(draft: Draft, order: Order, missing: Sequence[str]) -> None:
    """The shipper reads it in the order mail itself, which leaves with it in place of the one without."""
    partner = shipper_of(draft, order)
    if partner and letters.order_mail_key(order) in draft.queued(letters.order_mail_key(order)):
        letters.order_mail(draft, draft.order(order.key) or order, partner, out_of_stock=missing)


def _is_empty(draft: Draft, order: Order, line: Line) -> bool:
    """Whether the shipper reported the SKU and has none: in the order's own warehouse, or else in any.

    What he reported for the order's merchant goes before what he reported for nobody in particular.
    """
    known = draft.snapshot.stock
    whose = known.get(stock_key(order.shipper, line.sku, order.merchant or "")) or known.get(
        stock_key(order.shipper, line.sku), ()
    )
    levels = [one for one in whose if one.warehouse in {"", order.warehouse or one.warehouse}]
    return bool(levels) and sum(one.level for one in levels) <= 0
