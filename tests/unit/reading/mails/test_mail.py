"""Mails as they come: parts, files, charsets, machines, and bombs."""

import base64
import time
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO

import pytest

from daemon.domain.arrival import Envelope
from daemon.domain.document import Automatic, Mail, Sheet, Unreadable
from daemon.domain.finding import Automated, Doubt, Parcel, Undelivered
from daemon.reading.mails.glance import glance
from daemon.reading.read import read
from tests.unit.reading.sample import DHL_NUMBER, IMEI, arrival, context, eml, mail_of, reading_of, shipped_rules


def identity(raw: bytes) -> str:
    return glance(raw, Envelope()).identity


def test_a_plain_reply_is_read() -> None:
    reading = reading_of(
        eml(f"Sendungsnummer {DHL_NUMBER}\r\n", "Message-ID: <m1@acme.example>", "In-Reply-To: <o1@shop>")
    )
    mail = reading.documents[0]
    assert isinstance(mail, Mail)
    assert (mail.sender, mail.sender_doubt) == ("orders@acme.example", None)
    assert (mail.message_id, mail.in_reply_to) == ("m1@acme.example", ("o1@shop",))
    assert [type(one) for one in reading.findings] == [Parcel]
    assert reading.excerpt == f"Sendungsnummer {DHL_NUMBER}"
    assert "A-1001" in reading.orders


def test_the_html_is_read_where_there_is_no_plain_text() -> None:
    reading = reading_of(eml(f"<p>Nr {DHL_NUMBER[:9]}<b>{DHL_NUMBER[9:]}</b></p>", kind="text/html; charset=utf-8"))
    assert [one.number for one in reading.findings if isinstance(one, Parcel)] == [DHL_NUMBER]


def test_the_html_is_read_where_the_plain_text_is_empty() -> None:
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content("\n")
    mail.add_alternative("<p>Erledigt</p>", subtype="html")
    assert mail_of(mail.as_bytes()).new_text == "Erledigt"


def test_structured_data_come_first_and_once() -> None:
    data = f'{{"@type":"ParcelDelivery","trackingNumber":"{DHL_NUMBER}","carrier":{{"name":"DHL"}}}}'
    html = f'<script type="application/ld+json">{data}</script><p>Sendungsnummer {DHL_NUMBER}</p>'
    (parcel,) = reading_of(eml(html, kind="text/html; charset=utf-8")).findings
    assert parcel.evidence.where == "structured data"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "klingon", "us-ascii", "zip"])
def test_any_charset_gives_text(charset: str) -> None:
    raw = eml("", kind=f"text/plain; charset={charset}") + "Grüße".encode("cp1252")
    assert mail_of(raw).new_text


def test_an_unlabelled_umlaut_is_western() -> None:
    assert mail_of(eml("") + "Grüße".encode("cp1252")).new_text == "Grüße"


def test_an_encoded_subject_split_within_a_letter_is_joined() -> None:
    raw = eml("x", "Subject: =?utf-8?b?R3LD?=\r\n =?utf-8?b?vMOfZQ==?=")
    assert mail_of(raw).subject == "Grüße"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_both_line_ends_are_ordinary(end: bytes) -> None:
    mail = mail_of(eml("Hallo\r\nWelt").replace(b"\r\n", end))
    assert (mail.sender_doubt, mail.new_text) == (None, "Hallo\nWelt")


def test_a_bare_carriage_return_in_the_head_is_a_doubt() -> None:
    assert mail_of(eml("x", "X-A: b\rFrom: c@d.example")).sender_doubt == "bare_newline"


def test_an_empty_reply_is_a_mail_without_text() -> None:
    reading = reading_of(eml(""))
    assert isinstance(reading.documents[0], Mail)
    assert (reading.documents[0].new_text, reading.findings) == ("", ())


def test_no_bytes_at_all_are_a_mail_that_nobody_sent() -> None:
    mail = mail_of(b"")
    assert (mail.sender, mail.sender_doubt) == ("", "no_from_field")


def with_file(name: str, data: bytes, maintype: str = "application", subtype: str = "octet-stream") -> bytes:
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content("anbei")
    mail.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return mail.as_bytes()


@pytest.mark.parametrize("name", ["Lieferschein.pdf", "foto.jpg", "winmail.dat"])
def test_what_is_not_read_is_listed(name: str) -> None:
    (attachment,) = mail_of(with_file(name, b"%PDF")).attachments
    assert (attachment.name, attachment.read, attachment.size) == (name, False, 4)


def test_logos_and_signatures_are_no_attachments() -> None:
    logo = "--b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <1>\r\n\r\nx\r\n"
    signed = "--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nx\r\n--b--"
    assert mail_of(eml(logo + signed, kind="multipart/mixed; boundary=b")).attachments == ()


