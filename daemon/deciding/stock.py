"""Stock: what partners report, the clock that waits for the next report, and orders for what is not there."""

from collections.abc import Sequence

from daemon.deciding import problems
from daemon.deciding.clocks import happened
from daemon.deciding.draft import Draft
from daemon.domain.deadline import partner_subject
from daemon.domain.finding import StockRow
from daemon.domain.order import Line, Order
from daemon.domain.partner import Partner
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import reason
from daemon.domain.stock import StockLevel, StockReported, stock_key


def take(draft: Draft, partner: Partner, rows: Sequence[StockRow]) -> None:
    """A partner's stock list (seed rule 2.14). It says nothing about orders that stand: a unit may be kept for them."""
    for row in rows:
        draft.put_stock(
            StockLevel(
                partner=partner.id,
                warehouse=row.warehouse,
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


def check(draft: Draft, order: Order) -> None:
    """An order that comes in while the last report says 0 has a problem from the first moment."""
    missing = [line.sku for line in order.lines if line.open and _is_empty(draft, order, line)]
    if not missing:
        return
    doubt = problems.report(draft, order, ProblemKind.OUT_OF_STOCK, None, draft.at)
    if doubt is None:
        what = reason("stock_is_empty", order=order.number, skus=", ".join(missing), partner=order.shipper)
        draft.tell_operator(f"stock:{order.key}", what, (order.number,))


def _is_empty(draft: Draft, order: Order, line: Line) -> bool:
    """Whether the shipper reported the SKU and has none: in the order's own warehouse, or else in any."""
    levels = [
        one
        for one in draft.snapshot.stock.get(stock_key(order.shipper, line.sku), ())
        if one.warehouse in {"", order.warehouse or one.warehouse}
    ]
    return bool(levels) and sum(one.level for one in levels) <= 0
