"""XLSX workbooks as rows of text, with numbers exact or marked as damaged, and archive bombs refused."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from html import unescape
from io import BytesIO
from typing import BinaryIO

from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.workbook_parts import (
    SheetPart,
    Styles,
    comments_of,
    merges_of,
    sheets_of,
    styles_of,
    texts_of,
)
from daemon.reading.tables.workbook_rows import SheetCell, last_rows_of_part, rows_of_part

LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 1000
HIGHEST_RATIO = 100
MOST_COLUMNS = 256
DIGITS_OF_A_NUMBER = 15
"""A spreadsheet keeps this many digits of a number; what follows is made up."""

_HEAD = 4096
_ENCRYPTED = 1
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_FIRST_DAY_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY = 2_958_465
_SHORT = 15
_MOST_DAYS = 10_000
_NONE: frozenset[int] = frozenset()
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError, OSError, NotImplementedError)


def trouble(source: BinaryIO) -> str | None:
    """Why an archive may not be opened, judged by its directory; None when it may."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
    except _BROKEN:
        return "not_a_workbook"
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1):
        return "archive_too_large"
    return "encrypted_file" if any(entry.flag_bits & _ENCRYPTED for entry in entries) else None


def refusal(source: BinaryIO) -> str | None:
    """Why an archive may not be opened as a workbook; None when it may."""
    if code := trouble(source):
        return code
    try:
        with zipfile.ZipFile(source) as archive:
            if "xl/workbook.xml" not in archive.NameToInfo:
                return "archive_not_read"
            return "xml_forbidden_dtd" if any(_has_dtd(archive, entry) for entry in archive.infolist()) else None
    except _BROKEN:
        return "not_a_workbook"


def _has_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as part:
        head: bytes = part.read(_HEAD)
        return b"<!DOCTYPE" in head


class Workbook:
    """A workbook that is open for reading, its rows in order. Raises nearly anything for a broken one."""

    def __init__(self, source: BinaryIO) -> None:
        source.seek(0)
        # Its own bytes, so that it can stay open between two portions.
        self._archive = zipfile.ZipFile(BytesIO(source.read()))
        parts, from_1904 = sheets_of(self._archive)
        texts, styles = texts_of(self._archive), styles_of(self._archive)
        self._cells = _Cells(texts, styles, _FIRST_DAY_1904 if from_1904 else _FIRST_DAY)
        self.sheets = [_Sheet(self._archive, part, self._cells) for part in parts]


class _Sheet:
    def __init__(self, archive: zipfile.ZipFile, part: SheetPart, cells: "_Cells") -> None:
        self._archive = archive
        self._part = part
        self._cells = cells
        self.name = part.name

    def rows(self, first: int = 1) -> Iterator[RawRow]:
        """The rows from a number on, each as long as its last filled cell."""
        merges = merges_of(self._archive, self._part.path)
        comments = comments_of(self._archive, self._part.path)
        reaching: dict[int, tuple[int, str]] = {}
        for row in rows_of_part(self._archive, self._part.path):
            if row.number < first and not merges:
                continue
            cells, damaged = self._cells.of_row(row.cells)
            if merges or reaching:
                _fill(cells, reaching, row.number, merges.pop(row.number, ()))
            if row.number >= first:
                code = (
                    "hidden_row"
                    if row.hidden and any(cells)
                    else "struck_row"
                    if self._cells.strike(row.cells)
                    else None
                )
                yield RawRow(
                    number=row.number,
                    cells=tuple(cells),
                    position=row.number,
                    code=code,
                    damaged=damaged,
                    comment=comments.get(row.number, ""),
                )

    def end(self) -> Sequence[RawRow]:
        """The last rows, where they are plain."""
        found = [
            (row.number, self._cells.of_row(row.cells)[0]) for row in last_rows_of_part(self._archive, self._part.path)
        ]
        return [RawRow(number=number, cells=tuple(cells), position=number) for number, cells in found]


