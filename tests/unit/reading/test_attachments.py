"""Files that come with a mail, and what they hold."""

import io
import zipfile
from datetime import date
from email.message import EmailMessage

import pytest

from daemon.domain.document import Mail
from daemon.domain.finding import Doubt, Parcel, Reading, Said, Statement
from daemon.reading.read import read
from tests.unit.reading.sample import DHL_NUMBER, arrival, context, shipped_rules

TABLE = f"order_id,carrier,tracking_number\nA-1001,dhl,{DHL_NUMBER}\n".encode()


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def reading_with(name: str, data: bytes, text: str = "anbei") -> Reading:
    mail = EmailMessage()
    mail["From"] = "orders@acme.example"
    mail.set_content(text)
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return read(arrival(), io.BytesIO(mail.as_bytes()), context("A-1001"), shipped_rules())


def attachment(reading: Reading) -> tuple[str, bool]:
    mail = reading.documents[0]
    assert isinstance(mail, Mail)
    return mail.attachments[0].name, mail.attachments[0].read


def test_a_table_in_an_archive_is_read_like_a_table() -> None:
    reading = reading_with("versand.zip", zipped({"__MACOSX/._a.csv": b"x", "Ordner/a.csv": TABLE, "b.pdf": b"%PDF"}))
    (parcel,) = [one for one in reading.findings if isinstance(one, Parcel)]
    assert (parcel.number, parcel.order) == (DHL_NUMBER, "A-1001")
    assert parcel.evidence.where.startswith("attachment versand.zip, a.csv")
    assert attachment(reading) == ("versand.zip", True)


def test_an_archive_of_pictures_is_not_read() -> None:
    reading = reading_with("fotos.zip", zipped({"1.jpg": b"x", "2.pdf": b"%PDF"}))
    assert not any(isinstance(one, Parcel | Doubt) for one in reading.findings)
    assert attachment(reading) == ("fotos.zip", False)


def lying() -> bytes:
    """An archive whose directory says that what inflates to 60 MB holds a hundred bytes."""
    data = bytearray(zipped({"a.csv": b"0" * 60_000_000}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"a.csv": b"0" * 60_000_000}), "archive_too_large"),
        (zipped({f"{n}.csv": b"0" for n in range(1100)}), "archive_too_large"),
        (zipped({"a.csv": b"0" * 40_000_000}), "archive_too_large"),
        (lying(), "not_an_archive"),
        (zipped({"a.csv": TABLE, "b.zip": b""}), "archive_in_archive"),
        (zipped({"1.jpg": b"x", "innen.zip": zipped({"a.csv": TABLE})}), "archive_in_archive"),
        (b"PK\x03\x04 broken", "not_a_workbook"),
    ],
)
def test_an_archive_beyond_its_limits_says_so(data: bytes, code: str) -> None:
    reading = reading_with("versand.zip", data)
    assert [one.code for one in reading.findings if isinstance(one, Doubt)] == [code]
    assert attachment(reading) == ("versand.zip", False)


def test_an_encrypted_archive_says_so() -> None:
    data = bytearray(zipped({"a.csv": TABLE}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert [one.code for one in reading_with("v.zip", bytes(data)).findings if isinstance(one, Doubt)] == [
        "encrypted_file"
    ]


def test_a_table_in_a_forwarded_mail_is_read() -> None:
    inner = EmailMessage()
    inner["From"] = "lager@carrier.example"
    inner.set_content("anbei die Liste")
    inner.add_attachment(TABLE, maintype="text", subtype="csv", filename="a.csv")
    reading = reading_with("weiter.eml", inner.as_bytes())
    assert [one.number for one in reading.findings if isinstance(one, Parcel)] == [DHL_NUMBER]
    assert attachment(reading) == ("weiter.eml", True)


@pytest.mark.parametrize(
    ("text", "day", "held"),
    [
        ("Anbei die Liste.", None, False),
        ("Anbei die gestern verschickten Pakete.", date(2026, 11, 24), False),
        ("Anbei die Liste von gestern.", None, True),
        ("Anbei die Sendungsnummern von Montag.", None, True),
        ("Anbei die Liste für morgen.", None, True),
        ("Attached are the parcels, which leave tomorrow.", None, True),
    ],
)
def test_a_list_without_days_has_the_one_of_which_the_mail_speaks(text: str, day: date | None, held: bool) -> None:
    reading = reading_with("liste.csv", TABLE, text)
    (parcel,) = [one for one in reading.findings if isinstance(one, Parcel)]
    unclear = [one for one in reading.findings if isinstance(one, Said) and one.statement is Statement.UNCLEAR]
    assert (parcel.shipped_on, bool(unclear)) == (day, held)


@pytest.mark.parametrize(("day", "held"), [("24.11.2026", False), ("27.11.2026", True)])
def test_a_day_without_a_meaning_keeps_back_what_is_to_come(day: str, held: bool) -> None:
    reading = reading_with("liste.csv", f"Bestellnummer;Sendungsnummer;Datum\nA-1001;{DHL_NUMBER};{day}\n".encode())
    assert any(isinstance(one, Doubt) for one in reading.findings) is held
