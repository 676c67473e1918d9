"""How days, moments, money and countries are written in the reader's language; Babel is loaded when first needed."""

import textwrap
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from daemon.writing.cleaning import lines

if TYPE_CHECKING:
    from babel import Locale

_KEPT = 4096
_BLANKS = str.maketrans("\u00a0\u202f", "  ")
_REGIONS = {"en": "en-GB"}


@lru_cache(maxsize=64)
def locale_of(language: str) -> "Locale":
    """The locale of a language tag; English where Babel does not know it. Plain `en` writes dates day first."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - heavy, and most commands write nothing

    for tag in (_REGIONS.get(language, language), language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en-GB", sep="-")


@lru_cache(maxsize=_KEPT)
def day(value: str, language: str) -> str:
    """A date, or the date of a moment: `27. November 2026`."""
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(_date(value), format="long", locale=locale_of(language)).translate(_BLANKS)


@lru_cache(maxsize=_KEPT)
def month(value: str, language: str) -> str:
    """The month of a date: `November 2026`."""
    from babel.dates import format_skeleton  # noqa: PLC0415

    return format_skeleton("yMMMM", _date(value), locale=locale_of(language)).translate(_BLANKS)


@lru_cache(maxsize=_KEPT)
def moment(value: str, language: str) -> str:
    """A moment with its weekday, in the offset it was given in: `Freitag, 27. November 2026, 23:59 (UTC+1)`."""
    from babel.dates import format_date, format_time  # noqa: PLC0415

    when = datetime.fromisoformat(value)
    locale = locale_of(language)
    clock = format_time(when.replace(tzinfo=None), format="short", locale=locale)
    weekday = format_date(when.date(), format="full", locale=locale)
    return f"{weekday}, {clock}{_offset(when.utcoffset())}".translate(_BLANKS)


@lru_cache(maxsize=_KEPT)
def money(value: str, currency: str, language: str) -> str:
    """An amount with its currency: `499,00 €`."""
    from babel.numbers import format_currency  # noqa: PLC0415

    return format_currency(Decimal(value), currency, locale=locale_of(language)).translate(_BLANKS)


@lru_cache(maxsize=_KEPT)
def number(value: str, language: str) -> str:
    """A number with no more digits than it needs, two at most behind the point: `2,5`."""
    from babel.numbers import format_decimal  # noqa: PLC0415

    return format_decimal(Decimal(value), format="#,##0.##", locale=locale_of(language)).translate(_BLANKS)


def plural(count: int, forms: Mapping[str, str], language: str) -> str:
    """The form that goes with a count, by the language's own rule (`one few many other`); the last where none does."""
    return forms.get(locale_of(language).plural_form(count)) or list(forms.values())[-1]


def country(code: str, language: str) -> str:
    """A country's name by its code of two letters; the code itself where it has none."""
    return str(locale_of(language).territories.get(code.upper(), code))


def wrap(text: str, width: int = 72, prefix: str = "") -> str:
    """Free text in lines of at most `width`, each behind `prefix`; long words (links) stay whole."""
    wrapped = [part for line in lines(text) for part in _wrapped(line, min(width, 200))]
    return "\n".join(f"{prefix}{line}".rstrip() for line in wrapped)


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def _date(value: str) -> date:
    return datetime.fromisoformat(value).date() if "T" in value else date.fromisoformat(value)


def _offset(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f" (UTC{sign}{hours}:{rest:02})" if rest else f" (UTC{sign}{hours})"
