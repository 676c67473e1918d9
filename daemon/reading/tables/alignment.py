"""Rows that are longer or shorter than their header: read where check digits leave one way, else left alone."""

from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.checksums import is_imei
from daemon.reading.tables import cells as cell
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.meanings import hedged, meaning_of
from daemon.rules.carriers import carrier_named, recognise
from daemon.rules.rulebook import Rulebook

_PROOFS = frozenset({"tracking", "imei"})


def aligned(layout: Layout, rows: Sequence[RawRow], rulebook: Rulebook) -> Layout | None:
    """The layout with one heading more where every row has one cell more and only one place for it fits them all."""
    width = len(layout.columns)
    if not rows or any(len(row.cells) != width + 1 for row in rows) or not _PROOFS & layout.places.keys():
        return None
    ways: dict[str, Layout] = {}
    for gap in range(width, -1, -1):
        shifted = _shifted(layout, gap)
        ways.setdefault(repr(sorted(shifted.places.items())), shifted)
    fitting = [way for way in ways.values() if all(_fits(row, way, rulebook) for row in rows)]
    return fitting[0] if len(fitting) == 1 else None


def filled_up(row: RawRow, layout: Layout, rulebook: Rulebook) -> RawRow:
    """A row whose blank end was cut off, or that is longer than the headings, where all stands in its place."""
    places, width = layout.places, len(layout.columns)
    if not _PROOFS & places.keys():
        return row
    if len(row.cells) > width and not _goes_on_idly(row.cells[width:], layout):
        return row
    whole = replace(row, cells=(*row.cells, *[""] * (width - len(row.cells))), code=None)
    return whole if _fits(whole, layout, rulebook) else row


def _goes_on_idly(more: Sequence[str], layout: Layout) -> bool:
    """Whether what stands behind a row's last heading may be left: no number, no state, nothing shifted."""
    places = layout.places
    proven = max(place for field in _PROOFS & places.keys() for place in places[field])
    known = layout.format
    telling = any(any(map(str.isdigit, text)) or meaning_of(text, known) or hedged(text, known) for text in more)
    return not telling and all(
        place <= proven for field, several in places.items() if field != "remark" for place in several
    )


def _shifted(layout: Layout, gap: int) -> Layout:
    columns = (*layout.columns[:gap], "", *layout.columns[gap:])
    places = {field: tuple(place + (place >= gap) for place in places) for field, places in layout.places.items()}
    return replace(layout, columns=columns, places=places | {"unread": (*places.get("unread", ()), gap)})


def _fits(row: RawRow, layout: Layout, rulebook: Rulebook) -> bool:
    texts = {
        field: cell.cleaned(row.cells[places[0]]) for field, places in layout.places.items() if row.cells[places[0]]
    }
    return bool(_PROOFS & texts.keys()) and all(_may_be(field, text, texts, rulebook) for field, text in texts.items())


def _may_be(field: str, text: str, texts: dict[str, str], rulebook: Rulebook) -> bool:
    match field:
        case "tracking":
            return recognise(text, rulebook.carriers, texts.get("carrier"), None).ok
        case "imei" | "imei2":
            return is_imei(text)
        case "carrier":
            return carrier_named(text, rulebook.carriers) is not None
        case "shipped_on" | "until":
            return cell.day(text, day_first=True) is not None
        case "quantity":
            return cell.quantity(text) is not None
        case "order":
            return any(sign.isdigit() for sign in text)
        case _:
            return True
