"""Which order and which line each value of a mail belongs to."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel
from daemon.domain.identifiers import order_key
from daemon.reading.mentions import Mention
from daemon.reading.text_lines import Claim, TextLine


def subject_order(subject: TextLine, about: Sequence[str]) -> str | None:
    """The order that only the subject names; the name of one that we asked about adds nothing, for it was ours."""
    named = {order_key(one.text): one.text for one in subject.orders}
    asked = {order_key(one) for one in about}
    return next(iter(named.values())) if len(named) == 1 and asked.isdisjoint(named) else None


def attributed(lines: Sequence[TextLine], subject: str | None) -> Iterator[Finding]:
    """The values of all lines in order; `subject` is the order of those for which the text names none."""
    above = _Above()
    pieces, items = _pieces(lines), _items(lines)
    for line in lines:
        above.begin(line)
        groups = _groups(line)
        values_first = bool(line.orders) and bool(line.values) and line.values[0][0] < line.orders[0].start
        parcels = sum(isinstance(value, Parcel) for _, value in line.values)
        for start, value in line.values:
            group = _beside(groups, start, values_first=values_first) or above.orders
            parcel = isinstance(value, Parcel)
            place = _beside(_in_reach(line, start), start, values_first=False)
            if parcel and _may_be_anothers(line, start, place):
                yield _unclear(value)
                continue
            line_named = place[0].text if place else (above.heading if parcel else above.place)
            owned = replace(value, line=None if len(place) > 1 else line_named)
            if isinstance(owned, Parcel):
                owned = replace(owned, quantity=pieces.get((line.number, start)))
            orders: list[str | None] = [*(one.text for one in group)] or [subject]
            if _of_another(line, group, start):
                yield _ambiguous(owned, orders)
                continue
            for part in _together(owned, place) or _itemised(owned, items):
                yield from _shared(part, orders, alone=parcels == 1)
        above.end(line, groups)


def _shared(value: Claim, orders: Sequence[str | None], *, alone: bool) -> Iterator[Finding]:
    """A value for the order it stands beside; a single parcel may hold all orders of a list, more would be guessed."""
    if len(orders) == 1 or isinstance(value, Doubt) or (alone and isinstance(value, Parcel)):
        for order in orders:
            yield replace(value, order=order)
    else:
        yield _ambiguous(value, orders)


def _of_another(line: TextLine, group: Sequence[Mention], start: int) -> bool:
    """Whether the line turns to another order, which it does not name, before it comes to a value."""
    return any(one.end <= other < start for one in group[-1:] if one in line.orders for other in line.others)


def _ambiguous(value: Claim, orders: Sequence[str | None]) -> Doubt:
    if isinstance(value, Doubt):
        return value
    named = ", ".join(one for one in orders if one)
    number = value.number if isinstance(value, Parcel) else value.imei
    return Doubt(
        evidence=value.evidence, code="order_ambiguous", value=named, values={"orders": named, "number": number}
    )


def _pieces(lines: Sequence[TextLine]) -> dict[tuple[int, int], int]:
    """How many pieces are in a parcel, by its place: said on its line, or once in a mail that names one parcel."""
    parcels = [(line, start) for line in lines for start, value in line.values if isinstance(value, Parcel)]
    if len(parcels) > 1 and (each := _of_each(lines, parcels)):
        return each
    told = {count for line in lines for _, count in line.pieces if not line.places}
    if len(parcels) == 1:
        ((line, start),) = parcels
        own = {count for _, count in line.pieces} or told
        return {(line.number, start): own.pop()} if len(own) == 1 else {}
    found: dict[tuple[int, int], int] = {}
    for line in lines:
        starts = [start for start, value in line.values if isinstance(value, Parcel)]
        if len(starts) == len(line.pieces):
            found |= {(line.number, start): count for start, (_, count) in zip(starts, line.pieces, strict=True)}
    return found


def _of_each(lines: Sequence[TextLine], parcels: Sequence[tuple[TextLine, int]]) -> dict[tuple[int, int], int]:
    """One piece a parcel where that is said, or as many as the IMEIs that follow each of them."""
    if any(line.each for line in lines):
        return {(line.number, start): 1 for line, start in parcels}
    counts: dict[tuple[int, int], int] = {}
    last: tuple[int, int] | None = None
    for line in lines:
        for start, value in line.values:
            if isinstance(value, Parcel):
                last = (line.number, start)
                counts[last] = 0
            elif isinstance(value, DeviceNamed):
                if last is None:
                    return {}
                counts[last] += 1
    return counts if all(counts.values()) else {}


def _may_be_anothers(line: TextLine, start: int, place: Sequence[Mention]) -> bool:
    """Whether the article behind a number may as well belong to the next one: "one with N, and the case with M"."""
    parcels = [at for at, value in line.values if isinstance(value, Parcel)]
    if not place or place[0].start < start or len(_listed(line.places)) >= len(parcels):
        return False
    return any(at > place[0].start for at in parcels)


def _unclear(value: Claim) -> Doubt:
    number = value.number if isinstance(value, Parcel) else ""
    return Doubt(evidence=value.evidence, code="quantity_unclear", value=number, values={"value": number})


def _in_reach(line: TextLine, start: int) -> list[list[Mention]]:
    """The lines of an order named beside a value, none behind the end of its part of the sentence."""
    end = next((one for one in line.ends if one > start), None)
    return _listed([one for one in line.places if end is None or one.start < end])


def _together(value: Claim, place: Sequence[Mention]) -> list[Claim]:
    """A parcel once for each of the articles that lie in it together ("phone and case")."""
    if len(place) < 2 or not isinstance(value, Parcel) or value.quantity:  # noqa: PLR2004 - one is no list
        return []
    return [replace(value, line=one.text) for one in place]


def _items(lines: Sequence[TextLine]) -> dict[str, int]:
    """The contents that a mail with one parcel lists, line by line of the order, each with its pieces."""
    numbers = {value.number for line in lines for _, value in line.values if isinstance(value, Parcel)}
    if len(numbers) != 1:
        return {}
    return {one.places[0].text: one.pieces[0][1] for one in lines if len(one.places) == len(one.pieces) == 1}


def _itemised(value: Claim, items: Mapping[str, int]) -> list[Claim]:
    """A parcel once for each line of the order that is listed as its contents."""
    if not isinstance(value, Parcel) or value.line or value.quantity or not items:
        return [value]
    return [replace(value, line=line, quantity=count) for line, count in items.items()]


def _groups(line: TextLine) -> list[list[Mention]]:
    """The orders of a line, those of one list (`A, B and C`) together."""
    return _listed(line.orders)


def _listed(mentions: Sequence[Mention]) -> list[list[Mention]]:
    groups: list[list[Mention]] = []
    for one in mentions:
        if groups and one.listed:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


class _Above:
    """What the lines above name: orders in the whole mail, lines of an order in the same paragraph."""

    def __init__(self) -> None:
        self.orders: list[Mention] = []
        self.place: str | None = None
        self._places: set[str] = set()
        self._heading: str | None = None

    def begin(self, line: TextLine) -> None:
        """A blank line ends a paragraph, and so does the heading of another order."""
        if line.blank or line.orders:
            self.place, self._heading, self._places = None, None, set()
        self._places.update(one.text for one in line.places)

    def end(self, line: TextLine, groups: Sequence[list[Mention]]) -> None:
        if groups and line.number:
            self.orders = groups[-1]
        if line.places:
            self.place = None if line.places[-1].listed else line.places[-1].text
            self._heading = self._heading if line.values else self.place

    @property
    def heading(self) -> str | None:
        """A parcel may hold everything: a line named above counts only where it is the one heading of its paragraph."""
        return self._heading if len(self._places) == 1 else None


def _beside(groups: Sequence[list[Mention]], start: int, *, values_first: bool) -> list[Mention]:
    """The mentions on the same line that a value belongs to: the last before it, else the first behind it."""
    before = [group for group in groups if group[0].start < start]
    after = [group for group in groups if group[0].start >= start]
    if after and (values_first or not before):
        return after[0]
    return before[-1] if before else []
