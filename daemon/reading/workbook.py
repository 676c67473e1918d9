"""XLSX workbooks as rows of text, with numbers exact or marked as damaged, and archive bombs refused."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from daemon.reading.delimited import RawRow

LARGEST_UNPACKED = 50 * 1024 * 1024
MOST_ENTRIES = 1000
HIGHEST_RATIO = 100
MOST_COLUMNS = 256
DIGITS_OF_A_NUMBER = 15
"""A spreadsheet keeps this many digits of a number; what follows is made up."""

_HEAD = 4096
_ENCRYPTED = 1
_ZEROS = re.compile(r"0{2,20}")


def refusal(source: BinaryIO) -> str | None:
    """Why an archive may not be opened as a workbook, judged by its directory; None when it may."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries)
            if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1):
                return "archive_too_large"
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                return "encrypted_file"
            if "xl/workbook.xml" not in {entry.filename for entry in entries}:
                return "archive_not_read"
            return "xml_forbidden_dtd" if any(_has_dtd(archive, entry) for entry in entries) else None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError, OSError, NotImplementedError):
        return "not_a_workbook"


def _has_dtd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    if not entry.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(entry) as part:
        head: bytes = part.read(_HEAD)
        return b"<!DOCTYPE" in head


def sheets_of(source: BinaryIO) -> list[Any]:
    """The visible sheets of a workbook. Raises what openpyxl raises on a broken one."""
    import openpyxl  # noqa: PLC0415 - only the children that read a workbook pay for it

    source.seek(0)
    book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in sheets:
        sheet.reset_dimensions()  # some programs write that a sheet has one cell
    return sheets


def rows_of_sheet(sheet: Any, first: int, columns: int = 0) -> Iterator[RawRow]:
    """The rows of a sheet from a row number on; with `columns` known, each row is cut or filled up to them."""
    for number, row in enumerate(
        sheet.iter_rows(min_row=first, max_col=columns + 1 if columns else MOST_COLUMNS), first
    ):
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        code = "ragged_row" if columns and len(texts) > columns else None
        texts += [""] * (columns - len(texts))
        damaged = frozenset(place for place, cell in enumerate(row) if _is_damaged(cell.value))
        yield RawRow(number=number, cells=tuple(texts), position=number, code=code, damaged=damaged)


def _is_damaged(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(abs(value) >= 10**DIGITS_OF_A_NUMBER)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and not _is_damaged(value):
        value = int(value)
    text = str(value)
    shown = cell.number_format or ""
    return text.zfill(len(shown)) if isinstance(value, int) and _ZEROS.fullmatch(shown) else text
