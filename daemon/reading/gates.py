"""Limits on the raw bytes of a mail, checked before any parser sees them."""

import re

from daemon.reading.headers import FIELD_AT_MOST, parse_headers, split_head

MAIL_AT_MOST = 25 * 1024 * 1024
HEAD_AT_MOST = 100 * 1024
FIELDS_AT_MOST = 200
PARTS_AT_MOST = 200
DEPTH_AT_MOST = 20
PART_FIELD_AT_MOST = 4 * 1024

_BOUNDARY = re.compile(rb"""boundary\s{0,5}=\s{0,5}(?:"([^"\r\n]{1,200})"|([^\s";]{1,200}))""", re.IGNORECASE)
_DASHES = re.compile(rb"^--([^\r\n]{1,204})", re.MULTILINE)
_PART_FIELD = re.compile(rb"^content-[a-z-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_NESTING = re.compile(rb"\bmessage/|\bmultipart/", re.IGNORECASE)


def head_trouble(raw: bytes) -> str | None:
    """The code of the limit that the size or the header block breaks, if any."""
    if len(raw) > MAIL_AT_MOST:
        return "mail_too_large"
    head, _ = split_head(raw[: HEAD_AT_MOST + 2])
    if len(head) > HEAD_AT_MOST:
        return "header_too_long"
    fields = parse_headers(head).fields
    if len(fields) > FIELDS_AT_MOST:
        return "too_many_header_fields"
    return "header_field_too_long" if any(len(value) > FIELD_AT_MOST for _, value in fields) else None


def structure_trouble(raw: bytes) -> str | None:
    """The code of the limit that the tree of parts breaks, if any; counted by boundaries, without parsing."""
    nests = 0
    for field in _PART_FIELD.finditer(raw):
        if len(field.group()) > PART_FIELD_AT_MOST:
            return "header_field_too_long"
        nests += bool(_NESTING.search(field.group()))
    if nests > PARTS_AT_MOST:
        return "too_deep"
    return _boundary_trouble(raw)


def _boundary_trouble(raw: bytes) -> str | None:
    declared = {(one or other).rstrip() for one, other in _BOUNDARY.findall(raw)}
    opened: list[bytes] = []
    parts = 0
    for line in _DASHES.finditer(raw):
        text = line[1].rstrip()
        closing = text.endswith(b"--") and text[:-2] in declared
        name = text[:-2] if closing else text
        if name not in declared:
            continue
        parts += not closing
        _step(opened, name, closing)
        if parts > PARTS_AT_MOST:
            return "too_many_parts"
        if len(opened) > DEPTH_AT_MOST:
            return "too_deep"
    return None


def _step(opened: list[bytes], name: bytes, closing: bool) -> None:
    if name in opened:
        del opened[opened.index(name) + (0 if closing else 1) :]
    elif not closing:
        opened.append(name)
