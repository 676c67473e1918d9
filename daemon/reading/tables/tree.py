"""Trees: an XML document that fits into memory, and the way on for a longer one and for JSON."""

from typing import Any, BinaryIO

from daemon.domain.arrival import Arrival
from daemon.domain.document import Unreadable
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.encoding import encoding_of
from daemon.reading.tables.layout import drop_of, formats_for
from daemon.reading.tables.long_tree import read_long_tree
from daemon.reading.tables.loose_tree import as_object, names_of
from daemon.reading.tables.portion import unreadable
from daemon.reading.tables.records import Origin, read_records, read_value
from daemon.reading.tables.sketch import sketch_of_tree
from daemon.reading.tables.tree_paths import headings_of, holds, layout_of, reading_of, rows_of
from daemon.reading.tables.tree_walk import LARGEST, TreeError, admitted
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_HEAD = 4096
_SHIPPERS = frozenset({"sellers", "fulfillers"})


def read_tree(arrival: Arrival, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    """An XML document, or a portion of a long one or of a JSON list. Total: what cannot be read is `Unreadable`."""
    source.seek(0)
    head = source.read(_HEAD)
    is_json = head[encoding_of(head).start :].replace(b"\0", b"").lstrip()[:1] in {b"{", b"["}
    if arrival.position and not is_json:
        return read_long_tree(arrival, source, context, rulebook)
    source.seek(0)
    raw = source.read(LARGEST + 1)
    if not is_json:
        return _read_xml(arrival, raw, source, context, rulebook)
    if len(raw) > LARGEST:
        return unreadable(arrival.name, "file_too_large", limit="10 MiB")
    encoding = encoding_of(raw)
    return read_records(arrival, raw[encoding.start :], encoding.name, context, rulebook)


def _read_xml(arrival: Arrival, raw: bytes, source: BinaryIO, context: Context, rulebook: Rulebook) -> Reading:
    try:
        root = admitted(raw)
    except TreeError as error:
        if str(error) == "file_too_large":
            return read_long_tree(arrival, source, context, rulebook)
        return unreadable(arrival.name, str(error), **error.values)
    drop = drop_of(arrival, context)
    for one in formats_for(drop, "xml", rulebook):
        if holds(root, one):
            return _by_format(arrival, root, one, context, rulebook)
    loose = _by_its_names(arrival, root, context, rulebook) if drop in _SHIPPERS else None
    return loose or unreadable(
        arrival.name,
        "unknown_xml",
        sketch_of_tree(arrival.name, drop, root, formats_for(drop, "table", rulebook)),
        root=_name_of(root),
    )


def _by_its_names(arrival: Arrival, root: Any, context: Context, rulebook: Rulebook) -> Reading | None:
    """A short document of no known format, where its elements are called as columns are."""
    origin = Origin(encoding="xml", titles=names_of(root), unknown="unknown_xml")
    if (value := as_object(root)) is None:
        return None
    reading = read_value(arrival, value, context, rulebook, origin)
    unread = any(isinstance(one, Unreadable) for one in reading.documents)
    return None if unread or reading.next_position is not None else reading


def _by_format(arrival: Arrival, root: Any, one: Format, context: Context, rulebook: Rulebook) -> Reading:
    found = list(rows_of(root, one))
    if not found:
        return unreadable(arrival.name, "no_rows")
    rows = [RawRow(number=number, cells=row.cells) for number, row in enumerate(found, 1)]
    layout = layout_of(one, headings_of(one, found), context.timezone)
    return reading_of(arrival, _name_of(root), layout, rows, rulebook)


def _name_of(root: Any) -> str:
    return str(root.tag).rpartition("}")[2]
