"""The words without which a pattern cannot be found: a cheap look spares the dear one."""

from collections.abc import Iterator

_SHORTEST = 3
_CLASSES = frozenset("bBsSwWdDmM")


class UnsureError(Exception):
    """The pattern holds something of which nothing can be said here."""


def required(pattern: str) -> tuple[str, ...] | None:
    """Folded texts of which at least one stands in everything that the pattern finds; None when that is not sure.

    Only what stands outside groups and classes is looked at, and a sign that may be absent is left out.
    """
    try:
        longest = [max(_runs(alternative), key=len, default="") for alternative in _alternatives(pattern)]
    except UnsureError:
        return None
    return tuple(run.casefold() for run in longest) if all(len(run) >= _SHORTEST for run in longest) else None


def _alternatives(pattern: str) -> Iterator[list[str]]:
    """Each top-level alternative as its signs, where an empty sign stands for anything."""
    signs: list[str] = []
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "|":
            yield signs
            signs = []
            place += 1
        elif sign == "(":
            place = after_group(pattern, place)
            signs.append("")
        elif sign == "[":
            place = after_class(pattern, place)
            signs.append("")
        elif sign == "\\":
            signs.append(escaped(pattern, place))
            place += 2
        elif sign in "?*{":
            _drop_last(signs)
            place = after_quantifier(pattern, place)
        else:
            signs.append("" if sign in ".^$+" else sign)
            place += 1
    yield signs


def _runs(signs: list[str]) -> Iterator[str]:
    """The stretches of sure signs."""
    run = ""
    for sign in (*signs, ""):
        if sign:
            run += sign
        elif run:
            yield run
            run = ""


def _drop_last(signs: list[str]) -> None:
    if signs:
        signs[-1] = ""


def escaped(pattern: str, place: int) -> str:
    """The sign that a backslash stands before; nothing for a class."""
    sign = pattern[place + 1 : place + 2]
    if sign in _CLASSES:
        return ""
    if not sign or sign.isalnum():
        raise UnsureError
    return sign


def after_quantifier(pattern: str, place: int) -> int:
    """Behind the quantifier that stands here."""
    if pattern[place] != "{":
        return place + 1
    end = pattern.find("}", place)
    if end < 0:
        raise UnsureError
    return end + 1


def after_class(pattern: str, place: int) -> int:
    """Behind a class; a class in a class or an odd bracket is left to the engine."""
    end = place + 1
    while end < len(pattern) and pattern[end] != "]":
        if pattern[end] == "[":
            raise UnsureError
        end += 2 if pattern[end] == "\\" else 1
    if end >= len(pattern) or end == place + 1 or pattern[place + 1 : end] == "^":
        raise UnsureError
    return end + 1


def after_group(pattern: str, place: int) -> int:
    """Behind the group that begins here; flags inside it may change how the rest is read, so they make unsure."""
    if pattern.startswith("(?", place) and pattern[place + 2 : place + 3] not in tuple(":=!<>|P"):
        raise UnsureError
    place += 1
    while place < len(pattern):
        sign = pattern[place]
        if sign == ")":
            return place + 1
        if sign == "(":
            place = after_group(pattern, place)
        elif sign == "[":
            place = after_class(pattern, place)
        else:
            place += 2 if sign == "\\" else 1
    raise UnsureError
