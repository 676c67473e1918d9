"""Columns that speak against the numbers of a table: voided labels, replaced numbers, what has not left."""

from collections.abc import Callable, Sequence

from daemon.reading.tables.cells import cleaned, day, says_nothing
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import (
    counts_remaining,
    is_of_another_thing,
    is_of_any_day,
    may_speak,
    names_former,
    speaks_of_parts,
    speaks_of_remarks,
    speaks_of_sending,
    speaks_of_status,
    speaks_of_voiding,
    speaks_of_whole,
)
from daemon.reading.tables.meanings import (
    is_no,
    is_yes,
    names_trouble,
    puts_off,
    says_only_that_it_stays,
    tells_where_it_is,
)
from daemon.rules.columns import column_key
from daemon.rules.formats import Format

Places = dict[str, tuple[int, ...]]

_OURS = "postbote_"
_A_NAME = 4
# What their headings say, these columns are even where the first rows leave them blank.
_BY_HEADING = frozenset({"voided", "former", "status"})


def with_warnings(header: RawRow, places: Places, one: Format, rows: Sequence[RawRow]) -> Places:
    """The fields with `in_parts`, `voided`, `former` and `stays`, and `dated` where days of dispatch are filled in;
    `unticked` instead of a `handed` that nobody fills in, and nothing instead of one that counts pieces.
    """
    taken = {place for field, several in places.items() if field != "order_also" for place in several}
    free = [place for place in range(len(header.cells)) if place not in taken]
    kinds: dict[str, Callable[[str, list[str]], bool]] = {
        "in_parts": lambda heading, texts: (
            (speaks_of_parts(heading, one) or speaks_of_whole(heading, one))
            and all(is_yes(text, one) or is_no(text, one) for text in texts)
        ),
        "voided": lambda heading, texts: (
            (speaks_of_voiding(heading, one) and _are_signs(texts, one))
            or (names_trouble(heading, one) and _are_words(texts, one))
            or ("quantity" not in places and counts_remaining(heading, one) and _are_words(texts, one))
        ),
        "handed": lambda heading, texts: (
            speaks_of_sending(heading, one) and not is_of_another_thing(heading, one) and _are_words(texts, one)
        ),
        "former": lambda heading, _: names_former(heading, one),
        "status": lambda heading, texts: _is_status(heading, texts, one),
        "stays": lambda heading, texts: not is_of_another_thing(heading, one) and _may_stay(texts, one),
    }
    found = places | _ticked(places, rows)
    if _counts_pieces(rows, places.get("handed", ())):
        del found["handed"]
    elif "handed" in found and "handed" not in _ticked(places, rows):
        found["unticked"] = found.pop("handed")
    for field, fits in kinds.items():
        free = [place for place in free if all(place not in several for several in found.values())]
        told = [(place, _texts(rows, place)) for place in free]
        fitting = [
            place for place, texts in told if (texts or field in _BY_HEADING) and fits(header.cells[place], texts)
        ]
        if fitting:
            found[field] = (*found.get(field, ()), *fitting)
    return found


def with_ticks(places: Places, rows: Sequence[RawRow]) -> Places:
    """The fields with `handed` and `dated`, where these rows fill in what the first ones of the table left blank."""
    blank = {"shipped_on": places.get("shipped_on", ()), "handed": places.get("unticked", ())}
    return places | _ticked(blank, rows)


def with_shops(places: Places, rows: Sequence[RawRow], speaker: str) -> Places:
    """The fields with `shop`: columns that name the sender of the table in some of these rows."""
    free = [place for field in ("unread", "aside") for place in places.get(field, ())]
    named = [place for place in free if any(is_name_of(text, speaker) for text in _texts(rows, place))]
    return places | ({"shop": tuple(named)} if named else {})


def is_name_of(text: str, speaker: str) -> bool:
    """Whether a text is a name, or the beginning of it: "Polder Telecom" of Polder Telecom B.V."""
    said, name = column_key(text), column_key(speaker)
    return len(said) >= _A_NAME and (name.startswith(said) or (bool(name) and said.startswith(name)))


def _ticked(places: Places, rows: Sequence[RawRow]) -> Places:
    """Which columns that tell row by row whether something has left are filled in at all."""
    fields = {"dated": places.get("shipped_on", ()), "handed": places.get("handed", ())}
    return {field: some for field, some in fields.items() if any(_texts(rows, place) for place in some)}


def with_unread(header: RawRow, places: Places, one: Format) -> Places:
    """The fields with `unread`: the columns that nobody understands and that may say something about a dispatch;
    `aside` are those that may not, by their headings, as long as their cells do not say so in known words, and
    `bare_day` those among them of which nobody knows what happens on these days.

    What we said ourselves in a receipt that comes back is none of them.
    """
    taken = {place for field, several in places.items() if field != "order_also" for place in several}
    named = {place: cleaned(text) for place, text in enumerate(header.cells) if place not in taken}
    others = {place: text for place, text in named.items() if not text.casefold().startswith(_OURS)}
    remarks = tuple(place for place, text in others.items() if speaks_of_remarks(text, one))
    others = {place: text for place, text in others.items() if place not in remarks}
    speaking = tuple(place for place, text in others.items() if may_speak(text, one))
    aside = tuple(place for place, text in others.items() if not is_of_another_thing(text, one))
    days = tuple(place for place in aside if is_of_any_day(named[place], one))
    several = {"unread": speaking, "bare_day": days, "aside": tuple(place for place in aside if place not in speaking)}
    several["remark"] = (*places.get("remark", ()), *remarks)
    return places | {field: some for field, some in several.items() if some}


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


def _counts_pieces(rows: Sequence[RawRow], places: Sequence[int]) -> bool:
    """Whether columns count what has left: "raus: 2"."""
    texts = [text for place in places for text in _texts(rows, place)]
    return any(text.isdecimal() and text not in {"0", "1"} and not day(text) for text in texts)


def _texts(rows: Sequence[RawRow], place: int) -> list[str]:
    texts = (cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return [text for text in texts if not says_nothing(text)]
