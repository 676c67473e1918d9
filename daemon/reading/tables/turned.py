"""A sheet with a field in each row, "Bestellnummer | A-1001": it is read as the table that it is when turned."""

from collections.abc import Sequence
from itertools import takewhile, zip_longest

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.field_findings import order_of
from daemon.reading.tables.layout import Layout, NoLayout, is_about_returns
from daemon.reading.tables.portion import portion
from daemon.reading.tables.stacked import stacked
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_MOST_FIELDS = 60
_MOST_RECORDS = 100
_FEWEST_FIELDS = 3


def read_turned(
    document: Sheet,
    rows: Sequence[RawRow],
    formats: Sequence[Format],
    arrival: Arrival,
    context: Context,
    rulebook: Rulebook,
) -> Reading | None:
    """What the records in the columns of a sheet claim; None where it is no such sheet, or tells of no dispatches."""
    return read_made(document, _turned(rows), formats, arrival, context, rulebook)


def read_made(
    document: Sheet,
    table: Sequence[RawRow],
    formats: Sequence[Format],
    arrival: Arrival,
    context: Context,
    rulebook: Rulebook,
) -> Reading | None:
    """What a table claims that was made of fields standing each by itself; None where it tells of no dispatches."""
    found = stacked(table, formats, arrival, context, rulebook) if table else ()
    if isinstance(found, NoLayout) or len(found) != 1 or found[0].layout.format.gives != "dispatch":
        return None
    layout = found[0].layout
    if is_about_returns(layout, arrival.name):
        return None
    records = [row for row in table if row.number > layout.header.number]
    if not all(_filled(row) * 2 >= len(layout.columns) and _is_numbered(row, layout) for row in records):
        return None
    told = replace(document, format=layout.format.name, columns=layout.columns)
    return portion(told, layout, records, rulebook, len(records), begins=True)


def _turned(rows: Sequence[RawRow]) -> list[RawRow]:
    """The rows of a short sheet turned, its titles above them; none where it has no field in each row.

    A line of words between the fields or below them may say anything about them, and a field that stands there twice
    begins another record: such a sheet is read by a person.
    """
    filled = [row for row in rows if any(map(str.strip, row.cells))]
    titles = list(takewhile(lambda row: _filled(row) == 1 and not row.code, filled))
    fields = filled[len(titles) :]
    names = [row.cells[0].strip().casefold().rstrip(": ") for row in fields]
    if not (
        _FEWEST_FIELDS <= len(fields) <= _MOST_FIELDS
        and all(names)
        and len(set(names)) == len(names)
        and all(len(row.cells) <= _MOST_RECORDS and not (row.code or row.damaged or row.comment) for row in fields)
        and all(_filled(row) > 1 for row in fields)
    ):
        return []
    records = zip_longest(*(row.cells for row in fields), fillvalue="")
    told = [RawRow(number=0, cells=cells) for cells in records if any(map(str.strip, cells))]
    return [replace(row, number=number) for number, row in enumerate((*titles, *told), 1)]


def _is_numbered(row: RawRow, layout: Layout) -> bool:
    """Whether a column is a record, and no remarks beside one."""
    return any(map(str.isdigit, order_of(row, layout)))


def _filled(row: RawRow) -> int:
    return sum(map(bool, map(str.strip, row.cells)))
