"""Tables that stand one below the other in one sheet: where each begins, and what its columns are."""

from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.tables.cells import cleaned, day
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import field_of, is_apart
from daemon.reading.tables.layout import Layout, NoLayout, layout_of
from daemon.reading.tables.notes import is_quiet, words_of
from daemon.reading.tables.row_kinds import RowKind, kind_of
from daemon.reading.tables.titles import of_sender
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

ROWS_ABOVE_HEADER = 30
ROWS_LOOKED_AT = 1000
"""Among so many rows the further tables of a sheet begin; what is stacked is made by hand, and short."""

_TABLES_AT_MOST = 20
_A_LONG_NUMBER = 8
_THINGS = frozenset({"order", "line", "sku", "article", "tracking", "imei", "imei2", "serial"})


class Stacked(Value, frozen=True, kw_only=True):
    """One table; `begin` is its header, or the first line of what stands above it."""

    begin: RawRow
    layout: Layout


def stacked(
    rows: Sequence[RawRow],
    formats: Sequence[Format],
    arrival: Arrival,
    context: Context,
    rulebook: Rulebook,
    *,
    widened: bool = False,
    known: Layout | None = None,
) -> list[Stacked] | NoLayout:
    """The tables that begin among the first rows of a sheet, or what the only one lacks.

    `widened`: rows end with their last filled cell, so that columns of numbers may lie beyond the last heading.
    `known` is what was worked out already about the first rows.
    """

    def ready(some: Sequence[RawRow]) -> Layout | NoLayout:
        first = some[:ROWS_ABOVE_HEADER]
        found = layout_of(first, formats, rulebook)
        if isinstance(found, Layout) and widened and (wider := _with_unnamed(first, found)):
            again = layout_of(wider, formats, rulebook)
            found = again if isinstance(again, Layout) else found
        return of_sender(found, arrival, context, rulebook) if isinstance(found, Layout) else found

    layout = of_sender(known, arrival, context, rulebook) if known else ready(rows)
    if isinstance(layout, NoLayout):
        return layout
    found: list[Stacked] = []
    while isinstance(layout, Layout) and len(found) < _TABLES_AT_MOST:
        following = _next_table(rows, layout, formats, rulebook)
        if following < ROWS_ABOVE_HEADER:
            # What the cells tell of the columns, only those of this table do.
            again = ready(rows[:following])
            layout = again if isinstance(again, Layout) else layout
        found.append(Stacked(begin=rows[0], layout=layout))
        rows = rows[following:]
        layout = ready(rows)
    return found


def _next_table(rows: Sequence[RawRow], layout: Layout, formats: Sequence[Format], rulebook: Rulebook) -> int:
    """The place of the next table with other columns that are understood; the end of the rows where there is none.

    What follows a line of words that nobody understands is no table: it belongs to what is given back unread.
    """
    begin: int | None = None
    for place, row in enumerate(rows):
        if row.number <= layout.header.number or not any(map(str.strip, row.cells)):
            continue
        if said := words_of(row, layout) or _day_in(row):
            if not (_names_things(said, layout) or is_quiet(said, layout, rulebook)):
                break
            begin = place if begin is None else begin
        elif kind_of(row, layout) is RowKind.OTHER_HEADER:
            below = layout_of(rows[place : place + ROWS_ABOVE_HEADER], formats, rulebook)
            known = isinstance(below, Layout) and below.header.number == row.number
            return (place if begin is None else begin) if known else len(rows)
        else:
            begin = None
    return len(rows)


def _with_unnamed(rows: Sequence[RawRow], layout: Layout) -> list[RawRow]:
    """The rows with blank headings for the columns of long numbers beyond the last one; empty where there are none."""
    header, width = layout.header, len(layout.header.cells)
    below = [row for row in rows if row.number > header.number]
    wide = max((place + 1 for row in below for place, text in enumerate(row.cells) if _is_long(text)), default=0)
    if layout.is_data or wide <= width:
        return []
    blank = [""] * (wide - width)
    return [replace(row, cells=(*row.cells, *blank)) if row.number == header.number else row for row in rows]


def _is_long(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= _A_LONG_NUMBER


def _day_in(row: RawRow) -> str:
    """The day that is all that stands in a row."""
    told = list(filter(None, map(cleaned, row.cells)))
    return told[0] if len(told) == 1 and day(told[0], day_first=True) else ""


def _names_things(said: str, layout: Layout) -> bool:
    """Whether a line only says what stands below it: "IMEI-Nummern", "Geräte"."""
    return field_of(said, layout.format) in _THINGS or (" " not in said and is_apart(said, layout.format))
