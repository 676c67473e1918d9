"""The kinds of values that `config.yaml` holds, each with a sentence for the person who wrote another one."""

import re
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field

from daemon.domain.values import Json
from daemon.rules.models import Entry

_SPAN = re.compile(r"([1-9][0-9]{0,5})(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_PARTY = re.compile(r"(sellers|fulfillers|merchants)/[^/\s]+|orders")
_DATABASE = re.compile(r"sqlite:///.+|postgresql://.+")
_DOMAIN = re.compile(r"(?=.{1,253}$)[^\s@<>.]+(\.[^\s@<>.]+)+")


def _span(written: Json) -> Json:
    """`15s`, `15m`, `1h`, `2d` as pydantic reads a duration."""
    found = _SPAN.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise ValueError("must be a number with s, m, h or d, such as 15s")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _matching(pattern: re.Pattern[str], wanted: str) -> BeforeValidator:
    def validate(written: Json) -> Json:
        if isinstance(written, str) and not pattern.fullmatch(written):
            raise ValueError(f"must be {wanted}")
        return written

    return BeforeValidator(validate)


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


Span = Annotated[timedelta, BeforeValidator(_span)]
Mailbox = Annotated[str, BeforeValidator(_mailbox)]
Address = Annotated[str, _matching(ADDRESS, "a mail address, such as ops@shop.example")]
Domain = Annotated[str, _matching(_DOMAIN, "a domain, such as replies.shop.example")]
Listen = Annotated[str, BeforeValidator(_listen)]
Url = Annotated[str, BeforeValidator(_url)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
Locale = Annotated[str, _matching(_LOCALE, "a language-country tag, such as de-DE")]
Party = Annotated[str, _matching(_PARTY, "a party, such as sellers/acme")]
Database = Annotated[str, _matching(_DATABASE, "sqlite:///FILE or postgresql://USER@HOST/NAME")]
Port = Annotated[int, Field(ge=1, le=65535)]


class Section(Entry):
    """The base of what stands in `config.yaml`: unknown keys are mistakes, and secrets do not show in a repr."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=False, hide_input_in_errors=True)
