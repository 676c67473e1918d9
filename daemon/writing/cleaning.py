"""Other people's text made harmless to a mail's layout: no control or direction signs, one line where one is meant."""

import re
from collections.abc import Mapping

from daemon.domain.values import Json

_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MANY_LINES = frozenset({"text"})
_DEEPEST = 20


def one_line(text: str) -> str:
    """The text as one line: whatever could break or turn a line is a blank."""
    if text.isascii() and text.isprintable():
        return text
    return " ".join(_BREAKING.sub(" ", text).split()) if _BREAKING.search(text) else text


def fit_for_xml(text: str) -> str:
    """The text without the signs that no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def lines(text: str) -> tuple[str, ...]:
    """The text line by line, without outer blank lines; every kind of line end counts."""
    return tuple(_BREAKING.sub(" ", line).rstrip() for line in text.strip("\r\n").expandtabs(4).splitlines())


def printable(data: Json, depth: int = 0) -> Json:
    """Template data in which every string is one line, except those under the name `text`."""
    if isinstance(data, str):
        return one_line(data)
    if depth > _DEEPEST:
        raise ValueError("the data of a mail are nested too deep")
    if isinstance(data, Mapping):
        return {name: _entry(name, value, depth + 1) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value, depth + 1) for value in data]
    return data


def _entry(name: str, value: Json, depth: int) -> Json:
    if name in _MANY_LINES and isinstance(value, str):
        return "\n".join(lines(value))
    return printable(value, depth)
