"""Header fields of outgoing mail, written so that no value can become a field or a recipient of its own."""

import binascii
import re
import unicodedata
from encodings.idna import ToASCII

from daemon.writing.cleaning import one_line

_WIDTH = 76
_WORD = 63  # what fits between `=?utf-8?q?` and `?=` in the 75 characters of RFC 2047
_SUBJECT = 200
_NAME = 80
_LONGEST_TOKEN = 500
_ENCODED = re.compile(r"=\?[^?\s]*\?[bBqQ]\?[^?\s]*\?=")
_SAFE_IN_WORD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_NAME_SIGNS = frozenset(" .&'+-/_!#")
_ATOMS = re.compile(r"[A-Za-z0-9 &'+/_!#-]+")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_MAILBOX = re.compile(r'\s*"?(?P<name>[^<>"]*?)"?\s*<(?P<address>[^<>\s]+)>\s*')
_MESSAGE = re.compile(r"[!-;=?-~]{1,900}")
_DEVIATING = frozenset("ßς")  # RFC 5892 keeps them, the older IDNA of the stdlib would name another domain
_LOCAL_OCTETS = 64
_ADDRESS_OCTETS = 254


def plain(text: str) -> str:
    """A header value as one line, without anything that a mail program would decode."""
    value = one_line(text)
    if "=?" in value:
        value = _ENCODED.sub("", value)
        while "=?" in value:
            value = value.replace("=?", "")
    return " ".join(value.split())


def subject(text: str) -> str:
    """The subject as a reader sees it."""
    value = plain(text)
    return value if len(value) <= _SUBJECT else f"{value[: _SUBJECT - 1].rstrip()}…"


def display_name(text: str) -> str:
    """A display name of letters, digits and a few signs: nothing in it can look like an address or a list."""
    kept = "".join(sign if _harmless(sign) else " " for sign in plain(text))
    return " ".join(kept.split())[:_NAME].strip()


def unstructured(value: str, used: int) -> str:
    """A plain value after `used` characters of its line: folded at blanks, or in encoded words when it is not ASCII."""
    if value.isascii() and max(map(len, value.split()), default=0) <= _LONGEST_TOKEN:
        return folded(value.split(), used)
    return "\r\n ".join(_words(value))


def folded(tokens: list[str], used: int) -> str:
    """Tokens with blanks between them, with a line break before a blank where a line would grow too long."""
    parts: list[str] = []
    for token in tokens:
        if parts and used + 1 + len(token) > _WIDTH:
            parts.append("\r\n ")
            used = 0
        elif parts:
            parts.append(" ")
        parts.append(token)
        used += 1 + len(token)
    return "".join(parts)


def mailbox(name: str, addr: str, used: int) -> str:
    """`name <addr>`; a name of plain atoms stays as it is, every other one is encoded."""
    if not name:
        return addr
    words = name.split() if _ATOMS.fullmatch(name) else _words(name)
    return folded([*words, f"<{addr}>"], used)


def split_mailbox(text: str) -> tuple[str, str]:
    """The display name and the address of a configured mailbox."""
    found = _MAILBOX.fullmatch(text)
    return (found["name"].strip(), address(found["address"])) if found else ("", address(text.strip()))


def address(text: str) -> str:
    """An addr-spec that every server takes: a dot-atom, and the domain in its ASCII form; raises ValueError."""
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local) > _LOCAL_OCTETS:
        raise ValueError("this is no mail address that can be written to")
    spelled = ".".join(_label(label) for label in domain.split("."))
    if len(local) + 1 + len(spelled) > _ADDRESS_OCTETS:
        raise ValueError("this mail address is too long")
    return f"{local}@{spelled}"


def message_id(text: str) -> str | None:
    """A Message-ID in its angle brackets, or None when it cannot be written without changing it."""
    return f"<{text}>" if _MESSAGE.fullmatch(text) else None


def _label(label: str) -> str:
    if not label.isascii():
        label = _ascii_label(label)
    if not _LABEL.fullmatch(label):
        raise ValueError("this is no domain that mail can be sent to")
    return label


def _ascii_label(label: str) -> str:
    folded_label = unicodedata.normalize("NFC", label.casefold() if _DEVIATING.isdisjoint(label) else label.lower())
    try:
        if not _DEVIATING.isdisjoint(folded_label):
            return "xn--" + folded_label.encode("punycode").decode("ascii")
        return ToASCII(folded_label).decode("ascii")
    except UnicodeError as error:
        raise ValueError("this is no domain that mail can be sent to") from error


def _harmless(sign: str) -> bool:
    return sign in _NAME_SIGNS or unicodedata.category(sign)[0] in "LMN"


def _words(value: str) -> list[str]:
    """RFC 2047 encoded words, none splitting a character, in the shorter of both encodings."""
    by_q = _grouped([_q(sign) for sign in value], _WORD)
    by_b = _grouped([sign.encode() for sign in value], _WORD // 4 * 3)
    if sum(map(len, by_q)) <= sum(len(part) * 4 // 3 for part in by_b):
        return [f"=?utf-8?q?{part.decode('ascii')}?=" for part in by_q]
    return [f"=?utf-8?b?{binascii.b2a_base64(part, newline=False).decode('ascii')}?=" for part in by_b]


def _q(sign: str) -> bytes:
    if sign == " ":
        return b"_"
    return b"".join(bytes((octet,)) if octet in _SAFE_IN_WORD else b"=%02X" % octet for octet in sign.encode())


def _grouped(parts: list[bytes], limit: int) -> list[bytes]:
    groups: list[bytes] = []
    current = b""
    for part in parts:
        if current and len(current) + len(part) > limit:
            groups.append(current)
            current = b""
        current += part
    return [*groups, current]
