"""What the row of a table or tree claims, field by field."""

import re
from datetime import date

from daemon.domain.finding import (
    ArticleRow,
    Doubt,
    Finding,
    InquiryRow,
    ReturnRow,
    Said,
    Statement,
    StockRow,
    Trouble,
)
from daemon.domain.goods_return import ReturnState
from daemon.domain.problem import ProblemKind
from daemon.reading.dates import day_in_cell
from daemon.reading.tables import cells as cell
from daemon.reading.tables.column import Cell
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.device_findings import DEVICES, devices_of
from daemon.reading.tables.headings import is_of_delivery
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.meanings import GONE, hedged, is_no, is_yes, meaning_of, says_only_that_it_stays
from daemon.reading.tables.order_findings import order_findings
from daemon.reading.tables.parcel_findings import PARCELS, ParcelReader, article_of
from daemon.reading.tables.row_cells import RowCells
from daemon.reading.tables.row_doubts import COUNTED, NUMBERED, kept_back, not_read, other_pieces
from daemon.rules.conditions import judge
from daemon.rules.formats import MOVING, NOT_LEFT, NOT_YET, OPEN, Format
from daemon.rules.rulebook import Rulebook

_ERASABLE = frozenset({"tracking", "imei", "imei2", "carrier", "shipped_on", "quantity", "url"})
_FREE_TEXT = frozenset({"orders", "inquiries"})
_PROBLEMS = {str(kind): kind for kind in ProblemKind}
_STATUSES = frozenset({"problem", "accepted", "status", "remark"})
_TRACED = frozenset({"tracking", "url", "imei"})
_AN_AMOUNT = re.compile("[1-9]")
_NUMBERS = frozenset({"tracking"})
_TOLD_OF_LEAVING = NUMBERED | _STATUSES
_NO_NEWS = frozenset({"nothing", NOT_YET, OPEN, MOVING})
_HAPPENED = GONE | {Statement.ACCEPTED.value}
_UNSETTLED = frozenset({None, NOT_LEFT, Statement.PARTIAL.value})
_LEVELS = frozenset({"stock", "reserved", "blocked", "announced"})
_LEVEL = re.compile(r"(?P<whole>[+-]?[0-9]{1,7})(?:[.,]0+)?")
_FEW_WORDS = 3
_A_NOTE = 200


def row_findings(
    row: RawRow, layout: Layout, rulebook: Rulebook, *, serials: bool = False, word: str = "row"
) -> list[Finding]:
    """Every claim of one row; a row that cannot be believed as a whole gives one doubt and nothing else."""
    cells = RowCells(row, layout, word)
    if row.code:
        return [cells.whole(row.code)]
    text = cells.joined
    if cell.unprintable(text) or (layout.format.gives in _FREE_TEXT and cell.wrongly_encoded(text)):
        return [cells.whole("wrong_encoding")]
    match layout.format.gives:
        case "orders":
            return order_findings(cells)
        case "inquiries":
            return [_inquiry(cells)]
        case "stock":
            return _stock(cells)
        case "articles":
            return _article(cells)
        case "returns":
            return _returned(cells, serials=serials)
        case "dispatch":
            return _dispatch(cells, rulebook, serials=serials)


def order_of(row: RawRow, layout: Layout) -> str:
    """The order number that a row names, as written; empty where it names none."""
    cells = row.cells
    for place, column in layout.order_columns:
        if place < len(cells) and (one := column[cells[place]]):
            return one.text
    return ""


def others_of(row: RawRow, layout: Layout) -> list[str]:
    """What stands in the columns that could hold the order number as well."""
    cells, columns = row.cells, layout.by_field.get("order_also", ())
    return [one.text for place, column in columns if place < len(cells) and (one := column[cells[place]])]


def _inquiry(cells: RowCells) -> InquiryRow:
    evidence = cells.evidence("", " | ".join(cells.row.cells))
    fulfiller, warehouse, text = (cells.raw(field) for field in ("fulfiller", "warehouse", "text"))
    return InquiryRow(fulfiller=fulfiller, warehouse=warehouse, text=text, evidence=evidence)