def test_an_attached_table_is_read() -> None:
    table = f"order_id,carrier,tracking_number\nA-1001,dhl,{DHL_NUMBER}\n".encode()
    raw = with_file("versand.csv", table, "text", "csv")
    reading = read(arrival(), BytesIO(raw), context("A-1001"), shipped_rules())
    (mail, sheet) = reading.documents
    assert isinstance(mail, Mail)
    assert isinstance(sheet, Sheet)
    assert mail.attachments[0].read
    (parcel,) = [one for one in reading.findings if isinstance(one, Parcel)]
    assert (parcel.number, parcel.order) == (DHL_NUMBER, "A-1001")
    assert "attachment versand.csv" in parcel.evidence.where


def test_an_attached_name_keeps_no_folder() -> None:
    assert mail_of(with_file("../../etc/pass\u202ewd.pdf", b"x")).attachments[0].name == "passwd.pdf"


def forward(text: str, sender: str = "noreply@carrier.example") -> bytes:
    inner = EmailMessage()
    inner["From"] = sender
    inner.set_content(text)
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content("siehe Anhang")
    mail.add_attachment(inner)
    return mail.as_bytes()


def test_a_forwarded_mail_is_searched_for_numbers_only() -> None:
    reading = reading_of(
        forward(
            f"Wir haben alles bestätigt. Ihr Paket ist unterwegs.\nSendungsnummer {DHL_NUMBER}\n00340433836442636597"
        )
    )
    (parcel,) = reading.findings
    assert isinstance(parcel, Parcel)
    assert (parcel.number, parcel.evidence.where) == (DHL_NUMBER, "attachment message.eml, mail text, line 2")
    assert isinstance(reading.documents[0], Mail)
    assert [(one.media_type, one.read) for one in reading.documents[0].attachments] == [("message/rfc822", True)]


def test_our_own_mail_handed_back_says_nothing() -> None:
    assert reading_of(forward(f"Sendungsnummer {DHL_NUMBER}", "orders@shop.example")).findings == ()


def test_mails_within_mails_are_opened_three_deep() -> None:
    raw = forward(f"Sendungsnummer {DHL_NUMBER}")
    for _ in range(4):
        outer = b"From: a@b.example\r\nContent-Type: message/rfc822\r\n\r\n"
        raw = outer + raw
    assert reading_of(raw).findings == ()


def test_an_encrypted_mail_says_so() -> None:
    reading = reading_of(eml("MIAG", kind="application/pkcs7-mime"))
    assert [one.code for one in reading.findings if isinstance(one, Doubt)] == ["encrypted_mail"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("Auto-Submitted: auto-replied", Automatic.AUTO_REPLY),
        ("Auto-Submitted: auto-generated (rejected)", Automatic.GENERATED),
        ("X-Autoreply: yes", Automatic.AUTO_REPLY),
        ("Precedence: auto_reply", Automatic.AUTO_REPLY),
        ("Subject: Automatische Antwort: Bestellung", Automatic.AUTO_REPLY),
        ("Subject: Out of Office: x", Automatic.AUTO_REPLY),
        ("List-Id: <news.acme.example>", None),
        ("Precedence: bulk", Automatic.GENERATED),
        ("X-Postbote-Template: order", Automatic.OURS),
        ("Return-Path: <>", Automatic.GENERATED),
        ("Auto-Submitted: no", None),
        ("X-Auto-Response-Suppress: All", None),
    ],
)
def test_machines_are_told_from_people(field: str, kind: Automatic | None) -> None:
    assert mail_of(eml("bestätigt", field)).automatic == kind


@pytest.mark.parametrize("field", ["List-Id: <news.acme.example>", "List-Unsubscribe: <https://x>", "Precedence: bulk"])
def test_what_answers_nothing_of_ours_and_goes_to_many_is_a_newsletter(field: str) -> None:
    assert mail_of(eml("bestätigt", field), context()).automatic is Automatic.NEWSLETTER


def test_an_automatic_yes_claims_nothing_but_that_it_is_automatic() -> None:
    reading = reading_of(eml(f"Ja, bestätigt. Sendungsnummer {DHL_NUMBER}", "Auto-Submitted: auto-replied"))
    assert [type(one) for one in reading.findings] == [Automated]


def test_our_own_address_is_not_a_partner() -> None:
    assert mail_of(b"From: orders@shop.example\n\nok").automatic is Automatic.OURS


def report(action: str, status: str) -> bytes:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.acme.example\r\n\r\nFinal-Recipient: rfc822; Lager@acme.example\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 unknown\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours1@shop.example>\r\nTo: x\r\n\r\n--b--\r\n"
    )
    return eml(body, "MIME-Version: 1.0", kind='multipart/report; report-type=delivery-status; boundary="b"')


