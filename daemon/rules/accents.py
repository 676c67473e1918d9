"""Letters whose accents people leave away: "piatek", "manana", "partira"."""

import re
import unicodedata

# Of few letters too much hangs on the accent: Italian "è" and "e", Spanish "sí" and "si".
_SHORT = 3
_POLISH = frozenset("ąćęłńśźż")
# At a word's end these tell the time or the language: Spanish "mandó" and "mando", French "livré" and "livre", Italian
# "partirà" and French "partira".
_TELLING = frozenset("éóà")
# German writes an umlaut with an e instead, which its words say themselves.
_KEPT = frozenset("äöüß")
# Dutch says what it means with two: "één" and "een", "vóór" and "voor".
_MEANT = re.compile(r"éé|óó|áá", re.IGNORECASE)
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss"})
_STROKES = str.maketrans("łŁ", "lL")
_PARTS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[^\W\d_]+", re.DOTALL)


def bare(text: str) -> str:
    """A text without accents, umlauts staying."""
    return text if text.isascii() else "".join(map(_bare, text))


def without_accents(text: str) -> str:
    """A text or pattern in which umlauts, too, are plain letters."""
    return bare(text).translate(_UMLAUTS)


def bare_too(pattern: str) -> str:
    """A pattern that also finds words whose accents were left away."""
    return pattern if pattern.isascii() else _PARTS.sub(_part, pattern)


def _bare(sign: str) -> str:
    if sign.isascii() or sign.lower() in _KEPT:
        return sign
    base = unicodedata.normalize("NFD", sign.translate(_STROKES))[0]
    return base if base.isalpha() else sign


def _part(found: re.Match[str]) -> str:
    part = found.group()
    if part.isascii() or part.startswith("\\") or _MEANT.search(part):
        return part
    if part.startswith("["):
        return "".join(sign + _bare(sign) if sign.lower() in _POLISH else sign for sign in part)
    return "".join(_either(part, place) for place in range(len(part)))


def _either(word: str, place: int) -> str:
    """A letter of a word, or a class of it and the bare one."""
    sign, base = word[place], _bare(word[place])
    telling = len(word) < _SHORT or (place == len(word) - 1 and sign.lower() in _TELLING)
    return sign if base == sign or (telling and sign.lower() not in _POLISH) else f"[{sign}{base}]"
