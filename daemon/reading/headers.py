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

_LINE_END = re.compile(rb"\r\n|\n")
_HEAD_END = re.compile(rb"(?:\A|\n)\r?\n")
_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_WORD = re.compile(r"=\?([A-Za-z0-9_.:()*-]{1,60})\?([bBqQ])\?([^?\s]*)\?=(?:[ \t]+(?==\?))?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_MESSAGE = re.compile(r"<([^<>\s]{1,990})>")
_TEXT_CHARSETS = ("utf", "iso", "windows", "cp", "koi8", "us-ascii", "ascii", "latin", "gb", "big5", "shift", "euc")
_WESTERN = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", ""}


class Headers(Value, frozen=True, kw_only=True):
    """The fields in order, names in lower case, values unfolded but not decoded; `broken` says what is out of order."""

    fields: tuple[tuple[str, bytes], ...]
    broken: str | None = None

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(decode(value) for one, value in self.fields if one == name)

    def get(self, name: str) -> str:
        return next((decode(value) for one, value in self.fields if one == name), "")

    def raw(self, name: str) -> tuple[bytes, ...]:
        return tuple(value for one, value in self.fields if one == name)


def split_head(raw: bytes) -> tuple[bytes, bytes]:
    """The header block and the body; without an empty line everything is header."""
    end = _HEAD_END.search(raw)
    return (raw[: end.start()].rstrip(b"\r\n"), raw[end.end() :]) if end else (raw, b"")


def parse_headers(head: bytes) -> Headers:
    """Split a header block, already capped, into fields."""
    fields: list[tuple[str, list[bytes]]] = []
    broken = "bare_newline" if re.search(rb"\r(?!\n)", head) or b"\0" in head else None
    for number, line in enumerate(_LINE_END.split(head)):
        name = _NAME.match(line)
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1][1].append(line)
        elif name:
            fields.append((name.group()[:-1].decode("ascii").strip().lower(), [line[name.end() :]]))
        elif line.strip() and not (number == 0 and line.startswith(b"From ")):
            broken = broken or "malformed_header"
    return Headers(fields=tuple((name, b"".join(lines).strip()) for name, lines in fields), broken=broken)


def decode(value: bytes) -> str:
    """A field's text with its encoded words (RFC 2047) read; words that split a character are joined first."""
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
