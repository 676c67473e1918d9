"""Which rows below a header are none of the table's own: the header again, another table's header, sums, notes."""

import re
from collections.abc import Sequence
from enum import Enum, auto

from daemon.reading.tables.cells import cleaned
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import says_none, speaks_of_returns, speaks_of_voiding
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.meanings import says_only_that_it_stays
from daemon.rules.columns import column_key
from daemon.rules.formats import Format

# Where the order stands in other rows: "Total;2 parcels".
_COUNT = re.compile(r"[0-9]{1,5} [^\W\d_]+")
_LONGEST = 60
_AN_ORDER_NUMBER = 4
_A_TRACKING_NUMBER = 8
_A_HEADER = 2


class RowKind(Enum):
    DATA = auto()
    HEADER = auto()
    OTHER_HEADER = auto()
    TOTAL = auto()
    NOTE = auto()


def kind_of(row: RawRow, layout: Layout) -> RowKind:
    """What a row is. Nearly every row has digits in its order number and no word for a sum before it, and is data."""
    place = layout.places.get("order", layout.places.get("order_id", (0,)))[0]
    text = row.cells[place] if place < len(row.cells) else ""
    if text[-1:].isdigit() and (not text[0].isalpha() or " " not in text) and len(text) >= _AN_ORDER_NUMBER:
        return RowKind.DATA
    first = next((cell.strip() for cell in row.cells if cell.strip()), "")
    if first.startswith("# ") and sum(map(bool, map(str.strip, row.cells))) == 1:
        return RowKind.NOTE
    if text.strip() and len(text) >= _AN_ORDER_NUMBER and not _COUNT.fullmatch(text.strip()):
        first = text.strip()
    if layout.format.totals and _says_total(first, layout) and not _names_parcel(row, layout, first):
        return RowKind.TOTAL
    if any(sign.isdigit() for sign in text):
        return RowKind.DATA
    if sum(map(bool, map(str.strip, row.cells))) == 1 and _heads_what_stays(first, layout.format):
        return RowKind.OTHER_HEADER
    return _header_kind(row, layout)


def _heads_what_stays(text: str, known: Format) -> bool:
    """Whether what follows has not left, has come back or was taken back: "Noch offen:", "Retouren"."""
    if says_none(text, known):
        return False
    stays = says_only_that_it_stays(text, known, opened=True)
    return stays or (len(text) <= _LONGEST and (speaks_of_returns(text, known) or speaks_of_voiding(text, known)))


def _says_total(text: str, layout: Layout) -> bool:
    """Whether a text begins with a word for a sum, or ends with one and a colon."""
    head, colon, _ = text.partition(":")
    words = head.split()
    begins = [words[:count] for count in range(1, min(3, len(words)) + 1)]
    return any(column_key(" ".join(some)) in layout.format.totals for some in (*begins, words[-1:] if colon else []))


def _names_parcel(row: RawRow, layout: Layout, total: str) -> bool:
    places = [place for field in ("tracking", "imei") for place in layout.places.get(field, ())]
    named = [row.cells[place].strip() for place in places if place < len(row.cells)]
    return any(len(text) >= _A_TRACKING_NUMBER and any(map(str.isdigit, text)) for text in named if text != total)


def _header_kind(row: RawRow, layout: Layout) -> RowKind:
    known = layout.format.fields_by_key
    keys = [column_key(cleaned(cell)) if len(cell) <= _LONGEST else "" for cell in row.cells]
    if sum(key in known for key in keys) < _A_HEADER or any(map(_has_long_number, row.cells)):
        return RowKind.DATA
    fields = {place: field for field, places in layout.places.items() for place in places}
    return RowKind.HEADER if _same(keys, fields, layout) else RowKind.OTHER_HEADER


def _same(keys: Sequence[str], fields: dict[int, str], layout: Layout) -> bool:
    """Whether every heading stands over the column where this table has that field."""
    columns = [column_key(column) for column in layout.columns]
    if list(keys[: len(columns)]) == columns:
        return True
    known = layout.format.fields_by_key
    if any(key in known for key in keys[len(columns) :]):
        return False
    return all(
        fields[place] in _fields_named(known.get(key, ())) for place, key in enumerate(keys) if key and place in fields
    )


def _fields_named(named: Sequence[tuple[str, int]]) -> set[str]:
    fields = {field for field, _ in named}
    return (
        fields
        | ({"order"} if fields & {"external_order", "reference"} else set())
        | ({"tracking"} if "shipment_id" in fields else set())
    )


def _has_long_number(cell: str) -> bool:
    return sum(sign.isdigit() for sign in cell) >= _A_HEADER + 1
