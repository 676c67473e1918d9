"""What one cell holds once a spreadsheet's habits are taken off it, and what in it may not be believed."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from daemon.domain.checksums import is_imei

_ZERO_WIDTH_MARK = "\ufeff"
_MARKERS = frozenset("='\"")
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{1,3}|[0-9][.,][0-9]+[eE][0-9]{1,3}")
_CELL_ERRORS = frozenset(
    {"#N/A", "#NV", "#REF!", "#BEZUG!", "#NAME?", "#VALUE!", "#WERT!", "#NUM!", "#ZAHL!", "#DIV/0!"}
)
_NOTHING = frozenset(
    {"", "-", "--", "\u2013", "\u2014", "n/a", "na", "n.a.", "k.a.", "none", "null", "./.", "0000-00-00", "00.00.0000"}
)
LONGEST_NOTHING = max(map(len, _NOTHING))
_TWICE_ENCODED = re.compile("[\u00c3\u00c2][\u0080-\u00bf]|\u00c3[\u0153\u0178\u201e\u2013]|\u00e2\u20ac")
_EASTERN = re.compile("[\u00a3\u00a5\u00af][a-z]{2}|[A-Za-z][\u00b3\u00b9\u00bf\u00bc\u00be][a-z\u00e0-\u00ff]")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]")

_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.,+Z -]*(?:UTC|GMT)?)?")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2})?(?:[.,][0-9]{1,9})?\s?"
    r"(?:Z|UTC|GMT|([+-][0-9]{2}):?([0-9]{2})?)"
)
_COMPACT_DATE = re.compile(r"(20[0-9]{2})([0-9]{2})([0-9]{2})")
_DOTTED_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2})(?:,?\s+[0-9:]+(?:\s*Uhr)?)?")
_SLASHED_DATE = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4}|[0-9]{2})(?:,?\s+[0-9:]+)?")
_NAMED_DATE = re.compile(
    r"(?:([A-Za-z]{3,9})\.? ([0-9]{1,2})|([0-9]{1,2})[. -]+([A-Za-z]{3,9})\.?)[, -]+([0-9]{4})"
    r"(?:,? [0-9:]+(?: [AP]M)?)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SECONDS = re.compile(r"1[6-9][0-9]{8}|2[0-9]{9}")
_SERIAL = re.compile(r"[34][0-9]{4}|5[0-9]{4}")
_FIRST_SERIAL_DAY = date(1899, 12, 30)
_QUANTITY = re.compile(r"([0-9]{1,6})(?:[.,]0{1,6})?(?:\s*(?:x|Stk\.?|Stück|pcs\.?|St\.?))?", re.IGNORECASE)
_PART = re.compile(
    r"(?:[^\W\d_]+[.:]?\s*)?([0-9]{1,2})\s*(?:/|\b(?:von|aus|of|out of|de|sur|di|su|z|ze|van)\b)\s*([0-9]{1,2})"
    r"(?:\s*[^\W\d_]+\.?)?",
    re.IGNORECASE,
)

_LABELLED_IMEI = re.compile(r"\bIMEI(?:\s?\(?([12])\b\)?|\b)[\s:=.#-]{0,4}([0-9]{15})(?![0-9])", re.IGNORECASE)
_BARE_IMEI = re.compile(r"(?<![0-9A-Za-z])[0-9]{15}(?![0-9A-Za-z])")

MONTHS = 12


def cleaned(text: str) -> str:
    """The cell without outer blanks, a text marker of a spreadsheet, or quotes around everything."""
    text = text.strip()
    if text.isascii() and text[:1] not in _MARKERS:
        return text
    text = text.removeprefix(_ZERO_WIDTH_MARK).replace("\u00a0", " ").replace("\u202f", " ").strip()
    if match := _FORMULA_TEXT.fullmatch(text):
        text = match[1].strip()
    if text.startswith("'") and not text.endswith("'"):
        text = text[1:].strip()
    for mark in ('"', "'"):
        if len(text) > 1 and text.startswith(mark) and text.endswith(mark):
            text = text[1:-1].strip()
    return text


def says_nothing(text: str) -> bool:
    """Whether a cleaned cell claims no value at all."""
    return len(text) <= LONGEST_NOTHING and text.casefold() in _NOTHING


def erases(text: str) -> bool:
    """Whether a cell names the absence of a value, as a database does that would overwrite one with it."""
    return text.casefold() == "null"


def damaged(text: str) -> bool:
    """Whether a spreadsheet has turned an identifier into a rounded number or an error."""
    if "e" in text or "E" in text:
        return _SCIENTIFIC.fullmatch(text) is not None or text.upper() in _CELL_ERRORS
    return text.startswith("#") and text.upper() in _CELL_ERRORS


def suspect(text: str) -> str:
    """The code points in an identifier that look like something else or like nothing, for people; empty when none."""
    if text.isascii():
        return ""
    found = [sign for sign in text if not sign.isascii() and unicodedata.category(sign) in {"Cf", "Nd", "Co", "Cn"}]
    return " ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in found))


def not_ascii(text: str) -> str:
    """The code points of an identifier that is made of ASCII alone but holds others; dashes and blanks do not count."""
    if text.isascii():
        return ""
    others = [sign for sign in text if not sign.isascii() and unicodedata.category(sign) not in {"Zs", "Pd"}]
    return " ".join(dict.fromkeys(f"U+{ord(sign):04X}" for sign in others))


def unprintable(text: str) -> bool:
    """Whether text holds control characters or bytes that its encoding does not know."""
    # Nearly every row is ASCII without any, which is told faster.
    return not (text.isascii() and text.isprintable()) and _NOT_PRINTED.search(text) is not None


def wrongly_encoded(text: str) -> bool:
    """Whether a text was taken for another encoding on the way: UTF-8 in "MÃ¼ller", Polish letters in "£ukasz"."""
    return not text.isascii() and (_TWICE_ENCODED.search(text) or _EASTERN.search(text)) is not None


@lru_cache(maxsize=1024)
def day(text: str, *, serials: bool = False, day_first: bool = False) -> date | None:
    """A date as ISO, `dd.mm.yyyy`, `yyyymmdd` or with slashes where only one reading exists; None for anything else.

    `serials`: a number is a day of a workbook. `day_first`: the sender's language writes the day before the month.
    """
    if serials and _SERIAL.fullmatch(text):
        return _FIRST_SERIAL_DAY + timedelta(days=int(text))
    if match := _ISO_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text):
        return _valid_day(match[1], match[2], match[3])
    if match := _DOTTED_DATE.fullmatch(text):
        return _valid_day(match[3], match[2], match[1])
    if match := _NAMED_DATE.fullmatch(text):
        month = (match[1] or match[4])[:3].casefold()
        return _valid_day(match[5], str(_MONTHS.index(month) + 1), match[2] or match[3]) if month in _MONTHS else None
    if match := _SLASHED_DATE.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if day_first or first > MONTHS or first == second:
            return _valid_day(match[3], match[2], match[1])
        if second > MONTHS:
            return _valid_day(match[3], match[1], match[2])
    return None


def moment_day(text: str, zone: str) -> date | None:
    """The day, where the sender is, of a moment that names its own zone; None for anything else."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or '+00'}:{match[4] or '00'}")
        return moment.astimezone(ZoneInfo(zone)).date()
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def day_there(text: str, zone: str, *, serials: bool = False, day_first: bool = False) -> date | None:
    """The day that a cell names, where its sender is: that of a moment, or one as `day` reads it."""
    return moment_day(text, zone) or day(text, serials=serials, day_first=day_first)


