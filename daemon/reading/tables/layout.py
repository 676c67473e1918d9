"""Which format a table has, where its header stands and which column holds which field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.checksums import is_imei
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.tables.carrier_headings import carrier_beside, carrier_of
from daemon.reading.tables.cells import cleaned
from daemon.reading.tables.column import Cell, Column, column_called
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import (
    field_of,
    is_named_after_returns,
    is_of_another_thing,
    names_labels,
    names_other_device,
    speaks_of_returns,
)
from daemon.reading.tables.returns import only_says_so, returning_columns
from daemon.reading.tables.votes import likely_orders, with_voted
from daemon.rules.carriers import recognise
from daemon.rules.columns import column_key
from daemon.rules.formats import INSTEAD, Format
from daemon.rules.rulebook import Rulebook

LONGEST_HEADING = 100
SEVERAL = frozenset(
    {
        "tracking",
        "imei",
        "serial",
        "order_also",
        "returned",
        "perhaps_sent",
        "remaining",
        "handed",
        "remark",
        "in_parts",
        "direction",
    }
)
"""Fields that may have several columns, each of which counts."""

_PARENTHESIS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\*")
_IMEI = re.compile(r"\bIMEIs?\b", re.IGNORECASE)
_SECOND = re.compile(r"[0-9]|sim|eid|valid|status|ok", re.IGNORECASE)
_A_LONG_NUMBER = 8
_NAMED = 8
_BY_WORDS = 1000


class Layout(Value, frozen=True, kw_only=True, dict=True, gc=True):
    """A header that was understood. `places` are the columns of each field, the preferred one first.

    `header` is its last row; where the table has none, its first row, which `is_data`. `day_first` says how dates with
    slashes are meant where nothing in them tells, `zone` where a moment's day begins. `carrier` is the one that the
    heading of the numbers names, `day` the one of dispatch in the lines of its `titles`. `today` is when the table came
    in, `planned` a title that says that all of it is still to be done, `speaker` the name of its sender. `above` are
    rows over the header that hold a number all the same.
    """

    format: Format
    columns: tuple[str, ...]
    header: RawRow
    places: dict[str, tuple[int, ...]]
    is_data: bool = False
    day_first: bool = False
    zone: str = "UTC"
    today: date | None = None
    planned: str = ""
    speaker: str = ""
    carrier: str = ""
    day: str = ""
    titles: tuple[str, ...] = ()
    above: tuple[RawRow, ...] = ()

    @cached_property
    def by_field(self) -> dict[str, tuple[tuple[int, Column], ...]]:
        """The columns of each field with their places, the preferred one first."""
        columns = tuple(column_called(cleaned(heading)) for heading in self.columns)
        return {field: tuple((place, columns[place]) for place in places) for field, places in self.places.items()}

    @cached_property
    def flat(self) -> tuple[tuple[str, int, Column], ...]:
        """The same one after the other, for every row to be read by."""
        return tuple((field, place, column) for field, several in self.by_field.items() for place, column in several)

    @cached_property
    def constants(self) -> dict[str, Sequence[Cell]]:
        """What the format says itself, or a heading of the carrier, where the columns say nothing."""
        told = {"carrier": self.carrier, "shipped_on": self.day, "planned": self.planned}
        constants = {field: text for field, text in told.items() if text} | self.format.constants
        return {field: (Cell(column="", text=text),) for field, text in constants.items()}

    @cached_property
    def called(self) -> dict[str, str]:
        """The headings of the fields that stand under another name."""
        headings = {field: several[0][1].heading for field, several in self.by_field.items()}
        return {field: heading for field, heading in headings.items() if heading != field}

    @cached_property
    def order_columns(self) -> tuple[tuple[int, Column], ...]:
        """Where a row may name its order."""
        return self.by_field.get("order") or self.by_field.get("order_id", ())

    @cached_property
    def fields(self) -> frozenset[str]:
        """What a row may say at all."""
        return frozenset(self.places) | frozenset(self.format.constants)


class NoLayout(Value, frozen=True, kw_only=True):
    """Why no header was understood: a reason's code and values. `hits` says how near it came.

    `columns` and `row` are the likeliest header and the row below it, for a draft of a format.
    """

    code: str
    values: dict[str, str] = {}
    hits: int = 0
    columns: tuple[str, ...] = ()
    row: tuple[str, ...] = ()


def drop_of(arrival: Arrival | None, context: Context) -> str:
    """The kind of folder that a file's meaning depends on: `orders`, `merchants`, `sellers` or `fulfillers`."""
    party = (arrival.party if arrival else None) or context.party or ""
    if party == "orders" or (arrival and arrival.source == "folder:orders"):
        return "orders"
    return party.partition("/")[0] if "/" in party else "sellers"


