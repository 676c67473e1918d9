"""Opens a mail behind its gates: who it is from, what it adds, and the files it carries."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from msgspec.structs import replace

from daemon.domain.arrival import Envelope, Verdict
from daemon.domain.document import Attachment, Automatic, Mail
from daemon.domain.finding import Undelivered
from daemon.domain.snapshot import Context
from daemon.reading.gates import HEAD_AT_MOST, head_trouble, structure_trouble
from daemon.reading.glance import answered, recipients
from daemon.reading.headers import Headers, decode, decode_bytes, message_ids, parse_headers, split_head
from daemon.reading.html import NamedParcel, html_to_text, named_parcels, too_deep
from daemon.reading.notices import automatic, undelivered, worst
from daemon.reading.quoting import TEXT_AT_MOST, is_cut, new_text
from daemon.reading.senders import sender, verdict

FILES_AT_MOST = 50
SUBJECT_AT_MOST = 1000

_SEALED = {"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_OWN_PARTS = {"text/plain", "text/html", "text/calendar", "text/rfc822-headers"}


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment's name, type and decoded bytes."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A mail as far as it could be opened; `trouble` is the code of what kept the rest closed."""

    mail: Mail
    files: tuple[File, ...] = ()
    parcels: tuple[NamedParcel, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    trouble: str | None = None


@dataclass(kw_only=True)
class _Parts:
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    sealed: bool = False


def open_mail(raw: bytes, envelope: Envelope, context: Context) -> Opened:
    """Open a mail of any bytes; what breaks a limit keeps only its head, or not even that."""
    trouble = head_trouble(raw)
    if trouble and trouble != "mail_too_large":
        return Opened(mail=Mail(sender="", sender_doubt=trouble), trouble=trouble)
    head, _ = split_head(raw[: HEAD_AT_MOST + 2])
    headers = parse_headers(head)
    mail = _headed(headers, envelope)
    trouble = trouble or structure_trouble(raw)
    if trouble:
        return Opened(mail=mail, trouble=trouble)
    opened = _opened(message_from_bytes(raw, policy=compat32), mail, headers, context)
    if opened.mail.automatic is None and (envelope.mail_from == "" or headers.get("return-path").strip() == "<>"):
        return dataclasses.replace(opened, mail=replace(opened.mail, automatic=Automatic.AUTO_REPLY))
    return opened


def _opened(message: Message, mail: Mail, headers: Headers, context: Context) -> Opened:
    parts = _Parts()
    for part in _own_parts(message):
        _sort(part, parts)
    said = "\n".join(parts.plain)
    kind = automatic(headers, said or _visible(parts.html), context.own_addresses)
    notices: tuple[Undelivered, ...] = ()
    if kind in {Automatic.BOUNCE, Automatic.DELAYED}:
        notices = undelivered(message)
        reported = headers.get("content-type").lower().startswith("multipart/report")
        kind = worst(notices) if notices or reported else kind
    deep = any(too_deep(html) for html in parts.html)
    text = new_text(said, context.ours) or ("" if deep else new_text(_visible(parts.html), context.ours))
    sealed = "encrypted_mail" if parts.sealed else None
    cut = "mail_text_too_long" if is_cut(said, text) else None
    return Opened(
        mail=replace(mail, automatic=kind, new_text=text, attachments=_listed(parts.files)),
        files=tuple(parts.files[:FILES_AT_MOST]),
        parcels=tuple(parcel for html in parts.html for parcel in named_parcels(html)),
        undelivered=notices,
        trouble=sealed or cut or ("too_deep" if deep and not text else None),
    )


def _visible(htmls: Sequence[str]) -> str:
    return "\n".join(html_to_text(html) for html in htmls)


def _headed(headers: Headers, envelope: Envelope) -> Mail:
    who = sender(headers)
    ids = message_ids(headers.get("message-id"))
    return Mail(
        sender=who.address,
        sender_name=who.name[:200],
        sender_doubt=who.doubt,
        subject=" ".join(headers.get("subject").split())[:SUBJECT_AT_MOST],
        message_id=ids[0] if ids else None,
        in_reply_to=answered(headers),
        recipients=recipients(headers, envelope),
        verdict=Verdict.NONE if who.doubt else verdict(headers, envelope.authserv_id, who.address),
    )


def _listed(files: Sequence[File]) -> tuple[Attachment, ...]:
    return tuple(Attachment(name=one.name, media_type=one.media_type, size=len(one.data)) for one in files)


def _own_parts(message: Message) -> Iterator[Message]:
    """The leaves of the mail itself; a forwarded mail counts as one leaf, its words are not the sender's."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart":
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def _sort(part: Message, parts: _Parts) -> None:
    kind = part.get_content_type()
    name = _file_name(part)
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    if kind in _SEALED:
        parts.sealed = True
    elif kind in _SIGNATURES or (kind.startswith("image/") and part.get("Content-ID") and not attached):
        return  # belongs to the page itself, like the logo below a letter
    elif kind in {"text/plain", "text/html"} and not attached and not name:
        text = decode_bytes(_data(part)[: 4 * TEXT_AT_MOST], str(part.get_content_charset() or ""))[: TEXT_AT_MOST + 1]
        (parts.plain if kind == "text/plain" else parts.html).append(text)
    elif name or attached or (kind not in _OWN_PARTS and not kind.startswith("message/")):
        parts.files.append(File(name=name or kind.replace("/", "."), media_type=kind, data=_data(part)))
    elif kind == "message/rfc822":
        parts.files.append(File(name="message.eml", media_type=kind, data=b""))


def _data(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _file_name(part: Message) -> str:
    text = decode(str(part.get_filename("")).encode("utf-8", "surrogateescape"))
    bare = text.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isprintable()).strip()[:200]
