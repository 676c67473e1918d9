"""Columns of a table of dispatches that tell what has come back of them."""

from collections.abc import Sequence

from daemon.reading.tables.carrier_headings import carrier_of
from daemon.reading.tables.cells import cleaned, says_nothing
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.directions import comes_back, leaves
from daemon.reading.tables.headings import field_of, names_labels, speaks_of_returns
from daemon.reading.tables.meanings import is_no, is_yes
from daemon.rules.columns import column_key
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_A_NUMBER = 8


def returning_columns(
    header: RawRow, one: Format, rows: Sequence[RawRow], rulebook: Rulebook | None
) -> tuple[int, ...]:
    """The columns that speak of returns; of a program's own format only those that say yes or no."""
    places = [place for place, heading in enumerate(header.cells) if speaks_of_returns(heading, one)]
    places = [place for place in places if not one.known_by or only_says_so((place,), one, rows)]
    return () if places and _are_labels(header, places, one, rows, rulebook) else tuple(places)


def _are_labels(
    header: RawRow, places: Sequence[int], one: Format, rows: Sequence[RawRow], rulebook: Rulebook | None
) -> bool:
    """Whether columns tell of the return labels that lie in the parcels, whose own numbers and days stand beside."""
    beside = [heading for place, heading in enumerate(header.cells) if place not in places]
    named = {field for heading in beside for field, _ in one.fields_by_key.get(column_key(heading), ())}
    named |= {field_of(heading, one) for heading in beside}
    if rulebook and any(carrier_of(heading, one, rulebook) for heading in beside):
        named.add("tracking")
    labelled = all(names_labels(header.cells[place], one) for place in places)
    of_label = "tracking" in named and (labelled or bool({"shipped_on", "handed"} & named))
    return (
        of_label
        and sum(_are_numbers(place, rows) for place in places) == 1
        and all(_are_numbers(place, rows) or _are_names(place, rows) for place in places)
    )


def _are_numbers(place: int, rows: Sequence[RawRow]) -> bool:
    texts = _texts(place, rows)
    return bool(texts) and all(text.isalnum() and sum(map(str.isdigit, text)) >= _A_NUMBER for text in texts)


def _are_names(place: int, rows: Sequence[RawRow]) -> bool:
    """Whether a column says the same in every row, as the carrier's name."""
    texts = _texts(place, rows)
    return len(set(texts)) == 1 and not any(map(str.isdigit, texts[0]))


def _texts(place: int, rows: Sequence[RawRow]) -> list[str]:
    texts = (cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return [text for text in texts if not says_nothing(text)]


def only_says_so(places: Sequence[int], one: Format, rows: Sequence[RawRow]) -> bool:
    """Whether columns tell row by row, with yes or no or the way it goes, whether it is about what comes back."""
    texts = [cleaned(row.cells[place]) for place in places for row in rows if place < len(row.cells)]
    said = [text for text in texts if not says_nothing(text)]
    if any(leaves(text, one) for text in said):
        return all(leaves(text, one) or comes_back(text, one) for text in said)
    return bool(said) and all(is_yes(text, one) or is_no(text, one) for text in said)
