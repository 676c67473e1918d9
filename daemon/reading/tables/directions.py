"""What tells row by row which parcels leave and which come back: "Art: Versand", "Art: Retoure"."""

from collections.abc import Sequence

from daemon.reading.tables.cells import cleaned, says_nothing
from daemon.reading.tables.column import Cell
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import (
    names_how_it_goes,
    names_sending,
    names_what_returns,
    speaks_of_extras,
    without_labels,
)
from daemon.reading.tables.meanings import GONE, HARMLESS, meaning_of
from daemon.rules.formats import Format

Places = dict[str, tuple[int, ...]]

_ELSEWHERE = frozenset(
    {"order", "order_also", "tracking", "url", "carrier", "imei", "imei2", "serial", "shipped_on", "until", "handed"}
    | {"problem", "remark", "returned", "voided"}
)
"""Fields whose columns say no direction, whatever words stand in them."""
_MOST_KINDS = 5


def with_directions(header: Sequence[str], places: Places, one: Format, rows: Sequence[RawRow]) -> Places:
    """The fields with `direction`: the columns in which a word says that a parcel leaves, whatever they are called.

    "Art" is no article's number then. `turning` are those of two letters of which one may be short for what comes back.
    """
    taken = {place for field in _ELSEWHERE for place in places.get(field, ())}
    told = {place: _texts(rows, place) for place in range(len(header)) if place not in taken}
    status = places.get("status", ())
    leaving = [
        place
        for place, texts in told.items()
        if _is_direction(texts, one, of_status=place in status or names_how_it_goes(header[place], one))
    ]
    turning = [place for place, texts in told.items() if _are_letters(texts, one)]
    if not leaving and not turning:
        return places
    others = {field: tuple(at for at in several if at not in {*leaving, *turning}) for field, several in places.items()}
    others["direction"] = tuple(dict.fromkeys((*places.get("direction", ()), *leaving)))
    others["turning"] = tuple(turning)
    return {field: several for field, several in others.items() if several}


def leaves(text: str, one: Format) -> bool:
    """Whether a cell says no more than that a parcel leaves: "Versand", "outbound label"."""
    bare = without_labels(text, one)
    return bare in one.outgoing or (names_sending(bare, one) and meaning_of(bare, one) not in GONE)


def comes_back(text: str, one: Format) -> bool:
    """Whether a cell that is about one of both ways says that its parcel comes back."""
    bare = without_labels(text, one)
    return bare in one.incoming or names_what_returns(bare, one)


def is_turned(one: Cell, known: Format) -> bool:
    """Whether a cell of a column about directions speaks of no parcel that leaves."""
    return not leaves(one.text, known) and (comes_back(one.text, known) or meaning_of(one.text, known) not in HARMLESS)


def tells_of_return(one: Cell, known: Format) -> bool:
    """Whether a cell below whatever heading says that its row is of what comes back, and of no label for it."""
    if any(map(str.isdigit, one.text)) or is_booked(one, known):
        return False
    return names_what_returns(one.text, known) and not speaks_of_extras(one.text, known)


def is_booked(one: Cell, known: Format) -> bool:
    """Whether a cell says that a label for what may come back was booked with a parcel: "Services: Retoure"."""
    return speaks_of_extras(one.column, known) and names_what_returns(one.text, known)


def is_return_letter(text: str, one: Format) -> bool:
    """Whether a letter is short for what comes back, in a column of two of which the other is not."""
    return any(text.casefold() == pair[1] for pair in one.turns)


def _is_direction(texts: set[str], one: Format, *, of_status: bool) -> bool:
    """Whether one of a few words says that a parcel leaves; in a column of states all are of one or the other way."""
    gone = {text for text in texts if leaves(text, one)}
    back = {text for text in texts if comes_back(text, one)}
    if of_status:
        return bool(gone and back) and texts == gone | back
    return bool(gone) and len(texts) <= _MOST_KINDS


def _are_letters(texts: set[str], one: Format) -> bool:
    letters = {text.casefold() for text in texts}
    return any(letters == set(pair) for pair in one.turns)


def _texts(rows: Sequence[RawRow], place: int) -> set[str]:
    texts = (cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return {text for text in texts if not says_nothing(text)}
