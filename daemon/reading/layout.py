"""Which format a table has, where its header stands and which column holds which field."""

from collections.abc import Iterable, Sequence

from daemon.domain.arrival import Arrival
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.reading.cells import cleaned
from daemon.reading.delimited import RawRow
from daemon.rules.formats import Format, column_key
from daemon.rules.rulebook import Rulebook

LONGEST_HEADING = 100
SEVERAL = frozenset({"tracking", "imei", "serial"})
"""Fields that may have several columns, each of which counts."""


class Layout(Value, frozen=True, kw_only=True):
    """A header that was understood. `places` are the columns of each field, the preferred one first."""

    format: Format
    columns: tuple[str, ...]
    header: RawRow
    places: dict[str, tuple[int, ...]]


class NoLayout(Value, frozen=True, kw_only=True):
    """Why no header was understood: a reason's code and values. `hits` says how near it came."""

    code: str
    values: dict[str, str] = {}
    hits: int = 0


def drop_of(arrival: Arrival | None, context: Context) -> str:
    """The kind of folder that a file's meaning depends on: `orders`, `merchants`, `sellers` or `fulfillers`."""
    party = (arrival.party if arrival else None) or context.party or ""
    if party == "orders" or (arrival and arrival.source == "folder:orders"):
        return "orders"
    return party.partition("/")[0] if "/" in party else "sellers"


def formats_for(drop: str, shape: str, rulebook: Rulebook) -> tuple[Format, ...]:
    return tuple(one for one in rulebook.formats if drop in one.drops and one.shape == shape)


def layout_of(rows: Iterable[RawRow], formats: Sequence[Format]) -> Layout | NoLayout:
    """The best header among the first rows; a whole format goes before a half one, a special before a general one."""
    best: Layout | None = None
    rank = (0, 0, 0)
    failure = NoLayout(code="not_a_table")
    for row in rows:
        keys = [column_key(cleaned(cell)) if len(cell) <= LONGEST_HEADING else "" for cell in row.cells]
        for one in formats:
            found = _match(row, keys, one)
            if isinstance(found, NoLayout):
                failure = max(failure, found, key=lambda no: no.hits)
                continue
            here = (len(found.format.known_by), len(found.places), -row.number)
            if here > rank or best is None:
                best, rank = found, here
    return best or failure


def _match(row: RawRow, keys: Sequence[str], one: Format) -> Layout | NoLayout:
    places = {field: found for field, names in one.columns.items() if (found := _places(keys, field, names))}
    missing = [field for field in one.needs if field not in places]
    if one.needs_one_of and not any(field in places for field in one.needs_one_of):
        missing.append(one.needs_one_of[0])
    if not set(map(column_key, one.known_by)) <= set(keys):
        return NoLayout(code="not_a_table")
    if missing:
        expected = ", ".join(one.columns[missing[0]][:8])
        values = {"column": missing[0], "expected": expected}
        return NoLayout(code="missing_column", values=values, hits=len(places))
    for field, found in places.items():
        if field not in SEVERAL and len({keys[place] for place in found}) < len(found):
            return NoLayout(code="duplicate_column", values={"column": row.cells[found[0]]}, hits=len(places) + 1)
    return Layout(format=one, columns=tuple(map(_heading, row.cells)), header=row, places=places)


def _heading(cell: str) -> str:
    return cell.removeprefix("\ufeff").strip()


def _places(keys: Sequence[str], field: str, names: Sequence[str]) -> tuple[int, ...]:
    """The columns of a field in the order in which the format prefers its names."""
    found = [place for name in names for place, key in enumerate(keys) if key and key == column_key(name)]
    unique = tuple(dict.fromkeys(found))
    return tuple(sorted(unique)) if field in SEVERAL else unique