def formats_for(drop: str, shape: str, rulebook: Rulebook) -> tuple[Format, ...]:
    return tuple(one for one in rulebook.formats if drop in one.drops and one.shape == shape)


def is_about_returns(found: Layout, *names: str) -> bool:
    """Whether one of the names above a table calls it after what comes back."""
    labels = any(speaks_of_returns(one, found.format) and names_labels(one, found.format) for one in found.columns)
    told = labels or "direction" in found.places
    return any(is_named_after_returns(name, found.format, told_apart=told) for name in names)


def layout_of(rows: Iterable[RawRow], formats: Sequence[Format], rulebook: Rulebook) -> Layout | NoLayout:
    """The best header among the first rows; a whole format goes before a half one, a special before a general one.

    Below rows of its own a header stands, however good another one further down may be: that is another table's.
    """
    first = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if bare := _without_header(first, formats):
        return bare
    found: list[tuple[tuple[int, int, int], Layout]] = []
    failure = NoLayout(code="not_a_table")
    seen: set[tuple[str, ...]] = set()
    for row, lines, below in _headers(first):
        # The same header further below is another table's, or stands above the next page.
        if row.cells in seen:
            continue
        seen.add(row.cells)
        keys = [_keys(cell) for cell in row.cells]
        for one in formats:
            layout = _match(row, keys, one, first[below:], rulebook)
            if isinstance(layout, NoLayout):
                failure = max(failure, layout, key=lambda no: no.hits)
                continue
            rank = (len(layout.format.known_by), len(layout.places.keys() & layout.format.columns.keys()), -lines)
            found.append((rank, layout))
    if not found:
        return _drafted(failure, first)
    last = _last_of_first(sorted({layout.header.number: layout for _, layout in found}.items()), first)
    best = max((one for one in found if one[1].header.number <= last), key=lambda one: one[0])[1]
    above = [row for row in first if row.number < best.header.number]
    numbered = [row for row in above if best.format.words and _holds_number(row, rulebook)]
    return replace(best, titles=tuple(" ".join(row.cells) for row in above), above=tuple(numbered))


def _holds_number(row: RawRow, rulebook: Rulebook) -> bool:
    """Whether a cell is the number of a device or, by itself, of a parcel."""
    texts = [cleaned(cell) for cell in row.cells if any(map(str.isdigit, cell))]
    return any(is_imei(text) or recognise(text, rulebook.carriers, None, None).ok for text in texts)


def _last_of_first(headers: Sequence[tuple[int, Layout]], rows: Sequence[RawRow]) -> int:
    """The number of the last row that may be the header of the first table: the first with rows before the next one."""
    for (number, layout), (following, _) in pairwise(headers):
        if any(number < row.number < following and _is_filled(row, layout) for row in rows):
            return number
    return headers[-1][0]


def _is_filled(row: RawRow, layout: Layout) -> bool:
    """Whether a row says all that a table of that format needs, and numbers its order."""
    told = {
        field: "".join(row.cells[place] for place in places if place < len(row.cells)).strip()
        for field, places in layout.places.items()
    }
    needs, some = layout.format.needs, layout.format.needs_one_of
    whole = all(told.get(field) for field in needs) and (not some or any(told.get(field) for field in some))
    return whole and any(map(str.isdigit, told[needs[0]]))


def _without_header(rows: Sequence[RawRow], formats: Sequence[Format]) -> Layout | None:
    """The layout of a table that begins with what only one format's rows begin with."""
    for row in rows[:1]:
        start = cleaned(row.cells[0])
        for one in formats:
            if start in one.starts:
                keys = [(column_key(name),) for name in one.header]
                found = _match(replace(row, cells=one.header), keys, one)
                if isinstance(found, Layout):
                    return Layout(format=one, columns=one.header, header=row, places=found.places, is_data=True)
    return None


