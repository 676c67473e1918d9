"""Which 8-bit code page a text is in, judged by its words: letters of a language, in places where they may stand."""

import re

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MOST_WORDS = 2000
_EDGES = (
    "\u201e\u201c\u201d\u201a\u2018\u2019\u00bb\u00ab\u2013\u2014\u2026"
    "\u20ac\u00a7\u00b0\u00b4\u00b2\u00b3\u00b7\u00a9\u00ae\u2122\u00bd\u00bc\u00be\u00a3\u00bf\u00a1\u00ba\u00aa!?"
)
_WEST = "äöüßéèêëàâáçîïíôóòìùúûœæñåøãõÿ"
_EAST = "ąćęłńóśźżčďěéíňřšťúůžýáäöüßőűçô"
_LETTERS = {
    "cp1252": frozenset(_WEST),
    "cp1250": frozenset(_EAST),
    "iso-8859-2": frozenset(_EAST),
    "cp850": frozenset("äöüßéèêëàâáçîíôóòùúûñæ"),
}
_EASTERN = {"pl": ("cp1250", "iso-8859-2")}
_WESTERN = frozenset({"de", "en", "fr", "it", "es", "nl"})


def code_page(head: bytes, language: str = "") -> tuple[str, tuple[str, ...]]:
    """The likeliest code page, and the others that it might as well be; the sender's language decides between them."""
    words = list(dict.fromkeys(_WORD.findall(head)[:_MOST_WORDS]))
    wrong = {page: sum(not _plausible(word, page) for word in words) for page in _LETTERS}
    least = min(wrong.values())
    likely = [page for page in _order(language) if wrong[page] == least]
    if least > len(words) // 4:
        return "cp1252", ()
    others = () if language in _WESTERN and likely[0] == "cp1252" else tuple(likely[1:])
    return likely[0], tuple(page for page in others if any(_differ(word, likely[0], page) for word in words))


def _order(language: str) -> list[str]:
    first = _EASTERN.get(language, ())
    return [*first, *(page for page in _LETTERS if page not in first)]


def _differ(word: bytes, one: str, other: str) -> bool:
    return word.decode(one, "replace") != word.decode(other, "replace")


def is_unclear(line: bytes, page: str, others: tuple[str, ...]) -> bool:
    """Whether a line reads differently, and as well, in another code page."""
    return any(
        _plausible(word, other) and _differ(word, page, other) for word in _WORD.findall(line) for other in others
    )


def _plausible(word: bytes, page: str) -> bool:
    """Letters of the language in the inside, small ones after a small one; signs only at the edges."""
    text = word.decode(page, "replace")
    inner = text.strip(_EDGES)
    if not inner or inner.isascii():
        return "\ufffd" not in text
    letters = _LETTERS[page]
    for before, sign in zip(("", *inner), inner, strict=False):
        if sign.isascii():
            continue
        if sign.casefold() not in letters and sign not in letters and sign.lower() not in letters:
            return False
        if sign.isupper() and before.islower():
            return False
    return True
