"""Which order and which line each value of a mail belongs to."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement
from daemon.domain.identifiers import order_key
from daemon.reading.texts.mentions import Known, Mention
from daemon.reading.texts.owners import owners, settled, turns_to_another
from daemon.reading.texts.places import Places
from daemon.reading.texts.text_lines import Claim, TextLine


def subject_order(subject: TextLine, about: Sequence[str]) -> str | None:
    """The order that only the subject names; the name of one that we asked about adds nothing, for it was ours."""
    named = {order_key(one.text): one.text for one in subject.orders}
    asked = {order_key(one) for one in about}
    return next(iter(named.values())) if len(named) == 1 and asked.isdisjoint(named) else None


def attributed(
    lines: Sequence[TextLine], subject: str | None, about: Sequence[str], said: Sequence[Finding], known: Known
) -> Iterator[Finding]:
    """The values of all lines in order; `subject` is the order of those for which the text names none.

    `about` are the orders that we asked about, `said` is what the sentences say.
    """
    owned = owners(lines, about, settled(said))
    places = Places(lines, said, known)
    pieces, items = _pieces(lines), _items(lines, known)
    if any(isinstance(one, Said) and one.statement is Statement.PARTIAL for one in said):
        fewer = any(count < known.ordered[line] for line, count in items.items() if line in known.ordered)
        items = items if fewer or items.keys() < set(known.lines.values()) else {}
    for line in lines:
        places.begin(line)
        parcels = sum(isinstance(value, Parcel) for _, value in line.values)
        for start, value in line.values:
            owner = owned[line.number, start]
            place = places.of(line, start, value)
            if place is None and not items:
                yield _unclear(value)
                continue
            named = place or []
            part = replace(value, line=named[0].text if len(named) == 1 else None)
            if isinstance(part, Parcel):
                # "iPhone, iPad and 2 of 3 chargers": of which of them so many are, its name tells.
                count = pieces.get((line.number, start)) if len(named) <= 1 else None
                part = replace(part, quantity=count or (named[0].pieces if len(named) == 1 else None))
            orders: list[str | None] = [*owner.orders] or [subject]
            before = [one for one in line.orders if one.start < start]
            if not owner.clear or turns_to_another(line, before, start):
                yield _ambiguous(part, orders)
                continue
            for one in _itemised(part, items) or _together(part, named) or [part]:
                yield from _shared(one, orders, owner.others, alone=parcels == 1)
        places.end(line)


def _shared(value: Claim, orders: Sequence[str | None], others: Sequence[str], *, alone: bool) -> Iterator[Finding]:
    """A value for the order it stands beside; a single parcel may hold all orders of a list, more would be guessed.

    An IMEI below an order may be one of the orders before it.
    """
    if len(orders) == 1 and isinstance(value, DeviceNamed):
        yield replace(value, order=orders[0], among=tuple(others))
    elif len(orders) == 1 or isinstance(value, Doubt) or (alone and isinstance(value, Parcel)):
        for order in orders:
            yield replace(value, order=order)
    elif isinstance(value, DeviceNamed):
        yield replace(value, among=tuple(one for one in orders if one))
    else:
        yield _ambiguous(value, orders)


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
    if len(parcels) == 1:
        ((line, start),) = parcels
        own = {count for _, count in line.pieces} or _told(lines)
        return {(line.number, start): own.pop()} if len(own) == 1 else {}
    found: dict[tuple[int, int], int] = {}
    for line in lines:
        starts = [start for start, value in line.values if isinstance(value, Parcel)]
        if len(starts) == len(line.pieces):
            found |= {(line.number, start): count for start, (_, count) in zip(starts, line.pieces, strict=True)}
    return found


def _told(lines: Sequence[TextLine]) -> set[int]:
    """The pieces that a mail speaks of; those beside its IMEIs ("first N, second M") are of one device each."""
    spoken = [line for line in lines if line.pieces and not line.places]
    beside = [(line, devices) for line in spoken if (devices := _devices_on(line))]
    told = {count for line in spoken if not _devices_on(line) for _, count in line.pieces}
    each = [max(devices, sum(count for _, count in line.pieces)) for line, devices in beside]
    return told | ({sum(each)} if each else set())


def _devices_on(line: TextLine) -> int:
    return sum(isinstance(value, DeviceNamed) for _, value in line.values)


def _of_each(lines: Sequence[TextLine], parcels: Sequence[tuple[TextLine, int]]) -> dict[tuple[int, int], int]:
    """One piece a parcel where that is said, or as many as the IMEIs beside it: behind each, or before each."""
    if any(line.each for line in lines):
        return {(line.number, start): 1 for line, start in parcels}
    values = [((line.number, start), value) for line in lines for start, value in line.values]
    kinds = [type(value) for _, value in values if isinstance(value, Parcel | DeviceNamed)]
    counts = _devices_behind(values if kinds[0] is Parcel else values[::-1])
    return counts if all(counts.values()) else {}


def _devices_behind(values: Sequence[tuple[tuple[int, int], Claim]]) -> dict[tuple[int, int], int]:
    """How many devices follow each parcel."""
    counts: dict[tuple[int, int], int] = {}
    last: tuple[int, int] | None = None
    for place, value in values:
        if isinstance(value, Parcel):
            last = place
            counts[last] = 0
        elif isinstance(value, DeviceNamed):
            if last is None:
                return {}
            counts[last] += 1
    return counts


def _unclear(value: Claim) -> Doubt:
    number = value.number if isinstance(value, Parcel) else ""
    return Doubt(evidence=value.evidence, code="quantity_unclear", value=number, values={"value": number})


def _together(value: Claim, place: Sequence[Mention]) -> list[Claim]:
    """A parcel once for each of the articles that lie in it together ("phone and case")."""
    if len(place) < 2 or not isinstance(value, Parcel) or value.quantity:  # noqa: PLR2004 - one is no list
        return []
    return [replace(value, line=one.text, quantity=one.pieces) for one in place]


def _items(lines: Sequence[TextLine], known: Known) -> dict[str, int]:
    """The contents that a mail with one parcel lists, line by line of the order, each article with its pieces."""
    numbers = {value.number for line in lines for _, value in line.values if isinstance(value, Parcel)}
    if len(numbers) != 1:
        return {}
    places = [({known.lines.get(one.text, one.text) for one in line.places}, _counts(line)) for line in lines]
    items = {min(named): counted[0] for named, counted in places if len(named) == len(counted) == 1}
    return items if items.keys() == {one for named, _ in places for one in named} else {}


def _counts(line: TextLine) -> list[int]:
    """The pieces that a line speaks of; "2 chargers" counts them by the article's name."""
    return [count for _, count in line.pieces] or [one.pieces for one in line.places if one.pieces]


def _itemised(value: Claim, items: Mapping[str, int]) -> list[Claim]:
    """A parcel once for each line of the order that is listed as its contents."""
    if not isinstance(value, Parcel) or value.quantity:
        return []
    if value.line:
        return [replace(value, quantity=items.get(value.line))]
    return [replace(value, line=line, quantity=count) for line, count in items.items()]
