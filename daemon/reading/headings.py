"""Headings word by word: "Kundenreferenz Nr. 1" is a customer's reference, though nobody has listed it as such."""

import re
from functools import lru_cache

from daemon.domain.values import Value
from daemon.rules.columns import column_key
from daemon.rules.formats import Format

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LINKS = r"(?:es|s|en|n|e)?"
_IGNORED = frozenset({"filler"})
_OTHER_DAYS = frozenset({"order", "customer", "expected", "delivery", "line", "article"})
_NO_GOODS = frozenset({"parcel", "order", "customer", "date", "reference"})
_MOST_WORDS = 8
_MOST_KEPT = 4096
_MOST_FORMATS = 512


class _Words(Value, frozen=True, kw_only=True):
    """The stems of a format as one pattern, each found with the word that it stands for."""

    pattern: re.Pattern[str]
    meaning: dict[str, str]
    meant: dict[str, frozenset[str]]


_known: dict[int, tuple[dict[str, tuple[str, ...]], _Words]] = {}


def field_of(heading: str, one: Format) -> str:
    """The one field that a heading's words mean together; empty where a word of it is none of ours."""
    if not one.words:
        return ""
    found = _meant(heading, _words_of(one))
    if not found:
        return ""
    without = found - {"number"}
    exact = next((field for field, several in one.meanings.items() if found in several), "")
    return exact or next((field for field, several in one.meanings.items() if without in several), "")


def is_of_another_thing(heading: str, one: Format) -> bool:
    """Whether a word of a heading says that its column is about something else: parcels that come back, prices."""
    parts = [column_key(part) for part in _WORD.findall(_HUMP.sub(" ", heading))]
    return any(part.startswith(one.never) for part in parts)


def is_of_another_day(heading: str, one: Format) -> bool:
    """Whether a heading over dates says that they are the order's or the delivery's, or says nothing at all."""
    words = _words_of(one)
    if _meant(heading, words) == {"date"}:
        return True
    parts = [column_key(part) for part in _WORD.findall(_HUMP.sub(" ", heading))]
    return bool({words.meaning[stem] for part in parts for stem in _stems(part, words)} & _OTHER_DAYS)


def speaks_of_returns(text: str, one: Format) -> bool:
    """Whether a heading or a name says that it is about what comes back."""
    parts = [column_key(part) for part in _WORD.findall(_HUMP.sub(" ", text))]
    return any(part.startswith(one.returns) for part in parts)


def counts_goods(heading: str, one: Format) -> bool:
    """Whether a heading speaks of a quantity in words that are not all ours, and of no parcels or orders."""
    words = _words_of(one)
    parts = [column_key(part) for part in _WORD.findall(_HUMP.sub(" ", heading))]
    meant = {words.meaning[stem] for part in parts for stem in _stems(part, words)}
    return "quantity" in meant and not meant & _NO_GOODS and not is_of_another_thing(heading, one)


def counts_pieces(heading: str, one: Format) -> bool:
    """Whether a heading over numbers of pieces, beside what was ordered, says how many were sent or confirmed."""
    meant = _meant(heading, _words_of(one)) - {"number"}
    said = column_key(heading) in {column_key(name) for name in one.columns.get("accepted", ())}
    return said or "shipped" in meant <= {"shipped", "quantity", "article"} or counts_goods(heading, one)


def _meant(heading: str, words: _Words) -> frozenset[str]:
    if heading not in words.meant:
        if len(words.meant) >= _MOST_KEPT:
            words.meant.clear()
        words.meant[heading] = _made_of(heading, words)
    return words.meant[heading]


def _made_of(heading: str, words: _Words) -> frozenset[str]:
    """The words that a heading is made of; none of them when a part of it is left over."""
    parts = _WORD.findall(_HUMP.sub(" ", heading))
    if not 0 < len(parts) <= _MOST_WORDS:
        return frozenset()
    found: set[str] = set()
    for part in parts:
        stems = _stems(column_key(part), words)
        if not stems:
            return frozenset()
        found.update(words.meaning[stem] for stem in stems)
    return frozenset(found - _IGNORED)


def _stems(part: str, words: _Words) -> list[str]:
    """A word as stems one behind the other, the longest way first; empty when it is not made of stems alone."""
    if part in words.meaning:
        return [part]
    for found in words.pattern.finditer(part):
        if found.start():
            break
        for end in {found.end(), found.end(1)}:
            rest = part[end:]
            if rest and (further := _stems(rest, words)):
                return [found[1], *further]
    return []


def _words_of(one: Format) -> _Words:
    """Worked out once for all formats that have the same words, be they written down for each of them."""
    kept = _known.get(id(one.words))
    if kept is None or kept[0] is not one.words:
        if len(_known) >= _MOST_FORMATS:
            _known.clear()
        kept = (one.words, _worked_out(tuple(one.words.items())))
        _known[id(one.words)] = kept
    return kept[1]


@lru_cache(maxsize=4)
def _worked_out(words: tuple[tuple[str, tuple[str, ...]], ...]) -> _Words:
    meaning = {stem: word for word, stems in words for stem in stems}
    # Short words are too easily found inside others to be parts of a compound.
    inner = sorted((stem for stem in meaning if len(stem) > 2), key=len, reverse=True)  # noqa: PLR2004
    pattern = re.compile(rf"({'|'.join(map(re.escape, inner))}){_LINKS}")
    return _Words(pattern=pattern, meaning=meaning, meant={})
