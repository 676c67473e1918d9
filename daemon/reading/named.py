"""Whether somebody is named in a mail or file, however it is written there: encoded, compressed, attached."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote

_DEEPEST = 4
_MEMBERS = 1000
_LARGEST_MEMBER = 32 * 1024 * 1024
_ENCODED = (b"base64", b"quoted-printable", b"=?")
_MARKED = ("&", "%40", "<")
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


Way = str | tuple[str, ...]
"""What names somebody: an address or a number by itself, or several words that only together can mean him."""


def names(raw: bytes, *ways: Way) -> bool:
    """Whether one of these can be read in the bytes of a mail, a text, a table or an archive of them.

    It must stand there whole: joakim@buyer.example is not kim@buyer.example.
    """
    wanted = [{_folded(word.strip()) for word in ((way,) if isinstance(way, str) else way)} for way in ways]
    unseen = {word: _whole(word) for words in wanted for word in words}
    for text in _texts(raw, 0):
        unseen = {word: whole for word, whole in unseen.items() if not whole.search(text)}
        if any(words.isdisjoint(unseen) for words in wanted):
            return True
    return False


def _whole(word: str) -> re.Pattern[str]:
    """The words of a name may stand on two lines, of which the second may be quoted."""
    spoken = r"[\s>]+".join(map(re.escape, word.split()))
    return re.compile(rf"(?<![\w.+-]){spoken}(?![\w-]|\.\w)")


def _texts(raw: bytes, depth: int) -> Iterator[str]:
    """Everything that can be read, in small letters."""
    yield from _readable(_decoded(raw))
    if depth == _DEEPEST:
        return
    if raw.startswith(b"PK"):
        for member in _members(raw):
            yield from _texts(member, depth + 1)
    elif any(sign in raw.lower() for sign in _ENCODED):
        for part in message_from_bytes(raw).walk():
            yield from _headers(part)
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield from _texts(payload, depth + 1)


def _decoded(raw: bytes) -> str:
    if raw.startswith(_UTF_16):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _readable(text: str) -> Iterator[str]:
    plain = _folded(text)
    yield plain
    if any(sign in plain for sign in _MARKED):
        unmarked = _folded(unquote(unescape(plain)))
        yield unmarked
        yield _TAG.sub(" ", unmarked)


def _folded(text: str) -> str:
    """In small letters, each accent one with its letter, without the signs that nobody sees."""
    return normalize("NFC", _UNSEEN.sub("", text)).casefold()


def _headers(part: Message) -> Iterator[str]:
    for value in part.values():
        with suppress(HeaderParseError, LookupError, ValueError):
            yield _folded(str(make_header(decode_header(str(value)))))


def _members(raw: bytes) -> Iterator[bytes]:
    broken = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError, zlib.error)
    with suppress(*broken), zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for one in archive.infolist()[:_MEMBERS]:
            if one.file_size <= _LARGEST_MEMBER:
                yield archive.read(one)
