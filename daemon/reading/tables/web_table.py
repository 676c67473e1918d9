"""The tables of an HTML file as rows of text, with cells that reach over several rows and columns spread out."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.encoding import encoding_of

LARGEST = 10 * 1024 * 1024
MOST_COLUMNS = 256
MOST_ROWS = 100_000
MOST_SPAN = 1000
_LAST = 30


class WebTable:
    def __init__(self, name: str, rows: list[RawRow]) -> None:
        self.name = name
        self._rows = rows

    def rows(self, first: int = 1) -> Iterator[RawRow]:
        return iter(self._rows[first - 1 :])

    def end(self) -> Sequence[RawRow]:
        return self._rows[-_LAST:]


def web_tables(source: BinaryIO) -> list[WebTable] | str:
    """The tables that hold no tables themselves, or the code of why there are none."""
    from lxml import html  # noqa: PLC0415 - only the children that read such a file pay for it

    source.seek(0)
    raw = source.read(LARGEST + 1)
    if len(raw) > LARGEST:
        return "file_too_large"
    encoding = encoding_of(raw)
    try:
        wide = encoding.name.startswith("utf-16")
        text = raw[encoding.start :].decode(encoding.name if wide else _declared(raw) or encoding.name, "replace")
        root = html.fromstring(text, parser=html.HTMLParser(no_network=True, huge_tree=False))
    except Exception:  # noqa: BLE001 - a broken page raises nearly anything
        return "html_file"
    inner = [one for one in root.iter("table") if one.find(".//table") is None]
    tables = [WebTable(f"table {number}", list(_rows(one))) for number, one in enumerate(inner, 1)]
    return tables or "html_file"


def _declared(raw: bytes) -> str:
    """The encoding that the page says it has, if it is one that can be."""
    at = raw[:2048].lower().find(b"charset=")
    name = raw[at + 8 : at + 40].strip(b"\"' ").split(b'"')[0].split(b"'")[0].split(b";")[0].split(b">")[0]
    text = name.decode("ascii", "replace").strip().lower() if at >= 0 else ""
    return text if text in {"utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1252", "windows-1250"} else ""


def _rows(table: Any) -> Iterator[RawRow]:
    reaching: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(table.iter("tr"), 1):
        if number > MOST_ROWS:
            return
        cells = _cells(row, reaching)
        code = "hidden_row" if _is_hidden(row) and any(cells) else None
        yield RawRow(number=number, cells=tuple(cells), position=number, code=code)


def _cells(row: Any, reaching: dict[int, tuple[int, str]]) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        _take_over(cells, reaching)
        text = " ".join(cell.text_content().split())
        for _ in range(_span(cell, "colspan")):
            if len(cells) >= MOST_COLUMNS:
                break
            if (down := _span(cell, "rowspan")) > 1:
                reaching[len(cells)] = (down - 1, text)
            cells.append(text)
    _take_over(cells, reaching)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _take_over(cells: list[str], reaching: dict[int, tuple[int, str]]) -> None:
    """What reaches down from the rows above stands next."""
    while len(cells) in reaching:
        left, text = reaching.pop(len(cells))
        if left > 1:
            reaching[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), MOST_SPAN) if value.isascii() and value.isdigit() and len(value) < 5 else 1  # noqa: PLR2004


def _is_hidden(row: Any) -> bool:
    style = (row.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "mso-hidden:all" in style or row.get("hidden") is not None
