"""Texts and patterns in plain ASCII signs, for an engine that knows the classes and borders of no others.

Letters become letters, digits digits, blanks blanks and signs signs. What a pattern finds in a text or in a clause of
it, the folded pattern finds in the folded text; now and then it finds more.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex

from daemon.rules.literals import UnsureError, after_class, after_group, escaped

_LETTER, _BLANK, _SIGN = "x", " ", "~"
_WORD = regex.compile(r"\w")
_SPACE = regex.compile(r"\s")
# The engine of the rules takes them for an i, as Turkish does.
_DOTLESS = "\u0131"
# A clause begins and ends beside a blank of its sentence.
_EDGES = {"^": r"(?:^|\s)", "$": r"(?:$|\s)"}
# What stands for itself, letters for the most part.
_PLAIN = re.compile(r"[^(\[\\^${]+")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_COUNT = re.compile(r"\{([0-9]+)(,?)[0-9]*\}")
_FOREIGN_RANGE = re.compile(r"[^\x00-\x7f]-[^\]]|-[^\x00-\x7f]")
_CODE = re.compile(r"\\[^\WdswDSW_]")
_POINT = re.compile(r"(?<!\\)\\u(?!00[0-7])([0-9A-Fa-f]{4})")


class _Signs(dict[int, str]):
    """What each sign becomes, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = found = _plain(chr(point))
        return found


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    if not _WORD.match(sign):
        return _BLANK if _SPACE.match(sign) else _SIGN
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    base = "i" if sign == _DOTLESS else unicodedata.normalize("NFKD", sign).casefold()[:1]
    return base if base.isascii() and base.isalpha() else _LETTER


_SIGNS = _Signs()


def folded_text(text: str) -> str:
    """A text in plain signs, places staying as they are."""
    return text if text.isascii() else text.translate(_SIGNS)


# A pattern is asked for in the company of many others: `check` puts every rule's rivals together.
@lru_cache(maxsize=8192)
def folded_pattern(pattern: str) -> str:
    """What finds at least as much in a folded text; raises UnsureError where that cannot be said."""
    written = _POINT.sub(lambda point: chr(int(point[1], 16)), pattern)
    after_group(f"({written})", 0)
    return "".join(_parts(written))


def _parts(pattern: str) -> Iterator[str]:
    """Part by part, without what looks around, and with anything for what only must not stand there."""
    place = 0
    while place < len(pattern):
        if plain := _PLAIN.match(pattern, place):
            place = plain.end()
            yield folded_text(plain[0])
            continue
        sign, start = pattern[place], place
        place += 1
        if pattern.startswith(_LOOKS, start):
            place = after_group(pattern, start)
            yield "(?:)"
        elif sign == "(":
            yield sign
        elif sign == "[":
            place = after_class(pattern, start)
            yield _class(pattern[start:place])
        elif sign == "\\":
            meant = folded_text(escaped(pattern, start))
            place += 1
            yield meant if not pattern[start + 1].isascii() else pattern[start:place]
        elif sign == "{":
            times, place = _times(pattern, start)
            yield times
        else:
            yield _EDGES[sign]


def _times(pattern: str, place: int) -> tuple[str, int]:
    """How often at least, and what is behind it.

    Who has to count up to an end, and that from every place where a pattern may begin, needs states without number.
    """
    if (found := _COUNT.match(pattern, place)) is None:
        raise UnsureError
    return f"{{{found[1]}{found[2]}}}", found.end()


def _class(written: str) -> str:
    if written.startswith("[^"):
        return "."
    if _FOREIGN_RANGE.search(written) or _CODE.search(written):
        raise UnsureError
    return folded_text(written)
