"""The outline of a long document: what repeats in it, what stands before that, and what closes it."""

from collections import Counter
from collections.abc import Sequence
from io import SEEK_END
from typing import BinaryIO

from daemon.domain.values import Value
from daemon.reading.tables.tree_paths import is_plain
from daemon.reading.tables.tree_walk import TreeError, Walk, local
from daemon.rules.formats import Format

LOOK = 256 * 1024
"""So much of the beginning and of the end is looked at."""

Path = tuple[str, ...]


class Outline(Value, frozen=True, kw_only=True):
    """`record` is the path of the element that repeats, from the root on; `rows` lie so many steps below it.

    `head` are the bytes before the first record, `tail` closes what is open there. `late` are the elements of the head
    that must not come again behind a record: what was read before would have been read without them.
    """

    format: Format
    record: Path
    below: int
    head: bytes
    tail: bytes
    late: frozenset[str]


def outline_of(source: BinaryIO, formats: Sequence[Format]) -> Outline:
    """From the beginning and the end alone; a TreeError for a document that cannot be read record by record."""
    source.seek(0)
    look = source.read(LOOK)
    survey = _Survey()
    survey.feed(look)
    for one in formats:
        if base := next((path for path in survey.counts if path[-1] == one.root), None):
            outline = _outline(one, base, survey, look)
            if outline and b"\0" not in look and not _goes_on_behind(source, outline):
                return outline
            break
    raise TreeError("file_too_large")


class _Survey(Walk):
    """How often each path stands there, where it stands first, and what is open then, as written."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[Path] = Counter()
        self.first: dict[Path, tuple[int, Path]] = {}
        self._path: Path = ()
        self._written: Path = ()

    def opened(self, name: str) -> None:
        above = self._written
        self._path, self._written = (*self._path, local(name)), (*above, name)
        self.counts[self._path] += 1
        if self._path not in self.first:
            self.first[self._path] = self.at, above

    def closed(self) -> None:
        self._path, self._written = self._path[:-1], self._written[:-1]


def _outline(one: Format, base: Path, survey: _Survey, look: bytes) -> Outline | None:
    way = (*base, *one.rows.split("/"))
    record = next((way[:end] for end in range(2, len(way) + 1) if survey.counts[way[:end]] > 1), None)
    if record is None or not _is_within(one, record[len(base) :], below=len(way) - len(record)):
        return None
    begin, above = survey.first[record]
    return Outline(
        format=one,
        record=record,
        below=len(way) - len(record),
        head=look[:begin],
        tail="".join(f"</{name}>" for name in reversed(above)).encode(),
        late=_heads(one) if len(record) > len(base) else frozenset(),
    )


def _is_within(one: Format, steps: Sequence[str], below: int) -> bool:
    """Whether a row needs nothing of its document but its own record and the head before all records."""
    paths = [path for several in one.columns.values() for path in several]
    up = max((path.split("/").count("..") for path in paths), default=0)
    return all(map(is_plain, steps)) and up <= below and _heads(one).isdisjoint(steps)


def _heads(one: Format) -> frozenset[str]:
    """The outermost elements that are read once for all rows of a document."""
    paths = (path for several in one.columns.values() for path in several if path.startswith("/"))
    return frozenset(path.split("/")[1].partition("[")[0] for path in paths)


def _goes_on_behind(source: BinaryIO, outline: Outline) -> bool:
    """Whether something of the head may stand at the very end, or an end that is too long to tell."""
    source.seek(0, SEEK_END)
    source.seek(max(0, source.tell() - LOOK))
    _, found, behind = source.read().rpartition(outline.record[-1].encode())
    return not found or any(name.encode() in behind for name in outline.late)
