"""The one-file XML of Excel 2003, which many programs write and call `.xls`: its sheets as rows of text."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.tree_walk import LARGEST, admitted
from daemon.reading.tables.workbook import MOST_COLUMNS, exact

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_ZEROS = re.compile(r"0{2,20}")
_LAST_ROW = 1 << 20
_LAST = 30
_UNSEEN = frozenset({"SheetHidden", "SheetVeryHidden"})
_YES = frozenset({"1", "true"})


class _Style:
    def __init__(self, element: Any) -> None:
        font, form = element.find("{*}Font"), element.find("{*}NumberFormat")
        self.struck = font is not None and _attribute(font, "StrikeThrough") in _YES
        written = _attribute(form, "Format") if form is not None else ""
        self.width = len(written) if _ZEROS.fullmatch(written) else 0


class SheetOf2003:
    """A sheet, its rows as long as their last filled cell."""

    def __init__(self, name: str, rows: Sequence[RawRow]) -> None:
        self.name = name
        self._rows = rows

    def rows(self, first: int = 1) -> Iterator[RawRow]:
        return (row for row in self._rows if row.number >= first)

    def end(self) -> Sequence[RawRow]:
        return self._rows[-_LAST:]


def is_workbook_of_2003(head: bytes) -> bool:
    """Whether an XML document begins as such a workbook does."""
    plain = head.replace(b"\0", b"")
    return b"Workbook" in plain and _NAMESPACE.encode() in plain


def sheets_of_2003(source: BinaryIO) -> list[SheetOf2003]:
    """The sheets that can be seen. Raises `TreeError` for a document that may not be read."""
    source.seek(0)
    root = admitted(source.read(LARGEST + 1))
    styles = {_attribute(one, "ID"): _Style(one) for one in root.iterfind("{*}Styles/{*}Style")}
    seen = [one for one in root.iterfind("{*}Worksheet") if not _is_hidden(one)]
    return [SheetOf2003(_attribute(one, "Name"), list(_rows(one, styles))) for one in seen]


def _is_hidden(sheet: Any) -> bool:
    return (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").strip() in _UNSEEN


def _rows(sheet: Any, styles: dict[str, _Style]) -> Iterator[RawRow]:
    number = 0
    reaching: dict[int, tuple[int, str]] = {}
    for row in sheet.iterfind("{*}Table/{*}Row"):
        number = _whole(_attribute(row, "Index")) or number + 1
        if number > _LAST_ROW:
            return
        yield _row(row, number, styles, reaching)
        number += _whole(_attribute(row, "Span"))


def _row(row: Any, number: int, styles: dict[str, _Style], reaching: dict[int, tuple[int, str]]) -> RawRow:
    cells: dict[int, str] = {place: text for place, (last, text) in reaching.items() if number <= last}
    damaged, struck, comments = set(), False, []
    place = 0
    for cell in row.iterchildren("{*}Cell"):
        place = _whole(_attribute(cell, "Index")) - 1 if _attribute(cell, "Index") else place
        while reaching.get(place, (0, ""))[0] >= number and not _attribute(cell, "Index"):
            place += 1
        if not 0 <= place < MOST_COLUMNS:
            break
        style = styles.get(_attribute(cell, "StyleID") or _attribute(row, "StyleID"))
        text, harmed = _text(cell, style)
        if text:
            cells[place] = text
            struck = struck or (style is not None and style.struck)
            damaged |= {place} if harmed else set()
        comments += [" ".join("".join(one.itertext()).split()) for one in cell.iterfind("{*}Comment")]
        if down := _whole(_attribute(cell, "MergeDown")):
            reaching[place] = (number + down, text)
        place += 1 + _whole(_attribute(cell, "MergeAcross"))
    width = max((place for place, text in cells.items() if text), default=-1) + 1
    hidden = _attribute(row, "Hidden") in _YES and width > 0
    return RawRow(
        number=number,
        cells=tuple(cells.get(place, "") for place in range(width)),
        position=number,
        code="hidden_row" if hidden else "struck_row" if struck else None,
        damaged=frozenset(damaged),
        comment=" ".join(comments),
    )


def _text(cell: Any, style: _Style | None) -> tuple[str, bool]:
    """What a cell says, and whether that is no longer what was typed."""
    data = cell.find("{*}Data")
    if data is None:
        formula = _attribute(cell, "Formula")
        return formula, bool(formula)
    text, kind = "".join(data.itertext()).strip(), _attribute(data, "Type")
    if kind == "Number":
        number, harmed = exact(text)
        return (number.zfill(style.width) if style and not harmed else number), harmed
    if kind == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00"), True
    if kind == "Boolean":
        return ("yes" if text == "1" else "no"), False
    return text, False


def _attribute(element: Any, name: str) -> str:
    return str(element.get(f"{{{_NAMESPACE}}}{name}") or "")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_LAST_ROW)) else 0
