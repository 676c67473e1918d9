"""The rows of a sheet's part, cell by cell: at a glance where they are plain, by the parser where they are not."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from daemon.reading.tables.workbook_parts import parser_options, text_of

_BLOCK = 1 << 20
_LONGEST_ROW = 16 << 20
_TAIL = 1 << 16
_LAST = 30
_END = b"</row>"
_NUMBER = re.compile(r'\sr="([0-9]{1,7})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]{1,9})")?'
    r'(?:/>|>(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
_UNPLAIN = re.compile("<[!?]")

SheetCell = tuple[str, str, str, str, str]
"""Its column's letters (empty: the next one), style, kind, value and inline text, with `&…;` as they stand.

The kind `f` is a formula that no spreadsheet has worked out; its value is what it says.
"""


class SheetRow(NamedTuple):
    number: int
    hidden: bool
    cells: list[SheetCell]


def rows_of_part(archive: zipfile.ZipFile, path: str) -> Iterator[SheetRow]:
    """Every row that has cells. Raises nearly anything for a broken part."""
    with archive.open(path) as source:
        text = source.read(_BLOCK)
        begin = text.find(b"<sheetData")
        if begin >= 0 and b"<worksheet" in text[:begin] and b"<!" not in text[:begin]:
            yield from _at_a_glance(source, text, begin)
            return
    with archive.open(path) as source:
        yield from _parsed(source)


def last_rows_of_part(archive: zipfile.ZipFile, path: str) -> list[SheetRow]:
    """Some rows at the end of a part in which they are plain; of any other none, for the parser would begin anew."""
    with archive.open(path) as source:
        text = source.read(_BLOCK)
        begin = text.find(b"<sheetData")
        if begin < 0 or b"<worksheet" not in text[:begin] or b"<!" in text[:begin]:
            return []
        opening = _opening(text, begin)
        end = text[begin:]
        while block := source.read(_BLOCK):
            end = end[-_TAIL:] + block
    pieces = end.split(_END)[-_LAST - 1 : -1]
    return [_one(piece[start:], opening, 0) for piece in pieces if (start := piece.rfind(b"<row")) >= 0]


def _at_a_glance(source: Any, text: bytes, begin: int) -> Iterator[SheetRow]:
    """Most programs write plain cells; a row that holds anything else is given to the parser by itself."""
    opening = _opening(text, begin)
    rest = text[begin:]
    number = 0
    while True:
        *pieces, rest = rest.split(_END)
        for piece in pieces:
            start = piece.rfind(b"<row")
            found = _one(piece[start:], opening, number)
            number = found.number
            yield found
        block = source.read(_BLOCK)
        if not block or len(rest) > _LONGEST_ROW:
            return
        rest += block


def _opening(text: bytes, begin: int) -> bytes:
    root = text[text.index(b"<worksheet") : begin]
    return root[: root.index(b">") + 1]


def _one(raw: bytes, opening: bytes, before: int) -> SheetRow:
    text = raw.decode("utf-8")
    head, _, body = text.partition(">")
    cells: list[SheetCell] = _CELL.findall(body)
    if len(cells) != body.count("<c ") + body.count("<c>") or _UNPLAIN.search(body):
        return next(_parsed_text(opening + raw + _END + b"</worksheet>", before))
    number = _NUMBER.search(head)
    return SheetRow(int(number[1]) if number else before + 1, "hidden" in head and _is_hidden(head), cells)


def _is_hidden(head: str) -> bool:
    return _HIDDEN.search(head) is not None


def _parsed_text(raw: bytes, before: int) -> Iterator[SheetRow]:
    from lxml import etree  # noqa: PLC0415 - only the children that read a workbook pay for it

    root = etree.fromstring(raw, etree.XMLParser(**parser_options()))
    for element in root.iter("{*}row"):
        yield _of_element(element, before)


def _parsed(source: Any) -> Iterator[SheetRow]:
    from lxml import etree  # noqa: PLC0415

    number = 0
    for _, element in etree.iterparse(source, tag="{*}row", **parser_options()):
        found = _of_element(element, number)
        number = found.number
        if found.cells:
            yield found
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _of_element(element: Any, before: int) -> SheetRow:
    cells = [_of_cell(cell) for cell in element.iterchildren("{*}c")]
    return SheetRow(int(element.get("r") or before + 1), element.get("hidden") in {"1", "true"}, cells)


def _of_cell(cell: Any) -> SheetCell:
    parts = {one.tag.rpartition("}")[2]: one.text or "" for one in cell}
    kind, value = cell.get("t", ""), parts.get("v", "")
    if kind == "inlineStr":
        kind, value = "str", text_of(cell)
    elif not value and parts.get("f") and kind != "str":
        kind, value = "f", f"={parts['f']}"
    column = (cell.get("r") or "").rstrip("0123456789")
    return column, cell.get("s", ""), kind, value.replace("&", "&amp;"), ""
