"""Columns of a table of dispatches that tell what has come back of them."""

from collections.abc import Sequence

from daemon.reading.cells import cleaned, says_nothing
from daemon.reading.delimited import RawRow
from daemon.reading.headings import speaks_of_returns
from daemon.reading.meanings import is_no, is_yes
from daemon.rules.columns import column_key
from daemon.rules.formats import Format

_A_NUMBER = 8


def returning_columns(header: RawRow, one: Format, rows: Sequence[RawRow]) -> tuple[int, ...]:
    """The columns that speak of returns; of a program's own format only those that say yes or no."""
    places = [place for place, heading in enumerate(header.cells) if speaks_of_returns(heading, one)]
    places = [place for place in places if not one.known_by or only_says_so((place,), one, rows)]
    return () if len(places) == 1 and _are_labels(header, places[0], one, rows) else tuple(places)


def _are_labels(header: RawRow, place: int, one: Format, rows: Sequence[RawRow]) -> bool:
    """Whether a column holds the numbers of return labels that lie in the parcels: others stand in one of their own."""
    named = [field for heading in header.cells for field, _ in one.fields_by_key.get(column_key(heading), ())]
    texts = [cleaned(row.cells[place]) for row in rows if place < len(row.cells)]
    numbers = [sum(map(str.isdigit, text)) >= _A_NUMBER and text.isalnum() for text in texts if not says_nothing(text)]
    return bool(numbers) and all(numbers) and "tracking" in named and bool({"shipped_on", "handed"} & {*named})


def only_says_so(places: Sequence[int], one: Format, rows: Sequence[RawRow]) -> bool:
    """Whether columns tell row by row, with yes or no, whether it is about what comes back."""
    texts = [cleaned(row.cells[place]) for place in places for row in rows if place < len(row.cells)]
    said = [text for text in texts if not says_nothing(text)]
    return bool(said) and all(is_yes(text, one) or is_no(text, one) for text in said)
