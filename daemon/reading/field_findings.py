"""What the row of a table or tree claims, field by field."""

import re
from collections.abc import Mapping, Sequence

from daemon.domain.finding import Doubt, Finding, InquiryRow, OrderRow, Said, Statement, Trouble
from daemon.domain.problem import ProblemKind
from daemon.reading import cells as cell
from daemon.reading.delimited import RawRow
from daemon.reading.device_findings import devices_of
from daemon.reading.layout import Layout
from daemon.reading.parcel_findings import ParcelReader
from daemon.reading.row_cells import Cell, RowCells, identifier_doubt
from daemon.rules.rulebook import Rulebook

_ERASABLE = frozenset({"tracking", "imei", "imei2", "carrier", "shipped_on", "quantity", "url"})
_PROBLEMS = {str(kind): kind for kind in ProblemKind}
_ORDER_IDENTIFIERS = ("order_id", "line_id", "sku", "hs_code")


def row_findings(
    row: RawRow, layout: Layout, rulebook: Rulebook, *, serials: bool = False, word: str = "row"
) -> list[Finding]:
    """Every claim of one row; a row that cannot be believed as a whole gives one doubt and nothing else."""
    cells = RowCells(row, layout, word)
    if row.code:
        return [cells.whole(row.code)]
    if cell.unprintable("".join(row.cells)):
        return [cells.whole("wrong_encoding")]
    match layout.format.gives:
        case "orders":
            return _order(cells)
        case "inquiries":
            return [_inquiry(cells)]
        case "stock":
            return []
        case "dispatch":
            return _dispatch(cells, rulebook, serials=serials)


def order_of(row: RawRow, layout: Layout) -> str:
    """The order number that a row names, as written; empty where it names none."""
    places = layout.places.get("order") or layout.places.get("order_id", ())
    texts = (cell.cleaned(row.cells[place]) for place in places if place < len(row.cells))
    return next((text for text in texts if not cell.says_nothing(text)), "")


def _order(cells: RowCells) -> list[Finding]:
    fields = {field: cells.raw(field) for field in cells.layout.places}
    order, line = fields.get("order_id") or None, fields.get("line_id") or None
    named = [found for field in _ORDER_IDENTIFIERS if (found := cells.first(field))]
    doubts = [doubt for one in named if (doubt := identifier_doubt(one, order, line))]
    if doubts:
        return [*doubts]
    evidence = cells.evidence("", " | ".join(cells.row.cells))
    return [OrderRow(fields=fields, order=order, line=line, evidence=evidence)]


def _inquiry(cells: RowCells) -> InquiryRow:
    evidence = cells.evidence("", " | ".join(cells.row.cells))
    fulfiller, warehouse, text = (cells.raw(field) for field in ("fulfiller", "warehouse", "text"))
    return InquiryRow(fulfiller=fulfiller, warehouse=warehouse, text=text, evidence=evidence)


def _dispatch(cells: RowCells, rulebook: Rulebook, *, serials: bool) -> list[Finding]:
    named = cells.first("order")
    line = cells.first("line") or cells.first("sku")
    if named is None:
        claims = any(cells.all(field) for field in ("tracking", "imei", "problem"))
        return [cells.whole("no_order_named")] if claims else []
    order, line_text = named.text, line.text if line else None
    wrong = [identifier_doubt(one, order, line_text) for one in (named, line) if one]
    wrong += [_erased(one, order, line_text) for one in cells.erasing(_ERASABLE)]
    shipped_on, amount = cells.first("shipped_on"), cells.first("quantity")
    day = cell.day(shipped_on.text, serials=serials) if shipped_on else None
    quantity = cell.quantity(amount.text) if amount else None
    if shipped_on and not day:
        wrong.append(_not_read("bad_date", shipped_on, order, line_text))
    if amount and not quantity:
        wrong.append(_not_read("bad_quantity", amount, order, line_text))
    if doubts := [doubt for doubt in wrong if doubt]:
        return [*doubts]
    return [
        *ParcelReader(cells, rulebook, order, line_text).read(day, quantity),
        *devices_of(cells, order, line_text, quantity),
        *_statuses(cells, order, line_text, serials=serials),
    ]


def _erased(one: Cell, order: str, line: str | None) -> Doubt:
    return _not_read("erasing_value", one, order, line)


def _not_read(code: str, one: Cell, order: str, line: str | None) -> Doubt:
    values = {"column": one.column, "value": one.text}
    return Doubt(
        code=code,
        value=one.text,
        values=values,
        order=order,
        line=line,
        evidence=one.evidence,
    )


def _statuses(cells: RowCells, order: str, line: str | None, *, serials: bool) -> list[Finding]:
    """What status and problem cells say. A carrier's own status beside a number is no business of ours."""
    found: list[Finding] = []
    traced = bool(cells.all("tracking") or cells.all("imei"))
    until = cells.first("until")
    day = cell.day(until.text, serials=serials) if until else None
    rule = cells.layout.format.name
    for field in ("problem", "status"):
        for one in cells.all(field):
            meaning = meaning_of(one.text, cells.layout.format.statuses)
            if meaning is None:
                if field == "problem" or not traced:
                    found.append(_not_read("unknown_status", one, order, line))
            elif meaning in _PROBLEMS:
                kind = _PROBLEMS[meaning]
                found.append(Trouble(problem=kind, until=day, rule=rule, order=order, line=line, evidence=one.evidence))
                if until and not day:
                    found.append(_not_read("bad_date", until, order, line))
            elif meaning == Statement.ACCEPTED or (meaning == Statement.SHIPPED and not traced):
                said = Statement(meaning)
                found.append(Said(statement=said, rule=rule, order=order, line=line, evidence=one.evidence))
    return found


def meaning_of(text: str, statuses: Mapping[str, Sequence[str]]) -> str | None:
    """The meaning whose longest phrase stands in the text as whole words; None when no phrase does."""
    folded = " ".join(text.casefold().split())
    phrases = [(len(phrase), meaning, phrase.casefold()) for meaning, several in statuses.items() for phrase in several]
    for _, meaning, phrase in sorted(phrases, key=lambda one: -one[0]):
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", folded):
            return meaning
    return None