def counted_day(text: str, zone: str) -> date | None:
    """The day, where the sender is, of a moment that a program counts in seconds; None for anything else."""
    return datetime.fromtimestamp(int(text), ZoneInfo(zone)).date() if _SECONDS.fullmatch(text) else None


def _valid_day(year: str, month: str, number: str) -> date | None:
    century = 2000 if len(year) == 2 else 0  # noqa: PLR2004 - a year of two digits
    try:
        return date(century + int(year), int(month), int(number))
    except ValueError:
        return None


def labelled_imeis(text: str) -> list[str]:
    """The IMEIs that a text calls so, whatever else it says."""
    return [number for _, number in _LABELLED_IMEI.findall(text) if is_imei(number)]


def both_imeis(text: str) -> tuple[str, str] | None:
    """The two numbers of one device where a text calls them first and second."""
    if text.isdigit():
        return None
    found = _LABELLED_IMEI.findall(text)
    first, second = found if len(found) == 2 else (("", ""), ("", ""))  # noqa: PLR2004 - the first and the second
    pair = (first[0], second[0]) == ("1", "2") and is_imei(first[1]) and is_imei(second[1])
    return (first[1], second[1]) if pair else None


def imeis_within(text: str) -> list[str]:
    """The IMEIs that stand between other words."""
    return list(filter(is_imei, _BARE_IMEI.findall(text)))


@lru_cache(maxsize=1024)
def quantity(text: str) -> int | None:
    """A whole number of at least one, also as `2,00` or `2 Stk`; None for anything else."""
    match = _QUANTITY.fullmatch(text)
    return int(match[1]) or None if match else None


@lru_cache(maxsize=1024)
def part_in(text: str) -> tuple[int, int] | None:
    """Which of how many a cell names: the first of two in "1/2", "1 von 2", "Paket 1 of 2"."""
    if not (found := _PART.fullmatch(text)):
        return None
    number, of = int(found[1]), int(found[2])
    return (number, of) if 0 < number <= of else None
