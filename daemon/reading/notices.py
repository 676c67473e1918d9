"""Mails that no person wrote: bounces and delays (RFC 3464), automatic replies (RFC 3834), newsletters, our own."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from daemon.domain.document import Automatic
from daemon.domain.finding import Evidence, Undelivered
from daemon.domain.identifiers import MessageId
from daemon.reading.headers import Headers, addresses, decode_bytes, message_ids

RECIPIENTS_AT_MOST = 50
NOTICE_AT_MOST = 64 * 1024

_ROBOTS = ("mailer-daemon", "postmaster", "mailerdaemon", "microsoftexchange")
_STATUS = re.compile(r"(?<![0-9.])([245]\.[0-9]{1,3}\.[0-9]{1,3})(?![0-9.])")
_RETURNED = re.compile(r"^[ \t>]{0,9}message-id:\s{0,3}<([^<>\s]{1,990})>", re.IGNORECASE | re.MULTILINE)
_UNDELIVERABLE = (
    "undeliver",
    "unzustellbar",
    "delivery status",
    "failure notice",
    "mail delivery failed",
    "returned mail",
    "non remis",
    "mancato recapito",
    "nie dostarczono",
    "no se puede entregar",
    "onbestelbaar",
)
_WAITING = (
    "delayed",
    "delay)",
    "will be retried",
    "verzögert",
    "noch nicht zugestellt",
    "still being retried",
    "warning:",
)
_AWAY = ("automatische antwort", "abwesenheitsnotiz", "abwesenheit:", "automatic reply", "out of office", "auto-reply",
         "autoreply", "réponse automatique", "risposta automatica", "respuesta automática", "automatisch antwoord",
         "odpowiedź automatyczna", "autoodpowiedź")  # fmt: skip


def automatic(headers: Headers, text: str, own_addresses: Sequence[str] = ()) -> Automatic | None:
    """What kind of machine wrote this, or None for a person; `text` is the readable part."""
    froms = addresses(headers.get("from"))
    if headers.get("x-postbote-template") or any(one in own_addresses for one in froms):
        return Automatic.OURS
    return _report(headers, text, froms) or _reply(headers) or _bulk(headers)


def _report(headers: Headers, text: str, froms: Sequence[str]) -> Automatic | None:
    kind = headers.get("content-type").lower()
    if "multipart/report" in kind and "disposition-notification" in kind:
        return Automatic.RECEIPT
    robot = any(one.startswith(_ROBOTS) for one in froms)
    subject = headers.get("subject").lower()
    if "multipart/report" in kind or (robot and any(word in subject for word in _UNDELIVERABLE)):
        head = f"{subject}\n{text[:2000].lower()}"
        return Automatic.DELAYED if any(word in head for word in _WAITING) else Automatic.BOUNCE
    null = headers.get("return-path").strip() == "<>"
    return Automatic.BOUNCE if robot and null and _STATUS.search(text[:NOTICE_AT_MOST]) else None


def _reply(headers: Headers) -> Automatic | None:
    submitted = headers.get("auto-submitted").partition(";")[0].strip().lower()
    marked = any(headers.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"))
    precedence = headers.get("precedence").strip().lower()
    away = headers.get("subject").strip().lower().startswith(_AWAY)
    answers = (submitted and submitted != "no") or marked or precedence in {"auto_reply", "auto-reply"} or away
    return Automatic.AUTO_REPLY if answers else None


def _bulk(headers: Headers) -> Automatic | None:
    listed = headers.get("list-id") or headers.get("list-unsubscribe")
    bulk = headers.get("precedence").strip().lower() in {"bulk", "junk", "list"}
    return Automatic.NEWSLETTER if listed or bulk else None


def undelivered(message: Message) -> tuple[Undelivered, ...]:
    """The recipients whom a mail of ours did not reach, from the report's fields, else from its words."""
    parts = list(_walk(message))
    returned = next((one for part in parts if (one := _returned(part))), None)
    reported = [
        part
        for part in parts
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}
    ]
    if reported:
        groups = [fields for part in reported for fields in _groups(part)]
        found = (_recipient(group, returned) for group in groups)
        return tuple(one for one in found if one)[:RECIPIENTS_AT_MOST]
    return _in_words(parts, returned)


def worst(notices: Sequence[Undelivered]) -> Automatic:
    """What a delivery report is as a whole: a bounce, a mere delay, or the receipt of a delivery."""
    if not notices:
        return Automatic.RECEIPT
    return Automatic.BOUNCE if any(one.permanent for one in notices) else Automatic.DELAYED


def _walk(message: Message) -> Iterator[Message]:
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_type() != "message/rfc822":
            waiting.extend(one for one in inner if isinstance(one, Message))


def _groups(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _returned(part: Message) -> MessageId | None:
    inner = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner:
        ids = message_ids(str(inner[0].get("Message-ID", ""))) if isinstance(inner[0], Message) else ()
        return ids[0] if ids else None
    if part.get_content_type() in {"text/rfc822-headers", "message/global-headers", "message/rfc822-headers"}:
        found = _RETURNED.search(_text(part))
        return MessageId(found[1]) if found else None
    return None


def _recipient(group: Message, returned: MessageId | None) -> Undelivered | None:
    action = str(group.get("Action", "")).strip().lower()
    named = addresses(str(group.get("Final-Recipient", ""))) or addresses(str(group.get("Original-Recipient", "")))
    if action not in {"failed", "delayed"} or not named:
        return None
    status = _STATUS.search(str(group.get("Status", ""))) or _STATUS.search(
        str(group.get("Diagnostic-Code", ""))[:1000]
    )
    return Undelivered(
        evidence=Evidence(where="delivery report", text=f"Action: {action}; Status: {status[1] if status else '?'}"),
        recipient=named[0],
        status=status[1] if status else "",
        permanent=action == "failed",
        message=returned,
    )


def _in_words(parts: Sequence[Message], returned: MessageId | None) -> tuple[Undelivered, ...]:
    text = "\n".join(_text(part) for part in parts if part.get_content_maintype() == "text")[:NOTICE_AT_MOST]
    robots = (*addresses(str(parts[0].get("From", ""))), *addresses(str(parts[0].get("To", ""))))
    named = [one for one in addresses(text) if one not in robots and not one.startswith(_ROBOTS)]
    status = _STATUS.search(text)
    quoted = _RETURNED.search(text)
    waiting = any(word in f"{parts[0].get('Subject', '')}\n{text[:2000]}".lower() for word in _WAITING)
    if not named:
        return ()
    return (
        Undelivered(
            evidence=Evidence(where="mail text", text=text.strip()[:200]),
            recipient=named[0],
            status=status[1] if status else "",
            permanent=not waiting,
            message=returned or (MessageId(quoted[1]) if quoted else None),
        ),
    )


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return decode_bytes(payload[:NOTICE_AT_MOST], "utf-8") if isinstance(payload, bytes) else ""
