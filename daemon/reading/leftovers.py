"""Numbers whose check digit is right and which nothing has taken: somebody meant them, so a person must look."""

import re
from collections.abc import Iterator, Sequence

from daemon.domain.checksums import is_imei
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Statement
from daemon.reading.said import said_of_line
from daemon.rules.carrier_book import CarrierBook

_URL = re.compile(r"https?://\S{1,2000}")
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z+])(?:00[0-9]{18}|1Z[0-9A-Z]{16}|[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{15})(?![0-9A-Za-z])"
)
_IMEI_DIGITS = 15
LEFT_AT_MOST = 20


def left_over(text: str, found: Sequence[Finding], book: CarrierBook) -> list[Finding]:
    """What keeps the mail back: every such number that stands in its new text and in no finding."""
    numbers = list(_NUMBER.finditer(_URL.sub(lambda link: " " * len(link.group()), text)))
    if not numbers:
        return []
    known = set(_known(found))
    rest = [one for one in numbers if one.group() not in known and not any(one.group() in word for word in known)]
    lost = [one for one in rest if _means_something(one.group(), book)][:LEFT_AT_MOST]
    return [_unclear(text, one.start()) for one in lost]


def _known(found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        match one:
            case Parcel():
                yield one.number
            case DeviceNamed():
                yield one.imei
                yield one.second or one.imei
            case Doubt():
                yield from ("".join(one.value.split()), "".join(one.values.get("number", "").split()))
            case _:
                pass


def _means_something(number: str, book: CarrierBook) -> bool:
    if len(number) == _IMEI_DIGITS and number.isdigit():
        return is_imei(number)
    answer = book.recognise(number, None, None, labelled=False)
    return answer.ok and answer.sure


def _unclear(text: str, place: int) -> Finding:
    line = text[text.rfind("\n", 0, place) + 1 :].partition("\n")[0]
    return said_of_line(text.count("\n", 0, place) + 1, line, Statement.UNCLEAR, "number-left-over")
