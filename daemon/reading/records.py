"""JSON as records: objects, or the lines inside them, as rows of a table."""

import json
from collections.abc import Iterator, Mapping

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Json
from daemon.reading.delimited import RawRow
from daemon.reading.layout import NoLayout, drop_of, formats_for, layout_of
from daemon.reading.sheet import portion, unreadable
from daemon.rules.rulebook import Rulebook

RECORDS = 1000

_LISTS = ("orders", "inquiries", "shipments", "rows", "items")
_LINES = ("lines", "items", "positions")


def read_records(arrival: Arrival, raw: bytes, encoding: str, context: Context, rulebook: Rulebook) -> Reading:
    """One portion of the records of a JSON text."""
    try:
        text = raw.decode(encoding or "utf-8")
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        records = list(_records(value))
    except (ValueError, RecursionError) as error:
        return unreadable(arrival.name, "not_json", line=str(getattr(error, "lineno", 1)))
    if not records:
        return unreadable(arrival.name, "no_rows")
    columns = tuple(dict.fromkeys(key for record in records for key in record))
    header = RawRow(number=0, cells=columns)
    layout = layout_of([header], formats_for(drop_of(arrival, context), "table", rulebook))
    if isinstance(layout, NoLayout):
        code = "unknown_json" if layout.code == "not_a_table" else layout.code
        return unreadable(arrival.name, code, **layout.values)
    rows = (
        RawRow(number=number, cells=tuple(record.get(column, "") for column in columns), position=number - 1)
        for number, record in enumerate(records[arrival.position :], arrival.position + 1)
    )
    document = Sheet(name=arrival.name, format=layout.format.name, columns=columns, encoding="json")
    return portion(document, layout, rows, rulebook, RECORDS, continued=bool(arrival.position))


def _records(value: Json) -> Iterator[dict[str, str]]:
    """One flat record per row: an object, or each of its lines together with what the object says for all of them."""
    if isinstance(value, dict):
        inner = next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)
        whole = inner is None or any(key in value for key in ("order_id", "order"))
        value = [value] if whole else inner
    if not isinstance(value, list):
        return
    for entry in value:
        if not isinstance(entry, dict):
            raise ValueError("a record is an object")  # noqa: TRY004 - the reader of JSON catches one kind
        lines = next((entry[key] for key in _LINES if isinstance(entry.get(key), list)), None)
        common = _flat({key: one for key, one in entry.items() if key not in _LINES or not isinstance(one, list)})
        for line in lines or [{}]:
            yield common | _flat(line if isinstance(line, dict) else {})


def _flat(entry: Mapping[str, Json], before: str = "") -> dict[str, str]:
    """An object without depth: `{"buyer": {"name": …}}` is `buyer_name`; a list of texts is one cell with lines."""
    found: dict[str, str] = {}
    for key, value in entry.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{name}_")
        elif isinstance(value, list):
            found[name] = "\n".join(_plain(one) for one in value if not isinstance(one, dict | list))
        else:
            found[name] = _plain(value)
    return found


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
