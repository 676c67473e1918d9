"""What nobody understands: a remark in words of its own, words or marks below a heading that says nothing to us."""

import re
from collections.abc import Sequence

from daemon.reading.tables.cells import cleaned, labelled_imeis, part_in, says_nothing
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import BY, is_apart, says_well
from daemon.reading.tables.meanings import HARMLESS, is_no, is_yes, meaning_of
from daemon.rules.columns import column_key
from daemon.rules.formats import NOT_LEFT, Format
from daemon.rules.rulebook import Rulebook

Places = dict[str, tuple[int, ...]]

_WORD = re.compile(r"[^\W_]+")
_A_CODE = re.compile(
    r"[A-Z]{1,3}|\S*[0-9]\S*|\S+@\S+|https?://\S+|[0-9.,]+ ?[A-Za-z%€]{1,3}|[A-Z][A-Za-z]{0,2} ?[0-9][0-9/-]{2,}"
)
# "26.11.", "Do 26.11.26", "26 Nov", "Thu 26/11".
A_DAY = re.compile(
    r"(?:[^\W\d_]{2,10}[.,]?\s)?[0-9]{1,4}[./ -]{1,2}(?:[0-9]{1,2}|[^\W\d_]{3,9})[./ -]{0,2}(?:[0-9]{2,4})?"
)
_PIECES = re.compile(r"(?<![\w.,/-])([0-9]{1,3})\s?([^\W\d_]+)")
_COUNTED = re.compile(r"(?:^|[,;+&/\n])\s*([0-9]{1,3})\s?[x\u00d7](?=\s?[^\W\d])", re.IGNORECASE)
_MARKS = frozenset({"•", "*", "⏳"})
_FEW_MORE = 3
_SEVERAL = 2
_BY_WHOM = 3
_NUMBER = ("number", "parcel")


def with_strange(columns: Sequence[str], places: Places, one: Format, rows: Sequence[RawRow]) -> Places:
    """The fields with `strange`, columns of words that differ, and `marked`, columns of yes and no that do, below
    headings that nobody understands, and `coded`, a status in numbers that differ; what stands the same in all rows
    tells none of them apart.
    """
    if "unread" not in places and "status" not in places:
        return places
    rows = [row for row in rows if _names_parcel(row, places)]
    free = [place for place in places.get("unread", ()) if not is_apart(columns[place], one)]
    told = {place: [cleaned(row.cells[place]) for row in rows if place < len(row.cells)] for place in free}
    said = {place: [text for text in texts if not says_nothing(text)] for place, texts in told.items()}
    marks = {place for place, texts in said.items() if texts and all(_is_mark(text, one) for text in texts)}
    differing = {place for place, texts in told.items() if len(set(texts)) > 1}
    several = {
        "marked": tuple(place for place in free if place in marks & differing),
        "strange": tuple(
            place for place in free if place not in marks and (place in differing or len(said[place]) < _SEVERAL)
        ),
        "coded": _coded(places, rows),
    }
    return places | {
        field: tuple(dict.fromkeys((*places.get(field, ()), *some))) for field, some in several.items() if some
    }


def _coded(places: Places, rows: Sequence[RawRow]) -> tuple[int, ...]:
    """The columns of a status that say it in numbers of which not all are the same, where none says it in words."""
    told = {
        place: {cleaned(row.cells[place]) for row in rows if place < len(row.cells)} - {""}
        for place in places.get("status", ())
    }
    if not all(text.isdecimal() for texts in told.values() for text in texts):
        return ()
    return tuple(place for place, texts in told.items() if len(texts) > 1)


def _names_parcel(row: RawRow, places: Places) -> bool:
    numbers = [place for field in ("tracking", "url", "imei") for place in places.get(field, ())]
    return any(place < len(row.cells) and row.cells[place].strip() for place in numbers)


def is_idle(text: str, known: Format) -> bool:
    """Whether words mean nothing for the dispatch, tell in few words that it has taken place, or what was before."""
    words = [word for word in map(column_key, _WORD.findall(text)) if not any(map(str.isdigit, word))]
    part = part_in(text)
    if part and part[1] > 1:
        return False
    if _names_packer(text, known):
        return True
    said = known.idle | {*known.former}
    if said.isdisjoint(words):
        told = meaning_of(text, known) in HARMLESS and len(words) <= _FEW_MORE + 1
        return told or not words or (bool(labelled_imeis(text)) and len(words) == 1)
    return said.union(known.linking, known.negations, known.was, *map(known.words.get, _NUMBER, ((), ()))).issuperset(
        words
    )


def _names_packer(text: str, known: Format) -> bool:
    """Whether a text says who packed something: "gepackt von Anna", "spakowała Kasia"."""
    words = _WORD.findall(text)
    names = [word for word in words if column_key(word) not in known.words.get("packed", ()) and word not in BY]
    return 0 < len(names) < len(words) <= _BY_WHOM and all(map(str.istitle, names))


def is_strange(text: str, known: Format, rulebook: Rulebook) -> bool:
    """Whether a cell below whatever heading holds words that could say anything."""
    if _A_CODE.fullmatch(text) or A_DAY.fullmatch(text) or is_idle(text, known) or _is_mark(text, known):
        return False
    return rulebook.carrier_book.named(text) is None


def is_doubtful(heading: str, mark: str, known: Format) -> bool:
    """Whether a mark, or none, below a heading that nobody understands may say that something has not left."""
    meaning = meaning_of(heading.rstrip("?! "), known)
    if says_well(heading, known) or is_idle(heading, known) or meaning in HARMLESS:
        return not mark or is_no(mark, known)
    bad = meaning == NOT_LEFT or (meaning is not None and meaning not in HARMLESS)
    return not bad or (bool(mark) and not is_no(mark, known))


def pieces_in(text: str, known: Format) -> tuple[int, ...]:
    """The pieces that a remark counts: "2 Stück drin"."""
    units = {*known.words.get("piece", ()), *known.words.get("quantity", ())}
    return tuple(int(number) for number, unit in _PIECES.findall(text) if column_key(unit) in units)


def counted_in(text: str, known: Format) -> tuple[int, ...]:
    """The pieces of each article that a cell counts: "1x Hülle, 3x Charger", or "Charger (3 Stück)"."""
    return tuple(map(int, _COUNTED.findall(text))) or pieces_in(text, known)


def _is_mark(text: str, known: Format) -> bool:
    return not text.isdecimal() and (text.casefold() in _MARKS or is_yes(text, known) or is_no(text, known))
