"""What the engine asks of the edges, and what the edges may ask of the engine's front desk."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from daemon.domain.arrival import Incoming
from daemon.domain.identifiers import ArrivalId, MessageId
from daemon.domain.reason import Reason
from daemon.domain.values import Value

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime; a sandbox's clock stands still at `--at`."""


class Acceptance(Value, frozen=True, kw_only=True):
    """The arrival under which bytes are now durable. `known` says that they already were (a delivery repeated)."""

    arrival: ArrivalId
    known: bool = False


class ErasedMail(Value, frozen=True, kw_only=True):
    """A mail that was erased here and may still lie at its server. `message_id`: None where it cannot be asked for."""

    identity: str
    received_at: datetime
    message_id: MessageId | None = None


class NoRoomError(Exception):
    """The disk is nearly full: nothing more is taken in until there is room; the sender should try again later."""


class FrontDesk(Protocol):
    """`engine.intake`. All methods may be called from any thread."""

    def accept(self, incoming: Sequence[Incoming], cursor: "Cursor | None" = None) -> list[Acceptance]:
        """Make bytes durable, all in one transaction with the source's new cursor; returns once they are.

        Raises NoRoomError, or whatever the database raised: then nothing was taken and the edge answers 4xx.
        """
        ...

    def offer(self, incoming: Incoming) -> "Future[Acceptance]":
        """The same for one, sharing its commit with everything else that is waiting."""
        ...

    def cursor(self, source: str) -> str | None:
        """The position up to which a source has been read, as the edge wrote it."""
        ...

    def is_claimed(self, identity: str) -> ArrivalId | None:
        """The arrival that already holds these bytes, for an edge that resumes after a crash."""
        ...

    def concerns_us(self, addresses: Sequence[str], messages: Sequence[MessageId], text: str) -> bool:
        """Whether a mail is ours: a token or Message-ID of ours, a listed sender, a known order (`take: ours`).

        `addresses` are its From and recipients, `messages` its In-Reply-To and References, `text` its subject.
        """
        ...

    def is_own_recipient(self, address: str) -> bool:
        """Whether mail to this address is for us: one of our own addresses, or a reply address whose token is ours."""
        ...

    def erased(self, source: str) -> list[ErasedMail]:
        """What came by this mailbox, was erased, and is to be removed at the server as well."""
        ...

    def identity(self, raw: bytes) -> str:
        """What makes a mail the same one, to be compared with an erased one's."""
        ...

    def removed(self, source: str, gone: Sequence[ErasedMail], left: Sequence[ErasedMail]) -> None:
        """Report that these were looked for; the server still has those that are `left`, and the operator hears it."""
        ...

    def seen(self, source: str, until: datetime) -> None:
        """Report that a source was read successfully and holds nothing older than `until`."""
        ...

    def trouble(self, source: str, what: Reason, *, login: bool = False) -> None:
        """Report that a source could not be read; the operator hears of it once, `seen` ends it. No secrets here.

        `what` is a whole sentence that names the source.
        """
        ...


class Cursor(Value, frozen=True, kw_only=True):
    source: str
    position: str


class Source(Protocol):
    """A door by which things come in: a mailbox, a listener, a set of folders."""

    name: str

    def start(self) -> None:
        """Begin to take things in, on threads of its own."""
        ...

    def stop(self) -> None:
        """Stop taking in; what has begun is finished or left undone without an acknowledgement. Returns within 10 s."""
        ...

    def poll(self) -> int:
        """Take in all that waits now, in the caller's thread; the number of arrivals. A listener has nothing to do."""
        ...


class OutgoingMail(Value, frozen=True, kw_only=True):
    """Finished bytes with an explicit envelope. `sender` may be empty (null sender)."""

    key: str
    message_id: MessageId
    sender: str
    recipient: str
    content: bytes


class OutcomeKind(StrEnum):
    DELIVERED = "delivered"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Outcome(Value, frozen=True, kw_only=True):
    """`reply` is what the server said, without personal data where we can help it.

    UNKNOWN: the connection broke after the content was sent and before the answer; the mail goes again with its id.
    `wait` asks for a longer pause than the usual back-off. `ours` marks trouble that is not about this mail (a login
    that fails, a relay that is away): the mail's own attempts are not counted. `login`: it is the login that fails.
    """

    kind: OutcomeKind
    reply: str = ""
    wait: timedelta | None = None
    ours: bool = False
    login: bool = False


class MailOut(Protocol):
    """The one door by which mail leaves. Several threads may send at once, up to `connections`."""

    connections: int

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand over one mail; never raises for what a server or network can do."""
        ...

    def check(self) -> str | None:
        """Log in without sending; None when it works, else what is wrong and what to do (for `doctor`)."""
        ...

    def close(self) -> None: ...


class FilesOut(Protocol):
    """The one door by which files leave, into `outbox/PARTY/`."""

    def write(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        """Write by rename, fsynced, never over another file with other content; the path relative to the workspace.

        The chunks are taken once, as they come: a long receipt is never whole in memory.
        """
        ...

    def renew(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        """The same in place of the file of that name; who reads meanwhile has the old or the new one, never a part."""
        ...
