"""What reading makes of bytes, before it asks what they claim."""

from datetime import datetime
from enum import StrEnum

from daemon.domain.arrival import Verdict
from daemon.domain.identifiers import MessageId
from daemon.domain.values import Value


class Automatic(StrEnum):
    """A mail in which no person says anything."""

    BOUNCE = "bounce"
    DELAYED = "delayed"
    AUTO_REPLY = "auto_reply"
    GENERATED = "generated"
    RECEIPT = "receipt"
    NEWSLETTER = "newsletter"
    REACTION = "reaction"
    CALENDAR = "calendar"
    OURS = "ours"


class Attachment(Value, frozen=True, kw_only=True):
    name: str
    media_type: str
    size: int
    read: bool = False


class Mail(Value, tag="mail", frozen=True, kw_only=True):
    """`sender` is the addr-spec of the one From mailbox, or empty with `sender_doubt` saying why it cannot be believed.

    `new_text` is what this mail adds: without our own lines, attributions and quotes. `written_at` is the aware moment
    of its Date field, or None without a readable one.
    """

    sender: str
    sender_name: str = ""
    sender_doubt: str | None = None
    subject: str = ""
    message_id: MessageId | None = None
    in_reply_to: tuple[MessageId, ...] = ()
    recipients: tuple[str, ...] = ()
    verdict: Verdict = Verdict.NONE
    automatic: Automatic | None = None
    new_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    written_at: datetime | None = None


class Sheet(Value, tag="sheet", frozen=True, kw_only=True):
    """A table: its columns as the sender named them and the format it was read by."""

    name: str
    format: str | None
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""


class Tree(Value, tag="tree", frozen=True, kw_only=True):
    """XML or JSON, read by a mapping."""

    name: str
    format: str | None
    root: str = ""


class Unreadable(Value, tag="unreadable", frozen=True, kw_only=True):
    """`code` is a reason of the catalogue in `templates/reasons`. `draft` is a format file to be finished, if any."""

    name: str
    code: str
    values: dict[str, str] = {}
    draft: str = ""


Document = Mail | Sheet | Tree | Unreadable
