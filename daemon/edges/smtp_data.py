"""The content of one mail as it comes over the wire in blocks: where it ends, and what is wrong with it (RFC 5321)."""

from enum import StrEnum

_END = b"\r\n.\r\n"


class Flaw(StrEnum):
    """Why a content is refused; the value is the reply."""

    TOO_BIG = "552 5.3.4 Message too big"
    LINE_TOO_LONG = "500 5.5.2 Line too long"
    BARE_CONTROL = "550 5.6.11 Bare CR, bare LF or NUL in the content"


class Content:
    """Collects blocks until `CRLF . CRLF`; nothing else ends a content.

    A flaw that shows while reading makes what has come so far worthless: it is dropped at once, and the connection
    with it, so that a sender who never ends costs no memory.
    """

    def __init__(self, size_limit: int, line_limit: int) -> None:
        # The line end of the DATA command belongs to the end mark of an empty content.
        self._held = bytearray(b"\r\n")
        self._size_limit = size_limit
        self._line_limit = line_limit
        self._line_start = 2
        self.rest = b""
        self.flaw: Flaw | None = None

    @property
    def size(self) -> int:
        return len(self._held)

    def feed(self, block: bytes) -> bool:
        """Take a block; whether the content is over, by its end or by a flaw. What follows the end is in `rest`."""
        searched = max(0, len(self._held) - len(_END) + 1)
        self._held += block
        end = self._held.find(_END, searched)
        if end >= 0:
            self.rest = bytes(self._held[end + len(_END) :])
            del self._held[end + 2 :]
        self.flaw = self._flaw_so_far()
        if self.flaw is not None:
            self._held.clear()
        return end >= 0 or self.flaw is not None

    def finished(self) -> bytes:
        """The content without dot-stuffing, after `feed` has said that it is over; sets `flaw` for forged line ends."""
        raw = bytes(self._held)
        self._held.clear()
        # Where programs differ about what a bare CR or LF is, one mail can hide another (SMTP smuggling).
        ends = raw.count(b"\r\n")
        if raw.count(b"\n") != ends or raw.count(b"\r") != ends or b"\0" in raw:
            self.flaw = Flaw.BARE_CONTROL
        if b"\r\n." in raw:
            raw = raw.replace(b"\r\n.", b"\r\n")
        return raw[2:]

    def _flaw_so_far(self) -> Flaw | None:
        if len(self._held) - 2 > self._size_limit:
            return Flaw.TOO_BIG
        held, start, limit = self._held, self._line_start, self._line_limit
        # One look per `limit` bytes: every stretch of that length must hold a line end.
        while len(held) - start > limit:
            line_end = held.rfind(b"\n", start, start + limit)
            if line_end < 0:
                return Flaw.LINE_TOO_LONG
            start = line_end + 1
        self._line_start = start
        return None
