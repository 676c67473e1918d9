"""Trees: XML by the paths of a format, each row element as a row of fields; JSON goes on to `records`."""

import re
from collections.abc import Sequence
from typing import Any, BinaryIO

from daemon.domain.arrival import Arrival
from daemon.domain.document import Tree
from daemon.domain.finding import Finding, Reading, Row
from daemon.domain.snapshot import Context
from daemon.reading.delimited import RawRow
from daemon.reading.encoding import encoding_of
from daemon.reading.field_findings import row_findings
from daemon.reading.layout import SEVERAL, Layout, drop_of, formats_for
from daemon.reading.portion import unreadable
from daemon.reading.records import read_records
from daemon.reading.sketch import sketch_of_tree
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

LARGEST = 10 * 1024 * 1024
DEEPEST = 64
MOST_ELEMENTS = 200_000

_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_INCLUDE = b"http://www.w3.org/2001/XInclude"
_STEP = re.compile(r"(@?)([A-Za-z_][A-Za-z0-9_.-]*)(\[.*\])?")
_EXCERPT = 300


def read_tree(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """An XML document or a portion of a JSON list. Total: what cannot be read is `Unreadable`."""
    source.seek(0)
    raw = source.read(LARGEST + 1)
    if len(raw) > LARGEST:
        return unreadable(arrival.name, "file_too_large", limit="10 MiB")
    encoding = encoding_of(raw)
    start = raw[encoding.start :].replace(b"\0", b"").lstrip()[:1]
    if start in {b"{", b"["}:
        return read_records(arrival, raw[encoding.start :], encoding.name, context, rulebook)
    drop = drop_of(arrival, context)
    return _read_xml(arrival, raw, drop, formats_for(drop, "xml", rulebook), rulebook)


def _read_xml(arrival: Arrival, raw: bytes, drop: str, formats: Sequence[Format], rulebook: Rulebook) -> Reading:
    from lxml import etree  # noqa: PLC0415 - only the children that read XML pay for it

    plain = raw.replace(b"\0", b"")
    if _DOCTYPE.search(plain):
        return unreadable(arrival.name, "xml_forbidden_dtd")
    if _INCLUDE in plain:
        return unreadable(arrival.name, "xml_forbidden_include")
    try:
        code = _too_deep(etree, raw)
        if code:
            return unreadable(arrival.name, code)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        return unreadable(arrival.name, "not_xml", line=str(line))
    name = etree.QName(root).localname
    for one in formats:
        documents = root.xpath(f"descendant-or-self::{_test(one.root)}")
        if documents:
            return _by_format(arrival, documents, name, one, rulebook)
    tables = formats_for(drop, "table", rulebook)
    return unreadable(arrival.name, "unknown_xml", sketch_of_tree(arrival.name, drop, root, tables), root=name)


def _too_deep(etree: Any, raw: bytes) -> str | None:
    """Walks the document once without keeping it, so that a hostile one never becomes a tree."""
    depth = elements = 0
    target = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for begin in range(0, len(raw), LARGEST // 160):
        target.feed(raw[begin : begin + LARGEST // 160])
        for event, element in target.read_events():
            if event == "start":
                depth += 1
                elements += 1
            else:
                depth -= 1
                element.clear()
            if depth > DEEPEST or elements > MOST_ELEMENTS:
                return "xml_too_deep" if depth > DEEPEST else "file_too_large"
    target.close()
    return None


def _by_format(arrival: Arrival, documents: Sequence[Any], root: str, one: Format, rulebook: Rulebook) -> Reading:
    fields = tuple(one.columns)
    names = {field: _last_name(paths[0]) for field, paths in one.columns.items()}
    rows: list[RawRow] = []
    for document in documents:
        for element in document.xpath(_xpath(one.rows)):
            found = [_values(document, element, field, one.columns[field]) for field in fields]
            names |= {field: _last_name(path) for field, (path, text) in zip(fields, found, strict=True) if text}
            rows.append(RawRow(number=len(rows) + 1, cells=tuple(text for _, text in found)))
    if not rows:
        return unreadable(arrival.name, "no_rows")
    headings = tuple(names.values())
    header = RawRow(number=0, cells=headings)
    places: dict[str, tuple[int, ...]] = {field: (place,) for place, field in enumerate(fields)}
    layout = Layout(format=one, columns=headings, header=header, places=places)
    findings: list[Finding] = []
    for row in rows:
        findings += row_findings(row, layout, rulebook, word="item")
    return Reading(
        documents=(Tree(name=arrival.name, format=one.name, root=root),),
        findings=tuple(findings),
        orders=tuple(dict.fromkeys(found.order for found in findings if found.order)),
        columns=headings,
        rows=tuple(Row(number=row.number, cells=row.cells) for row in rows),
        excerpt="\n".join(" | ".join(row.cells) for row in rows[:2])[:_EXCERPT],
    )


def _values(document: Any, element: Any, field: str, paths: Sequence[str]) -> tuple[str, str]:
    """The first path that has any texts, and these; a path from `/` begins at the document, another at the row.

    The parcels of a document may be named in several places of its head, and each counts.
    """
    named: list[tuple[str, str]] = []
    for path in paths:
        base = document if path.startswith("/") else element
        found = [_text(one) for one in base.xpath(_xpath(path.removeprefix("/")))]
        if texts := "\n".join(dict.fromkeys(text for text in found if text)):
            if field not in SEVERAL or not path.startswith("/"):
                return named[0] if named else (path, texts)
            named.append((path, texts))
    if not named:
        return paths[0], ""
    return named[0][0], "\n".join(dict.fromkeys(line for _, texts in named for line in texts.split("\n")))


def _text(found: Any) -> str:
    return (found if isinstance(found, str) else "".join(found.itertext())).strip()


def _test(step: str) -> str:
    """One step of a path by its local name, whatever its namespace."""
    match = _STEP.fullmatch(step)
    if match is None:
        return step
    at, name, condition = match[1], match[2], match[3] or ""
    return f"{'@' if at else ''}*[local-name()='{name}']{condition}"


def _xpath(path: str) -> str:
    return "/".join(_test(step) for step in path.split("/"))


def _last_name(path: str) -> str:
    return path.rpartition("/")[2].partition("[")[0].removeprefix("@")
