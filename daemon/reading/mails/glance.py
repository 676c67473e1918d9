"""The cheap look at a mail while it stands at the door: whom it is for, what it answers, and what makes it the same."""

import hashlib

from daemon.domain.arrival import Envelope
from daemon.domain.identifiers import MessageId
from daemon.domain.values import Value
from daemon.reading.gates import HEAD_AT_MOST
from daemon.reading.mails.headers import Headers, addresses, message_ids, parse_headers, split_head

_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_OWN_WORDS = ("message-id", "from", "date", "subject")


class Glance(Value, frozen=True, kw_only=True):
    """Enough to find a mail's conversation and to know it when it comes again.

    `identity` is made of the mail's own words and not of the traces of its way here, so that two deliveries of one mail
    have the same.
    """

    recipients: tuple[str, ...]
    messages: tuple[MessageId, ...]
    identity: str


def glance(raw: bytes, envelope: Envelope) -> Glance:
    """Look at a mail's head, capped; never raises, and believes nothing."""
    head, body = split_head(raw)
    headers = parse_headers(head[:HEAD_AT_MOST])
    return Glance(
        recipients=recipients(headers, envelope),
        messages=answered(headers),
        identity=_identity(headers, head, body),
    )


def recipients(headers: Headers, envelope: Envelope) -> tuple[str, ...]:
    """Everyone a mail was addressed to, the envelope first."""
    named = [one for name in _RECIPIENTS for value in headers.all(name) for one in addresses(value)]
    return tuple(dict.fromkeys([*(one.casefold() for one in envelope.rcpt_to), *named]))


def answered(headers: Headers) -> tuple[MessageId, ...]:
    """The Message-IDs that a mail answers, the direct one first."""
    direct = [one for value in headers.all("in-reply-to") for one in message_ids(value)]
    earlier = [one for value in headers.all("references") for one in message_ids(value)]
    return tuple(dict.fromkeys([*direct, *reversed(earlier)]))


def _identity(headers: Headers, head: bytes, body: bytes) -> str:
    digest = hashlib.sha256()
    named = False
    for name in _OWN_WORDS:
        for value in headers.raw(name):
            digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
            named = True
    digest.update(head[HEAD_AT_MOST:] if named else head)
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
