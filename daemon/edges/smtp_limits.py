"""What the senders of mail may cost us, one by one and all together."""

import collections
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`content` is what all mails being read at once may hold in memory; times are in seconds."""

    size: int = 10 * 1024 * 1024
    line: int = 16 * 1024
    content: int = 128 * 1024 * 1024
    recipients: int = 10
    connections: int = 100
    per_address: int = 10
    command: float = 60.0
    session: float = 600.0
    errors: int = 10


class Admission:
    """Who is in, and how much memory their mails hold; used in the event loop's thread alone."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._callers: collections.Counter[str] = collections.Counter()
        self._held = 0

    def come_in(self, address: str) -> bool:
        """Whether there is room for one more from this address, who is then in."""
        if self._callers.total() >= self._limits.connections or self._callers[address] >= self._limits.per_address:
            return False
        self._callers[address] += 1
        return True

    def go(self, address: str) -> None:
        self._callers[address] -= 1
        if not self._callers[address]:
            del self._callers[address]

    def hold(self, size: int) -> bool:
        """Count bytes that mails hold; whether there is room for them. Either way they are counted until let go."""
        self._held += size
        return self._held <= self._limits.content

    def let_go(self, size: int) -> None:
        self._held -= size
