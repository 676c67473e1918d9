"""Tables: delimited text and workbooks, read by portions that never part the rows of one order."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet, Unreadable
from daemon.domain.finding import Doubt, Evidence, Finding, Reading, Row
from daemon.domain.snapshot import Context
from daemon.reading.delimited import DELIMITERS, RawRow, position_of, rows_of
from daemon.reading.encoding import HEAD, Encoding, decoded, encoding_of
from daemon.reading.field_findings import order_of, row_findings
from daemon.reading.layout import Layout, NoLayout, drop_of, formats_for, layout_of
from daemon.reading.workbook import refusal, rows_of_sheet, sheets_of
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

ROWS_ABOVE_HEADER = 30
WORKBOOK_ROWS = 10_000
"""A workbook is read from its beginning for every portion, so its portions are larger."""
MOST_ROWS_OF_ONE_ORDER = 5_000

_ZIP = b"PK\x03\x04"
_EXCERPT = 300


def read_table(
    arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook, rows_at_most: int = 1000
) -> Reading:
    """One portion of a table from `arrival.position` on. Total: what is no table is `Unreadable`."""
    formats = formats_for(drop_of(arrival, context), "table", rulebook)
    source.seek(0)
    if source.read(len(_ZIP)) == _ZIP:
        return _read_workbook(arrival, source, formats, rulebook, max(rows_at_most, WORKBOOK_ROWS))
    return _read_text(arrival, source, formats, rulebook, rows_at_most)


def unreadable(name: str, code: str, **values: str) -> Reading:
    """A reading of something of which nothing can be read, and why."""
    evidence = Evidence(where=name, text="")
    return Reading(
        documents=(Unreadable(name=name, code=code, values=values),),
        findings=(Doubt(code=code, value=name, values=values, evidence=evidence),),
    )


def _read_text(arrival: Arrival, source: BinaryIO, formats: Sequence[Format], rulebook: Rulebook, most: int) -> Reading:
    source.seek(0)
    head = source.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        return unreadable(arrival.name, "empty_file")
    encoding = encoding_of(head)
    if not encoding.name:
        return unreadable(arrival.name, "wrong_encoding")
    start, declared = _separator_line(head, encoding)
    layout: Layout | NoLayout = NoLayout(code="not_a_table")
    delimiter = declared or DELIMITERS[0]
    for candidate in (declared,) if declared else DELIMITERS:
        first = islice(rows_of(source, encoding, candidate, start), ROWS_ABOVE_HEADER)
        found = layout_of(first, formats)
        if _score(found) > _score(layout):
            layout, delimiter = found, candidate
    if isinstance(layout, NoLayout):
        return unreadable(arrival.name, layout.code, **layout.values)
    rows = rows_of(source, encoding, delimiter, arrival.position or layout.header.position, len(layout.columns))
    document = Sheet(
        name=arrival.name,
        format=layout.format.name,
        columns=layout.columns,
        encoding=encoding.name,
        delimiter=delimiter,
    )
    if not arrival.position:
        next(rows, None)
    return portion(document, layout, rows, rulebook, most, continued=bool(arrival.position))


def _score(found: Layout | NoLayout) -> tuple[bool, int]:
    return (True, len(found.places)) if isinstance(found, Layout) else (False, found.hits)


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


def _read_workbook(
    arrival: Arrival, source: BinaryIO, formats: Sequence[Format], rulebook: Rulebook, most: int
) -> Reading:
    if code := refusal(source):
        return unreadable(arrival.name, code)
    try:
        return _workbook_portion(arrival, source, formats, rulebook, most)
    except Exception:  # noqa: BLE001 - a broken workbook makes openpyxl raise nearly anything
        return unreadable(arrival.name, "not_a_workbook")


def _workbook_portion(
    arrival: Arrival, source: BinaryIO, formats: Sequence[Format], rulebook: Rulebook, most: int
) -> Reading:
    best: Layout | NoLayout = NoLayout(code="not_a_table")
    chosen = None
    for sheet in sheets_of(source):
        found = layout_of(islice(rows_of_sheet(sheet, 1), ROWS_ABOVE_HEADER), formats)
        if _score(found) > _score(best):
            best, chosen = found, sheet
    if isinstance(best, NoLayout):
        return unreadable(arrival.name, best.code, **best.values)
    first = arrival.position or best.header.number + 1
    rows = rows_of_sheet(chosen, first, len(best.columns))
    document = Sheet(name=arrival.name, format=best.format.name, columns=best.columns, encoding="xlsx")
    return portion(document, best, rows, rulebook, most, continued=bool(arrival.position), serials=True)


def portion(
    document: Sheet,
    layout: Layout,
    rows: Iterable[RawRow],
    rulebook: Rulebook,
    most: int,
    *,
    continued: bool = False,
    serials: bool = False,
) -> Reading:
    """The findings of as many rows as fit, to the end of the order that the last of them belongs to."""
    taken: list[RawRow] = []
    following: int | None = None
    last = ""
    for row in _filled(rows):
        order = order_of(row, layout)
        if len(taken) >= most and ((order and order != last) or len(taken) >= most + MOST_ROWS_OF_ONE_ORDER):
            following = row.position
            break
        taken.append(row)
        last = order or last
    if not taken and not continued:
        return unreadable(document.name, "no_rows")
    findings: list[Finding] = []
    for row in taken:
        findings += row_findings(row, layout, rulebook, serials=serials)
    numbers = tuple(dict.fromkeys(one.order for one in findings if one.order))
    return Reading(
        documents=(document,),
        findings=tuple(findings),
        orders=numbers,
        columns=layout.columns,
        rows=tuple(Row(number=row.number, cells=row.cells) for row in taken),
        next_position=following,
        excerpt="\n".join(" | ".join(row.cells) for row in taken[:2])[:_EXCERPT],
    )


def _filled(rows: Iterable[RawRow]) -> Iterator[RawRow]:
    """The rows in which anything stands at all."""
    return (row for row in rows if any(cell.strip() for cell in row.cells))
