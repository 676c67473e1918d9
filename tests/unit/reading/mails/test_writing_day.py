"""What "today" means in a mail is the day on which it was written, where its writer lives."""

from datetime import UTC, datetime

import pytest

from daemon.domain.document import Mail
from daemon.reading.mails.headers import parse_headers
from daemon.reading.mails.writing_day import writing_day, written_at

RECEIVED = datetime(2026, 11, 26, 23, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("Thu, 26 Nov 2026 23:50:00 +0000", "2026-11-27"),
        ("Thu, 26 Nov 2026 23:50:00 -0000", "2026-11-27"),
        ("Thu, 26 Nov 2026 15:50:00 -0800", "2026-11-27"),
        ("Thu, 26 Nov 2026 22:59:00 +0000 (UTC)", "2026-11-26"),
        ("Tue, 24 Nov 2026 18:00:00 +0100", "2026-11-24"),
        ("Wed, 2 Dec 2026 08:00:00 +0100", "2026-11-27"),
        ("yesterday evening", "2026-11-27"),
        ("Mon, 31 Feb 2026 08:00:00 +0100", "2026-11-27"),
        ("Fri, 31 Dec 9999 23:59:59 -1400", "2026-11-27"),
        ("", "2026-11-27"),
    ],
)
def test_the_day_is_that_of_the_writer(field: str, day: str) -> None:
    mail = Mail(sender="orders@acme.example", written_at=written_at(parse_headers(f"Date: {field}\r\n".encode())))
    assert str(writing_day(mail, RECEIVED, "Europe/Berlin")) == day
