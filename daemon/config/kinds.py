"""The kinds of values that `config.yaml` holds, each with a sentence for the person who wrote another one."""

import re
from datetime import time, timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from daemon.domain.values import Json
from daemon.rules.models import Entry

_SPAN = re.compile(r"([1-9][0-9]{0,5})(s|m|h|d)")
_SIZES = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
ADDRESS = re.compile(r'[^\s@<>,;"]+@[^\s@<>,;"]+')
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_PARTY = re.compile(r"(sellers|fulfillers|merchants)/[^/\s]+|orders")
_DATABASE = re.compile(r"sqlite:///.+|postgresql://.+")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DOMAIN = re.compile(r"(?=.{1,253}$)[^\s@<>.]+(\.[^\s@<>.]+)+")


def _span(written: Json) -> Json:
    """`15s`, `15m`, `1h`, `2d` as pydantic reads a duration."""
    found = _SPAN.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise ValueError("must be a number with s, m, h or d, such as 15s")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def span_text(span: timedelta) -> str:
    """A span as a person writes it: `15m`, `30d`."""
    seconds = int(span.total_seconds())
    unit, size = next((unit, size) for unit, size in _SIZES.items() if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _pattern(pattern: re.Pattern[str]) -> dict[str, Json]:
    """A pattern for the editors' schema, which has to fit the whole text."""
    return {"type": "string", "pattern": f"^(?:{pattern.pattern})$"}


def _matching(pattern: re.Pattern[str], wanted: str) -> BeforeValidator:
    def validate(written: Json) -> Json:
        if isinstance(written, str) and not pattern.fullmatch(written):
            raise ValueError(f"must be {wanted}")
        return written

    return BeforeValidator(validate)


def _clock(written: Json) -> Json:
    """`14:00` as a time of day."""
    if not (isinstance(written, str) and _CLOCK.fullmatch(written)):
        raise ValueError("must be a time of day such as 14:00")
    return time.fromisoformat(written)


def _mailbox(written: Json) -> Json:
    if isinstance(written, str) and not ADDRESS.fullmatch(parseaddr(written)[1]):
        raise ValueError("must be a mail address, such as Shop <orders@shop.example>")
    return written


def _timezone(written: Json) -> Json:
    if isinstance(written, str):
        try:
            ZoneInfo(written)
        except (OSError, KeyError, ValueError):
            raise ValueError("must be a time zone, such as Europe/Berlin") from None
    return written


def _listen(written: Json) -> Json:
    if isinstance(written, str):
        host, colon, port = written.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and int(port) < 1 << 16):
            raise ValueError("must be HOST:PORT, such as 127.0.0.1:8025")
    return written


def _url(written: Json) -> Json:
    """Secrets go there, so only over TLS, except on this machine."""
    if isinstance(written, str):
        parts = urlsplit(written)
        if not parts.hostname or (
            parts.scheme != "https" and not (parts.scheme == "http" and loopback(parts.hostname))
        ):
            raise ValueError("must be an https:// address")
    return written


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


Span = Annotated[timedelta, BeforeValidator(_span), WithJsonSchema(_pattern(_SPAN) | {"format": "span"})]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]
Address = Annotated[
    str, _matching(ADDRESS, "a mail address, such as ops@shop.example"), WithJsonSchema(_pattern(ADDRESS))
]
Domain = Annotated[str, _matching(_DOMAIN, "a domain, such as replies.shop.example"), WithJsonSchema(_pattern(_DOMAIN))]
Listen = Annotated[str, BeforeValidator(_listen)]
Url = Annotated[str, BeforeValidator(_url)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
Locale = Annotated[str, _matching(_LOCALE, "a language-country tag, such as de-DE"), WithJsonSchema(_pattern(_LOCALE))]
Party = Annotated[str, _matching(_PARTY, "a party, such as sellers/acme"), WithJsonSchema(_pattern(_PARTY))]
Database = Annotated[
    str, _matching(_DATABASE, "sqlite:///FILE or postgresql://USER@HOST/NAME"), WithJsonSchema(_pattern(_DATABASE))
]
ClockTime = Annotated[time, BeforeValidator(_clock), WithJsonSchema(_pattern(_CLOCK))]
Port = Annotated[int, Field(ge=1, le=65535)]


class Section(Entry):
    """The base of what stands in `config.yaml`: unknown keys are mistakes, and secrets do not show in a repr."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False, hide_input_in_errors=True)
