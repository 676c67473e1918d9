"""XML that is too long to be held at once: read as many short documents, each with the same head and some records.

A record is the outermost element on the way to a row that stands there again and again: an item, or an order with
its lines.
"""

from itertools import islice
from typing import BinaryIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.finding import Doubt, Evidence, Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.tables import underway
from daemon.reading.tables.delimited import RawRow, place_in, position_of
from daemon.reading.tables.field_findings import order_of
from daemon.reading.tables.layout import Layout, drop_of, formats_for
from daemon.reading.tables.portion import MOST_ROWS_OF_ONE_ORDER, unreadable
from daemon.reading.tables.tree_outline import Outline, outline_of
from daemon.reading.tables.tree_paths import headings_of, layout_of, reading_of
from daemon.reading.tables.tree_records import records_of
from daemon.reading.tables.tree_walk import TreeError
from daemon.rules.rulebook import Rulebook

ROWS = 1000

_SAMPLE = 20


class LongTree(Value, frozen=True, kw_only=True):
    """How a long document is read, from its beginning alone."""

    outline: Outline
    layout: Layout


def read_long_tree(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """One portion of a long document. One that cannot be taken apart into records is too large."""
    tree = underway.recall(arrival, rulebook, LongTree)
    if tree is None:
        try:
            tree = _opened(arrival, source, context, rulebook)
        except TreeError as error:
            return _refused(arrival.name, str(error))
        underway.remember(arrival, rulebook, tree)
    return _portion(arrival, source, tree, rulebook)


def _opened(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> LongTree:
    outline = outline_of(source, formats_for(drop_of(arrival, context), "xml", rulebook))
    sample = [row for record in islice(records_of(source, outline, len(outline.head)), _SAMPLE) for row in record.rows]
    headings, zone = headings_of(outline.format, sample), context.timezone
    return LongTree(outline=outline, layout=layout_of(outline.format, headings, zone))


def _portion(arrival: Arrival, source: BinaryIO, tree: LongTree, rulebook: Rulebook) -> Reading:
    """As many records as fit, never parting the rows of one order. Where reading cannot go on, what was read counts."""
    before, offset = place_in(arrival.position)
    rows: list[RawRow] = []
    following: int | None = None
    doubts: tuple[Doubt, ...] = ()
    last = ""
    try:
        for count, record in enumerate(records_of(source, tree.outline, offset or len(tree.outline.head))):
            found = [RawRow(number=before + at, cells=row.cells) for at, row in enumerate(record.rows, len(rows) + 1)]
            orders = [order for row in found if (order := order_of(row, tree.layout))]
            if _is_full(max(count, len(rows)), goes_on=not orders or orders[0] == last):
                following = position_of(before + len(rows), record.offset)
                break
            rows += found
            last = orders[-1] if orders else last
    except TreeError as error:
        doubts = (_broken(str(error), arrival.name, before + len(rows)),)
    if not rows and not arrival.position:
        return _refused(arrival.name, doubts[0].code if doubts else "no_rows")
    reading = reading_of(arrival, tree.outline.record[0], tree.layout, rows, rulebook)
    return replace(reading, findings=(*reading.findings, *doubts), next_position=following)


def _refused(name: str, code: str) -> Reading:
    return unreadable(name, code, **({"limit": "10 MiB"} if code == "file_too_large" else {}))


def _is_full(taken: int, *, goes_on: bool) -> bool:
    return taken >= ROWS + MOST_ROWS_OF_ONE_ORDER or (taken >= ROWS and not goes_on)


def _broken(code: str, name: str, rows: int) -> Doubt:
    return Doubt(code=code, value=name, evidence=Evidence(where=f"behind item {rows}", text=""))
