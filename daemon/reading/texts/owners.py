"""Which orders each value of a mail belongs to, and whether the lines above it can tell that at all."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement, Trouble
from daemon.domain.identifiers import OrderKey, order_key
from daemon.domain.values import Value
from daemon.reading.texts.mentions import Mention, are_alike
from daemon.reading.texts.text_lines import Claim, TextLine

_WAITING = {
    Statement.ACCEPTED,
    Statement.DECLINED,
    Statement.NOT_SHIPPED,
    Statement.CAME_BACK,
    Statement.PARTIAL,
    Statement.QUESTION,
    Statement.WILL_SHIP,
}

Place = tuple[int, int]
"""A line of the text and where on it a value begins."""


class Owner(Value, frozen=True, kw_only=True):
    """`orders` are empty where none is named; `clear` is False where it may be another's.

    `others` are those named before them, where they stand no more than above it.
    """

    orders: tuple[str, ...]
    clear: bool
    others: tuple[OrderKey, ...] = ()


class _Entry(Value, frozen=True, kw_only=True):
    """A value with its orders. `beside`: they stand on its own line; `earlier` are all that were named before it."""

    place: Place
    value: Claim
    orders: tuple[str, ...]
    beside: bool
    clear: bool
    earlier: frozenset[OrderKey]

    @property
    def keys(self) -> frozenset[OrderKey]:
        return frozenset(map(order_key, self.orders))


def owners(lines: Sequence[TextLine], about: Sequence[str], settled: Collection[OrderKey]) -> dict[Place, Owner]:
    """The owner of each value by its place. `settled` are orders of which the mail says why they have no number."""
    entries = list(_entries(lines))
    judge = _Judge(lines, entries, about, settled)
    return {
        one.place: Owner(
            orders=one.orders,
            clear=one.clear and not judge.doubts(one),
            others=() if one.beside else tuple(sorted(one.earlier - one.keys)),
        )
        for one in entries
    }


def settled(said: Iterable[Finding]) -> set[OrderKey]:
    """The orders of which a mail says why they have no number yet."""
    return {
        order_key(one.order)
        for one in said
        if one.order and (isinstance(one, Trouble) or (isinstance(one, Said) and one.statement in _WAITING))
    }


def _entries(lines: Sequence[TextLine]) -> Iterable[_Entry]:
    above: tuple[str, ...] = ()
    earlier: frozenset[OrderKey] = frozenset()
    listed_to = 0
    for line in lines:
        groups = listed(line.orders)
        for start, value in line.values:
            own, clear = beside(line, groups, start, value)
            yield _Entry(
                place=(line.number, start),
                value=value,
                orders=tuple(one.text for one in own) or above,
                beside=bool(own),
                clear=clear or not isinstance(value, Parcel),
                earlier=earlier | {order_key(one.text) for one in line.orders if one.start < start},
            )
        if groups and line.number:
            goes_on = line.bare and listed_to == line.number - 1
            above = (*(above if goes_on else ()), *(one.text for one in groups[-1]))
            listed_to = line.number if line.bare else 0
            earlier |= {order_key(one.text) for one in line.orders}


class _Judge:
    """Where the values of a mail stand before the orders, or apart from them, the last order above tells nothing."""

    def __init__(
        self, lines: Sequence[TextLine], entries: Sequence[_Entry], about: Sequence[str], settled: Collection[OrderKey]
    ) -> None:
        self._numbers = _numbers(entries)
        self._settled = {*settled, *_numbers(one for one in entries if one.beside or len(one.keys) == 1)}
        named = {order_key(one.text) for line in lines if line.number for one in line.orders}
        self._everyone = named | set(map(order_key, about))
        headless = any(not one.orders and one.place[0] and not isinstance(one.value, Doubt) for one in entries)
        self._values_first = headless and bool(named) and len(self._everyone) > 1

    def doubts(self, entry: _Entry) -> bool:
        if isinstance(entry.value, Doubt) or not entry.orders or not entry.place[0]:
            return False
        several = isinstance(entry.value, Parcel) and any(len(self._numbers[key]) > 1 for key in entry.keys)
        if entry.beside:
            return several and self._open(entry, entry.earlier)
        if self._values_first:
            return True
        if not isinstance(entry.value, Parcel):
            return False
        return self._open(entry, entry.earlier) or (
            several and (len(entry.keys) > 1 or self._open(entry, self._everyone))
        )

    def _open(self, entry: _Entry, among: Iterable[OrderKey]) -> bool:
        """Whether one of these orders, built as those of the value are, has no number and nothing said of it."""
        others = {*among} - self._settled - entry.keys
        return any(are_alike(one, mine) for one in others for mine in entry.keys)


def _numbers(entries: Iterable[_Entry]) -> Mapping[OrderKey, set[str]]:
    found: dict[OrderKey, set[str]] = {}
    for one in entries:
        if isinstance(one.value, Parcel):
            for key in one.keys:
                found.setdefault(key, set()).add(one.value.number)
    return found


def listed(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """The mentions of a line, those of one list (`A, B and C`) together."""
    groups: list[list[Mention]] = []
    for one in mentions:
        if groups and one.listed:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def beside(line: TextLine, groups: Sequence[list[Mention]], start: int, value: Claim) -> tuple[list[Mention], bool]:
    """The mentions on its line that a value belongs to, of orders or of articles.

    The last before it; where the line begins with values of this kind, or brackets follow, the next behind it. False
    where values come first and nothing is left behind this one.
    """
    before = [group for group in groups if group[0].start < start]
    after = [group for group in groups if group[0].start >= start]
    values_first = next(at for at, one in line.values if type(one) is type(value)) < min(
        (group[0].start for group in groups), default=0
    )
    encloses = bool(after) and _encloses(line, after[0][0], start) and not _names_again(line, before, after[0][0])
    if after and (values_first or not before or encloses):
        return after[0], True
    return (before[-1], not values_first) if before else ([], True)


def turns_to_another(line: TextLine, group: Sequence[Mention], start: int) -> bool:
    """Whether behind these mentions the line turns to another, which it does not name, before it comes to a value."""
    return any(one.end <= other < start for one in group[-1:] for other in line.others)


def _encloses(line: TextLine, mention: Mention, start: int) -> bool:
    """Whether brackets right behind a value name what it belongs to: "N (phone), M (case)"."""
    return mention.enclosed and not any(start < at < mention.start for at, _ in line.values)


def _names_again(line: TextLine, groups: Sequence[list[Mention]], mention: Mention) -> bool:
    """Whether brackets behind the only parcel tell the device of one of its articles: "A and B, N (A's IMEI is …)"."""
    named = {one.text for one in groups[-1]} if groups else set()
    behind = next((one for at, one in line.values if at > mention.start), None)
    alone = sum(isinstance(one, Parcel) for _, one in line.values) == 1
    return alone and isinstance(behind, DeviceNamed) and len(named) > 1 and mention.text in named
