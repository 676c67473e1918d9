"""Rows of an order file into an order, or every mistake with its row, column, value and hint."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from daemon.domain.calendar import market_tag
from daemon.domain.countries import country_code
from daemon.domain.finding import OrderRow
from daemon.domain.identifiers import LineId, PartnerId
from daemon.domain.order import Address, Buyer, Line, Order
from daemon.domain.reason import Reason, reason
from daemon.domain.territory import COUNTRIES

LINE_COLUMNS = frozenset(
    {"line_id", "sku", "title", "quantity", "unit_price", "category", "cellular", "handling_days", "hs_code", "origin"}
)
_CELLULAR_CATEGORIES = {"smartphone", "tablet", "smartwatch"}
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
# Three zeros may as well be thousands.
_NO_FRACTION = re.compile(r"(?<=[0-9])[.,](?:0{1,2}|0{4,6})$")
EMAIL = re.compile(r"[^@\s<>\",;:()\[\]\\]{1,64}@[A-Za-z0-9\u00a1-\uffff.-]{1,253}")
_CURRENCY = re.compile(r"[A-Z]{3}")
COUNTRY = re.compile("|".join(COUNTRIES))
HS_CODE = re.compile(r"[0-9.]{6,14}")
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_UNITS = 10_000
_MOST_DAYS = 365


class Cells:
    """The cells of one order: its own columns given once or repeated, and its lines' columns row by row."""

    def __init__(self, rows: Sequence[OrderRow]) -> None:
        self.rows = rows
        self.mistakes: list[Reason] = []

    def fault(self, code: str, row: OrderRow, column: str, **values: object) -> None:
        heading, value = row.heading(column), row.fields.get(column, "").strip()
        where = f"{row.evidence.where}, column {heading}"
        self.mistakes.append(reason(code, where, column=heading, value=value, **values))

    def own(self, column: str) -> tuple[str, OrderRow]:
        """An order column's one value and the row that says it; a second, differing value is a mistake."""
        said = [(row.fields.get(column, "").strip(), row) for row in self.rows]
        given = [one for one in said if one[0]] or said[:1]
        if any(one[0] != given[0][0] for one in given):
            other = next(one for one in given if one[0] != given[0][0])
            code = "mixed_sellers" if column == "seller" else "order_column_differs"
            self.fault(code, other[1], column, first=given[0][0])
        return given[0]

    def needed(self, column: str) -> str:
        value, row = self.own(column)
        if not value:
            self.fault("missing_value", row, column)
        return value

    def moment(self, column: str, *, needed: bool = False) -> datetime | None:
        """ISO 8601 with an offset; a time without one could mean any of 24 hours."""
        value, row = self.own(column)
        if not value:
            if needed:
                self.fault("missing_value", row, column)
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fault("bad_moment", row, column)
            return None
        if moment.tzinfo is None:
            self.fault("date_without_offset", row, column)
            return None
        return moment

    def own_amount(self, column: str) -> Decimal | None:
        value, row = self.own(column)
        return self.amount(row, column) if value else None

    def amount(self, row: OrderRow, column: str) -> Decimal:
        """`12`, `12.5`, `12,50`; signs that group thousands are refused rather than guessed at."""
        value = row.fields.get(column, "").strip()
        if not value:
            self.fault("missing_value", row, column)
        elif not _AMOUNT.fullmatch(value):
            self.fault("bad_amount", row, column)
        else:
            return Decimal(value.replace(",", ".")).quantize(Decimal("0.01"))
        return Decimal("0.00")

    def whole(self, row: OrderRow, column: str, *, least: int, most: int, blank: int | None = None) -> int:
        value = _NO_FRACTION.sub("", row.fields.get(column, "").strip())
        if not value and blank is not None:
            return blank
        if not value:
            self.fault("missing_value", row, column)
        elif not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= most and len(value) <= 9):  # noqa: PLR2004
            self.fault("bad_number", row, column, least=least, most=most)
        else:
            return int(value)
        return least

    def country(self, column: str) -> str:
        """A code, or what a country is called."""
        value = self.needed(column)
        code = country_code(value) if value else ""
        if code is None:
            self.fault("bad_country", self.own(column)[1], column)
        return code or ""

    def matching(self, column: str, pattern: re.Pattern[str], code: str, *, needed: bool = True) -> str:
        value, row = self.own(column)
        folded = value.upper() if pattern is _CURRENCY else value
        if not value and needed:
            self.fault("missing_value", row, column)
        elif value and not pattern.fullmatch(folded):
            self.fault(code, row, column)
        return folded


