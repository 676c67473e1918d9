"""Several tables in one file, the sheets of a workbook or those of a web page: each with a header of ours is read."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile
from typing import BinaryIO, Protocol

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet
from daemon.domain.finding import Doubt, Evidence, Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables import underway
from daemon.reading.tables.delimited import RawRow, parted
from daemon.reading.tables.layout import Layout, NoLayout, drop_of, formats_for, is_about_returns
from daemon.reading.tables.portion import portion, unreadable
from daemon.reading.tables.sheet import score
from daemon.reading.tables.sketch import sketch_of_table
from daemon.reading.tables.stacked import ROWS_LOOKED_AT, Stacked, stacked
from daemon.reading.tables.titles import with_plan
from daemon.reading.tables.tree_walk import TreeError
from daemon.reading.tables.turned import read_turned
from daemon.reading.tables.web_table import web_tables
from daemon.reading.tables.workbook import Workbook, refusal
from daemon.reading.tables.workbook_2003 import sheets_of_2003
from daemon.rules.rulebook import Rulebook

ROWS = 1000

_A_WORD = re.compile(r"[^\W\d_]{3}")
_ROW_BITS = 36
_ROW = (1 << _ROW_BITS) - 1
_HALF_A_HEADER = 2


class Table(Protocol):
    """One table of a file. Its rows are as long as their last filled cell."""

    name: str

    def rows(self, first: int = 1) -> Iterator[RawRow]: ...

    def end(self) -> Sequence[RawRow]:
        """Some of its last rows."""
        ...


class _Part:
    """One of several tables of a sheet, from the first line above its header to where the next begins."""

    def __init__(self, table: Table, until: int | None) -> None:
        self.name = table.name
        self._table = table
        self._until = until

    def rows(self, first: int = 1) -> Iterator[RawRow]:
        rows, until = self._table.rows(first), self._until
        return rows if until is None else takewhile(lambda row: row.number < until, rows)

    def end(self) -> Sequence[RawRow]:
        return self._table.end() if self._until is None else ()


class _Stream:
    """Rows under way, the last of which can be had again: a portion ends when it sees a row of the next."""

    def __init__(self, rows: Iterator[RawRow], place: int) -> None:
        self.rows = rows
        self.place = place
        self.last: RawRow | None = None

    def __iter__(self) -> Iterator[RawRow]:
        for row in self.rows:
            self.last = row
            yield row

    def is_at(self, place: int, number: int) -> bool:
        return self.place == place and self.last is not None and self.last.number == number

    def again(self) -> Iterator[RawRow]:
        return chain([self.last] if self.last else [], self)


class _Book:
    """The tables with a header of ours, each with its layout, and what the others lack."""

    def __init__(self, encoding: str, tables: Sequence[Table], found: Sequence[Layout | NoLayout]) -> None:
        self.encoding = encoding
        both = list(zip(tables, found, strict=True))
        self.tables = [(one, with_plan(lay, one.name)) for one, lay in both if isinstance(lay, Layout)]
        self.others = [(one, lay) for one, lay in both if isinstance(lay, NoLayout)]
        self.stream: _Stream | None = None
        self._ends: dict[int, Sequence[RawRow]] = {}

    def end_of(self, place: int) -> Sequence[RawRow]:
        if place not in self._ends:
            self._ends[place] = self.tables[place][0].end()
        return self._ends[place]


def read_workbook(
    arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, most: int = ROWS
) -> Reading:
    """One portion of a workbook."""
    book = underway.recall(arrival, rulebook, _Book)
    if book is None:
        if code := refusal(source):
            return unreadable(arrival.name, code)
        try:
            book = _opened(arrival, "xlsx", Workbook(source).sheets, context, rulebook)
        except Exception:  # noqa: BLE001 - a broken workbook raises nearly anything
            return unreadable(arrival.name, "not_a_workbook")
    return _guarded(arrival, book, context, rulebook, most)


def read_web_page(
    arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, most: int = ROWS
) -> Reading:
    """One portion of the tables of an HTML file, which some programs call `.xls`."""
    book = underway.recall(arrival, rulebook, _Book)
    if book is None:
        tables = web_tables(source)
        if isinstance(tables, str):
            return unreadable(arrival.name, tables)
        book = _opened(arrival, "html", tables, context, rulebook)
    return _guarded(arrival, book, context, rulebook, most)


def read_workbook_of_2003(
    arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, most: int = ROWS
) -> Reading:
    """One portion of a workbook that is one XML document."""
    book = underway.recall(arrival, rulebook, _Book)
    if book is None:
        try:
            book = _opened(arrival, "spreadsheetml", sheets_of_2003(source), context, rulebook)
        except TreeError as error:
            return unreadable(arrival.name, str(error), **error.values)
    return _guarded(arrival, book, context, rulebook, most)


def _opened(arrival: Arrival, encoding: str, tables: Sequence[Table], context: Context, rulebook: Rulebook) -> _Book:
    formats = formats_for(drop_of(arrival, context), "table", rulebook)
    parts: list[tuple[_Part, Layout | NoLayout]] = []
    for one in tables:
        rows = list(islice(one.rows(), ROWS_LOOKED_AT))
        parts += _parts(one, stacked(rows, formats, arrival, context, rulebook, widened=True))
    found = [_not_returned(lay, arrival.name, part.name) for part, lay in parts]
    book = _Book(encoding, [part for part, _ in parts], found)
    underway.remember(arrival, rulebook, book)
    return book


def _parts(table: Table, found: list[Stacked] | NoLayout) -> list[tuple[_Part, Layout | NoLayout]]:
    """The tables that stand one below the other in a sheet, each with its layout."""
    if isinstance(found, NoLayout):
        return [(_Part(table, None), found)]
    ends = [*(one.begin.number for one in found[1:]), None]
    return [(_Part(table, end), one.layout) for one, end in zip(found, ends, strict=True)]


def _not_returned(found: Layout | NoLayout, *names: str) -> Layout | NoLayout:
    """A table whose file or sheet is called after what comes back tells of no dispatch."""
    if isinstance(found, NoLayout) or found.format.gives != "dispatch":
        return found
    if is_about_returns(found, *names):
        return NoLayout(code="returns_list", hits=len(found.places))
    return found


def _guarded(arrival: Arrival, book: _Book, context: Context, rulebook: Rulebook, most: int) -> Reading:
    try:
        if book.tables:
            return _portion(arrival, book, rulebook, most)
        reading = _turned(arrival, book, context, rulebook)
    except Exception:  # noqa: BLE001 - a workbook may be broken anywhere
        return unreadable(arrival.name, "not_a_workbook")
    if reading:
        return reading
    best = max((found for _, found in book.others), key=score, default=NoLayout(code="not_a_table"))
    drop = drop_of(arrival, context)
    draft = sketch_of_table(arrival.name, drop, best, formats_for(drop, "table", rulebook))
    return unreadable(arrival.name, best.code, draft, **best.values)


def _turned(arrival: Arrival, book: _Book, context: Context, rulebook: Rulebook) -> Reading | None:
    """What a file claims whose one sheet has a field in each row."""
    sheets = [rows for table, _ in book.others if (rows := list(islice(table.rows(), ROWS_LOOKED_AT)))]
    if len(sheets) != 1:
        return None
    document = Sheet(name=arrival.name, format="", columns=(), encoding=book.encoding)
    formats = formats_for(drop_of(arrival, context), "table", rulebook)
    return read_turned(document, sheets[0], formats, arrival, context, rulebook)


def _portion(arrival: Arrival, book: _Book, rulebook: Rulebook, most: int) -> Reading:
    position, unread = parted(arrival.position)
    place, number = position >> _ROW_BITS, position & _ROW
    table, layout = book.tables[place]
    if number and book.stream and book.stream.is_at(place, number):
        stream, rows = book.stream, book.stream.again()
    else:
        first = number or layout.header.number + (not layout.is_data)
        stream = _Stream(table.rows(first), place)
        rows = iter(stream)
    book.stream = stream
    document = Sheet(name=arrival.name, format=layout.format.name, columns=layout.columns, encoding=book.encoding)
    several = len({one.name for one, _ in book.tables}) > 1
    reading = portion(
        document,
        layout,
        _fitted(rows, len(layout.columns)),
        rulebook,
        most,
        serials=book.encoding == "xlsx",
        word=f"{table.name}, row" if several else "row",
        unread=unread,
        begins=not number,
        grouped=True,
        end=lambda: book.end_of(place),
    )
    return _onward(reading, book, place, arrival.name)


def _onward(reading: Reading, book: _Book, place: int, name: str) -> Reading:
    """The reading with where the next portion begins: in this table, in the next, or nowhere."""
    if reading.next_position is not None:
        return replace(reading, next_position=place << _ROW_BITS | reading.next_position)
    if place + 1 < len(book.tables):
        return replace(reading, next_position=(place + 1) << _ROW_BITS)
    underway.forget(_Book)
    left = [_left_out(one, found, name) for one, found in book.others if found.hits >= _HALF_A_HEADER]
    return replace(reading, findings=(*reading.findings, *left)) if left else reading


def _left_out(table: Table, found: NoLayout, name: str) -> Doubt:
    """A table that looks like one of ours but lacks something is not passed over in silence."""
    evidence = Evidence(where=table.name or name, text="")
    return Doubt(code=found.code, value=table.name, values=found.values, evidence=evidence)


def _fitted(rows: Iterator[RawRow], columns: int) -> Iterator[RawRow]:
    """Every row as long as the header; words that stand to the right of it are a remark, or a note of their own."""
    for row in rows:
        if len(row.cells) == columns:
            yield row
            continue
        cells = (*row.cells[:columns], *[""] * (columns - len(row.cells)))
        beside = " ".join(cell for cell in row.cells[columns:] if _A_WORD.search(cell))
        if not beside:
            yield replace(row, cells=cells)
        elif any(map(str.strip, cells)):
            yield replace(row, cells=cells, comment=f"{row.comment} {beside}".strip())
        else:
            yield replace(row, cells=(beside, *cells[1:]))
