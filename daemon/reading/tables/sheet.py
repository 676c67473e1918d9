"""Delimited text: its encoding, its delimiter and its header, then its rows portion by portion."""

from collections.abc import Iterator, Sequence
from io import SEEK_END
from itertools import islice, takewhile
from typing import BinaryIO

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.tables import underway
from daemon.reading.tables.alignment import aligned
from daemon.reading.tables.delimited import DELIMITERS, RawRow, parted, position_of, rows_of
from daemon.reading.tables.encoding import HEAD, Encoding, decoded, encoding_of, raw_lines
from daemon.reading.tables.field_lines import table_of_fields
from daemon.reading.tables.layout import Layout, NoLayout, drop_of, formats_for, is_about_returns, layout_of
from daemon.reading.tables.portion import portion, unreadable
from daemon.reading.tables.sketch import sketch_of_table
from daemon.reading.tables.stacked import ROWS_ABOVE_HEADER, ROWS_LOOKED_AT, Stacked, stacked
from daemon.reading.tables.turned import read_made, read_turned
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

ROWS = 1000
_TAIL = 8192
_NO_DELIMITER = "\x1f"


class Opening(Value, frozen=True, kw_only=True):
    """How a text is read, from its beginning alone; `end` are the rows with which a long one ends."""

    encoding: Encoding
    delimiter: str
    tables: tuple[Stacked, ...]
    end: tuple[RawRow, ...] = ()

    def at(self, position: int) -> int:
        """Which of its tables stands at a position."""
        return max(place for place, one in enumerate(self.tables) if place == 0 or one.begin.position <= position)


def read_table(
    arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, rows_at_most: int = ROWS
) -> Reading:
    """One portion of a delimited text from `arrival.position` on. Total: what is no table is `Unreadable`."""
    opening = underway.recall(arrival, rulebook, Opening)
    if opening is None:
        source.seek(0)
        opened = _opened(arrival, source, source.read(HEAD), context, rulebook)
        if isinstance(opened, Reading):
            return opened
        opening = opened
        underway.remember(arrival, rulebook, opening)
    encoding, delimiter = opening.encoding, opening.delimiter
    position, unread = parted(arrival.position)
    place = opening.at(position)
    layout, further = opening.tables[place].layout, opening.tables[place + 1 :]
    begun = position > layout.header.position
    rows = rows_of(source, encoding, delimiter, position if begun else layout.header.position, len(layout.columns))
    if not begun and not layout.is_data:
        next(rows, None)
    if further:
        rows = takewhile(lambda row: row.position < further[0].begin.position, rows)
    document = Sheet(
        name=arrival.name,
        format=layout.format.name,
        columns=layout.columns,
        encoding="utf-8-sig" if encoding.name == "utf-8" and encoding.start else encoding.name,
        delimiter=delimiter,
    )
    end = () if further else opening.end
    reading = portion(
        document, layout, rows, rulebook, rows_at_most, unread=unread, begins=not begun, grouped=True, end=lambda: end
    )
    if further and reading.next_position is None:
        return replace(reading, next_position=further[0].begin.position)
    return reading