def _stock(cells: RowCells) -> list[Finding]:
    """What is free to be sold; a blank says nothing, and half a unit cannot be sold."""
    sku, level = cells.text("sku"), cells.text("stock")
    if not sku or not level:
        return []
    counted: dict[str, int] = {}
    for field in _LEVELS & cells.layout.fields:
        text = cells.text(field)
        amount = _LEVEL.fullmatch(text.replace(" ", "")) if text else None
        if text and amount is None:
            return [not_read(cells, "bad_quantity", cells.all(field)[0], None, None)]
        counted[field] = max(0, int(amount["whole"])) if amount else 0
    evidence = cells.evidence("stock", level)
    row = StockRow(
        sku=sku,
        level=counted["stock"],
        merchant=cells.text("merchant"),
        warehouse=cells.text("warehouse"),
        reserved=counted.get("reserved", 0),
        blocked=counted.get("blocked", 0),
        announced=counted.get("announced", 0),
        evidence=evidence,
    )
    return [row]


def _article(cells: RowCells) -> list[Finding]:
    sku = cells.first("sku")
    if sku is None:
        return []
    if doubt := cells.identifier_doubt(sku):
        return [doubt]
    fields = {field: cells.raw(field) for field in cells.layout.places} | {"sku": sku.text}
    return [ArticleRow(fields=fields, evidence=cells.evidence("", " | ".join(cells.row.cells)))]


def _returned(cells: RowCells, *, serials: bool) -> list[Finding]:
    """Goods that came back: what, of which order as far as it is named, and where they stand if not just arrived."""
    named, sku = cells.first("order"), cells.first("sku")
    if sku is None:
        return [cells.whole("no_goods_named")] if any(one.strip() for one in cells.row.cells) else []
    order = named.text if named else None
    if "returned_on" in cells.layout.format.needs and cells.first("returned_on") is None:
        return [cells.whole("no_return_day")]
    day, amount, status = cells.first("returned_on"), cells.first("quantity"), cells.first("status")
    returned_on = _day(cells, day, serials=serials)
    quantity = cell.quantity(amount.text) if amount else 1
    # Here a word beside the status ("not", "half") would be another status.
    states = dict(cells.layout.format.phrases)
    state = states.get(" ".join(status.text.casefold().split())) if status else ReturnState.ARRIVED
    wrong = [cells.identifier_doubt(one, order, sku.text) for one in (named, sku) if one]
    if day and not returned_on:
        wrong.append(not_read(cells, "bad_date", day, order, sku.text))
    if amount and not quantity:
        wrong.append(not_read(cells, "bad_quantity", amount, order, sku.text))
    if status and not state:
        wrong.append(not_read(cells, "unknown_status", status, order, sku.text))
    if doubts := [doubt for doubt in wrong if doubt]:
        return [*doubts]
    row = ReturnRow(
        order=order,
        line=sku.text,
        number=cells.raw("return_number"),
        state=state or ReturnState.ARRIVED,
        quantity=quantity,
        returned_on=returned_on,
        condition=cells.raw("condition"),
        reason=cells.raw("reason"),
        evidence=cells.evidence("", " | ".join(cells.row.cells)),
    )
    paid = (one for one in cells.all("duties") if _AN_AMOUNT.search(one.text))
    return [row, *(not_read(cells, "duties_on_return", one, order, sku.text) for one in paid)]


def _dispatch(cells: RowCells, rulebook: Rulebook, *, serials: bool) -> list[Finding]:
    named = cells.first("order")
    line = cells.first("line") or cells.first("sku")
    if named is None:
        claims = any(cells.all(field) for field in ("tracking", "imei", "problem"))
        return [cells.whole("no_order_named")] if claims else []
    order, line_text = named.text, line.text if line else None
    wrong = [cells.identifier_doubt(one, order, line_text) for one in (named, line) if one and one.code]
    shipped_on, amount = cells.first("shipped_on"), cells.first("quantity")
    day = _day_of_leaving(cells, shipped_on, serials=serials)
    quantity = cell.quantity(amount.text) if amount else None
    if shipped_on and not day and not _just_says_so(shipped_on.text, cells.layout.format) and not _waits(cells):
        wrong.append(not_read(cells, "bad_date", shipped_on, order, line_text))
    if amount and not quantity and _is_odd(cells, amount):
        wrong.append(not_read(cells, "bad_quantity", amount, order, line_text))
    wrong += other_pieces(cells, order, line_text) if cells.says(COUNTED) else ()
    wrong += kept_back(cells, order, line_text, rulebook)
    # What is offered instead is for a person to say yes to.
    wrong += [not_read(cells, "unknown_status", one, order, line_text) for one in cells.all("substitute")]
    if doubts := [doubt for doubt in wrong if doubt]:
        return [*doubts]
    found = _named(cells, rulebook, order, line_text, day, quantity)
    if cells.says(_STATUSES):
        found += _statuses(cells, order, line_text, quantity, rulebook, serials=serials)
    if shipped_on and not cells.says(_TOLD_OF_LEAVING):
        found += _left_on(cells, day, shipped_on, order, line_text)
    return found + [_erased(cells, field, one, order, line_text) for field, one in cells.erasing(_ERASABLE)]


