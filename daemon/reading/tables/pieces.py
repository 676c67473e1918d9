"""Which columns of a table count what has left, what was ordered, what stays behind, or perhaps any of these."""

import re
from collections.abc import Container, Sequence

from daemon.reading.tables import cells as cell
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import (
    counts_accepted,
    counts_goods,
    counts_pieces_only,
    counts_remaining,
    counts_sent,
    counts_something_else,
    is_of_another_thing,
    is_weight,
)
from daemon.rules.formats import Format

Places = dict[str, tuple[int, ...]]

_OTHERS = frozenset({"order", "line", "sku", "tracking", "url", "carrier", "imei", "imei2", "serial", "until"}) | {
    "status", "problem", "remark", "voided", "handed", "returned"
}  # fmt: skip
_PIECES = re.compile(r"[0-9]{1,3}(?:\s*(?:x|Stk\.?|Stück|pcs\.?|St\.?))?", re.IGNORECASE)
_ROUND = re.compile(r"[0-9]{1,3}[.,]0{1,4}")
_ENOUGH = 3


class _Counts:
    """The columns of a table that hold small whole numbers, by what their headings say that these count."""

    def __init__(self, header: RawRow, places: Places, one: Format, rows: Sequence[RawRow]) -> None:
        self._headings = header.cells
        self._format = one
        self._rows = [row for row in rows if _names_order(row, places)]
        spoken_for = {place for field in _OTHERS & places.keys() for place in places[field]}
        free = [place for place in range(len(header.cells)) if place not in spoken_for]
        blank = [place for place in free if not self._texts(place)]
        self.parts = tuple(place for place in free if self._are_parts(place))
        self._places = [place for place in free if self._whole(place)]
        self.remaining = [place for place in self._places + blank if counts_remaining(self._headings[place], one)]
        self.blank = tuple(place for place in blank if counts_sent(self._headings[place], one))
        self.sent = [place for place in self._left() if self._is_sent(place)]
        self.accepted = [place for place in self._left() if counts_accepted(self._headings[place], one)]
        self.goods = [place for place in self._left() if counts_goods(self._headings[place], one)]

    def of_freight(self, place: int, places: Places) -> bool:
        """Whether pieces beside a weight and without an article may be those of the freight: "Pcs", "Wt"."""
        beside = {"line", "sku", "article"} & places.keys()
        weighed = any(is_weight(heading, self._format) for heading in self._headings)
        return weighed and not beside and counts_pieces_only(self._headings[place], self._format)

    def in_pieces(self, place: int) -> bool:
        return counts_goods(self._headings[place], self._format)

    def unknown(self, known: Container[int]) -> tuple[int, ...]:
        """Those of which nobody knows what they count; not what only numbers the rows or is the same in all of them."""
        return tuple(place for place in self._left() if place not in known and self._may_be_sent(place))

    def adding_up(self, places: Places) -> list[int]:
        """The one column of pieces whose parts come to what was ordered of each line, be it in several parcels."""
        named = [place for field in ("order", "line", "sku") for place in places.get(field, ())[:1]]
        found = [place for place in self.unknown(()) if self._adds_up(place, places["ordered"][0], named)]
        return found if len(found) == 1 else []

    def _adds_up(self, place: int, ordered: int, named: Sequence[int]) -> bool:
        sums: dict[tuple[str, ...], list[int]] = {}
        for row in self._rows:
            if len(row.cells) <= max(place, ordered, *named):
                return False
            wanted, part = (cell.quantity(cell.cleaned(row.cells[one])) for one in (ordered, place))
            if not wanted or not part:
                return False
            told = sums.setdefault(tuple(row.cells[one] for one in named), [wanted, 0])
            told[1] += part
        return any(wanted > 1 for wanted, _ in sums.values()) and all(wanted == came for wanted, came in sums.values())

    def _is_sent(self, place: int) -> bool:
        heading = self._headings[place]
        whole = all(map(_PIECES.fullmatch, self._texts(place)))
        return counts_sent(heading, self._format) and (whole or counts_goods(heading, self._format))

    def _left(self) -> list[int]:
        return [place for place in self._places if place not in self.remaining]

    def _may_be_sent(self, place: int) -> bool:
        heading = self._headings[place]
        if is_of_another_thing(heading, self._format) or counts_something_else(heading, self._format):
            return False
        texts = self._texts(place)
        numbered = texts == [str(number) for number in range(1, len(texts) + 1)]
        varies = len(set(texts)) > 1 or len(texts) < _ENOUGH
        return all(map(_PIECES.fullmatch, texts)) and varies and not (numbered and len(texts) >= _ENOUGH)

    def _are_parts(self, place: int) -> bool:
        texts = self._texts(place)
        return bool(texts) and all(map(cell.part_in, texts))

    def _whole(self, place: int) -> bool:
        texts = self._texts(place)
        return bool(texts) and all(_PIECES.fullmatch(text) or _ROUND.fullmatch(text) for text in texts)

    def _texts(self, place: int) -> list[str]:
        texts = (cell.cleaned(row.cells[place]) for row in self._rows if place < len(row.cells))
        return [text for text in texts if not cell.says_nothing(text)]


def _names_order(row: RawRow, places: Places) -> bool:
    return any(place < len(row.cells) and any(map(str.isdigit, row.cells[place])) for place in places["order"])


def with_pieces(header: RawRow, places: Places, one: Format, rows: Sequence[RawRow]) -> Places:
    """The fields of a table about orders with `quantity`: what has left or was confirmed, `sent` where it says so.

    `perhaps_sent` are numbers that nobody understands, `remaining` what stays behind.
    """
    counts = _Counts(header, places, one, rows)
    named = places.get("quantity", ())[:1]
    sent = counts.sent or [place for place in counts.accepted if "ordered" in places or counts.in_pieces(place)]
    goods = counts.goods if len(counts.goods) == 1 else []
    chosen = next((several[0] for several in (sent, named, goods) if several), None)
    if chosen is None and "ordered" in places and (whole := counts.adding_up(places)):
        chosen, sent = whole[0], whole
    if chosen is not None and counts.of_freight(chosen, places):
        chosen = None
    found = {field: rest for field, several in places.items() if (rest := _without(several, chosen))}
    if chosen is not None and named and named[0] != chosen and "ordered" not in places:
        found["ordered"] = named
    found.pop("quantity", None)
    if chosen is not None:
        found |= {"quantity": (chosen,)} | ({"sent": (chosen,)} if chosen in sent else {})
    if chosen is not None and chosen in counts.accepted and "ordered" in found:
        found["accepted"] = (chosen,)
    known = [place for field in ("quantity", "ordered") for place in found.get(field, ())]
    # Beside what says that it was sent, only another such column may tell of fewer.
    unknown = tuple(place for place in sent if place != chosen) if chosen in sent else counts.unknown(known)
    # What the first rows leave blank, a later one may fill in.
    taken = {place for places in found.values() for place in places}
    blank = tuple(place for place in counts.blank if place not in taken)
    several = {"perhaps_sent": (*unknown, *blank), "remaining": tuple(counts.remaining), "part": counts.parts}
    return found | {field: some for field, some in several.items() if some}


def _without(several: tuple[int, ...], chosen: int | None) -> tuple[int, ...]:
    return tuple(place for place in several if place != chosen)
