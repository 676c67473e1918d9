"""Rows that say which of how many they are: "1 von 2" pieces of an order, "Paket 1/2" of its parcels."""

from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import Finding, Parcel
from daemon.domain.values import Value
from daemon.reading.tables.cells import cleaned, part_in
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import counts_goods
from daemon.reading.tables.layout import Layout


class Part(Value, frozen=True, kw_only=True):
    """The one with this `number` of so many. `pieces`: pieces of an article are counted, else parcels."""

    number: int
    of: int
    pieces: bool = False


def part_of(row: RawRow, layout: Layout) -> Part | None:
    """Which part of its order a row tells of."""
    places = layout.places
    for field in ("quantity", "part"):
        for place in places.get(field, ()):
            if place < len(row.cells) and (found := part_in(cleaned(row.cells[place]))):
                goods = field == "quantity" or counts_goods(layout.columns[place], layout.format)
                return Part(number=found[0], of=found[1], pieces=goods)
    return None


def with_parts(findings: Sequence[Finding], parts: dict[int, Part]) -> list[Finding]:
    """The parcels of rows that are parts: with their pieces where these are counted and none of them is missing.

    Where one is missing, or is not believed, the others may not be all that has left, and "2 von 2" may be one or both.
    """
    orders: dict[str | None, list[tuple[Parcel, Part]]] = {}
    for one in findings if parts else ():
        if isinstance(one, Parcel) and not one.beside and (part := parts.get(one.evidence.row or 0)):
            orders.setdefault(one.order, []).append((one, part))
    told = {id(one): _as_part(one, part, several) for several in orders.values() for one, part in several}
    return [told.get(id(one), one) if isinstance(one, Parcel) else one for one in findings]


def _as_part(one: Parcel, part: Part, several: Sequence[tuple[Parcel, Part]]) -> Parcel:
    """A parcel as one of several of its order."""
    if {(other.number, other.of) for _, other in several} != {(number + 1, part.of) for number in range(part.of)}:
        return replace(one, perhaps=(*one.perhaps, 1))
    if not part.pieces:
        return one
    within = {its.number for other, its in several if (other.number, other.line) == (one.number, one.line)}
    return replace(one, quantity=len(within), of=part.of)
