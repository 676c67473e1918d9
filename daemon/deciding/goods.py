"""Lists of what a merchant sells, and of goods that came back, which a person may put on an order."""

from collections.abc import Sequence

from daemon.deciding import customs, returns
from daemon.deciding.draft import Draft
from daemon.deciding.orders import line_named, order_of_another
from daemon.domain.article import Article
from daemon.domain.calendar import local_day
from daemon.domain.decision import RowResult
from daemon.domain.finding import ArticleRow, ReturnRow
from daemon.domain.goods_return import REFUNDED, ReturnState
from daemon.domain.identifiers import order_key
from daemon.domain.order import Order
from daemon.domain.partner import Partner
from daemon.domain.reason import Reason, reason
from daemon.domain.stimulus import Release
from daemon.domain.values import Value

_OF_MERCHANT = frozenset({ReturnState.ANNOUNCED, REFUNDED})


class GoodsOutcome(Value, frozen=True, kw_only=True):
    """What became of one row."""

    row: ArticleRow | ReturnRow
    result: RowResult
    doubt: Reason | None = None


def take(
    draft: Draft, partner: Partner, rows: Sequence[ArticleRow | ReturnRow], release: Release | None
) -> list[GoodsOutcome]:
    """Take the rows; the folder or the mail's sender says who speaks."""
    strange = {
        order_key(one.order or "") for one in rows if isinstance(one, ReturnRow) and _order_of(draft, one) is None
    }
    goods = _Goods(draft, partner, release, one_strange=len(strange) == 1)
    outcomes = [goods.take(one) for one in rows]
    _fill_in_orders(draft, partner)
    return outcomes


def _fill_in_orders(draft: Draft, merchant: Partner) -> None:
    """What a merchant tells of his articles counts for his orders that were placed before, too."""
    if articles := draft.articles:
        for order in draft.snapshot.orders.values():
            if order.merchant == merchant.id:
                customs.describe(draft, draft.order(order.key) or order, articles)


def _order_of(draft: Draft, row: ReturnRow) -> Order | None:
    return draft.order(order_key(row.order)) if row.order else None


class _Goods:
    """`one_strange`: the rows name one order only that we do not know, so that a person can mean but that."""

    def __init__(self, draft: Draft, partner: Partner, release: Release | None, *, one_strange: bool) -> None:
        self._draft = draft
        self._partner = partner
        self._release = release
        self._one_strange = one_strange

    def take(self, row: ArticleRow | ReturnRow) -> GoodsOutcome:
        if isinstance(row, ArticleRow):
            draft = self._draft
            draft.put_article(Article(merchant=self._partner.id, at=draft.at, because=draft.because, **row.fields))
            return GoodsOutcome(row=row, result=RowResult.TAKEN)
        doubt = self._returned(row)
        if doubt is None:
            return GoodsOutcome(row=row, result=RowResult.TAKEN)
        if doubt.code == "already_recorded":
            return GoodsOutcome(row=row, result=RowResult.UNCHANGED)
        return GoodsOutcome(row=row, result=RowResult.HELD, doubt=doubt)

    def _returned(self, row: ReturnRow) -> Reason | None:
        """Goods of an order of this partner's; what follows for the buyer is the seller's or merchant's."""
        draft, trusted = self._draft, self._release is not None
        order = _order_of(draft, row)
        if order is None:
            order, doubt = self._put_by_person(row)
            if order is None:
                return doubt
        if self._partner.id not in {order.shipper, order.merchant} and not self._is_put_on(order):
            return self._of_another(order, row)
        draft.concern(order.number)
        line = line_named(order, row.line or "")
        if line is None:
            return reason("unknown_line", row.evidence.where, line=row.line or "?", order=order.number)
        if not trusted and self._partner.id != order.shipper and row.state not in _OF_MERCHANT:
            return reason("return_not_yours", row.evidence.where, order=order.number)
        if row.state == REFUNDED:
            return returns.refund(draft, order, line, row.number)
        told = returns.Told(
            line=line,
            state=ReturnState(row.state),
            quantity=row.quantity or 1,
            day=row.returned_on or local_day(draft.at, order.market),
            number=row.number,
            condition=row.condition,
            reason=row.reason,
        )
        return returns.tell(draft, order, told, trusted=trusted)

    def _is_put_on(self, order: Order) -> bool:
        """Whether a person named this order when he released the list."""
        return self._release is not None and self._release.order == order.key

    def _of_another(self, order: Order, row: ReturnRow) -> Reason:
        if self._release is None:
            return reason("not_your_order", row.evidence.where, order=order.number)
        return order_of_another(order, self._partner)

    def _put_by_person(self, row: ReturnRow) -> tuple[Order | None, Reason | None]:
        """The order on which a person puts what came back for none that we know."""
        where = row.evidence.where
        if self._release is None or self._release.order is None:
            if not row.order:
                return None, reason("return_without_order", where, sku=row.line or "?", count=row.quantity or 1)
            return None, reason(
                "return_of_unknown_order", where, order=row.order, sku=row.line or "?", count=row.quantity or 1
            )
        if not self._one_strange:
            return None, reason("returns_of_several_orders", where)
        return self._draft.order(self._release.order), None
