"""An address is found however a mail or file writes it."""

import io
import zipfile
from email.message import EmailMessage
from unicodedata import normalize

import pytest

from daemon.reading.named import names

ADDRESS = "Kim@Buyer.example"


def mail(encoding: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "Frage"
    message.set_content(f"Grüße von kim@buyer.example {'x' * 70}", cte=encoding)
    return message.as_bytes()


def attached(name: str, content: bytes) -> bytes:
    message = EmailMessage()
    message.set_content("Anbei.")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def archive(content: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", content)
    return made.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        b"order_id,buyer_email\nA-1,KIM@buyer.example\n",
        "a;kim@buyer.example".encode("utf-16"),
        mail("base64"),
        mail("quoted-printable"),
        b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nkim=40buy=\ner.example\n",
        b"Subject: =?utf-8?q?Post_von_kim=40buyer=2Eexample?=\n\nHallo\n",
        b"Content-Transfer-Encoding: quoted-printable\n\n<a href=3D'mailto:kim%40buyer.example'>x</a>",
        b"<p>kim&#64;buyer.example</p>",
        archive("<t>kim@buyer.example</t>"),
        attached("liste.csv", b"kim@buyer.example;1\n"),
        attached("liste.xlsx", archive("<t>kim@buyer.example</t>")),
        attached("mail.eml", mail("base64")),
    ],
)
def test_it_is_found(raw: bytes) -> None:
    assert names(raw, ADDRESS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\x03\x04 broken",
        b"kim@buyer.example.org"[:12],
        mail("base64").replace(b"a", b"b"),
        b"Subject: =?x?q?=?\n\n",
    ],
)
def test_what_is_not_there_is_not_found_and_nothing_breaks(raw: bytes) -> None:
    assert not names(raw, ADDRESS)


@pytest.mark.parametrize(
    "other", ["joakim@buyer.example", "x.kim@buyer.example", "kim@buyer.example.org", "kim@buyer.examples"]
)
def test_another_address_that_holds_it_is_not_it(other: str) -> None:
    assert not names(f"buyer_email\n{other}\n".encode(), ADDRESS)


@pytest.mark.parametrize(
    "text", ["<kim@buyer.example>", "mailto:kim@buyer.example?x", "Kim: kim@buyer.example.", '"kim@buyer.example",']
)
def test_an_address_between_signs_is_found(text: str) -> None:
    assert names(text.encode(), ADDRESS)


def test_a_name_means_somebody_only_beside_something_else_of_his() -> None:
    way = ("Zoë Kanari", "Ringstraße 5")
    table = "Name;Straße\nZoë Kanari;{}\n"
    assert names(table.format("Ringstraße 5").encode("cp1252"), ADDRESS, way)
    assert not names(table.format("Ringstraße 55").encode(), ADDRESS, way)


@pytest.mark.parametrize(
    "text",
    [
        "<p>Paket an <b>Zoë</b> <i>Kanari</i>,<br>Ringstra&szlig;e&nbsp;5</p>",
        "<td>Zo&euml; Kana&shy;ri</td><td>Ringstraße<br/>5</td>",
        "> Paket an Zoë\n> Kanari,\n> Ringstraße\n> 5\n",
        normalize("NFD", "Zoë Kanari, Ringstraße 5"),
        "ZOË\u00a0KANARI, RINGSTRASSE 5",
    ],
)
def test_a_name_is_found_through_markup_line_ends_and_signs_that_nobody_sees(text: str) -> None:
    way = ("Zoë Kanari", "Ringstraße 5")
    assert names(text.encode(), ADDRESS, way)
    assert not names(text.encode(), ADDRESS, ("Zoë Kanari", "Ringstraße 55"))


def test_the_number_of_an_order_names_its_buyer() -> None:
    assert names(b"Bestellung;Status\n#A-1001;raus\n", ADDRESS, ("A-1001",))
    assert not names(b"Bestellung;Status\nA-10011;raus\n", ADDRESS, ("A-1001",))
