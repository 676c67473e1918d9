"""The letters that we are measured with: a seller's answer, short or with his stock list, each one different."""

import base64
from dataclasses import dataclass

SHOP = "orders@shop.example"
SELLER = "versand@mobil.example"

SERIAL, ORDER, MESSAGE = b"@@SERIAL@@", b"@@ORDER@@", b"@@MESSAGE@@"
"""Stand in the first 4 KiB of a letter, and are filled in anew for each mail."""

HEAD = 4096
SIZES = {"5 KB": 5_000, "100 KB": 100_000}


@dataclass(frozen=True)
class Thread:
    """An order that was mailed to the seller, and that mail's Message-ID."""

    order: str
    message: str


_HEAD = f"""\
Received: from mx.mobil.example (mx.mobil.example [192.0.2.7])
\tby mail.shop.example (Postfix) with ESMTPS id 4F1C20A
\tfor <{SHOP}>; Wed, 25 Nov 2026 10:12:01 +0100 (CET)
Message-ID: <@@SERIAL@@@mobil.example>
In-Reply-To: @@MESSAGE@@
References: @@MESSAGE@@
Date: Wed, 25 Nov 2026 10:12:00 +0100
From: =?utf-8?q?Versand_M=C3=BCller?= <{SELLER}>
To: Shop <{SHOP}>
Subject: =?utf-8?q?Re=3A_Bestellung?= @@ORDER@@
MIME-Version: 1.0
"""
_SAID = """\
Hello,

thank you for your order @@ORDER@@. We confirm it, the phone will be packed on Monday.
Our reference is V-@@SERIAL@@.

Kind regards
Versand Müller
Muster Mobil GmbH, Gewerbestraße 12, 20457 Hamburg
"""
_QUOTED_LINE = "Please send the phone to the address below and tell us its tracking number and its IMEI (line {n})."


def letter(size: int) -> bytes:
    """An answer of about this many bytes: up to 20 KB text and HTML with what is quoted, above with a CSV file."""
    return _with_file(size) if size > 20_000 else _with_history(size)


def _with_history(size: int) -> bytes:
    lines: list[str] = []
    while True:
        mail = _answer(lines)
        if len(mail) >= size:
            return mail
        lines.append(_QUOTED_LINE.format(n=len(lines) + 1))


def _answer(quoted: list[str]) -> bytes:
    text = f"{_SAID}\nOn 20 Nov 2026 Shop <{SHOP}> wrote:\n" + "".join(f"> {line}\n" for line in quoted)
    said = "".join(f"<p>{line}</p>\n" for line in _SAID.splitlines())
    history = "".join(f"<div>{line}</div>\n" for line in quoted)
    html = f"<html><body>\n{said}<blockquote>\n{history}</blockquote>\n</body></html>\n"
    return _wired(
        f'{_HEAD}Content-Type: multipart/alternative; boundary="=_answer"\n\n'
        f"--=_answer\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
        f"--=_answer\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{html}\n"
        "--=_answer--\n"
    )


def _with_file(size: int) -> bytes:
    rows = ["Artikelnummer;Bezeichnung;Bestand"]
    length = len(rows[0])
    while length * 1.37 < size - 1_500:
        rows.append(f"SKU-{len(rows):05d};Phone 13 128 GB, colour {len(rows) % 7};{len(rows) % 40}")
        length += len(rows[-1]) + 2
    encoded = base64.encodebytes("\r\n".join(rows).encode()).decode("ascii")
    return _wired(
        f'{_HEAD}Content-Type: multipart/mixed; boundary="=_mixed"\n\n'
        f"--=_mixed\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{_SAID}\n"
        '--=_mixed\nContent-Type: text/csv; charset=utf-8; name="bestand.csv"\n'
        'Content-Disposition: attachment; filename="bestand.csv"\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}\n--=_mixed--\n"
    )


def _wired(text: str) -> bytes:
    mail = text.replace("\n", "\r\n").encode("utf-8")
    if any(mail.rfind(mark) > HEAD - len(mark) for mark in (SERIAL, ORDER, MESSAGE)):
        raise AssertionError("what is filled in stands too far behind")
    return mail


def filled(mail: bytes, serial: str, thread: Thread) -> bytes:
    """One mail of its own."""
    head = mail[:HEAD].replace(SERIAL, serial.encode()).replace(ORDER, thread.order.encode())
    return head.replace(MESSAGE, thread.message.encode()) + mail[HEAD:]
