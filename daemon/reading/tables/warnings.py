"""Columns that speak against the numbers of a table: voided labels, replaced numbers, what has not left."""

from collections.abc import Callable, Sequence

from daemon.reading.tables.cells import cleaned, day, says_nothing
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import (
    is_of_another_thing,
    may_speak,
    names_former,
    speaks_of_sending,
    speaks_of_status,
    speaks_of_voiding,
)
from daemon.reading.tables.meanings import is_no, is_yes, puts_off, says_only_that_it_stays, tells_where_it_is
from daemon.rules.formats import Format

Places = dict[str, tuple[int, ...]]

_OURS = "postbote_"


def with_warnings(header: RawRow, places: Places, one: Format, rows: Sequence[RawRow]) -> Places:
    """The fields with `voided`, `former` and `stays`, and `dated` where days of dispatch are filled in;
    without a `handed` that nobody fills in.
    """
    taken = {place for field, several in places.items() if field != "order_also" for place in several}
    free = [place for place in range(len(header.cells)) if place not in taken]
    kinds: dict[str, Callable[[str, list[str]], bool]] = {
        "voided": lambda heading, texts: speaks_of_voiding(heading, one) and _are_signs(texts, one),
        "handed": lambda heading, texts: speaks_of_sending(heading, one) and _are_words(texts, one),
        "former": lambda heading, _: names_former(heading, one),
        "status": lambda heading, texts: _is_status(heading, texts, one),
        "stays": lambda heading, texts: not is_of_another_thing(heading, one) and _may_stay(texts, one),
    }
    found = {field: several for field, several in places.items() if field != "handed" or _told(rows, several)}
    if any(_texts(rows, place) for place in places.get("shipped_on", ())):
        found["dated"] = places["shipped_on"]
    for field, fits in kinds.items():
        free = [place for place in free if all(place not in several for several in found.values())]
        fitting = [place for place in free if (texts := _texts(rows, place)) and fits(header.cells[place], texts)]
        if fitting:
            found[field] = (*found.get(field, ()), *fitting)
    return found


def with_unread(header: RawRow, places: Places, one: Format) -> Places:
    """The fields with `unread`: the columns that nobody understands and that may say something about a dispatch.

    What we said ourselves in a receipt that comes back is none of them.
    """
    taken = {place for field, several in places.items() if field != "order_also" for place in several}
    named = {place: cleaned(text) for place, text in enumerate(header.cells) if place not in taken}
    others = {place: text for place, text in named.items() if text and not text.casefold().startswith(_OURS)}
    free = [place for place, text in others.items() if may_speak(text, one)]
    return places | ({"unread": tuple(free)} if free else {})


def _is_status(heading: str, texts: list[str], one: Format) -> bool:
    """Whether a column tells how far something is: its heading says so, or one of its cells does in known words."""
    if is_of_another_thing(heading, one):
        return False
    return speaks_of_status(heading, one) or any(tells_where_it_is(text, one) for text in texts)


def _are_signs(texts: list[str], one: Format) -> bool:
    return all(is_yes(text, one) or is_no(text, one) or text == "1" or day(text, day_first=True) for text in texts)


def _are_words(texts: list[str], one: Format) -> bool:
    return not any(map(str.isdecimal, texts)) and _are_signs(texts, one)


def _may_stay(texts: list[str], one: Format) -> bool:
    return any(says_only_that_it_stays(text, one) or puts_off(text, one) for text in texts)


def _told(rows: Sequence[RawRow], places: Sequence[int]) -> bool:
    """Whether columns are filled in, and do not count pieces: "raus: 2"."""
    texts = [text for place in places for text in _texts(rows, place)]
    return bool(texts) and not any(text.isdecimal() and text not in {"0", "1"} for text in texts)


def _texts(rows: Sequence[RawRow], place: int) -> list[str]:
    texts = (cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return [text for text in texts if not says_nothing(text)]