def _headers(rows: Sequence[RawRow]) -> Iterator[tuple[RawRow, int, int]]:
    """Each row as a header, and each two rows as one of which the upper names groups.

    Each with how far it is from a plain header, and the place of the row below it.
    """
    yield from ((row, 1, place) for place, row in enumerate(rows, 1))
    for place, (upper, lower) in enumerate(pairwise(rows), 2):
        width = max(len(upper.cells), len(lower.cells))
        above = [*upper.cells, *[""] * (width - len(upper.cells))]
        below = [*lower.cells, *[""] * (width - len(lower.cells))]
        # Of a row with a long number in it nobody makes a heading.
        if all(above) or any(sum(map(str.isdigit, text)) >= _A_LONG_NUMBER for text in below):
            continue
        both = list(zip(above, below, strict=True))
        yield _with_cells(lower, [under or over for over, under in both]), 2, place
        # Where the first heading stands there again, another list begins beside the first.
        if below.count(next(filter(None, below), "")) > 1:
            continue
        spread = list(_spread(above))
        yield _with_cells(lower, [f"{one} {two}".strip() for one, two in zip(spread, below, strict=True)]), 3, place


def _spread(cells: Sequence[str]) -> Iterator[str]:
    """A heading of a group stands over its first column only."""
    last = ""
    for cell in cells:
        last = cell or last
        yield last


def _with_cells(row: RawRow, cells: Sequence[str]) -> RawRow:
    return RawRow(number=row.number, cells=tuple(cells), position=row.position)


def _keys(cell: str) -> tuple[str, ...]:
    """A heading, and the same without what stands in parentheses."""
    if len(cell) > LONGEST_HEADING:
        return ()
    text = cleaned(cell)
    key, short = column_key(text), column_key(_PARENTHESIS.sub("", text))
    inside = [column_key(part) for part in _PARENTHESIS.findall(text)]
    device = "imei" if _IMEI.search(text) and not _SECOND.search(text) else ""
    return tuple(dict.fromkeys(one for one in (key, short, device, *inside) if one))


def _match(
    row: RawRow,
    keys: Sequence[tuple[str, ...]],
    one: Format,
    below: Sequence[RawRow] = (),
    rulebook: Rulebook | None = None,
) -> Layout | NoLayout:
    if not one.known_keys <= {key for several in keys for key in several}:
        return NoLayout(code="not_a_table")
    returning = returning_columns(row, one, below, rulebook) if one.gives == "dispatch" else ()
    keys = [() if place in returning else several for place, several in enumerate(keys)]
    places = _places(row, keys, one) | ({"returned": returning} if returning else {})
    if returning and not _leaves_too(places, one, below):
        return NoLayout(code="returns_list", hits=len(places) + 1, columns=row.cells)
    if rulebook and one.words and one.gives == "dispatch":
        places = _worked_out(row, places, one, below, rulebook)
    missing = [field for field in one.needs if field not in places]
    if one.needs_one_of and not any(field in places for field in one.needs_one_of):
        missing.append(one.needs_one_of[0])
    if missing:
        expected = ", ".join(one.columns.get(missing[0], ())[:_NAMED])
        values = {"column": missing[0], "expected": expected}
        return NoLayout(code="missing_column", values=values, hits=len(places), columns=row.cells)
    for field, found in places.items():
        named = [keys[place] for place in found if keys[place]]
        if field not in SEVERAL and len(set(named)) < len(named):
            values = {"column": row.cells[found[0]]}
            return NoLayout(code="duplicate_column", values=values, hits=len(places) + 1, columns=row.cells)
    columns = tuple(map(_heading, row.cells))
    return Layout(
        format=one, columns=columns, header=row, places=places, carrier=_carrier(columns, places, one, rulebook)
    )


def _leaves_too(places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow]) -> bool:
    """Whether a table that speaks of returns is one of dispatches, and tells row by row what came back."""
    return (
        bool(one.known_by) or {"tracking", "shipped_on"} <= places.keys() or only_says_so(places["returned"], one, rows)
    )


