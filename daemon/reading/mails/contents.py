"""What a mail holds: its fields, its texts as written, and its files, as far as the limits let it be opened."""

import re
from dataclasses import dataclass, field

from daemon.reading.gates import HEAD_AT_MOST, MAIL_AT_MOST, LimitError, head_trouble
from daemon.reading.mails.flowed import unflowed
from daemon.reading.mails.headers import Headers, decode_bytes, head_end, parse_headers
from daemon.reading.mails.parts import Part, split_parts
from daemon.reading.mails.quoting import TEXT_AT_MOST

BYTES_AT_MOST = 4 * TEXT_AT_MOST
HEAD_OF_TEXT = 2000

_SEALED = {"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_NAMES = {
    "message/rfc822": "message.eml",
    "text/csv": "table.csv",
    "application/json": "data.json",
    "text/xml": "data.xml",
}
_SEALED_TEXT = "-----BEGIN PGP MESSAGE-----"
_PICTURE = re.compile(r"data:[a-z/+.-]{0,60};base64,[A-Za-z0-9+/=\s%]*", re.IGNORECASE)
"""A picture within the page, which may be longer than all words that are looked at."""
_OWN_PARTS = {"text/plain", "text/html", "text/calendar", "text/rfc822-headers"}


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment's name, type and decoded bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(kw_only=True)
class Contents:
    """`headers` are believed only when no limit of the header block is broken; `trouble` names a limit that is."""

    headers: Headers
    head_trouble: str | None = None
    trouble: str | None = None
    root: Part | None = None
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    sealed: bool = False

    @property
    def kinds(self) -> list[str]:
        """The types of all parts; a calendar's with what it wants."""
        parts = self.root.leaves() if self.root else ()
        return [
            f"{one.media_type};method={one.content.get('method').lower()}"
            if one.media_type == "text/calendar"
            else one.media_type
            for one in parts
        ]


def unpack(raw: bytes) -> Contents:
    """Take a mail of any bytes apart."""
    end, body = head_end(raw, 0, len(raw))
    head = raw[: min(end, HEAD_AT_MOST + 2)]
    headers = parse_headers(head)
    if trouble := head_trouble(head, headers):
        return Contents(headers=headers, head_trouble=trouble, trouble=trouble)
    if len(raw) > MAIL_AT_MOST:
        return Contents(headers=headers, trouble="mail_too_large")
    try:
        contents = Contents(headers=headers, root=split_parts(raw, headers, body))
    except LimitError as limit:
        return Contents(headers=headers, trouble=limit.code)
    for part in contents.root.leaves() if contents.root else ():
        _sort(part, contents)
    return contents


def _sort(part: Part, contents: Contents) -> None:
    kind = part.media_type
    disposition = part.disposition
    name = _file_name(disposition.get("filename") or part.content.get("name"))
    attached = disposition.kind == "attachment"
    if kind in _SEALED:
        contents.sealed = True
    elif kind in _SIGNATURES or (kind.startswith("image/") and "content-id" in part.headers.named and not attached):
        return  # belongs to the page itself, like the logo below a letter
    elif kind in {"text/plain", "text/html"} and not attached and (not name or _names_a_text(name, contents)):
        text = _text(part)
        contents.sealed = contents.sealed or _SEALED_TEXT in text[:HEAD_OF_TEXT]
        (contents.plain if kind == "text/plain" else contents.html).append(text)
    elif name or attached or (kind not in _OWN_PARTS and not kind.startswith("message/")):
        contents.files.append(
            File(name=name or _NAMES.get(kind, kind.replace("/", ".")), media_type=kind, data=part.data)
        )
    elif kind == "message/rfc822":
        contents.files.append(File(name=_NAMES[kind], media_type=kind, data=part.data))


def _names_a_text(name: str, contents: Contents) -> bool:
    """Some programs name the letter itself; behind a letter it is a file."""
    return name.lower().endswith((".txt", ".htm", ".html")) and not (contents.plain or contents.html or contents.files)


def _text(part: Part) -> str:
    text = decode_bytes(part.text_bytes(BYTES_AT_MOST), part.content.get("charset"))
    if part.media_type == "text/html":
        return (_PICTURE.sub("", text) if "base64," in text else text)[: TEXT_AT_MOST + 1]
    flowed = part.content.get("format").lower() == "flowed"
    return (unflowed(text, joined=part.content.get("delsp").lower() == "yes") if flowed else text)[: TEXT_AT_MOST + 1]


def _file_name(text: str) -> str:
    bare = text.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable()).strip()[:200]
