"""Which lines of an order each value of a mail belongs to: beside it, or in its own paragraph above it."""

from collections.abc import Iterator, Sequence

from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Trouble
from daemon.reading.texts.mentions import Known, Mention
from daemon.reading.texts.owners import beside, listed, turns_to_another
from daemon.reading.texts.text_lines import Claim, TextLine


class Places:
    """Goes down the lines of a mail with what was named last; a parcel may hold everything, a device is of one line."""

    def __init__(self, lines: Sequence[TextLine], said: Sequence[Finding], known: Known) -> None:
        self._known = known
        self._every = frozenset(known.lines.values())
        self._above: list[Mention] = []
        self._pending: list[Mention] = []
        self._aside: list[Mention] = []
        self._sent: set[str] = set()
        self._below = dict(_below(lines, {_where(one) for one in said}))
        self._parcels_first, self._devices_first = self._headless(lines, Parcel), self._headless(lines, DeviceNamed)

    def begin(self, line: TextLine) -> None:
        """A blank line ends a paragraph, and so does the heading of another order."""
        if line.blank or line.orders:
            self._above, self._pending, self._aside = [], [], []

    def end(self, line: TextLine) -> None:
        """Articles named beside a value are its own; those beside a device lie in the next parcel, too."""
        if not line.values:
            known = {one.text for one in self._pending}
            self._pending += [one for one in line.places if one.text not in known]
            return
        self._aside = [] if Parcel in _kinds(line) else [*self._aside, *line.places]
        self._above, self._pending = ([] if line.places else self._heading), []

    def of(self, line: TextLine, start: int, value: Claim) -> list[Mention] | None:
        """The lines of an order that a value belongs to, none where none is named; None where it cannot tell."""
        if isinstance(value, Doubt):
            return []
        if isinstance(value, DeviceNamed):
            return beside(line, _in_reach(line, start), start, value)[0] or self._of_device()
        place = self._of_parcel(line, start, value)
        self._sent |= {self._id(one) for one in place or ()}
        return place

    @property
    def _heading(self) -> list[Mention]:
        return self._pending or self._above

    def _of_device(self) -> list[Mention]:
        """A device below "phone and case" is of the one that has an IMEI, which deciding knows."""
        last = self._heading[-1:]
        return [] if self._devices_first or any(one.listed for one in last) else last

    def _of_parcel(self, line: TextLine, start: int, parcel: Claim) -> list[Mention] | None:
        groups = [one for one in _in_reach(line, start) if not _is_of_device(line, one[0])]
        near, clear = beside(line, groups, start, parcel)
        if not near:
            return self._below_heading(line)
        before = max((at for at, one in line.values if isinstance(one, Parcel) and at < start), default=-1)
        between = range(max(before, near[-1].end), start)
        if any(one in between for one in line.wholes):
            return []
        if any(one in between for one in line.rests):
            return self._rest(line, start)
        if not clear or turns_to_another(line, near, start):
            return None
        return _with_devices(line, groups, near, range(before, start))

    def _rest(self, line: TextLine, start: int) -> list[Mention] | None:
        """What is left of an order of which other parcels hold lines by name."""
        left = sorted(self._every - self._sent) if self._sent else []
        return [Mention(line=line.number, start=start, end=start, text=one) for one in left] or None

    def _below_heading(self, line: TextLine) -> list[Mention] | None:
        """A parcel below all lines of an order holds whatever of it is left."""
        heading = self._heading
        if not heading:
            return [] if self._covers(self._below.get(line.number, [])) else None
        if len(heading) + len(self._aside) > 1 and self._covers([*heading, *self._aside]):
            return []
        return None if self._parcels_first or self._aside else heading

    def _covers(self, named: Sequence[Mention]) -> bool:
        return not named or self._every <= {self._id(one) for one in named}

    def _id(self, mention: Mention) -> str:
        return self._known.lines.get(mention.text, mention.text)

    def _headless(self, lines: Sequence[TextLine], kind: type[Claim]) -> bool:
        """Whether a value stands before the article that the lines below it name, so that none above can tell."""
        return any(
            self._below.get(line.number) and not self._covers(self._below[line.number])
            for line in lines
            if any(isinstance(value, kind) for _, value in line.values)
        )


def _where(said: Finding) -> str:
    return said.evidence.where if isinstance(said, Said | Trouble) else ""


def _below(lines: Sequence[TextLine], spoken: set[str]) -> Iterator[tuple[int, list[Mention]]]:
    """For each line of values that opens its paragraph: the articles right below, of which nothing is said.

    What stands above a value of another kind is that one's own heading.
    """
    opens: TextLine | None = None
    headed = False
    named: list[Mention] = []
    for line in [*lines, TextLine(number=0, blank=True)]:
        if opens and (line.blank or line.orders or line.values):
            if not line.values or _kinds(line) & _kinds(opens):
                yield opens.number, named
            headed = headed or bool(named)
            opens, named = None, []
        if line.blank or line.orders:
            headed = bool(line.places)
        if line.values and not headed and not line.places:
            opens = line
        elif line.places and f"mail text, line {line.number}" not in spoken:
            headed = headed or opens is None
            named += line.places


def _kinds(line: TextLine) -> set[type[Claim]]:
    return {type(value) for _, value in line.values}


def _is_of_device(line: TextLine, mention: Mention) -> bool:
    """Whether brackets behind an IMEI name its device: that says nothing of a parcel."""
    before = [value for at, value in line.values if at < mention.start]
    return mention.enclosed and bool(before) and isinstance(before[-1], DeviceNamed)


def _with_devices(line: TextLine, groups: Sequence[list[Mention]], near: list[Mention], part: range) -> list[Mention]:
    """All articles in this part of a line where IMEIs stand between them: "phone (IMEI …) and tablet (IMEI …), N".

    Where the number stands first, they are those behind it up to the next: "N: phone, IMEI …, and tablet, IMEI …".
    """
    if near[0].start > part.stop:
        later = (at for at, one in line.values if isinstance(one, Parcel) and at > part.stop)
        part, groups = range(part.stop, next(later, line.places[-1].end)), [list(line.places)]
    named = [one for group in groups for one in group if one.start in part]
    if near[-1] not in named:
        return near
    told = any(named[0].start < at < part.stop and isinstance(one, DeviceNamed) for at, one in line.values)
    return named if told else near


def _in_reach(line: TextLine, start: int) -> list[list[Mention]]:
    """The lines of an order named beside a value, none behind the end of its part of the sentence.

    But of a list: "N: the iPhone, the iPad and the three chargers", not "N: the iPhone, the iPad follows".
    """
    end = next((one for one in line.ends if one > start), None)
    groups = listed(line.places)
    if end is None:
        return groups
    near = [group for group in groups if group[0].start < end]
    last = [one for one in near[-1:] if one[-1].start >= end and one[-1].end not in line.ends]
    return [*near[:-1], [one for one in near[-1] if one.start < end]] if last else near
