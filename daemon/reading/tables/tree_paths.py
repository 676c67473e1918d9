"""The rows of a tree by the paths of a format, each element by its local name, whatever its namespace."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from daemon.domain.arrival import Arrival
from daemon.domain.document import Tree
from daemon.domain.finding import Finding, Reading, Row
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.field_findings import row_findings
from daemon.reading.tables.layout import SEVERAL, Layout
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_STEP = re.compile(r"(@?)([A-Za-z_][A-Za-z0-9_.-]*)(\[.*\])?")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NONE = re.compile(r"0(?:[.,]0+)?")
_OF_PARCEL = frozenset({"tracking", "shipment_id", "url", "carrier", "shipped_on"})
_EXCERPT = 300


class TreeRow(NamedTuple):
    """A row element with its texts in the order of the format's fields, and the path by which each was found."""

    element: Any
    paths: tuple[str, ...]
    cells: tuple[str, ...]


class _Document:
    """One document of a format. What its head says is looked up once for all its rows."""

    def __init__(self, element: Any, one: Format) -> None:
        paths = (path for several in one.columns.values() for path in several)
        self._head = {path: _texts(element, path[1:]) for path in paths if path.startswith("/")}

    def texts(self, row: Any, path: str) -> str:
        """What stands at a path: one from `/` begins at the document, another at the row."""
        said = self._head.get(path)
        return _texts(row, path) if said is None else said


def holds(root: Any, one: Format) -> bool:
    """Whether there is a document of this format in the tree."""
    return bool(_documents(root, one))


def rows_of(root: Any, one: Format) -> Iterator[TreeRow]:
    """The rows of all documents of a format."""
    for element in _documents(root, one):
        document = _Document(element, one)
        for row in _finder(one.rows)(element):
            found = {field: _values(document, row, field, paths) for field, paths in one.columns.items()}
            if one.gives == "dispatch" and _NONE.fullmatch(found.get("quantity", ("", ""))[1]):
                # What the head says of the parcel is not said of an article that does not lie in it.
                found |= {
                    field: (path, "") for field, (path, _) in found.items() if field in _OF_PARCEL and path[0] == "/"
                }
            paths, cells = zip(*found.values(), strict=True)
            yield TreeRow(element=row, paths=paths, cells=cells)


def elements_at(root: Any, names: Sequence[str]) -> list[Any]:
    """All elements that are called so, one within the other from the root on."""
    return list(_finder("/" + "/".join(names))(root))


def headings_of(one: Format, rows: Sequence[TreeRow]) -> tuple[str, ...]:
    """The names by which the sender says each field."""
    names = [_last_name(paths[0]) for paths in one.columns.values()]
    for row in rows:
        names = [
            _last_name(path) if text else name for name, path, text in zip(names, row.paths, row.cells, strict=True)
        ]
    return tuple(names)


def layout_of(one: Format, headings: tuple[str, ...], zone: str) -> Layout:
    """Each field has a column of its own."""
    places: dict[str, tuple[int, ...]] = {field: (place,) for place, field in enumerate(one.columns)}
    return Layout(format=one, columns=headings, header=RawRow(number=0, cells=headings), places=places, zone=zone)


def reading_of(arrival: Arrival, root: str, layout: Layout, rows: Sequence[RawRow], rulebook: Rulebook) -> Reading:
    """What the rows claim."""
    findings: list[Finding] = []
    for row in rows:
        findings += row_findings(row, layout, rulebook, word="item")
    return Reading(
        documents=(Tree(name=arrival.name, format=layout.format.name, root=root),),
        findings=tuple(findings),
        orders=tuple(dict.fromkeys(found.order for found in findings if found.order)),
        columns=layout.columns,
        rows=tuple(Row(number=row.number, cells=row.cells) for row in rows),
        excerpt="\n".join(" | ".join(row.cells) for row in rows[:2])[:_EXCERPT],
    )


def is_plain(path: str) -> bool:
    """Whether a path is made of names alone."""
    return all(map(_PLAIN.fullmatch, path.split("/")))


def _documents(root: Any, one: Format) -> list[Any]:
    return list(_finder(one.root, "descendant-or-self::")(root))


@cache
def _finder(path: str, along: str = "") -> Any:
    """What finds all that stands at a path of a format."""
    from lxml import etree  # noqa: PLC0415 - only the children that read XML pay for it

    return etree.XPath(along + "/".join(map(_test, path.split("/"))))


def _values(document: _Document, row: Any, field: str, paths: Sequence[str]) -> tuple[str, str]:
    """The first path that has any texts, and these.

    The parcels of a document may be named in several places of its head, and each counts; so does every remark.
    """
    named: list[tuple[str, str]] = []
    for path in paths:
        if texts := document.texts(row, path):
            if field not in SEVERAL:
                return path, " ".join(texts.split("\n"))
            if not path.startswith("/") and field != "remark":
                return named[0] if named else (path, texts)
            named.append((path, texts))
    if not named:
        return paths[0], ""
    return named[0][0], "\n".join(dict.fromkeys(line for _, texts in named for line in texts.split("\n")))


def _texts(base: Any, path: str) -> str:
    found = _finder(path)(base)
    if len(found) < 2:  # noqa: PLR2004 - none or one
        return _text(found[0]) if found else ""
    return "\n".join(dict.fromkeys(filter(None, map(_text, found))))


def _text(found: Any) -> str:
    if isinstance(found, str):
        return found.strip()
    # Nearly every element at the end of a path holds text alone, which is told faster.
    return ("".join(found.itertext()) if len(found) else found.text or "").strip()


def _test(step: str) -> str:
    """One step of a path by its local name."""
    match = _STEP.fullmatch(step)
    if match is None:
        return step
    at, name, condition = match[1], match[2], match[3] or ""
    return f"{'@' if at else ''}*[local-name()='{name}']{condition}"


def _last_name(path: str) -> str:
    return path.rpartition("/")[2].partition("[")[0].removeprefix("@")