def test_a_bounce_names_whom_and_which_mail_of_ours() -> None:
    reading = reading_of(report("failed", "5.1.1"))
    (notice,) = [one for one in reading.findings if isinstance(one, Undelivered)]
    assert (notice.recipient, notice.status, notice.permanent) == ("lager@acme.example", "5.1.1", True)
    assert notice.message == "ours1@shop.example"
    assert mail_of(report("failed", "5.1.1")).automatic is Automatic.BOUNCE


def test_a_mere_delay_is_not_permanent() -> None:
    (notice,) = [one for one in reading_of(report("delayed", "4.4.1")).findings if isinstance(one, Undelivered)]
    assert not notice.permanent
    assert mail_of(report("delayed", "4.4.1")).automatic is Automatic.DELAYED


def test_a_success_report_is_a_receipt() -> None:
    reading = reading_of(report("delivered", "2.0.0"))
    assert [type(one) for one in reading.findings] == [Automated]
    assert mail_of(report("delivered", "2.0.0")).automatic is Automatic.RECEIPT


def test_a_read_receipt_is_a_receipt() -> None:
    kind = "multipart/report; report-type=disposition-notification; boundary=b"
    assert mail_of(eml("--b\r\n\r\nread\r\n--b--", kind=kind)).automatic is Automatic.RECEIPT


def test_an_exchange_bounce_in_words_is_understood() -> None:
    raw = (
        b"From: postmaster@acme.example\r\nSubject: Unzustellbar: Bestellung A-1001\r\nContent-Type: text/plain\r\n\r\n"
        b"Ihre Nachricht an lager@acme.example wurde nicht zugestellt. 550 5.1.10 RESOLVER.ADR\r\n"
        b"Message-ID: <ours1@shop.example>\r\n"
    )
    (notice,) = [one for one in reading_of(raw).findings if isinstance(one, Undelivered)]
    assert (notice.recipient, notice.status, notice.message) == ("lager@acme.example", "5.1.10", "ours1@shop.example")


def parts(count: int) -> bytes:
    return eml("--b\r\n\r\nx\r\n" * count + "--b--", kind="multipart/mixed; boundary=b")


def nested(depth: int) -> bytes:
    open_all = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(depth))
    return b"From: a@b.example\r\n" + open_all.encode() + b"\r\nx"