def _opened(arrival: Arrival, source: BinaryIO, head: bytes, context: Context, rulebook: Rulebook) -> Opening | Reading:
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return unreadable(arrival.name, "empty_file")
    partner = rulebook.partner_of_party(arrival.party or context.party or "")
    drop = drop_of(arrival, context)
    formats = formats_for(drop, "table", rulebook)
    wanted = partner.encoding if partner else ""
    encoding = encoding_of(head, wanted, partner.language if partner else "")
    if not encoding.name:
        return unreadable(arrival.name, "wrong_encoding")
    delimiter, layout = _layout(source, head, encoding, formats, rulebook)
    start, _ = _separator_line(head, encoding)
    rows = list(islice(rows_of(source, encoding, delimiter, start), ROWS_LOOKED_AT))
    if isinstance(layout, NoLayout):
        document = Sheet(name=arrival.name, format="", columns=(), encoding=encoding.name, delimiter=delimiter)
        lines = list(islice(rows_of(source, encoding, _NO_DELIMITER, start), ROWS_LOOKED_AT))
        return (
            read_turned(document, rows, formats, arrival, context, rulebook)
            or (
                read_made(
                    document,
                    table_of_fields(lines) if len(lines) < ROWS_LOOKED_AT else (),
                    formats,
                    arrival,
                    context,
                    rulebook,
                )
            )
            or unreadable(
                arrival.name, layout.code, sketch_of_table(arrival.name, drop, layout, formats), **layout.values
            )
        )
    if layout.format.gives == "dispatch" and is_about_returns(layout, arrival.name):
        return unreadable(arrival.name, "returns_list")
    if layout.format.encoding and not wanted:
        encoding = encoding_of(head, layout.format.encoding)
        delimiter, again = _layout(source, head, encoding, formats, rulebook)
        layout = again if isinstance(again, Layout) else layout
        rows = list(islice(rows_of(source, encoding, delimiter, start), ROWS_LOOKED_AT))
    found = stacked(rows, formats, arrival, context, rulebook, known=layout)
    if isinstance(found, NoLayout):
        return unreadable(arrival.name, found.code, **found.values)
    tables = tuple(_aligned(found, rows, rulebook))
    end = _last_rows(source, encoding, delimiter, len(tables[-1].layout.columns))
    return Opening(encoding=encoding, delimiter=delimiter, tables=tables, end=end)


def _aligned(found: Sequence[Stacked], rows: Sequence[RawRow], rulebook: Rulebook) -> Iterator[Stacked]:
    """The tables with the heading that each may lack."""
    ends = [*(one.begin.number for one in found[1:]), len(rows) + 1]
    for one, end in zip(found, ends, strict=True):
        first = [row for row in rows if one.layout.header.number < row.number < end][:ROWS_ABOVE_HEADER]
        filled = [row for row in first if any(cell.strip() for cell in row.cells)]
        yield replace(one, layout=aligned(one.layout, filled, rulebook) or one.layout)


def _last_rows(source: BinaryIO, encoding: Encoding, delimiter: str, columns: int) -> tuple[RawRow, ...]:
    """The rows at the end of a text that may not fit into one portion, numbered from wherever they begin."""
    begin = source.seek(0, SEEK_END) - _TAIL
    if begin <= encoding.start:
        return ()
    begin -= (begin - encoding.start) % 2
    source.seek(begin)
    begin += len(next(raw_lines(source, encoding), b""))
    return tuple(rows_of(source, encoding, delimiter, position_of(0, begin), columns))


def _layout(
    source: BinaryIO, head: bytes, encoding: Encoding, formats: Sequence[Format], rulebook: Rulebook
) -> tuple[str, Layout | NoLayout]:
    """The delimiter under which most columns are known, and the layout that comes of it."""
    start, declared = _separator_line(head, encoding)
    layout: Layout | NoLayout = NoLayout(code="not_a_table")
    delimiter = declared or DELIMITERS[0]
    for candidate in (declared,) if declared else DELIMITERS:
        first = islice(rows_of(source, encoding, candidate, start), ROWS_ABOVE_HEADER)
        found = layout_of(first, formats, rulebook)
        if score(found) > score(layout):
            layout, delimiter = found, candidate
    return delimiter, layout


def score(found: Layout | NoLayout) -> tuple[bool, int, int]:
    """How well a header was understood, for comparison; one that was not, by how much of it looks like one."""
    if isinstance(found, Layout):
        return True, len(found.places), 0
    return False, found.hits, len(found.columns) if found.row else 0


def _separator_line(head: bytes, encoding: Encoding) -> tuple[int, str]:
    """A first line `sep=;` names the delimiter; the position behind it, and the delimiter or nothing."""
    newline = (
        encoding.newline if not encoding.name.startswith("utf-16") else encoding.newline.decode().encode(encoding.name)
    )
    line, found, _ = head[encoding.start :].partition(newline)
    text = decoded(line, encoding.name).strip("\r\n").strip('"')
    if found and text.casefold().startswith("sep=") and len(text) == len("sep=") + 1:
        return position_of(1, encoding.start + len(line) + len(newline)), text[-1]
    return position_of(0, encoding.start), ""
