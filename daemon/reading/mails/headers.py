"""Header fields of a mail, split and decoded by hand, because the standard parser pays for every byte of a bomb."""

import base64
import binascii
import re
from collections.abc import Iterator

from daemon.domain.identifiers import MessageId
from daemon.domain.values import Value

FIELD_AT_MOST = 16 * 1024
ADDRESSES_AT_MOST = 100
MESSAGES_AT_MOST = 100

FIELD_BEGINS = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_WORD = re.compile(r"=\?([A-Za-z0-9_.:()*-]{1,60})\?([bBqQ])\?([^?\s]*)\?=(?:[ \t]+(?==\?))?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_MESSAGE = re.compile(r"<([^<>\s]{1,990})>")
_TEXT_CHARSETS = ("utf", "iso", "windows", "cp", "koi8", "us-ascii", "ascii", "latin", "gb", "big5", "shift", "euc")
_WESTERN = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", ""}


class Headers(Value, frozen=True, kw_only=True):
    """The fields in order, names in lower case, values unfolded but not decoded; `broken` says what is out of order."""

    fields: tuple[tuple[str, bytes], ...]
    named: dict[str, list[bytes]]
    broken: str | None = None

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(decode(value) for value in self.named.get(name, ()))

    def get(self, name: str) -> str:
        values = self.named.get(name)
        return decode(values[0]) if values else ""

    def raw(self, name: str) -> tuple[bytes, ...]:
        return tuple(self.named.get(name, ()))


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body; without an empty line everything is header."""
    end, body = head_end(raw, 0, len(raw))
    return raw[:end], raw[body:]


def head_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block that begins here ends, and where the body begins; both at the end without a body."""
    for empty in (b"\r\n", b"\n"):
        if raw.startswith(empty, start):
            return start, start + len(empty)
    crlf = raw.find(b"\n\r\n", start, end)
    bare = raw.find(b"\n\n", start, end if crlf < 0 else crlf)
    if bare < 0 and crlf < 0:
        return end, end
    last, body = (bare, bare + 2) if bare >= 0 else (crlf, crlf + 3)
    return last - raw.startswith(b"\r", last - 1), body


def parse_headers(head: bytes) -> Headers:
    """Split a header block, already capped, into fields."""
    lines = head.replace(b"\r\n", b"\n")
    broken = "bare_newline" if b"\r" in lines or b"\0" in lines else None
    fields: list[tuple[str, bytes]] = []
    named: dict[str, list[bytes]] = {}
    for line in lines.replace(b"\n ", b" ").replace(b"\n\t", b"\t").split(b"\n"):
        found = FIELD_BEGINS.match(line)
        if found:
            name = found[1].decode("ascii").lower()
            value = line[found.end() :].strip()
            fields.append((name, value))
            named.setdefault(name, []).append(value)
        elif line.strip() and (fields or not line.startswith(b"From ")):
            broken = broken or "malformed_header"
    return Headers(fields=tuple(fields), named=named, broken=broken)


def decode(value: bytes) -> str:
    """A field's text with its encoded words (RFC 2047) read; words that split a character are joined first."""
    if value.isascii() and b"=?" not in value:
        return value[:FIELD_AT_MOST].decode("ascii")
    text = decode_bytes(value[:FIELD_AT_MOST], "utf-8")
    if "=?" not in text:
        return text
    return "".join(_decoded(text))


def _decoded(text: str) -> Iterator[str]:
    done, charset, pending = 0, "", b""
    for word in _WORD.finditer(text):
        between = text[done : word.start()]
        name = word[1].partition("*")[0].lower()
        if pending and (between or name != charset):
            yield decode_bytes(pending, charset)
            pending = b""
        yield between
        charset, pending, done = name, pending + _word_bytes(word[2], word[3]), word.end()
    yield decode_bytes(pending, charset)
    yield text[done:]


def _word_bytes(kind: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except ValueError:
        return data


def decode_bytes(data: bytes, charset: str) -> str:
    """Text of bytes whatever label they carry: the label when it is a known text encoding, else UTF-8, else cp1252."""
    name = charset.strip().lower()
    tries = ["utf-8-sig", "cp1252"] if name in _WESTERN else [name, "utf-8-sig", "cp1252"]
    for one in tries:
        if one.startswith(_TEXT_CHARSETS):
            try:
                return data.decode(one)
            except (LookupError, ValueError):
                continue
    return data.decode("cp1252", "replace")


def addresses(text: str) -> tuple[str, ...]:
    """Every address in a list of recipients, lower case; good enough to find our own tokens, not to trust a sender."""
    found = (match.group().casefold() for match in _ADDRESS.finditer(text[:FIELD_AT_MOST]))
    return tuple(dict.fromkeys(found))[:ADDRESSES_AT_MOST]


def message_ids(text: str) -> tuple[MessageId, ...]:
    """The message ids of a Message-ID, In-Reply-To or References field."""
    found = [match[1] for match in _MESSAGE.finditer(text[:FIELD_AT_MOST])]
    bare = text.strip()
    if not found and bare and "@" in bare and not any(sign.isspace() for sign in bare):
        found = [bare.strip("<>")]
    return tuple(MessageId(one) for one in dict.fromkeys(found))[-MESSAGES_AT_MOST:]
