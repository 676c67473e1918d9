"""The day on which a mail was written where its writer lives: what "today" means in it."""

from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from daemon.domain.document import Mail
from daemon.reading.mails.headers import Headers


def written_at(headers: Headers) -> datetime | None:
    """The moment of the Date field; "-0000" is UTC that says nothing of the writer's zone (RFC 5322, 3.3)."""
    try:
        moment = parsedate_to_datetime(headers.get("date"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def writing_day(mail: Mail, received_at: datetime, timezone: str) -> date:
    """The day of writing in the writer's zone; a mail from the future, or one without a date, is of its receipt.

    The offset of the Date field is not his zone: many a server writes UTC there, whatever the clock on the wall says.
    """
    written = mail.written_at or received_at
    return min(written, received_at).astimezone(ZoneInfo(timezone)).date()
