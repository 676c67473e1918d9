"""JSON, and XML of no known format, as records: objects, their lines and their parcels, as rows of a table."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.document import Sheet
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Json, Value
from daemon.reading.tables.delimited import RawRow, parted
from daemon.reading.tables.layout import NoLayout, drop_of, formats_for, layout_of
from daemon.reading.tables.loose_tree import as_title
from daemon.reading.tables.portion import portion, unreadable
from daemon.reading.tables.sketch import sketch_of_table
from daemon.reading.tables.titles import of_sender, with_plan
from daemon.rules.columns import column_key
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

RECORDS = 1000
DEEPEST = 64
MOST_RECORDS = 200_000
_SAMPLE = 20
_ORDER, _STATUS = "order", "status"
_AN_ORDER = re.compile(r"#?(?=\S*[0-9]{3})[A-Za-z0-9][A-Za-z0-9._/-]{2,39}")
_CALLED = ("key", "name", "code")

# What a document calls the list of its records, the lines of one, and its parcels; compared as headings are.
_RECORDS = (
    *("orders", "inquiries", "shipments", "rows", "records", "data", "results", "content"),
    *("bestellungen", "auftraege", "sendungen", "commandes", "expeditions", "zamowienia", "przesylki", "ordini"),
    *("spedizioni", "pedidos", "envios", "bestellingen", "zendingen"),
)
_LINES = frozenset(
    {"lines", "items", "positions", "positionitems", "orderlines", "orderitems", "lineitems", "orderpositions"}
    | {"positionen", "artikel", "articles", "lignes", "pozycje", "produkty", "righe", "articoli", "lineas", "articulos"}
    | {"regels", "artikelen"}
)
_PARCELS = frozenset(
    {"packages", "parcels", "shipments", "fulfillments", "trackings", "deliveries", "tracks"}
    | {"pakete", "sendungen", "colis", "expeditions", "paczki", "przesylki", "colli", "spedizioni", "bultos", "envios"}
    | {"paquetes", "pakketten", "zendingen"}
)

_ENVELOPES = frozenset({"data", "payload", "object", "resource", "body"})
_NAMES_ITSELF = frozenset({"orderid", "order", "ordernumber", "id"})
_PAGED = frozenset(
    {"items", "total", "count", "page", "pages", "limit", "offset", "next", "previous", "links", "nextpagelink"}
)


class _TooMuchError(ValueError):
    """The document breaks a limit; its message is the reason's code."""


class _Record(Value, frozen=True, kw_only=True):
    """One row. `beside`: it is a further parcel for the goods of the rows before it."""

    cells: dict[str, str]
    beside: bool = False


class _Lists(Value, frozen=True, kw_only=True):
    """The `records` of a document and what their list is called; `others` are the objects in lists beside it."""

    records: list[Json]
    name: str = ""
    others: list[Json] = []


def read_records(arrival: Arrival, raw: bytes, encoding: str, context: Context, rulebook: Rulebook) -> Reading:
    """One portion of the records of a JSON text."""
    try:
        value = _loaded(raw.decode(encoding or "utf-8"))
    except _TooMuchError as error:
        return unreadable(arrival.name, str(error))
    except (ValueError, RecursionError) as error:
        return unreadable(arrival.name, "not_json", line=str(getattr(error, "lineno", 1)))
    return read_value(arrival, value, context, rulebook, Origin())


class Origin(Value, frozen=True, kw_only=True):
    """In what the records were written; `titles` are what the document calls them, `unknown` why they are not read."""

    encoding: str = "json"
    titles: tuple[str, ...] = ()
    unknown: str = "unknown_json"