BOMBS: dict[str, Callable[[], bytes]] = {
    "too_many_parts": lambda: parts(5000),
    "too_deep": lambda: nested(1000),
    "header_too_long": lambda: b"X: " + b"a" * 3_000_000,
    "header_field_too_long": lambda: eml("x", "X-Long: " + "a" * 20000),
    "too_many_header_fields": lambda: eml("x", *["X: y"] * 300),
    "mail_too_large": lambda: eml("x" * (25 * 1024 * 1024 + 1)),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("code", BOMBS)
def test_a_mail_beyond_a_limit_is_kept_closed_and_says_which(code: str) -> None:
    raw = BOMBS[code]()
    began = time.process_time()
    reading = reading_of(raw)
    assert time.process_time() - began < 1
    assert [one.code for one in reading.findings if isinstance(one, Doubt)] == [code]


HOSTILE: dict[str, Callable[[], bytes]] = {
    "an encoded subject of 1.2 MB": lambda: eml("x", "Subject: " + "=?utf-8?q?=C3=A4?= " * 63000),
    "encoded words up to the gate": lambda: eml("x", "Subject: " + "=?utf-8?q?=C3=A4?= " * 800),
    "nested comments": lambda: eml("x", "X-A: " + "(" * 2000, "Sender: " + "(" * 2000),
    "twenty thousand recipients": lambda: eml("x", "Cc: " + ", ".join(f"a{at}@b.example" for at in range(20000))),
    "a broken message id": lambda: eml("x", "Message-ID: <[1234]@[x>"),
    "nested forwards": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 3000 + b"x",
    "five thousand parameters": lambda: eml("x", kind="text/plain; " + "; ".join(f"a*{at}=b" for at in range(5000))),
    "parameters in a part": lambda: parts(3).replace(
        b"--b\r\n", b"--b\r\nContent-Type: a/b;" + b" a*0=b;" * 5000 + b"\r\n"
    ),
    "dashes": lambda: eml("--" * 500000, kind="multipart/mixed; boundary=-"),
    "broken base64": lambda: eml("!!!!" * 1000, "Content-Transfer-Encoding: base64"),
    "no header": lambda: b"\0\xff" * 100000,
    "a giant line": lambda: eml("1" * 5_000_000),
    "zeros": lambda: b"\0" * 1_000_000,
    "five megabytes of html": lambda: eml("<div>" * 1_000_000, kind="text/html"),
    "an empty boundary": lambda: eml("--\r\n" * 10000, kind='multipart/mixed; boundary=""'),
    "a folded boundary": lambda: eml("--b\r\n\r\nx", kind="multipart/mixed;\r\n boundary=b"),
    "a date of nines": lambda: eml("99.99.9999 " * 10000, "Date: " + "9" * 1000),
}


@pytest.mark.timeout(10)
@pytest.mark.parametrize("what", HOSTILE)
def test_no_bytes_raise_or_take_long(what: str) -> None:
    raw = HOSTILE[what]()
    began = time.process_time()
    reading = reading_of(raw)
    assert time.process_time() - began < 1.5
    assert isinstance(reading.documents[0], Mail | Unreadable)
    assert not any(isinstance(one, Doubt) and one.code == "unreadable" for one in reading.findings)
    assert len(identity(raw)) == 64


def test_a_text_beyond_the_limit_says_that_it_was_cut() -> None:
    reading = reading_of(eml("Zeile\r\n" * 6000))
    assert [one.code for one in reading.findings if isinstance(one, Doubt)] == ["mail_text_too_long"]
    quoted = "ok\r\n\r\n" + "> Zeile\r\n" * 6000
    assert reading_of(eml(quoted)).findings == ()


def test_a_page_beyond_the_limit_says_so_where_it_was_cut_within_new_text() -> None:
    kind = "text/html; charset=utf-8"
    found = reading_of(eml("<p>Zeile</p>" * 30_000, kind=kind)).findings
    assert "mail_text_too_long" in [one.code for one in found if isinstance(one, Doubt)]
    quoted = "<p>ok</p><blockquote type=cite>" + "<p>Zeile</p>" * 30_000
    assert not any(isinstance(one, Doubt) for one in reading_of(eml(quoted, kind=kind)).findings)


def test_a_picture_within_the_page_hides_no_words_behind_it() -> None:
    picture = f"<img src='data:image/png;base64,{'iVBORw0K' * 50_000}'>"
    raw = eml(f"{picture}<p>Sendungsnummer {DHL_NUMBER}</p>", kind="text/html; charset=utf-8")
    assert [type(one) for one in reading_of(raw).findings] == [Parcel]


def test_a_table_that_the_plain_text_tore_apart_is_read_from_the_page() -> None:
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content("Bestellung\n\nNummer\n\nA-1001\n\n1\n\nA-1002\n\n2\n")
    rows = "".join(
        f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in [("Bestellung", "Nummer"), ("A-1001", 1), ("A-1002", 2)]
    )
    mail.add_alternative(f"<table>{rows}</table>", subtype="html")
    assert mail_of(mail.as_bytes()).new_text == "Bestellung  Nummer\nA-1001  1\nA-1002  2"


def test_a_stub_that_speaks_of_html_is_not_the_mail() -> None:
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content("Ihr Programm zeigt kein HTML an.\n")
    mail.add_alternative("<p>Ist raus.</p>", subtype="html")
    assert mail_of(mail.as_bytes()).new_text == "Ist raus."


def test_a_glance_tells_whom_a_mail_answers() -> None:
    raw = eml(
        "x", "References: <a@shop> <b@shop>", "In-Reply-To: <b@shop>", "Delivered-To: reply+abc@replies.shop.example"
    )
    seen = glance(raw, Envelope(rcpt_to=("Reply+XYZ@replies.shop.example",)))
    assert seen.recipients[0] == "reply+xyz@replies.shop.example"
    assert "reply+abc@replies.shop.example" in seen.recipients
    assert seen.messages == ("b@shop", "a@shop")


def test_the_same_mail_by_another_way_is_the_same() -> None:
    raw = eml("Text\r\n", "Message-ID: <m@x>")
    other = b"Received: by other\r\nX-Spam: no\r\n" + raw
    assert identity(raw) == identity(other) == identity(raw.replace(b"\r\n", b"\n"))


def test_the_same_message_id_with_other_content_is_not_the_same() -> None:
    assert identity(eml("a", "Message-ID: <m@x>")) != identity(eml("b", "Message-ID: <m@x>"))


def test_headless_bytes_are_the_same_only_when_equal() -> None:
    assert identity(b"\xff1") != identity(b"\xff2")
    assert identity(b"From: a@b\n" + b"x" * 200_000 + b"1") != identity(b"From: a@b\n" + b"x" * 200_000 + b"2")


def test_a_quoted_number_is_never_taken() -> None:
    quote = f"> Sendungsnummer {DHL_NUMBER}\r\n> IMEI {IMEI}"
    assert reading_of(eml(f"Verstanden.\r\n\r\nAm 25.11.2026 um 10:00 schrieb Shop:\r\n{quote}")).findings == ()


def test_base64_text_is_read() -> None:
    body = base64.b64encode(f"Sendungsnummer {DHL_NUMBER}".encode()).decode()
    reading = reading_of(eml(body, "Content-Transfer-Encoding: base64"), context("A-1001", proven=False))
    assert [type(one) for one in reading.findings] == [Parcel]
