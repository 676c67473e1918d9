"""A mail's tree of parts, found by searching for boundaries: the work grows with the parts and not with the lines."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.reading.gates import (
    DEPTH_AT_MOST,
    FIELDS_AT_MOST,
    LOOK_ALIKES_AT_MOST,
    PART_FIELD_AT_MOST,
    PART_HEAD_AT_MOST,
    PARTS_AT_MOST,
    LimitError,
)
from daemon.reading.mails.headers import FIELD_BEGINS, Headers, head_end, parse_headers
from daemon.reading.mails.parameters import NOTHING, Described, described

BOUNDARY_AT_MOST = 200
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_NO_HEADERS = parse_headers(b"")


@dataclass(slots=True, kw_only=True)
class Part:
    """One node: its fields and where its body lies in the raw mail; `parts` are those of a multipart."""

    raw: bytes
    headers: Headers
    start: int
    end: int
    media_type: str
    content: Described
    parts: list["Part"] = field(default_factory=list)

    def text_bytes(self, at_most: int) -> bytes:
        """The decoded body, of which no more than this is looked at."""
        return self._decoded(min(self.end, self.start + at_most))

    @property
    def data(self) -> bytes:
        return self._decoded(self.end)

    @property
    def disposition(self) -> Described:
        values = self.headers.named.get("content-disposition")
        return described(values[0]) if values else NOTHING

    def leaves(self) -> Iterator["Part"]:
        """The parts that are no multipart, in order; a forwarded mail counts as one."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.parts:
                waiting.extend(reversed(part.parts))
            else:
                yield part

    def _decoded(self, end: int) -> bytes:
        body = self.raw[self.start : end]
        encoding = self.headers.named.get("content-transfer-encoding")
        name = encoding[0].strip().lower() if encoding else b""
        if name == b"base64":
            return _base64(body)
        return binascii.a2b_qp(body) if name == b"quoted-printable" else body


def _base64(body: bytes) -> bytes:
    """What signs there are; a broken end costs only itself."""
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        signs = _NO_BASE64.sub(b"", body)
        whole = signs[: len(signs) - (len(signs) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def split_parts(raw: bytes, headers: Headers, start: int) -> Part:
    """The tree of a mail whose header block was read already; raises LimitError with the limit that it breaks."""
    root = _part(raw, headers, start, len(raw), "text/plain")
    waiting = [(root, 1)]
    count = 0
    while waiting:
        part, depth = waiting.pop()
        if not part.media_type.startswith("multipart/"):
            continue
        if depth > DEPTH_AT_MOST:
            raise LimitError("too_deep")
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for begin, end in _sections(part):
            count += 1
            if count > PARTS_AT_MOST:
                raise LimitError("too_many_parts")
            part.parts.append(_opened(raw, begin, end, default))
        waiting.extend((one, depth + 1) for one in part.parts)
    return root


def _part(raw: bytes, headers: Headers, start: int, end: int, default: str) -> Part:
    values = headers.named.get("content-type")
    content = described(values[0]) if values else NOTHING
    media_type = content.kind if "/" in content.kind else default
    return Part(raw=raw, headers=headers, start=start, end=end, media_type=media_type, content=content)


def _opened(raw: bytes, start: int, end: int, default: str) -> Part:
    """One part of a multipart: fields, an empty line and a body; bytes that begin with no field are all body."""
    stop, body = head_end(raw, start, end)
    if stop == start or not FIELD_BEGINS.match(raw, start, stop):
        return _part(raw, _NO_HEADERS, body if stop == start else start, end, default)
    if stop - start > PART_HEAD_AT_MOST:
        raise LimitError("header_too_long")
    headers = parse_headers(raw[start:stop])
    if len(headers.fields) > FIELDS_AT_MOST:
        raise LimitError("too_many_header_fields")
    if any(len(value) > PART_FIELD_AT_MOST for _, value in headers.fields):
        raise LimitError("header_field_too_long")
    return _part(raw, headers, body, end, default)


def _sections(part: Part) -> Iterator[tuple[int, int]]:
    """Where the parts of a multipart begin and end; the last may lack its closing line."""
    begin = -1
    for line, following, closing in _delimiters(part):
        if begin >= 0:
            yield begin, max(begin, line)
        begin = following
        if closing:
            return
    if begin >= 0:
        yield begin, part.end


def _delimiters(part: Part) -> Iterator[tuple[int, int, bool]]:
    """The boundary's lines: where the text before ends, where the next part begins, and whether it closes."""
    raw, end = part.raw, part.end
    boundary = part.content.get("boundary").rstrip()[:BOUNDARY_AT_MOST]
    mark = b"\n--" + boundary.encode("utf-8", "surrogateescape")
    at = raw.find(mark, max(part.start - 1, 0), end) if boundary else -1
    for _ in range(LOOK_ALIKES_AT_MOST):
        if at < 0:
            return
        after = at + len(mark)
        line_end = raw.find(b"\n", after, end)
        following = end if line_end < 0 else line_end + 1
        rest = raw[after:following].strip() if following - after < BOUNDARY_AT_MOST else b"?"
        if rest in {b"", b"--"}:
            yield at - (raw[at - 1 : at] == b"\r"), following, rest == b"--"
        at = raw.find(mark, following - 1, end)
    raise LimitError("too_many_parts")
