"""Rows that leave their order blank because it is that of the row right above."""

from msgspec.structs import replace

from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.layout import Layout

_ORDERS = ("order", "order_also")
_NUMBERS = ("tracking", "url")
_GOODS = ("sku", "article", "line")
_DEVICES = ("imei", "imei2", "serial", "labelled")


def continued(row: RawRow, above: RawRow | None, layout: Layout) -> RawRow:
    """The row with the order of the one above, where it goes on with its goods in the same parcel, or with its devices.

    Of another article without a number nobody knows whether it lies in the parcel above.
    """
    if above is None or above.number + 1 != row.number or row.code or _told(row, _ORDERS, layout):
        return row
    numbers, before = _told(row, _NUMBERS, layout), _told(above, _NUMBERS, layout)
    goods, devices = _told(row, _GOODS, layout), _told(row, _DEVICES, layout)
    if not numbers <= before or not (goods | devices) or (before and not numbers and goods):
        return row
    place = layout.order_columns[0][0]
    return replace(row, cells=(*row.cells[:place], above.cells[place], *row.cells[place + 1 :]))


def _told(row: RawRow, fields: tuple[str, ...], layout: Layout) -> set[str]:
    """What a row says in the columns of these fields."""
    cells = row.cells
    places = (place for field in fields for place in layout.places.get(field, ()) if place < len(cells))
    return {text for place in places if (text := cells[place].strip())}