def _named(
    cells: RowCells, rulebook: Rulebook, order: str, line: str | None, day: date | None, quantity: int | None
) -> list[Finding]:
    """The parcels and the devices of a row."""
    found: list[Finding] = []
    if cells.says(PARCELS):
        found += ParcelReader(cells, rulebook, order, line).read(day, quantity)
    if cells.says(DEVICES):
        article = article_of(cells, rulebook) if line is None else ""
        found += devices_of(cells, order, line, quantity, article)
    return found


def _day_of_leaving(cells: RowCells, shipped_on: Cell | None, *, serials: bool) -> date | None:
    """The day that a row names for its dispatch, or else the one on which it was handed over."""
    if shipped_on is None:
        handed = (_day(cells, one, serials=serials) for one in cells.all("handed"))
        return next(filter(None, handed), None)
    return _day(cells, shipped_on, serials=serials) or cell.counted_day(shipped_on.text, cells.layout.zone)


def _left_on(cells: RowCells, day: date | None, one: Cell, order: str, line: str | None) -> list[Said]:
    """That something has left, and perhaps on which day, in a row that names no number and says nothing else."""
    today = cells.layout.today
    past = day is not None and today is not None and day <= today
    if cells.erasing(_NUMBERS) or not (past or _just_says_so(one.text, cells.layout.format)):
        return []
    return [_statement(cells, Statement.SHIPPED, one, order, line, None, serials=False)]


def _day(cells: RowCells, one: Cell | None, *, serials: bool) -> date | None:
    """The day that a cell names, where its sender is."""
    layout = cells.layout
    if one is None:
        return None
    day = cell.day_there(one.text, layout.zone, serials=serials, day_first=layout.day_first)
    return day or (day_in_cell(one.text, layout.today, day_first=layout.day_first) if layout.today else None)


def _is_odd(cells: RowCells, amount: Cell) -> bool:
    """Whether a cell for pieces that tells none is neither a part of several nor a zero that says nothing."""
    if cells.says(NUMBERED) and cell.part_in(amount.text):
        return False
    return amount.text != "0" or _says_pieces(cells)


def _says_pieces(cells: RowCells) -> bool:
    """Whether a row says something of pieces, so that none of them cannot be meant."""
    known = cells.layout.format
    confirmed = cells.text("accepted") not in {"", "0"}
    return (
        confirmed
        or cells.says(NUMBERED)
        or any(meaning_of(one.text, known) in _HAPPENED for one in cells.all("status"))
    )


def _just_says_so(text: str, known: Format) -> bool:
    """Whether a cell where a day might stand says no more than that it has left."""
    return is_yes(text, known) or meaning_of(text, known) == Statement.SHIPPED


def _waits(cells: RowCells) -> bool:
    """Whether a cell where a day might stand says no, in a row without any number that this could be about."""
    return is_no(cells.text("shipped_on"), cells.layout.format) and not cells.says(NUMBERED)


def _erased(cells: RowCells, field: str, one: Cell, order: str, line: str | None) -> Doubt:
    return cells.doubt(one, "erasing_value", order, line, value=one.text, field=field)


