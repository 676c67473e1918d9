"""Whatever a mail holds, it is read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.domain.arrival import Envelope
from daemon.domain.document import Mail
from daemon.domain.finding import Doubt
from daemon.reading.mails.glance import glance
from daemon.reading.mails.quoting import new_text
from tests.unit.reading.sample import DHL_NUMBER, IMEI, context, found_in, reading_of

PIECES = (
    "From: a@b.example\r\n",
    "From: =?utf-8?b?=FF?= <",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
    "Content-Type: message/delivery-status\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: text/html; charset=utf-7\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Disposition: attachment; filename*=x''%ff.csv\r\n",
    "\r\n",
    "--b\r\n",
    "--b--\r\n",
    "> quoted\r\n",
    "Am 1.1.2026 um 10:00 schrieb a@b:\r\n",
    f"Sendungsnummer {DHL_NUMBER} / ",
    f"IMEI1: {IMEI} ",
    "Auftrag 4711; Pos. 2 | ",
    "<div style='display:none'><table><a href='https://www.dhl.de/1'>",
    "https://[::1/12345678 ",
    "\0\u202e\ufeff",
    "3,5E+14 ",
)
MAILS = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=25).map("".join)


@settings(max_examples=150, deadline=None)
@given(MAILS)
def test_every_mail_is_read(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    reading = reading_of(raw)
    assert isinstance(reading.documents[0], Mail)
    assert not any(isinstance(one, Doubt) and one.code == "unreadable" for one in reading.findings)
    glance(raw, Envelope())


@settings(max_examples=100, deadline=None)
@given(MAILS)
def test_every_text_is_understood_or_left_alone(text: str) -> None:
    found_in(text, context("A-1001", "A-1002"))
    assert len(new_text(text, (text[:50],))) <= len(text) + 1