def _fill(
    cells: list[str], reaching: dict[int, tuple[int, str]], number: int, begun: "list[tuple[str, int]] | tuple[()]"
) -> None:
    """Put what reaches down into the cells below it."""
    for column, (last, text) in list(reaching.items()):
        if number > last:
            del reaching[column]
        elif text and column < MOST_COLUMNS:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
    for letters, last in begun:
        column = _column(letters)
        reaching[column] = (last, cells[column] if column < len(cells) else "")


class _Cells:
    """Cells as text: shared texts, numbers as they are exactly, dates by their style."""

    def __init__(self, texts: list[str], styles: Styles, first_day: datetime) -> None:
        self._texts = texts
        self._dates = {str(style) for style in styles.dates}
        self._struck = {str(style) for style in styles.struck}
        self._zeros = {str(style): width for style, width in styles.zeros.items()}
        self._first_day = first_day
        self._columns: dict[str, int] = {}
        self._days: dict[str, str] = {}

    def of_row(self, row: Sequence[SheetCell]) -> tuple[list[str], frozenset[int]]:
        """The texts of a row, and the places of those that are no longer what was typed."""
        cells: list[str] = []
        damaged: list[int] = []
        columns, texts = self._columns, self._texts
        for column, style, kind, value, inline in row:
            place = columns.get(column)
            if place is None:
                place = self._place(column, len(cells))
            if place >= MOST_COLUMNS:
                break
            if kind == "s":
                text, harmed = (texts[int(value)] if value else ""), False
            else:
                text, harmed = self._text(kind, value or inline, style)
            if text:
                if place > len(cells):
                    cells += [""] * (place - len(cells))
                cells[place:] = [text]
                if harmed:
                    damaged.append(place)
        return cells, frozenset(damaged) if damaged else _NONE

    def strike(self, row: Sequence[SheetCell]) -> bool:
        """Whether any text of a row is struck out."""
        return bool(self._struck) and any(
            style in self._struck and (value or inline) for _, style, _, value, inline in row
        )

    def _place(self, letters: str, following: int) -> int:
        if not letters:
            return following
        self._columns[letters] = _column(letters)
        return self._columns[letters]

    def _text(self, kind: str, value: str, style: str) -> tuple[str, bool]:
        if not value:
            return "", False
        if not kind or kind == "n":
            return self._number(value, style)
        if kind == "b":
            return ("yes" if value == "1" else "no"), False
        text = unescape(value) if "&" in value else value
        # What a formula gives is kept beside it, unless no spreadsheet has ever worked it out.
        return text.removesuffix("T00:00:00"), kind in {"d", "f"}

    def _number(self, value: str, style: str) -> tuple[str, bool]:
        if style in self._dates:
            if value not in self._days:
                if len(self._days) >= _MOST_DAYS:
                    self._days.clear()
                self._days[value] = _moment(self._first_day, value)
            return self._days[value], True
        if not (value.isdigit() and len(value) <= _SHORT):
            value, harmed = exact(value)
            if harmed:
                return value, True
        width = self._zeros.get(style)
        return (value.zfill(width) if width else value), False


def exact(value: str) -> tuple[str, bool]:
    """A number written as a person would, and whether it has more digits than a spreadsheet keeps."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value, True
    if not number.is_finite() or abs(number) >= 10**DIGITS_OF_A_NUMBER:
        return (f"{number:f}" if number.is_finite() else value), True
    if number == number.to_integral_value():
        return str(int(number)), False
    return f"{Decimal(f'{number:.{DIGITS_OF_A_NUMBER}g}').normalize():f}", False


def _moment(first_day: datetime, value: str) -> str:
    """A day, or a day with its time, that a spreadsheet counts as a number."""
    try:
        days = float(value)
    except ValueError:
        return value
    if not 0 <= days <= _LAST_DAY:
        return value
    moment = first_day + timedelta(seconds=round(days * 86400))
    return moment.isoformat().removesuffix("T00:00:00")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
