"""Bytes to lines of text: byte order mark, UTF-16, the sender's setting, strict UTF-8, else one of the 8-bit pages."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from daemon.domain.values import Value
from daemon.reading.tables.codepages import code_page, is_unclear

LONGEST_LINE = 1024 * 1024
HEAD = 64 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Encoding(Value, frozen=True, kw_only=True):
    """`start` is where the text begins, behind a byte order mark. `name` is empty for what is no text.

    `others` are code pages in which it would make sense as well.
    """

    name: str
    start: int = 0
    others: tuple[str, ...] = ()
    newline: bytes = b"\n"


def encoding_of(head: bytes, wanted: str = "", language: str = "") -> Encoding:
    """The encoding that the first bytes of a file show; `wanted` is that of the sender's files where they show none."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return _with_newline(head, name, len(mark))
    if b"\0" in head:
        return _with_newline(head, _utf16_without_mark(head), 0)
    if wanted:
        return _with_newline(head, wanted, 0)
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        if not _mostly_utf8(head):
            return _with_newline(head, *_eight_bits(head, language))
    return _with_newline(head, "utf-8", 0)


def _mostly_utf8(head: bytes) -> bool:
    """Whether as many lines with other than ASCII signs are UTF-8 as are not: some programs paste files together."""
    lines = [line for line in head.splitlines()[:-1] if not line.isascii()]
    return bool(lines) and 2 * sum(map(_is_utf8, lines)) >= len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _eight_bits(head: bytes, language: str) -> tuple[str, int, tuple[str, ...]]:
    page, others = code_page(head, language)
    return page, 0, others


def _with_newline(head: bytes, name: str, start: int, others: tuple[str, ...] = ()) -> Encoding:
    only_returns = b"\r" in head and b"\n" not in head and not name.startswith("utf-16")
    return Encoding(name=name, start=start, others=others, newline=b"\r" if only_returns else b"\n")


def _utf16_without_mark(head: bytes) -> str:
    """Latin text in UTF-16 has a zero in every second byte; anything else with zeros is no text."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return ""


def decoded(raw: bytes, encoding: str) -> str:
    """One line as text. A line of UTF-8 that is none is Windows-1252; what an encoding does not know becomes U+FFFD."""
    if encoding != "utf-8":
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def unclear(raw: bytes, encoding: Encoding) -> bool:
    """Whether a line makes other sense in another encoding."""
    return bool(encoding.others) and not raw.isascii() and is_unclear(raw, encoding.name, encoding.others)


def raw_lines(source: BinaryIO, encoding: Encoding) -> Iterator[bytes]:
    """The lines of a file from where it stands, each with its line end, none longer than `LONGEST_LINE`."""
    if encoding.newline == b"\r":
        return _lines_by_return(source)
    if encoding.name.startswith("utf-16"):
        return _wide_lines(source, little=encoding.name == "utf-16-le")
    return iter(lambda: source.readline(LONGEST_LINE), b"")


def _lines_by_return(source: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while block := source.read(HEAD):
        *lines, rest = (rest + block).split(b"\r")
        yield from (line + b"\r" for line in lines)
        if len(rest) > LONGEST_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _wide_lines(source: BinaryIO, *, little: bool) -> Iterator[bytes]:
    """UTF-16: the byte 0A ends a line only as half of U+000A."""
    line = b""
    while part := source.readline(LONGEST_LINE):
        line += part
        if little and len(line) % 2:
            line += source.read(1)
        ended = line.endswith(b"\n\0") if little else len(line) % 2 == 0 and line.endswith(b"\0\n")
        if ended or len(line) >= LONGEST_LINE:
            yield line
            line = b""
    if line:
        yield line
