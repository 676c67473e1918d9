"""Whom a mail of ours did not reach, as delivery reports say it in fields (RFC 3464) or only in words."""

import re
from collections.abc import Sequence

from daemon.domain.document import Automatic
from daemon.domain.finding import Evidence, Undelivered
from daemon.domain.identifiers import MessageId
from daemon.reading.mails.glance import answered
from daemon.reading.mails.headers import Headers, addresses, decode_bytes, head_end, message_ids, parse_headers
from daemon.reading.mails.notice_words import FOR_GOOD, ROBOTS, WAITING
from daemon.reading.mails.parts import Part

RECIPIENTS_AT_MOST = 50
NOTICE_AT_MOST = 64 * 1024
LEAD_AT_MOST = 2000

STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_REFUSED = re.compile(r"(?<![0-9.])5[0-9]{2}(?=[ -])|(?<![0-9.])5\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
_RETURNED = re.compile(r"^[ \t>]{0,9}message-id:\s{0,3}<([^<>\s]{1,990})>", re.IGNORECASE | re.MULTILINE)
_COPY = re.compile(
    r"below this line is a copy|^-{3,40}[^-\n]{0,60}-{3,40}\s*$|^(?:received|return-path):",
    re.IGNORECASE | re.MULTILINE,
)
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_RETURNS = {"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"}
_ARRIVED = {"delivered", "relayed", "expanded"}


def only_waiting(text: str) -> bool:
    """Whether a notice says that a mail is late rather than lost; what it gives back of our mail says nothing."""
    lead = text[:LEAD_AT_MOST].lower()
    copy = _COPY.search(lead)
    lead = lead[: copy.start()] if copy else lead
    waits = any(word in lead for word in WAITING)
    return waits and not _REFUSED.search(lead) and not any(word in lead for word in FOR_GOOD)


def undelivered(message: Part) -> tuple[Automatic, tuple[Undelivered, ...]]:
    """What a notice is as a whole, and the recipients whom it names."""
    parts = list(message.leaves())
    returned = next((one for part in parts if (one := _returned(part))), None)
    groups = [group for part in parts if part.media_type in _REPORTS for group in _groups(part)]
    found = (_recipient(group, returned) for group in groups)
    notices = tuple(notice for notice in found if notice)[:RECIPIENTS_AT_MOST]
    if not notices and any(_action(group) in _ARRIVED for group in groups):
        return Automatic.RECEIPT, ()
    notices = notices or _in_words(message.headers, parts, returned)
    lost = not notices or any(one.permanent for one in notices)
    return (Automatic.BOUNCE if lost else Automatic.DELAYED), notices


def _groups(part: Part) -> list[Headers]:
    """The groups of fields of a delivery report, which empty lines part."""
    blocks = re.split(rb"\n[ \t]*\n", part.text_bytes(NOTICE_AT_MOST).replace(b"\r\n", b"\n"))
    return [parse_headers(block.strip(b"\n")) for block in blocks[: 2 * RECIPIENTS_AT_MOST] if block.strip()]


def _returned(part: Part) -> MessageId | None:
    """The Message-ID of the mail that a report gives back."""
    if part.media_type not in _RETURNS:
        return None
    data = part.text_bytes(NOTICE_AT_MOST)
    ids = message_ids(parse_headers(data[: head_end(data, 0, len(data))[0]]).get("message-id"))
    return ids[0] if ids else None


def _action(group: Headers) -> str:
    return group.get("action").partition("(")[0].strip().lower()


def _recipient(group: Headers, returned: MessageId | None) -> Undelivered | None:
    action = _action(group)
    named = addresses(group.get("final-recipient")) or addresses(group.get("original-recipient"))
    if action not in {"failed", "delayed"} or not named:
        return None
    status = STATUS.search(group.get("status")) or STATUS.search(group.get("diagnostic-code")[:1000])
    return Undelivered(
        evidence=Evidence(where="delivery report", text=f"Action: {action}; Status: {status[1] if status else '?'}"),
        recipient=named[0],
        status=status[1] if status else "",
        permanent=action == "failed",
        message=returned,
    )


def _in_words(headers: Headers, parts: Sequence[Part], returned: MessageId | None) -> tuple[Undelivered, ...]:
    text = "\n".join(_text(part) for part in parts if part.media_type.startswith("text/"))[:NOTICE_AT_MOST]
    robots = (*addresses(headers.get("from")), *addresses(headers.get("to")))
    failed = addresses(headers.get("x-failed-recipients"))
    named = failed or [one for one in addresses(text) if one not in robots and not one.startswith(ROBOTS)]
    if not named:
        return ()
    status = STATUS.search(text)
    quoted = _RETURNED.search(text)
    answers = answered(headers)
    return (
        Undelivered(
            evidence=Evidence(where="mail text", text=text.strip()[:200]),
            recipient=named[0],
            status=status[1] if status else "",
            permanent=not only_waiting(f"{headers.get('subject')}\n{text}"),
            message=returned or (MessageId(quoted[1]) if quoted else next(iter(answers), None)),
        ),
    )


def _text(part: Part) -> str:
    return decode_bytes(part.text_bytes(NOTICE_AT_MOST), "utf-8")