def _lines(cells: Cells) -> tuple[Line, ...]:
    lines: list[Line] = []
    for place, row in enumerate(cells.rows, start=1):
        if not any(row.fields.get(column, "").strip() for column in LINE_COLUMNS):
            continue
        line = _line(cells, row, place)
        if any(one.line == line.line for one in lines):
            cells.fault("line_twice", row, "line_id")
        lines.append(line)
    if not lines:
        cells.fault("no_lines", cells.rows[0], "sku")
    return tuple(lines)


def _line(cells: Cells, row: OrderRow, place: int) -> Line:
    fields = {column: row.fields.get(column, "").strip() for column in LINE_COLUMNS}
    for column in ("sku", "title"):
        if not fields[column]:
            cells.fault("missing_value", row, column)
    if fields["hs_code"] and not HS_CODE.fullmatch(fields["hs_code"]):
        cells.fault("bad_hs_code", row, "hs_code")
    category = fields["category"].casefold()
    return Line(
        line=LineId(fields["line_id"] or str(place)),
        sku=fields["sku"],
        title=fields["title"],
        quantity=cells.whole(row, "quantity", least=1, most=_MOST_UNITS),
        unit_price=cells.amount(row, "unit_price"),
        category=category,
        cellular=_cellular(cells, row, category),
        handling_days=cells.whole(row, "handling_days", least=0, most=_MOST_DAYS, blank=1),
        hs_code=fields["hs_code"],
        origin=country_code(fields["origin"]) or "",
    )


def _cellular(cells: Cells, row: OrderRow, category: str) -> bool:
    value = row.fields.get("cellular", "").strip().casefold()
    if value not in {"yes", "no", ""} or (not value and category in _CELLULAR_CATEGORIES):
        cells.fault("bad_cellular" if value else "missing_value", row, "cellular")
    return value == "yes"


def _address(cells: Cells) -> Address:
    return Address(
        name=cells.own("ship_name")[0] or cells.own("buyer_name")[0],
        street=cells.needed("ship_street"),
        postcode=cells.needed("ship_postcode"),
        city=cells.needed("ship_city"),
        country=cells.country("ship_country"),
        company=cells.own("ship_company")[0],
        extra=cells.own("ship_extra")[0],
        region=cells.own("ship_region")[0],
    )


def _market(cells: Cells) -> str:
    value, row = cells.own("market")
    tag = market_tag(value) or market_tag(country_code(value) or "") if value else None
    if tag is None:
        cells.fault("bad_market" if value else "missing_value", row, "market")
    return tag or ""


def is_report(rows: Sequence[OrderRow]) -> bool:
    """Whether the rows only report on an order that is known: a payment, its reversal or a cancellation."""
    return not any(row.fields.get(column, "").strip() for row in rows for column in (*LINE_COLUMNS, "ship_street"))


def order_of(rows: Sequence[OrderRow], because: str) -> tuple[Order, tuple[Reason, ...]]:
    """The order that the rows describe, and every mistake in them; with a mistake the order must not be used.

    Its shipper is the seller until the relationships have been looked at.
    """
    cells = Cells(rows)
    seller, merchant = cells.own("seller"), cells.own("merchant")
    if not seller[0] and not merchant[0]:
        cells.fault("missing_value", seller[1], "seller")
    order = Order(
        number=rows[0].fields.get("order_id", "").strip(),
        seller=PartnerId(seller[0]) if seller[0] else None,
        merchant=PartnerId(merchant[0]) if merchant[0] else None,
        fulfiller=PartnerId(cells.own("fulfiller")[0]) or None,
        warehouse=cells.own("warehouse")[0] or None,
        shipper=PartnerId(seller[0]),
        market=_market(cells),
        currency=cells.matching("currency", _CURRENCY, "bad_currency"),
        placed_at=cells.moment("placed_at", needed=True) or _NEVER,
        paid_at=cells.moment("paid_at"),
        paid_amount=cells.own_amount("paid_amount"),
        shipping_price=cells.own_amount("shipping_price") or Decimal("0.00"),
        buyer=Buyer(
            name=cells.needed("buyer_name"),
            email=cells.matching("buyer_email", EMAIL, "bad_address"),
            phone=cells.own("buyer_phone")[0],
        ),
        address=_address(cells),
        lines=_lines(cells),
        because=because,
    )
    return order, tuple(cells.mistakes)
