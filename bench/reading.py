"""P1: a mail taken apart into fields, text and attachments, against the standard library in the same minutes."""

import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

from bench.measures import Figure, Measure, Setting, paired
from daemon.reading.mails.contents import unpack
from daemon.reading.mails.html import html_to_text

SECONDS = 0.4
"""How long one side is measured in a round."""

_FIELDS = ("from", "to", "subject", "message-id", "in-reply-to", "references", "date")
_SAID = "Guten Tag,\n\ndie Bestellung A-1001 geht heute mit DHL raus, Nr. 00340434161094042557.\n\nBeste Grüße\n"
_QUOTED = "".join(f"> Pos. {n}: Telefon 128 GB, Menge 1, Artikel IP13-{n:03d}\n" for n in range(1, 14))


def short() -> bytes:
    """A reply of about 1.3 KB as plain text."""
    mail = _headed()
    mail.set_content(f"{_SAID}\nAm 25.11.2026 um 10:00 schrieb Shop:\n{_QUOTED}", cte="quoted-printable")
    return mail.as_bytes()


def page() -> bytes:
    """A reply of about 30 KB in which a program put the history as HTML beside the text."""
    mail = _headed()
    mail.set_content(_SAID, cte="quoted-printable")
    cells = '<td style="padding:4px 8px"><b>{n}</b></td><td><span>Telefon 128 GB, Größe {n}</span></td><td>1</td>'
    rows = "".join(f"<tr>{cells.format(n=n)}</tr>\n" for n in range(1, 200))
    said = "".join(f"<p>{line}</p>\n" for line in _SAID.splitlines())
    mail.add_alternative(
        f"<html><body>{said}<table>\n{rows}</table></body></html>\n", subtype="html", cte="quoted-printable"
    )
    return mail.as_bytes()


def with_file() -> bytes:
    """A reply with a table of 1 MB."""
    mail = _headed()
    mail.set_content(_SAID, cte="quoted-printable")
    rows = b"".join(b"SKU-%05d;Phone 13 128 GB;%d\r\n" % (n, n % 40) for n in range(38_000))
    mail.add_attachment(rows, maintype="text", subtype="csv", filename="bestand.csv")
    return mail.as_bytes()


def _headed() -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    for number in range(3):
        route = f"from mx{number}.mobil.example (192.0.2.{number}) by mail.shop.example with ESMTPS id 4F1C20A{number}"
        mail.add_header("Received", f"{route}; Wed, 25 Nov 2026 10:12:0{number} +0100")
    mail["From"] = "Versand Müller <versand@mobil.example>"
    mail["To"] = "Shop <orders@shop.example>"
    mail["Subject"] = "Re: Bestellung A-1001"
    mail["Message-ID"] = "<4711@mobil.example>"
    mail["In-Reply-To"] = mail["References"] = "<1001@shop.example>"
    mail["Date"] = "Wed, 25 Nov 2026 10:12:00 +0100"
    return mail


def ours(raw: bytes) -> int:
    """Everything a reader of the mail needs, as the house takes it."""
    contents = unpack(raw)
    fields = [contents.headers.get(name) for name in _FIELDS]
    return len(fields) + len(contents.plain) + len(contents.html) + sum(len(file.data) for file in contents.files)


def theirs(raw: bytes) -> int:
    """The same by the standard library's present-day interface."""
    mail = message_from_bytes(raw, policy=policy.default)
    fields = [str(mail[name]) for name in _FIELDS]
    parts = [part for part in mail.walk() if not part.is_multipart()]
    files = [part.get_content() for part in parts if part.get_filename()]
    texts = [part.get_content() for part in parts if not part.get_filename()]
    return len(fields) + len(texts) + sum(len(file) for file in files)


def _rate(work: Callable[[], object]) -> float:
    """So many a second of processor time."""
    began = used = time.process_time()
    count = 0
    while used - began < SECONDS:
        work()
        count += 1
        used = time.process_time()
    return count / (used - began)


def _apart(build: Callable[[], bytes], what: str, floor: float, aim: float, setting: Setting) -> list[Figure]:
    raw = build()
    pairs = paired(setting.rounds, lambda: _rate(partial(ours, raw)), lambda: _rate(partial(theirs, raw)))
    return [pairs.figure(f"{what} ({len(raw):,} bytes)", "mails/s", floor=floor, aim=aim)]


def _page(setting: Setting) -> list[Figure]:
    figures = _apart(page, "HTML reply", 4, 10, setting)
    (html,) = unpack(page()).html
    milliseconds = [1000 / _rate(partial(html_to_text, html)) for _ in range(setting.rounds)]
    return [*figures, Figure(what="its HTML to text, where no text stands beside it", values=milliseconds, unit="ms")]


_STANDARD = "email, policy.default"

MEASURES = (
    Measure(
        code="P1a",
        title="a short reply taken apart",
        baseline=_STANDARD,
        run=partial(_apart, short, "short reply", 5, 10),
    ),
    Measure(code="P1b", title="a 30 KB HTML reply taken apart", baseline=_STANDARD, run=_page),
    Measure(
        code="P1c",
        title="a reply with 1 MB attached taken apart",
        baseline=_STANDARD,
        run=partial(_apart, with_file, "1 MB attached", 4, 8),
    ),
)
