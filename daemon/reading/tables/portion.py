"""As many rows of a table as fit into one portion, never parting the rows of one order, and what they claim."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from daemon.domain.document import Sheet, Unreadable
from daemon.domain.finding import Doubt, Evidence, Finding, Reading, Row
from daemon.reading.tables.alignment import filled_up
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.device_rows import one_device_each
from daemon.reading.tables.field_findings import order_of, others_of, row_findings
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.row_kinds import RowKind, kind_of
from daemon.reading.tables.warnings import with_shops, with_ticks
from daemon.rules.rulebook import Rulebook

MOST_ROWS_OF_ONE_ORDER = 5_000

_EXCERPT = 300
_RULED = " \t\u00a0-=_+"
_FREE_TEXT = frozenset({"orders", "inquiries"})


def unreadable(name: str, code: str, draft: str = "", **values: str) -> Reading:
    """A reading of something of which nothing can be read, and why."""
    evidence = Evidence(where=name, text="")
    return Reading(
        documents=(Unreadable(name=name, code=code, values=values, draft=draft),),
        findings=(Doubt(code=code, value=name, values=values, evidence=evidence),),
    )


def portion(
    document: Sheet,
    layout: Layout,
    rows: Iterable[RawRow],
    rulebook: Rulebook,
    most: int,
    *,
    serials: bool = False,
    word: str = "row",
    blanks: bool = True,
) -> Reading:
    """The findings of as many rows as fit, to the end of the order that the last of them belongs to.

    `blanks`: what stands nowhere in a row is left blank there, where other rows fill it in.
    """
    taken, following = _fitting(_filled(rows), layout, most)
    if layout.format.words and layout.format.gives == "dispatch":
        places = with_ticks(layout.places, taken) if blanks else layout.places
        layout = replace(layout, places=with_shops(places, taken, layout.speaker))
    findings: list[Finding] = []
    also: dict[str, tuple[str, ...]] = {}
    for row in taken:
        order = order_of(row, layout)
        kind = kind_of(row, layout)
        if kind is RowKind.DATA:
            if order and (others := others_of(row, layout)):
                also[order] = tuple(dict.fromkeys((*also.get(order, ()), *others)))
            findings += row_findings(_judged(row, layout, rulebook), layout, rulebook, serials=serials, word=word)
        elif kind is RowKind.OTHER_HEADER:
            findings += row_findings(replace(row, code="another_table"), layout, rulebook, word=word)
    return Reading(
        documents=(document,),
        findings=tuple(one_device_each(findings)),
        orders=tuple(dict.fromkeys(one.order for one in findings if one.order)),
        also=also,
        numbered="numbered" in layout.places,
        columns=layout.columns,
        rows=tuple(Row(number=row.number, cells=row.cells) for row in taken),
        next_position=following,
        excerpt="\n".join(" | ".join(row.cells) for row in taken[:2])[:_EXCERPT],
    )


def _fitting(rows: Iterable[RawRow], layout: Layout, most: int) -> tuple[list[RawRow], int | None]:
    """The rows of a portion, to the header of another table, and the place of the row behind them."""
    taken: list[RawRow] = []
    last = ""
    for row in rows:
        order = order_of(row, layout)
        if len(taken) >= most and ((order and order != last) or len(taken) >= most + MOST_ROWS_OF_ONE_ORDER):
            return taken, row.position
        taken.append(row)
        last = order or last
        if kind_of(row, layout) is RowKind.OTHER_HEADER:
            break
    return taken, None


def _judged(row: RawRow, layout: Layout, rulebook: Rulebook) -> RawRow:
    """Letters that could be others are no harm where only numbers are read, nor is a blank end that was cut off."""
    if row.code == "ragged_row":
        return filled_up(row, layout, rulebook)
    if row.unclear and not row.code and layout.format.gives in _FREE_TEXT:
        return replace(row, code="encoding_unclear")
    return row


def _filled(rows: Iterable[RawRow]) -> Iterator[RawRow]:
    """The rows in which anything stands at all, be it no more than a ruled line."""
    return (row for row in rows if row.cells and (row.cells[0].strip(_RULED) or "".join(row.cells).strip(_RULED)))