def _worked_out(
    row: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The fields of a table of dispatches, with what its cells tell of the columns."""
    if "order" not in places:
        places = places | likely_orders(row, places, one, rows)
    if "order_also" in places:
        places = _with_filled_order(places, rows)
    return with_voted(row, places, one, rows, rulebook) if "order" in places else places


def _carrier(columns: Sequence[str], places: dict[str, tuple[int, ...]], one: Format, rulebook: Rulebook | None) -> str:
    """The carrier that the headings name, those over the numbers first, where no column does."""
    if rulebook is None or "carrier" in places or not one.words:
        return ""
    named = {found.id for place in places.get("tracking", ()) if (found := carrier_of(columns[place], one, rulebook))}
    named = named or {found.id for heading in columns if (found := carrier_beside(heading, one, rulebook))}
    return named.pop() if len(named) == 1 else ""


def _heading(cell: str) -> str:
    return " ".join(cell.removeprefix("\ufeff").split())


def _named(heading: str, keys: Sequence[str], one: Format) -> Sequence[tuple[str, int]]:
    """The fields that a heading names, or what of it stands in or before parentheses: "IMEI (Gerät)"."""
    fields = [one.fields_by_key[key] for key in keys if key in one.fields_by_key]
    if not fields or keys[0] in one.fields_by_key:
        return fields[0] if fields else ()
    # A remark may say in parentheses what is written into it: "Kommentar (Bestellnr.)".
    known = next((field for field in fields if "remark" not in dict(field)), fields[0])
    # The rest may say that it counts or names something else: "Menge (offen)", "Altgerät (IMEI)".
    other = is_of_another_thing(heading, one) or names_other_device(heading, one)
    return () if "quantity" in dict(known) or other else known


def _places(row: RawRow, keys: Sequence[tuple[str, ...]], one: Format) -> dict[str, tuple[int, ...]]:
    """The columns of each field in the order in which the format prefers their names."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for place, several in enumerate(keys):
        known = _named(row.cells[place], several, one)
        if several and not known and (field := field_of(row.cells[place], one)):
            known = ((field, _BY_WORDS + place),)
        for field, rank in known:
            ranked.setdefault(field, []).append((rank, place))
    for field in SEVERAL & ranked.keys():
        # Several columns count, but none that is only like one beside one that is called so.
        named = [one for one in ranked[field] if one[0] < _BY_WORDS]
        ranked[field] = named or ranked[field]
    found = {
        field: tuple(place for _, place in (sorted(ones, key=lambda one: one[1]) if field in SEVERAL else sorted(ones)))
        for field, ones in ranked.items()
    }
    for field, alternatives in INSTEAD.items():
        chosen = next((found[name] for name in alternatives if name in found), None)
        candidates = [place for name in alternatives for place in found.get(name, ())]
        for name in alternatives:
            found.pop(name, None)
        if chosen:
            # The sender's own number may not step in where the one of ours is blank.
            found[field] = chosen if field in SEVERAL else _alike(chosen, keys)
            if field == "order" and (others := tuple(set(candidates) - set(found[field]))):
                # Which of them holds our number, only those can tell who know our orders.
                found["order_also"] = tuple(sorted(others))
    return found


def _with_filled_order(places: dict[str, tuple[int, ...]], rows: Sequence[RawRow]) -> dict[str, tuple[int, ...]]:
    """The preferred column for the order is another one where it is blank in all rows."""
    order, others = places["order"], places["order_also"]
    filled = [place for place in others if any(map(cleaned, _cells(rows, place)))]
    if not filled or any(text for place in order for text in map(cleaned, _cells(rows, place))):
        return places
    rest = tuple(sorted({*order, *others} - {filled[0]}))
    return places | {"order": (filled[0],), "order_also": rest}


def _cells(rows: Sequence[RawRow], place: int) -> list[str]:
    return [row.cells[place] for row in rows if place < len(row.cells)]


def _alike(places: tuple[int, ...], keys: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    return tuple(place for place in places if keys[place] == keys[places[0]])


def _drafted(failure: NoLayout, rows: Sequence[RawRow]) -> NoLayout:
    """The failure with the row that looks most like a header and what stands below it."""
    if not rows:
        return failure
    widest = max(rows, key=lambda row: (sum(map(_looks_like_heading, row.cells)), -row.number))
    columns = failure.columns or widest.cells
    at = next((place for place, row in enumerate(rows) if row.cells == columns), len(rows))
    below = rows[at + 1].cells if at + 1 < len(rows) else ()
    return NoLayout(code=failure.code, values=failure.values, hits=failure.hits, columns=columns, row=below)


def _looks_like_heading(cell: str) -> bool:
    return 1 < len(cell.strip()) <= LONGEST_HEADING and not cell.strip()[0].isdigit()
