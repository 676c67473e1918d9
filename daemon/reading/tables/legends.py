"""Lines that explain the marks of a table: "V = versendet, O = offen". What a mark means, its column then says."""

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from daemon.domain.values import Value
from daemon.reading.tables.cells import cleaned
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import is_apart
from daemon.reading.tables.layout import Layout

_MARK = re.compile(r"(?<![^\W_])([^\W_]{1,3}|[^\w\s,;:.=()/|\"'-]{1,2})(?:\s*=\s*|\s*:\s+|\s+[-\u2013]\s+)(?=[^\s=])")
_ENDS = " ,;|/.·•()[]"
_LONGEST = 500
_LAST = 15
_SEVERAL = 2
_KNOWN = frozenset({"order", "tracking", "url", "imei", "imei2", "serial", "carrier", "shipped_on", "until", "former"})
"""Fields whose columns hold no marks."""


class Legend(Value, frozen=True, kw_only=True):
    """What marks mean, in which columns they stand, and which rows say so."""

    meanings: dict[str, str]
    places: tuple[int, ...]
    rows: frozenset[int]

    def read(self, row: RawRow) -> RawRow:
        """A row with the words that its marks stand for."""
        cells = list(row.cells)
        for place in self.places:
            if place < len(cells):
                cells[place] = self.meanings.get(cleaned(cells[place]).casefold(), cells[place])
        return replace(row, cells=tuple(cells))


def legend_of(layout: Layout, taken: Sequence[RawRow], end: Iterable[RawRow]) -> Legend | None:
    """The legend of a table, above it, in its headings or below it, where all marks of some column are in it."""
    if not layout.format.words or layout.format.gives != "dispatch":
        return None
    ending = [*taken[-_LAST:], *end]
    meanings: dict[str, str] = {}
    for text in (*layout.columns, *layout.titles, *map(_words, ending)):
        meanings |= marks_in(text)
    if len(meanings) < _SEVERAL:
        return None
    explaining = frozenset(row.number for row in taken[-_LAST:] if _explains(row))
    rows = [row for row in taken if row.number not in explaining]
    known = {place for field in _KNOWN for place in layout.places.get(field, ())}
    free = [place for place in range(len(layout.columns)) if place not in known]
    explained = tuple(place for place in free if _is_explained(place, rows, meanings, layout))
    return Legend(meanings=meanings, places=explained, rows=explaining) if explained else None


def with_legend(layout: Layout, legend: Legend) -> Layout:
    """The layout in which the columns of its marks are ones of a status, and none of them is left blank."""
    others = {field: tuple(at for at in several if at not in legend.places) for field, several in layout.places.items()}
    others["status"] = (*legend.places, *others.get("status", ()))
    return replace(
        layout, places={field: some for field, some in others.items() if some} | {"explained": legend.places}
    )


def marks_in(text: str) -> dict[str, str]:
    """The marks that a text explains, each with the words up to the next."""
    if len(text) > _LONGEST:
        return {}
    _, *found = _MARK.split(text)
    told = zip(found[::2], found[1::2], strict=True)
    return {mark.casefold(): words for mark, said in told if (words := said.strip(_ENDS))}


def _words(row: RawRow) -> str:
    return " | ".join(filter(None, map(str.strip, row.cells)))


def _explains(row: RawRow) -> bool:
    """Whether a row holds nothing but explanations, and perhaps a title before them."""
    filled = [cell for cell in row.cells if cell.strip()]
    return bool(filled) and bool(marks_in(filled[-1])) and all(marks_in(cell) for cell in filled[1:])


def _is_explained(place: int, rows: Sequence[RawRow], meanings: dict[str, str], layout: Layout) -> bool:
    """Whether all that stands in a column are marks, or some of it where the column is one of a status by its heading.

    Digits below a heading for pieces are pieces.
    """
    texts = {cleaned(row.cells[place]).casefold() for row in rows if place < len(row.cells)} - {""}
    if place in layout.places.get("status", ()) or marks_in(layout.columns[place]):
        return not texts.isdisjoint(meanings)
    counted = place in layout.places.get("quantity", ()) and any(map(str.isdecimal, texts))
    apart = is_apart(layout.columns[place], layout.format)
    return bool(texts) and texts <= meanings.keys() and not counted and not apart
