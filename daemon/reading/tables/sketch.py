"""A draft of a format file for what no format knows, with all that can be said already; a person finishes it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from daemon.reading.tables.layout import NoLayout
from daemon.rules.columns import column_key
from daemon.rules.formats import INSTEAD, Format

_NO_NAME = re.compile(r"[^a-z0-9]+")
_MOST_PATHS = 60
_MOST_COLUMNS = 80
_LONGEST = 60
_WANTED = {"orders": ("order_id", "sku"), "merchants": ("fulfiller", "text")}
_GIVES = {"orders": "orders", "merchants": "inquiries"}


def sketch_of_table(name: str, drop: str, found: NoLayout, formats: Sequence[Format] = ()) -> str:
    """The draft for a table, from its likeliest header and the row below it; empty where it has none."""
    columns = [column.strip() for column in found.columns[:_MOST_COLUMNS]]
    if sum(map(bool, columns)) < 2 or not found.row:  # noqa: PLR2004 - one heading makes no table
        return ""
    known = {column: field for column in columns if column and (field := _field(column, formats))}
    sample = ";".join(map(_cell, columns)) + "\n" + ";".join(map(_cell, found.row[: len(columns)])) + "\n"
    rest = [column for column in columns if column and column not in known]
    return _text(name, drop, "table", (), known, [f"column {_quoted(column)}" for column in rest], sample)


def sketch_of_tree(name: str, drop: str, root: Any, formats: Sequence[Format] = ()) -> str:
    """The draft for an XML document: its root, the element that repeats, and the paths inside it."""
    rows = _repeated(root)
    first = root.find("/".join(f"{{*}}{step}" for step in rows.split("/"))) if rows else root
    paths = dict(_leaves(first)) if first is not None else {}
    known = {path: field for path in paths if (field := _field(path.rpartition("/")[2].lstrip("@"), formats))}
    rest = [f"path {path}: {text[:_LONGEST]}" for path, text in paths.items() if path not in known]
    head = (f"root: {_tag(root)}", f"rows: {rows or '.'}")
    return _text(name, drop, "xml", head, known, rest, "")


def _text(
    name: str, drop: str, kind: str, head: Iterable[str], known: Mapping[str, str], rest: Sequence[str], sample: str
) -> str:
    fields: dict[str, list[str]] = {field: [] for field in _WANTED.get(drop, ("order", "tracking"))}
    for column, field in known.items():
        fields.setdefault(field, []).append(column)
    lines = [
        "# yaml-language-server: $schema=../../schemas/formats.json",
        "# A draft. Name the column of each field, take out what is not needed, put invented values into the sample,",
        "# say in `expect` what must be found in it, and run `postbote check`.",
        f"format: {_NO_NAME.sub('-', name.rpartition('.')[0].casefold()).strip('-') or 'new-format'}",
        f"for: [{drop}]",
        f"kind: {kind}",
        f"gives: {_GIVES.get(drop, 'dispatch')}",
        *head,
        "columns:",
        *(f"  {field}: [{', '.join(map(_quoted, columns))}]" for field, columns in fields.items()),
        *(f"  # not used: {' '.join(one.split())}" for one in rest[:_MOST_PATHS]),
        f"needs: [{', '.join(_WANTED.get(drop, ('order', 'tracking')))}]",
        f"sample: {json.dumps(sample, ensure_ascii=False)}",
        "expect: []",
    ]
    return "\n".join(lines) + "\n"


def _field(heading: str, formats: Sequence[Format]) -> str:
    key = column_key(heading)
    named = (one.fields_by_key.get(key, ()) for one in formats)
    field = next((several[0][0] for several in named if several), "")
    return next((into for into, names in INSTEAD.items() if field in names), field)


def _repeated(root: Any) -> str:
    """The path of the outermost element with children that stands there most often."""
    counts: Counter[str] = Counter()
    for element in root.iterdescendants():
        if isinstance(element.tag, str) and len(element):
            counts[_path(element, root)] += 1
    return max(counts, key=lambda path: (counts[path], -path.count("/")), default="")


def _path(element: Any, above: Any) -> str:
    steps = [_tag(element)]
    while (element := element.getparent()) is not None and element is not above:
        steps.append(_tag(element))
    return "/".join(reversed(steps))


def _leaves(first: Any) -> Iterable[tuple[str, str]]:
    for element in first.iter():
        if not isinstance(element.tag, str):
            continue
        path = _path(element, first) if element is not first else ""
        for name in element.attrib:
            yield f"{path}/@{name}".lstrip("/"), element.get(name)
        if path and not len(element):
            yield path, (element.text or "").strip()


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _cell(text: str) -> str:
    text = " ".join(text.split())[:_LONGEST]
    return '"' + text.replace('"', '""') + '"' if ";" in text or '"' in text else text
