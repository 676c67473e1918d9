"""How far the parts of a regular expression reach, for those who look into one without running it."""

import re

# What neither opens nor ends anything, signs behind a backslash among it.
_INSIDE = re.compile(r"(?:[^()\[\\]|\\.)+", re.DOTALL)
_CLASSES = frozenset("bBsSwWdDmM")


class UnsureError(Exception):
    """The pattern holds something of which nothing can be said here."""


def escaped(pattern: str, place: int) -> str:
    """The sign that a backslash stands before; nothing for a class."""
    sign = pattern[place + 1 : place + 2]
    if sign in _CLASSES:
        return ""
    if not sign or sign.isalnum():
        raise UnsureError
    return sign


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
    while place < len(pattern) and pattern[place] != ")":
        if inside := _INSIDE.match(pattern, place):
            place = inside.end()
        elif pattern[place] == "(":
            place = after_group(pattern, place)
        else:
            place = after_class(pattern, place)
    if place >= len(pattern):
        raise UnsureError
    return place + 1
