"""A mail as the bytes that leave: rendered, assembled by hand for speed, and read back before anybody sends it."""

import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses
from urllib.parse import quote

from daemon.domain.effect import SendMail
from daemon.domain.identifiers import MessageId
from daemon.domain.values import Json, Value
from daemon.writing import headers
from daemon.writing.cleaning import one_line
from daemon.writing.html import html_of
from daemon.writing.templates import Rendered, Templates

_TEMPLATE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PASSED_ON = "forwarded"
_COPY = "copy"
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9 ._()-]")
_LINE = 76
_REFERENCES = 20
_PARSER = BytesHeaderParser(policy=compat32)


class Letterhead(Value, frozen=True, kw_only=True):
    """What the engine gives to a mail: our mailbox, the signed reply address, the fixed id and the time of writing.

    `imprint` is who writes, in the words that the law wants below every business mail.
    """

    from_: str
    reply_to: str
    message_id: MessageId
    date: datetime
    imprint: str = ""


class Attached(Value, frozen=True, kw_only=True):
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


class Composed(Value, frozen=True, kw_only=True):
    """`recipient` is the address in its ASCII form, for the envelope."""

    content: bytes
    subject: str
    text: str
    recipient: str


def compose(
    mail: SendMail, letterhead: Letterhead, templates: Templates, attached: Sequence[Attached] = ()
) -> Composed:
    """The finished mail; raises ValueError when it cannot be written as intended (then a person must look)."""
    rendered = rendered_of(mail, templates)
    name, sender = headers.split_mailbox(letterhead.from_)
    recipient = headers.address(mail.to)
    subject = headers.subject(rendered.subject)
    text = _signed(rendered.text, letterhead.imprint)
    language = templates.language_for(*_template_of(mail))
    content_type, body = _alternatives(text, html_of(text, subject, language), letterhead.message_id)
    if attached:
        content_type, body = _mixed(content_type, body, attached, letterhead.message_id)
    fields = [
        ("From", headers.mailbox(_display(mail.speaker, name), sender, len("From: "))),
        ("To", recipient),
        ("Subject", headers.unstructured(subject, len("Subject: "))),
        ("Date", format_datetime(letterhead.date)),
        ("Message-ID", _own_id(letterhead.message_id)),
        ("Reply-To", headers.address(letterhead.reply_to)),
        *_threading(mail),
        *([] if mail.plain else [("Auto-Submitted", "auto-generated")]),
        # Not `All`, which would have Exchange suppress its non-delivery reports as well (MS-OXCMAIL).
        ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
        ("X-Postbote-Template", _template(mail.template)),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
    ]
    head = "".join(f"{field}: {value}\r\n" for field, value in fields).encode("ascii")
    _read_back(head, [field for field, _ in fields], sender, recipient)
    return Composed(content=head + b"\r\n" + body, subject=subject, text=text, recipient=recipient)


def rendered_of(mail: SendMail, templates: Templates) -> Rendered:
    """Subject and text; what a buyer or a partner reads stands inside the operator's mail that tells him of it."""
    rendered = templates.render(mail.template, mail.language, mail.data)
    if mail.copied:
        to: Json = {"name": mail.copied.name, "email": mail.copied.address}
        shown: dict[str, Json] = {"subject": rendered.subject, "text": rendered.text, "recipient": to}
        return templates.render(_COPY, mail.copied.language, shown)
    if mail.passed_on is None:
        return rendered
    told = mail.passed_on
    letter: dict[str, Json] = {"subject": rendered.subject, "text": rendered.text, "due": told.due}
    buyer: Json = {"name": told.name, "email": told.address}
    template, language = _template_of(mail)
    return templates.render(template, language, {**mail.data, **letter, "buyer": buyer})


def _template_of(mail: SendMail) -> tuple[str, str]:
    """The template and the language of the outermost text."""
    if mail.copied:
        return _COPY, mail.copied.language
    return (_PASSED_ON, mail.passed_on.language) if mail.passed_on else (mail.template, mail.language)


def _display(speaker: str, name: str) -> str:
    """Whose words these are, through whose address: a relayed mail never carries the partner's own From."""
    ours = headers.display_name(name)
    theirs = headers.display_name(speaker)
    if theirs and ours:
        return f"{theirs} via {ours}"
    return theirs or ours


def _own_id(message: MessageId) -> str:
    if not (written := headers.message_id(message)):
        raise ValueError("this is no Message-ID")
    return written


def _template(name: str) -> str:
    if not _TEMPLATE.fullmatch(name):
        raise ValueError("this is no name of a template")
    return name