def _statuses(
    cells: RowCells, order: str, line: str | None, quantity: int | None, rulebook: Rulebook, *, serials: bool
) -> list[Finding]:
    """What status and problem cells say. A carrier's own status beside a number is no business of ours."""
    found: list[Finding] = []
    traced, known = cells.says(_TRACED), cells.layout.format
    # Why something was canceled is no trouble that a buyer waits for.
    given_up = any(meaning_of(one.text, known) == NOT_LEFT for one in cells.all("status"))
    if not traced and (one := cells.first("accepted")) and not (one.text == "0" and _tells_trouble(cells)):
        found.append(_confirmed(cells, one, order, line, quantity, serials=serials))
    for field in ("problem", "status", "remark"):
        for one in cells.all(field):
            meaning = meaning_of(one.text, known)
            if field == "remark" and (meaning is None or meaning not in _PROBLEMS):
                # A remark is free text: it may tell of trouble, but accepts nothing, and is no puzzle beside a number.
                # What a document of a program's own says besides was heard before.
                puzzling = known.words and not (traced or cells.all("serial"))
                if puzzling and not _says_no_more(cells, one, rulebook):
                    found.append(not_read(cells, "unknown_status", one, order, line))
            elif meaning in _UNSETTLED or (given_up and meaning in _PROBLEMS):
                if field == "problem" or not traced:
                    found.append(not_read(cells, "unknown_status", one, order, line))
            elif meaning in _PROBLEMS:
                found += _trouble(cells, _PROBLEMS[meaning], one, order, line, serials=serials)
            elif meaning == Statement.ACCEPTED or (meaning in GONE and not traced):
                said = Statement.ACCEPTED if meaning == Statement.ACCEPTED else Statement.SHIPPED
                found.append(_statement(cells, said, one, order, line, quantity, serials=serials))
    return found


def _says_no_more(cells: RowCells, remark: Cell, rulebook: Rulebook) -> bool:
    """Whether a remark in a row without a number tells a person no more than the rest of the row does."""
    known = cells.layout.format
    meaning = meaning_of(remark.text, known)
    if meaning in _NO_NEWS:
        return not hedged(remark.text, known) or says_only_that_it_stays(remark.text, known, opened=True)
    if meaning is None and _tells_trouble(cells):
        return True
    if len(remark.text) > _A_NOTE:
        return False
    hits, _ = judge(remark.text, "order", rulebook)
    said = {hit.action.say for hit in hits}
    leaves = Statement.WILL_SHIP in said and len(remark.text.split()) <= _FEW_WORDS
    accepted = any(meaning_of(one.text, known) == Statement.ACCEPTED for one in cells.all("status"))
    return said == {Statement.NOTHING} or (leaves and accepted)


def _tells_trouble(cells: RowCells) -> bool:
    """Whether a row tells of trouble in known words."""
    told = (*cells.all("problem"), *cells.all("status"))
    return any(meaning_of(one.text, cells.layout.format) in _PROBLEMS for one in told)


def _trouble(
    cells: RowCells, kind: ProblemKind, one: Cell, order: str, line: str | None, *, serials: bool
) -> list[Finding]:
    """A problem, with the day until which it lasts where one stands beside it."""
    until = cells.first("until")
    day = _day(cells, until, serials=serials)
    rule = cells.layout.format.name
    found = Trouble(problem=kind, until=day, rule=rule, order=order, line=line, evidence=cells.evidence_of(one))
    return [found, not_read(cells, "bad_date", until, order, line)] if until and not day else [found]


def _confirmed(
    cells: RowCells, one: Cell, order: str, line: str | None, quantity: int | None, *, serials: bool
) -> Said | Doubt:
    """What stands below "confirmed": a yes, the word again, or all the pieces; a day or fewer may be a change."""
    known = cells.layout.format
    ordered = cell.quantity(cells.text("ordered"))
    if (
        is_yes(one.text, known)
        or meaning_of(one.text, known) == Statement.ACCEPTED
        or (ordered and cell.quantity(one.text) == ordered)
    ):
        return _statement(cells, Statement.ACCEPTED, one, order, line, quantity, serials=serials)
    return not_read(cells, "unknown_status", one, order, line)


def _statement(
    cells: RowCells,
    statement: Statement,
    one: Cell,
    order: str,
    line: str | None,
    quantity: int | None,
    *,
    serials: bool,
) -> Said:
    """What a cell says, with the days on which something will leave or arrive where they stand beside a yes."""
    days = cells.all("until") if statement is Statement.ACCEPTED else ()
    known = cells.layout.format
    leaving = [day for day in days if not is_of_delivery(day.column, known)]
    arriving = [*cells.all("arrives"), *(day for day in days if is_of_delivery(day.column, known))]
    return Said(
        statement=statement,
        rule=known.name,
        until=_day(cells, leaving[0], serials=serials) if leaving else None,
        arrives=_day(cells, arriving[0], serials=serials) if arriving else None,
        order=order,
        line=line,
        quantity=quantity,
        evidence=cells.evidence_of(one),
    )
