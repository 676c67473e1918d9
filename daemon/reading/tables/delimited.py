"""Delimited text as rows that know their line and byte offset, with unclosed quotes contained."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

from daemon.domain.values import Value
from daemon.reading.tables.encoding import Encoding, decoded, raw_lines, unclear

DELIMITERS = (";", ",", "\t", "|")
MOST_LINES_OF_A_ROW = 100

_OFFSET_BITS = 36
_OFFSET = (1 << _OFFSET_BITS) - 1
_NEXT_LINE = 1 << _OFFSET_BITS
_UNREAD = 1 << 61


class RawRow(Value, frozen=True, kw_only=True):
    """A row as it stands. `number` is its first line, `code` says why nothing in it may be believed.

    `damaged` are the places of cells whose value a spreadsheet has spoiled. `position` is where the row begins.
    `unclear`: its letters could be others in another encoding. `beside`: its parcels hold the goods of the rows before.
    `comment` is what somebody has pinned to its cells.
    """

    number: int
    cells: tuple[str, ...]
    position: int = 0
    code: str | None = None
    damaged: frozenset[int] = frozenset()
    unclear: bool = False
    beside: bool = False
    comment: str = ""


def position_of(lines_before: int, offset: int) -> int:
    """A place in a file as one number: the lines before it above the byte offset."""
    return lines_before << _OFFSET_BITS | offset


def unread_from(position: int) -> int:
    """A place in a file of whatever kind, from which on its rows are given back without being read."""
    return position | _UNREAD


def parted(position: int) -> tuple[int, bool]:
    """A place in a file, and whether the rows from there on are not to be read."""
    return position & ~_UNREAD, bool(position & _UNREAD)


def place_in(position: int) -> tuple[int, int]:
    """The lines before a place in a file and its byte offset."""
    position, _ = parted(position)
    return position >> _OFFSET_BITS, position & _OFFSET


def share_of(position: int, size: int, rows: int) -> float | None:
    """How much of a file lies before a position; None where it is no place in it, as in a workbook."""
    lines, offset = place_in(position)
    return offset / size if lines >= rows > 0 and 0 < offset <= size else None


class _SwallowedError(Exception):
    """A quote was not closed where a cell could still end."""


class _Lines:
    """The lines of a file for the `csv` module, counted; it can be put back to an earlier line."""

    def __init__(self, source: BinaryIO, encoding: Encoding, position: int) -> None:
        self.source = source
        self.encoding = encoding
        self.row_lines = 0
        self.first = ""
        self.ended = self.unclear = False
        self.go_to(position or position_of(0, encoding.start))

    def go_to(self, position: int) -> None:
        self.position = position
        self.source.seek(position & _OFFSET)
        self.raw = raw_lines(self.source, self.encoding)
        self.ended = False

    def begin_row(self) -> None:
        self.row_lines = 0
        self.unclear = False
        self.begin = self.after_first = self.position

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.row_lines >= MOST_LINES_OF_A_ROW:
            raise _SwallowedError
        line = next(self.raw, b"")
        if not line:
            self.ended = True
            raise StopIteration
        self.position += _NEXT_LINE + len(line)
        if self.encoding.others:
            self.unclear = self.unclear or unclear(line, self.encoding)
        text = decoded(line, self.encoding.name).removesuffix("\r\n").removesuffix("\r").removesuffix("\n")
        if not self.row_lines:
            self.first, self.after_first = text, self.position
        self.row_lines += 1
        return text + "\n"


def rows_of(source: BinaryIO, encoding: Encoding, delimiter: str, position: int, columns: int = 0) -> Iterator[RawRow]:
    """The rows from a position on. A row that an unclosed quote runs on from is given alone, and reading goes on below.

    `columns` is how many cells a row should have, 0 while that is not known.
    """
    lines = _Lines(source, encoding, position)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (_SwallowedError, csv.Error):
            cells = None
        number = (lines.begin >> _OFFSET_BITS) + 1
        if cells is None or lines.ended or (lines.row_lines > 1 and _swallowed(cells, delimiter, columns)):
            broken = "cell_too_long" if len(lines.first) > csv.field_size_limit() else "unclosed_quote"
            cells = lines.first.replace('"', "").split(delimiter)
            yield RawRow(number=number, cells=tuple(cells), position=lines.begin, code=broken)
            lines.go_to(lines.after_first)
            reader = csv.reader(lines, delimiter=delimiter)
        else:
            if columns:
                cells = _without_blank_tail(cells, columns)
            code = "ragged_row" if columns and cells and len(cells) != columns else None
            yield RawRow(number=number, cells=tuple(cells), position=lines.begin, code=code, unclear=lines.unclear)


def _without_blank_tail(cells: list[str], columns: int) -> list[str]:
    """Some exports end every row with a delimiter that the header does not have."""
    return cells[:columns] if len(cells) > columns and not any(map(str.strip, cells[columns:])) else cells


def _swallowed(cells: list[str], delimiter: str, columns: int) -> bool:
    """Whether a cell holds lines that look like rows of their own."""
    least = max(columns - 1, 2)
    return any("\n" in cell and any(line.count(delimiter) >= least for line in cell.split("\n")) for cell in cells)