def _threading(mail: SendMail) -> list[tuple[str, str]]:
    """In-Reply-To and References, never encoded: a changed id would break the thread."""
    known = [written for one in mail.references if (written := headers.message_id(one))]
    answered = headers.message_id(mail.answers) if mail.answers else None
    if answered and answered not in known:
        known.append(answered)
    if len(known) > _REFERENCES:
        known = [known[0], *known[1 - _REFERENCES :]]
    fields = [("In-Reply-To", answered)] if answered else []
    return [*fields, ("References", headers.folded(known, len("References: ")))] if known else fields


def _signed(text: str, imprint: str) -> str:
    """The text with the imprint below the usual mark, which mail programs leave out of answers."""
    below = "\n".join(line.strip() for line in imprint.strip().splitlines())
    return f"{text}\n-- \n{below}\n" if below else text


def _alternatives(text: str, html: str, message: MessageId) -> tuple[str, bytes]:
    """Both forms of the mail, the plain one first, and their content type."""
    boundary = _boundary(message)
    parts = [
        f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + body
        for kind, (encoding, body) in (("plain", _body(text)), ("html", _body(html)))
    ]
    return f'multipart/alternative; boundary="{boundary}"', _joined(parts, boundary)


def _mixed(content_type: str, body: bytes, attached: Sequence[Attached], message: MessageId) -> tuple[str, bytes]:
    """The mail with files behind it."""
    boundary = _boundary(message, "files")
    parts = [f"--{boundary}\r\nContent-Type: {content_type}\r\n\r\n".encode() + body]
    parts += [f"--{boundary}\r\n{_file_head(one)}\r\n".encode() + _base64(one.content) for one in attached]
    return f'multipart/mixed; boundary="{boundary}"', _joined(parts, boundary)


def _boundary(message: MessageId, of: str = "") -> str:
    """It follows from the id, so a retry is the same mail."""
    return f"=_{hashlib.sha256(f'{message}{of}'.encode()).hexdigest()[:24]}"


def _joined(parts: Sequence[bytes], boundary: str) -> bytes:
    # The line end before a boundary belongs to the boundary (RFC 2046, 5.1.1).
    return b"".join(part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _file_head(one: Attached) -> str:
    """A name of plain signs as it is; any other also as RFC 2231 writes it."""
    name = one_line(one.name)
    plain = _NOT_PLAIN.sub("_", name)
    also = "" if plain == name else f";\r\n filename*=utf-8''{quote(name, safe='')}"
    return (
        f"Content-Type: {one.media_type}\r\n"
        f'Content-Disposition: attachment; filename="{plain}"{also}\r\n'
        "Content-Transfer-Encoding: base64\r\n"
    )


def _body(text: str) -> tuple[str, bytes]:
    """The body in an encoding that every way through survives: as it is, quoted-printable, or base64 where shorter."""
    raw = text.replace("\n", "\r\n").encode("utf-8")
    if text.isascii() and all(_untouched(line) for line in text.split("\n")):
        return "7bit", raw
    quoted = binascii.b2a_qp(raw, istext=True)
    if len(quoted) <= (len(raw) + 2) // 3 * 4 * (_LINE + 2) // _LINE:
        return "quoted-printable", quoted.replace(b"\r\nFrom ", b"\r\n=46rom ")
    return "base64", _base64(raw)


def _base64(raw: bytes) -> bytes:
    encoded = binascii.b2a_base64(raw, newline=False)
    return b"".join(encoded[at : at + _LINE] + b"\r\n" for at in range(0, len(encoded), _LINE))


def _untouched(line: str) -> bool:
    """Whether no server on the way has a reason to change the line."""
    return len(line) <= _LINE and not line.endswith((" ", "\t")) and not line.startswith(("From ", "."))


def _read_back(head: bytes, names: list[str], sender: str, recipient: str) -> None:
    """Another parser than the one that wrote them must find exactly the intended fields, sender and recipient."""
    parsed = _PARSER.parsebytes(head)
    if parsed.keys() != names or parsed.defects or parsed.get_payload():
        raise ValueError("the header fields of this mail are not the intended ones")
    if head.count(b"\r") != head.count(b"\r\n") or head.count(b"\n") != head.count(b"\r\n"):
        raise ValueError("a header field of this mail has a bare line end")
    if [found for _, found in getaddresses([parsed["To"]])] != [recipient]:
        raise ValueError("the recipients of this mail are not the intended ones")
    if [found for _, found in getaddresses([parsed["From"]])] != [sender]:
        raise ValueError("the sender of this mail is not the intended one")
