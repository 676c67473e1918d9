"""What customs will ask for outside the Union's territory, filled in where it was missing."""

import re
from collections.abc import Iterable
from decimal import Decimal

import msgspec

from daemon.deciding import letters
from daemon.deciding.draft import Draft
from daemon.deciding.order_rows import COUNTRY, HS_CODE
from daemon.deciding.orders import customs_complete, line_named, shipper_of
from daemon.domain.article import Article
from daemon.domain.deadline import order_subject
from daemon.domain.finding import Customs, CustomsNamed
from daemon.domain.order import Line, Order, OrderState
from daemon.domain.reason import Reason, reason
from daemon.domain.stock import sku_key
from daemon.domain.territory import incoterm


def as_described(order: Order, articles: Iterable[Article]) -> Order:
    """With what its merchant has told of his articles, where the order itself says nothing."""
    told = {one.key: one for one in articles}
    lines = tuple(
        _filled(line, _fit(HS_CODE, one.hs_code), _fit(COUNTRY, one.origin.upper()), named=False)
        if (one := told.get(sku_key(line.sku)))
        else line
        for line in order.lines
    )
    return msgspec.structs.replace(order, lines=lines)


def _fit(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def describe(draft: Draft, order: Order, articles: Iterable[Article]) -> None:
    """Articles that come after the order: its shipper is asked no more for what they say, and hears it."""
    if order.state in {OrderState.SHIPPED, OrderState.CANCELED} or not order.undeclared:
        return
    told = as_described(order, articles)
    if told.lines == order.lines:
        return
    _record(draft, told, "customs_data_of_articles")
    tell_shipper(draft, told)


def tell_shipper(draft: Draft, order: Order) -> None:
    """What he had been asked for has come from elsewhere: he sends the goods by it."""
    partner = shipper_of(draft, order)
    waits = order.released_at and not order.silent and order.state is not OrderState.SHIPPED
    if waits and partner and partner.address:
        left = letters.order_mail_key(order) in draft.snapshot.sent
        letters.order_mail(draft, order, partner, correction=left, declared=True)


def fill_in(draft: Draft, order: Order, line: str | None, hs_code: str | None, origin: str | None) -> Reason | None:
    """Commodity code and country of origin of one line, or of every line that has none."""
    lines = tuple(_filled(one, hs_code, origin, named=line == one.line) for one in order.lines)
    if line:
        lines = tuple(new if new.line == line else old for new, old in zip(lines, order.lines, strict=True))
    if lines == order.lines:
        return reason("already_recorded", value=order.number)
    _record(draft, msgspec.structs.replace(order, lines=lines), "customs_data_recorded")
    return None


def _record(draft: Draft, order: Order, what: str) -> None:
    draft.put_order(order)
    draft.note(order_subject(order.key), reason(what))
    if not order.undeclared:
        customs_complete(draft, order)


def hear(draft: Draft, order: Order, named: CustomsNamed, *, trusted: bool) -> Reason | None:
    """What a shipper tells of an order that leaves the Union; why it waits for a person."""
    if not incoterm(order.address.country, order.address.postcode):
        return None
    line = line_named(order, named.line) if named.line else _only_line(order, named.what)
    if line is None and named.line:
        return reason("unknown_line", named.evidence.where, line=named.line, order=order.number)
    if named.what is Customs.VALUE:
        return _priced(order, line if named.line else None, named)
    if line is None and _is_told_again(order, named):
        return reason("already_recorded", value=named.value)
    if line is None:
        return reason("customs_line_not_named", named.evidence.where, value=named.value, order=order.number)
    there = getattr(line, named.what)
    if there and _bare(there) == _bare(named.value):
        return reason("already_recorded", value=named.value)
    if there and not trusted:
        return reason("customs_differ", named.evidence.where, value=named.value, known=there, order=order.number)
    hs_code = named.value if named.what is Customs.HS_CODE else None
    origin = named.value if named.what is Customs.ORIGIN else None
    return fill_in(draft, order, line.line, hs_code, origin)


def _only_line(order: Order, what: Customs) -> Line | None:
    """The line that is meant where none is named: the only one, or the only one that still lacks this."""
    if len(order.lines) == 1:
        return order.lines[0]
    lacking = [one for one in order.lines if what is not Customs.VALUE and not getattr(one, what)]
    return lacking[0] if len(lacking) == 1 else None


def _is_told_again(order: Order, named: CustomsNamed) -> bool:
    """Whether no line lacks it and one of them has it so."""
    there = [getattr(one, named.what) for one in order.lines]
    return all(there) and _bare(named.value) in map(_bare, there)


def _priced(order: Order, line: Line | None, named: CustomsNamed) -> Reason | None:
    """The value is that of the goods as they were sold, of a piece or in all; another is for a person to judge."""
    lines = (line,) if line else order.lines
    goods = [one.unit_price * (one.quantity - one.canceled) for one in lines]
    known = {order.total if line is None else goods[0], sum(goods, Decimal()), *(one.unit_price for one in lines)}
    if Decimal(named.value) in known and named.currency == order.currency:
        return None
    value = f"{named.value} {named.currency}"
    return reason("customs_value_differs", named.evidence.where, value=value, order=order.number)


def _bare(value: str) -> str:
    return value.replace(".", "").replace(" ", "").upper()


def _filled(line: Line, hs_code: str | None, origin: str | None, *, named: bool) -> Line:
    """A blank is filled; what stands there changes only where the line itself was named."""
    return msgspec.structs.replace(
        line,
        hs_code=hs_code if hs_code and (named or not line.hs_code) else line.hs_code,
        origin=origin if origin and (named or not line.origin) else line.origin,
    )
