"""The records of a long document, some at a time, each time as a short document with the same head."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from daemon.reading.tables.tree_outline import Outline
from daemon.reading.tables.tree_paths import TreeRow, elements_at, rows_of
from daemon.reading.tables.tree_walk import LARGEST, TreeError, Walk, forbidden, local, parsed

_CHUNK = 64 * 1024


class Record(NamedTuple):
    """Where in the file it begins, and its rows."""

    offset: int
    rows: list[TreeRow]


class _Scan(Walk):
    """Where in the file records begin. A record elsewhere, or more of the head, is not what the outline says."""

    def __init__(self, outline: Outline, offset: int) -> None:
        super().__init__(len(outline.record))
        self.starts: list[int] = []
        self._name = outline.record[-1]
        self._late: frozenset[str] = frozenset()
        self._over = False
        self.feed(outline.head)
        self._late = outline.late
        self._shift = offset - len(outline.head)

    def opened(self, name: str) -> None:
        is_record = self.depth == self._level and local(name) == self._name
        if (is_record and self._over) or local(name) in self._late:
            raise TreeError("file_too_large")
        if is_record:
            self.starts.append(self.at + self._shift)

    def closed(self) -> None:
        # Seldom but in the head is an element closed that could hold records.
        if self.depth < self._level and self.starts:
            self._over = True


def records_of(source: BinaryIO, outline: Outline, offset: int) -> Iterator[Record]:
    """The records from the one on that begins at an offset; where the document is broken, those before that."""
    scan = _Scan(outline, offset)
    source.seek(offset)
    data, begin = b"", offset
    while True:
        chunk = source.read(_CHUNK)
        data += chunk
        fault = _fault(scan, chunk, len(data))
        if not chunk and not fault:
            yield from _taken_apart(outline, data, scan.starts)
            return
        if len(scan.starts) > 1:
            *whole, cut = scan.starts
            yield from _taken_apart(outline, data[: cut - begin] + outline.tail, whole)
            data, begin, scan.starts = data[cut - begin :], cut, [cut]
        if fault:
            raise TreeError(fault)


def _fault(scan: _Scan, chunk: bytes, size: int) -> str:
    try:
        scan.feed(chunk)
    except TreeError as error:
        return str(error)
    return "file_too_large" if size > LARGEST and len(scan.starts) == 1 else ""


def _taken_apart(outline: Outline, records: bytes, starts: Sequence[int]) -> Iterator[Record]:
    """The records that begin at these places. Who reads otherwise than who counted is not believed."""
    if code := forbidden(records):
        raise TreeError(code)
    try:
        root = parsed(outline.head + records)
    except (SyntaxError, ValueError) as error:
        raise TreeError("not_xml") from error
    elements = elements_at(root, outline.record)
    if len(elements) != len(starts):
        raise TreeError("not_xml")
    rows: dict[object, list[TreeRow]] = {element: [] for element in elements}
    for row in rows_of(root, outline.format):
        record = row.element
        for _ in range(outline.below):
            record = record.getparent()
        if record not in rows:
            raise TreeError("file_too_large")
        rows[record].append(row)
    for start, found in zip(starts, rows.values(), strict=True):
        yield Record(offset=start, rows=found)
