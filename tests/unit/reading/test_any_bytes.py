from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daemon.domain.snapshot import Context
from daemon.reading.tables.files import read_file
from tests.unit.reading.dropped import DHL_NUMBER, IMEI, dropped, rulebook

PARTIES = ["orders", "merchants/nova", "sellers/acme", "fulfillers/nord"]
HEADINGS = b"Bestellnummer order_id Sendungsnummer IMEI Menge Versanddatum status sku paid_at fulfiller text".split()
VALUES = b"1Z999AA10123456784 A-1 NULL DHL DPD 3,5E+14 23.11.2026 https://www.dhl.de/?x= https://[ #N/A 2".split()
SIGNS = b"""; , | " ' =" sep=; / < > <a> </a> { } [ ] : "lines" "order_id" """.split()
BYTES = [b"\t", b"\n", b"\r\n", b"\r", b" ", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\xc3", b"\xb2"]
ODD = [sign.encode() for sign in ("\u0661", "\uff11", "\u200b", "\u202e", "\u00b2")]
PIECES = [*HEADINGS, *VALUES, DHL_NUMBER.encode(), IMEI.encode(), *SIGNS, *BYTES, *ODD]
IN_A_ROW = [piece for piece in PIECES if b"\n" not in piece]


@pytest.mark.parametrize("party", PARTIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pieces=st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=60))
@example(pieces=[b"Bestellnummer;IMEI\nA-1;", "\u00b2".encode() * 15])
@example(pieces=[b'Bestellnummer;Sendungsnummer\n"'])
def test_no_bytes_make_the_reader_fail_or_go_back(party: str, pieces: list[bytes]) -> None:
    content = BytesIO(b"".join(pieces))
    position: int | None = 0
    seen = -1
    while position is not None:
        assert position > seen
        seen = position
        reading = read_file(dropped(party, position), content, Context(), rulebook())
        assert len(reading.documents) == 1
        position = reading.next_position


@pytest.mark.parametrize("party", PARTIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(st.lists(st.sampled_from(IN_A_ROW), max_size=6), max_size=8))
def test_no_rows_under_a_known_header_make_the_reader_fail(party: str, rows: list[list[bytes]]) -> None:
    header = b"order_id;sku;tracking_number;carrier;imei;quantity;shipped_on;status;tracking_url;fulfiller;text\n"
    content = BytesIO(header + b"".join(b";".join(row).ljust(20, b";") + b"\n" for row in rows))
    assert read_file(dropped(party), content, Context(), rulebook()).documents
