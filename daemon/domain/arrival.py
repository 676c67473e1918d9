"""What came in by a door: its bytes' identity, its source, and who vouches for it."""

from datetime import datetime
from enum import StrEnum

from daemon.domain.identifiers import ArrivalId
from daemon.domain.values import Value


class ArrivalKind(StrEnum):
    MAIL = "mail"
    FILE = "file"


class Verdict(StrEnum):
    """What a trusted server said of the sender's domain (DMARC of the parsed From)."""

    PASS = "pass"  # noqa: S105 - the word of RFC 8601, no password
    FAIL = "fail"
    NONE = "none"


class Envelope(Value, frozen=True, kw_only=True):
    """`authserv_id` names whose Authentication-Results may be believed: an id, `topmost`, or nobody (None)."""

    mail_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    authserv_id: str | None = None


class Incoming(Value, frozen=True, kw_only=True):
    """Bytes at the door, before they are durable.

    `identity` is set where the edge knows what makes this delivery the same one as another (a folder's claim); a mail's
    identity is worked out from its content. `path` names, relative to the workspace, where a dropped file will lie.
    A large file stays on disk: `raw` is empty then, and `digest` (SHA-256) and `size` say what lies at `path`.
    """

    kind: ArrivalKind
    source: str
    name: str
    raw: bytes
    received_at: datetime
    party: str | None = None
    path: str | None = None
    identity: str | None = None
    envelope: Envelope = Envelope()
    digest: str = ""
    size: int | None = None


class Arrival(Value, frozen=True, kw_only=True):
    """A durable arrival. `received_at` is when it counts from (contract §5)."""

    id: ArrivalId
    kind: ArrivalKind
    source: str
    name: str
    received_at: datetime
    party: str | None = None
    path: str | None = None
    digest: str = ""
    size: int = 0
    envelope: Envelope = Envelope()
    position: int = 0
    attempts: int = 0
