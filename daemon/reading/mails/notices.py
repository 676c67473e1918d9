"""Mails in which nobody says anything: bounces, automatic replies (RFC 3834), receipts, newsletters, our own."""

import re
from collections.abc import Sequence

from daemon.domain.document import Automatic
from daemon.domain.values import Value
from daemon.reading.mails.boilerplate import MAY_BE_NUMBER
from daemon.reading.mails.bounces import STATUS, only_waiting
from daemon.reading.mails.headers import Headers, addresses
from daemon.reading.mails.notice_words import (
    AWAY,
    AWAY_SUBJECTS,
    BACK,
    CLOSED,
    MACHINE,
    OF_GOODS,
    REACTIONS,
    RECEIPT_SUBJECTS,
    RECEIVED,
    ROBOTS,
    UNDELIVERABLE,
)
from daemon.reading.mails.quote_begins import lowered

LOOKED_AT = 2000
REACTION_AT_MOST = 300
RECEIPT_AT_MOST = 600
SUBJECT_AT_MOST = 300

_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-autoreply-from", "x-mail-autoreply")
_FIRST_WORD = re.compile(r"[\s;(]")
_ANSWERS = re.compile(r"^(?:\s{0,3}(?:re|aw|antw|sv|odp|r|rif|tr|wg|fwd?)\s?:\s{0,3}){1,5}", re.IGNORECASE)
_TICKETS = re.compile(r"(?:ticket|case|request|anfrage|vorgang|#)[ :#-]{0,3}([0-9]{6,20})(?![0-9])")
_REACTION_TYPE = "text/vnd.google.email-reaction+json"


class Wording(Value, frozen=True, kw_only=True):
    """What a mail says: `whole` with all it quotes, `new` without; `kinds` are the types of all its parts.

    `proven` means that it answers a mail of ours, which a newsletter never does.
    """

    whole: str
    new: str
    kinds: Sequence[str] = ()
    proven: bool = False


def automatic(headers: Headers, said: Wording, own_addresses: Sequence[str] = ()) -> Automatic | None:
    """What kind of machine wrote this, or None for a person."""
    froms = addresses(headers.get("from"))
    if headers.get("x-postbote-template") or any(one in own_addresses for one in froms):
        return Automatic.OURS
    subject = _ANSWERS.sub("", headers.get("subject")[:SUBJECT_AT_MOST].lower(), count=1).strip()
    return (
        _report(headers, subject, said.whole, froms)
        or _gesture(headers, subject, said)
        or _reply(headers, subject, proven=said.proven)
        or _bulk(headers, proven=said.proven)
        or _in_words(_naming_tickets(said.new, subject))
    )


def _report(headers: Headers, subject: str, text: str, froms: Sequence[str]) -> Automatic | None:
    kind = headers.get("content-type").lower()
    if "multipart/report" in kind and "disposition-notification" in kind:
        return Automatic.RECEIPT
    robot = any(one.startswith(ROBOTS) for one in froms)
    failed = "x-failed-recipients" in headers.named
    if "multipart/report" in kind or failed or (robot and any(word in subject for word in UNDELIVERABLE)):
        return Automatic.DELAYED if only_waiting(f"{subject}\n{text}") else Automatic.BOUNCE
    null = headers.get("return-path").strip() == "<>"
    return Automatic.BOUNCE if robot and null and STATUS.search(text[: 30 * LOOKED_AT]) else None


def _gesture(headers: Headers, subject: str, said: Wording) -> Automatic | None:
    """What a program sends when its user only pressed a button."""
    if "x-ms-reactions" in headers.named or _REACTION_TYPE in said.kinds:
        return Automatic.REACTION
    if len(said.new) < REACTION_AT_MOST and _any(said.new.lower(), REACTIONS):
        return Automatic.REACTION
    if any(kind.startswith("text/calendar") and "method=reply" in kind for kind in said.kinds):
        return Automatic.CALENDAR
    receipt = subject.startswith(RECEIPT_SUBJECTS) and len(said.new) < RECEIPT_AT_MOST
    return Automatic.RECEIPT if receipt and not MAY_BE_NUMBER.search(said.new) else None


def _reply(headers: Headers, subject: str, *, proven: bool) -> Automatic | None:
    """Whether a program answered (RFC 3834: `auto-replied`), or wrote of its own accord, as a shop's does."""
    submitted = _FIRST_WORD.split(headers.get("auto-submitted").strip().lower())[0]
    precedence = headers.get("precedence").strip().lower()
    marked = any(name in headers.named for name in _MARKS) or precedence in {"auto_reply", "auto-reply"}
    if marked or submitted not in {"", "no", "auto-generated"} or subject.startswith(AWAY_SUBJECTS):
        return Automatic.AUTO_REPLY
    generated = submitted == "auto-generated" or (proven and precedence in {"bulk", "junk"})
    return Automatic.GENERATED if generated else None


def _bulk(headers: Headers, *, proven: bool) -> Automatic | None:
    listed = headers.get("list-id") or headers.get("list-unsubscribe")
    bulk = headers.get("precedence").strip().lower() in {"bulk", "junk", "list"}
    return Automatic.NEWSLETTER if (listed or bulk) and not proven else None


def _in_words(text: str) -> Automatic | None:
    """An absence note or a ticket system's acknowledgement that no field betrays; one with a number is read."""
    lead = " ".join(lowered(text[:LOOKED_AT]).split())
    absent = _any(lead, AWAY) or (_any(lead, CLOSED) and not _any(lead, OF_GOODS))
    away = absent and (_any(lead, BACK) or _any(lead, MACHINE))
    ticket = _any(lead, RECEIVED) and _any(lead, MACHINE)
    return Automatic.AUTO_REPLY if (away or ticket) and not MAY_BE_NUMBER.search(lead) else None


def _naming_tickets(text: str, subject: str) -> str:
    """With the word for the number under which the subject itself files the mail: `[Ticket#2026112510004417]`."""
    for number in _TICKETS.findall(subject):
        text = text.replace(number, "ticket")
    return text


def _any(text: str, words: Sequence[str]) -> bool:
    for word in words:  # noqa: SIM110 - twice as quick as any(), for hundreds of words and every mail
        if word in text:
            return True
    return False
