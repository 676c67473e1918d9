"""What a merchant says of his articles, and a fulfiller of goods that came back; both are kept for the next sync."""

from daemon.deciding.draft import Draft
from daemon.domain.article import Article, GoodsReturn
from daemon.domain.calendar import local_day
from daemon.domain.deadline import order_subject
from daemon.domain.decision import RowResult
from daemon.domain.finding import ArticleRow, ReturnRow
from daemon.domain.identifiers import order_key
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason, reason

_Verdict = tuple[RowResult, tuple[Reason, ...]]


def take(draft: Draft, partner: Partner, row: ArticleRow | ReturnRow) -> _Verdict:
    """Take one row; the folder says who speaks."""
    if isinstance(row, ArticleRow):
        draft.put_article(Article(merchant=partner.id, at=draft.at, because=draft.because, **row.fields))
        return RowResult.TAKEN, ()
    return _take_return(draft, partner, row)


def _take_return(draft: Draft, fulfiller: Partner, row: ReturnRow) -> _Verdict:
    """Goods of an order that this fulfiller has sent for a merchant; what follows for the buyer is the merchant's."""
    order = draft.order(order_key(row.order or ""))
    if order is None:
        return RowResult.HELD, (reason("unknown_order", row.evidence.where, order=row.order or "?"),)
    if order.shipper != fulfiller.id or order.merchant is None:
        return RowResult.HELD, (reason("not_your_order", row.evidence.where, order=order.number),)
    wanted = (row.line or "").casefold()
    line = next((one for one in order.lines if wanted in {one.sku.casefold(), one.line.casefold()}), None)
    if line is None:
        return RowResult.HELD, (reason("unknown_line", row.evidence.where, line=row.line or "?", order=order.number),)
    draft.concern(order.number)
    draft.put_return(
        GoodsReturn(
            fulfiller=fulfiller.id,
            merchant=order.merchant,
            number=row.number,
            order=order.number,
            sku=line.sku,
            quantity=row.quantity or 1,
            returned_on=row.returned_on or local_day(draft.at, order.market),
            condition=row.condition,
            reason=row.reason,
            at=draft.at,
            because=draft.because,
        )
    )
    draft.note(order_subject(order.key), reason("goods_returned", sku=line.sku, count=row.quantity or 1))
    return RowResult.TAKEN, ()