def read_value(arrival: Arrival, value: Json, context: Context, rulebook: Rulebook, origin: Origin) -> Reading:
    """One portion of the records of a document."""
    drop = drop_of(arrival, context)
    formats = formats_for(drop, "table", rulebook)
    lists = _lists(_unkeyed(value, formats))
    try:
        records = list(_records(lists.records))
        others = list(_records(lists.others))
    except _TooMuchError as error:
        return unreadable(arrival.name, str(error))
    except ValueError:
        return unreadable(arrival.name, "not_json", line="1")
    if not records:
        return unreadable(arrival.name, "no_rows")
    columns = tuple(dict.fromkeys(key for record in records for key in record.cells))
    header = RawRow(number=0, cells=columns)
    sample = [RawRow(number=0, cells=_row(one, columns)) for one in records[:_SAMPLE]]
    layout = layout_of([header, *sample], formats, rulebook)
    if isinstance(layout, NoLayout):
        code = origin.unknown if layout.code == "not_a_table" else layout.code
        shown = NoLayout(code=code, columns=columns, row=_row(records[0], columns))
        return unreadable(arrival.name, code, sketch_of_table(arrival.name, drop, shown, formats), **layout.values)
    # Programs that write such documents write no dates the way their user's language does.
    layout = replace(of_sender(layout, arrival, context, rulebook), day_first=False)
    layout = with_plan(layout, *origin.titles, as_title(lists.name))
    # What an object does not speak of is not left blank.
    dated = [columns[place] for place in layout.places.get("shipped_on", ())]
    blanks = all(column in record.cells for column in dated for record in records)
    if not blanks:
        layout = replace(layout, places={field: one for field, one in layout.places.items() if field != "dated"})
    position, unread = parted(arrival.position)
    unreads = [one for one in others if any(one.cells.get(columns[place]) for place, _ in layout.order_columns)]
    rows = (
        RawRow(
            number=number,
            cells=_row(record, columns),
            position=number - 1,
            beside=record.beside,
            code="another_table" if number > len(records) else None,
        )
        for number, record in enumerate([*records, *unreads][position:], position + 1)
    )
    document = Sheet(name=arrival.name, format=layout.format.name, columns=columns, encoding=origin.encoding)
    return portion(document, layout, rows, rulebook, RECORDS, blanks=blanks, unread=unread)


def _row(record: _Record, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(record.cells.get(column, "") for column in columns)


def _loaded(text: str) -> Json:
    """The document, or the list of the documents that stand line by line."""
    try:
        return _json(text)
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if error.msg != "Extra data" or not all(line.lstrip().startswith("{") for line in lines):
            raise
        return [_json(line) for line in lines]


def _json(text: str) -> Json:
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object in which every name stands once: of two values nobody can tell which is meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TooMuchError("json_name_twice")
    return found


def _unkeyed(value: Json, formats: Sequence[Format]) -> Json:
    """A document whose records stand below the numbers of their orders, `{"A-1001": {…}}`, with these in them.

    Of several groups of such records each tells its own what has become of them: `{"shipped": {…}, "canceled": {…}}`.
    """
    if not isinstance(value, dict):
        return value
    if records := _keyed(value, formats):
        return [*records]
    groups = {key: found for key, one in value.items() if isinstance(one, dict) and (found := _keyed(one, formats))}
    if len(groups) > 1:
        grouped = [{_STATUS: as_title(key)} | record for key, records in groups.items() for record in records]
        return {key: one for key, one in value.items() if key not in groups} | {_RECORDS[0]: grouped}
    return value | groups


def _keyed(value: dict[str, Json], formats: Sequence[Format]) -> list[dict[str, Json]]:
    """The records of an object all of whose names could number orders, each with its name.

    Where the records name their orders themselves, only those who know our orders can tell which of both is meant.
    """
    if not value or not all(map(_AN_ORDER.fullmatch, value)):
        return []
    told = [(key, record) for key, one in value.items() for record in (one if isinstance(one, list) else [one])]
    records = [(key, record) for key, record in told if isinstance(record, dict)]
    names = {column_key(name) for _, record in records for name in record}
    heading = "key" if any(one.columns_of_orders & names for one in formats) else _ORDER
    return [{heading: key} | record for key, record in records] if len(records) == len(told) else []


def _lists(value: Json) -> _Lists:
    """The objects of a document, be it no more than one; a list of them, what it is called, and what else there is."""
    if not isinstance(value, dict):
        return _Lists(records=value if isinstance(value, list) else [])
    value = _opened(value)
    named = {column_key(key): one for key, one in value.items() if isinstance(one, list)}
    inner = next((named[key] for key in _RECORDS if key in named), None) or _only_list(named)
    whole = inner is None or any(column_key(key) in _NAMES_ITSELF for key in value)
    if whole and set(map(column_key, value)) <= _PAGED and _is_list_of(value.get("items")):
        inner, whole = value["items"], False
    if whole or not isinstance(inner, list):
        return _Lists(records=[value])
    others = [entry for one in value.values() if one is not inner and _is_list_of(one) for entry in one]
    return _Lists(records=inner, name=next(key for key, one in value.items() if one is inner), others=others)


def _records(entries: list[Json]) -> Iterator[_Record]:
    """One flat record per row: an object, or each of its lines and parcels with what the object says for all."""
    for count, record in enumerate(one for entry in entries for one in _rows_of(entry, 0)):
        if count >= MOST_RECORDS:
            raise _TooMuchError("file_too_large")
        yield record


def _opened(value: dict[str, Json]) -> dict[str, Json]:
    """What lies in an envelope, with what is written on it: `{"event": …, "data": {…}}`."""
    for name in sorted(_ENVELOPES & value.keys()):
        inner = value[name]
        if isinstance(inner, dict) and value.keys().isdisjoint(inner):
            return {key: one for key, one in value.items() if key != name} | inner
    return value


def _only_list(named: Mapping[str, Json]) -> Json:
    """The one list of objects in a document, unless it is called one of lines or parcels; else None."""
    lists = {key: one for key, one in named.items() if _is_list_of(one)}
    return next(iter(lists.values())) if len(lists) == 1 and not lists.keys() & (_LINES | _PARCELS) else None


def _rows_of(entry: Json, depth: int) -> Iterator[_Record]:
    if not isinstance(entry, dict):
        raise ValueError("a record is an object")  # noqa: TRY004 - the reader of JSON catches one kind
    lists = {key: one for key, one in entry.items() if _is_list_of(one) and column_key(key) in _LINES | _PARCELS}
    common = _flat({key: one for key, one in entry.items() if key not in lists}, depth=depth)
    parcels = [(key, one) for key, several in lists.items() if column_key(key) in _PARCELS for one in several]
    lines = [
        (key, _flat(one, depth=depth + 1))
        for key, several in lists.items()
        if column_key(key) in _LINES
        for one in several
    ]
    if parcels and lines and not any(_has_lines(one) for _, one in parcels):
        yield from _side_by_side(common, parcels, lines, depth)
        return
    for key, one in parcels:
        for record in _rows_of(one, depth + 1):
            yield replace(record, cells=_beside(common, record.cells, key))
    for key, row in lines:
        if not parcels or _says_more(row):
            yield _Record(cells=_beside(common, row, key))
    if not parcels and not lines:
        yield _Record(cells=common)


def _side_by_side(
    common: dict[str, str], parcels: list[tuple[str, Json]], lines: list[tuple[str, dict[str, str]]], depth: int
) -> Iterator[_Record]:
    """What has left and the parcels in which it has: which of several holds what is not said.

    So the first stands with each of the lines, and the others lie beside it.
    """
    (name, first), *others = parcels
    for record in _rows_of(first, depth + 1):
        parcel = _beside(common, record.cells, name)
        for key, row in lines:
            yield _Record(cells=_beside(parcel, row, key))
    for key, one in others:
        for record in _rows_of(one, depth + 1):
            yield _Record(cells=_beside(common, record.cells, key), beside=True)


def _has_lines(parcel: Json) -> bool:
    return isinstance(parcel, dict) and any(
        _is_list_of(one) and column_key(key) in _LINES for key, one in parcel.items()
    )


def _beside(common: dict[str, str], row: dict[str, str], name: str) -> dict[str, str]:
    """What is said for all of an object and what one entry of a list in it says; the same name twice is told apart."""
    return common | {(f"{name}_{key}" if key in common else key): value for key, value in row.items()}


def _says_more(row: Mapping[str, str]) -> bool:
    """Whether a line names devices; beside parcels that say what they hold, the rest is no dispatch."""
    return any(row[key] for key in row if "imei" in column_key(key) or "serial" in column_key(key))


def _is_list_of(value: Json) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _flat(entry: Mapping[str, Json], before: str = "", depth: int = 0) -> dict[str, str]:
    """An object without depth: `{"buyer": {"name": …}}` is `buyer_name`; a list of texts is one cell with lines."""
    if depth > DEEPEST:
        raise _TooMuchError("json_too_deep")
    found: dict[str, str] = {}
    for key, value in entry.items():
        name = f"{before}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{name}_", depth + 1)
        elif called := _called(value):
            found |= {one: text for one, text in _flat(called, before, depth + 1).items() if one not in entry}
        elif _is_list_of(value):
            several = [_flat(one, f"{name}_", depth + 1) for one in value]
            for column in dict.fromkeys(column for one in several for column in one):
                found[column] = "\n".join(text for one in several if (text := one.get(column)))
        elif isinstance(value, list):
            found[name] = "\n".join(_plain(one) for one in value if not isinstance(one, dict | list))
        else:
            found[name] = _plain(value)
    return found


def _called(value: Json) -> dict[str, Json]:
    """What a list of `{"key": …, "value": …}` says, as an object; empty where it is none."""
    if not isinstance(value, list) or not value:
        return {}
    found: dict[str, Json] = {}
    for one in value:
        name = next((one[key] for key in _CALLED if key in one), None) if isinstance(one, dict) else None
        if not isinstance(name, str) or not isinstance(one, dict) or "value" not in one or name in found:
            return {}
        found[name] = one["value"]
    return found


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
