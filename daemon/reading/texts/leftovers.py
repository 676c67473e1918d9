"""Numbers that somebody meant, and orders beside others that left, of which nothing was taken: a person must look."""

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.domain.checksums import is_imei
from daemon.domain.finding import DeviceNamed, Doubt, Finding, Parcel, Said, Statement
from daemon.domain.identifiers import order_key
from daemon.reading.texts.said import said_of_line
from daemon.reading.texts.text_lines import TextLine
from daemon.rules.carrier_book import CarrierBook

_URL = re.compile(r"https?://\S{1,2000}")
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z+])(?:00[0-9]{18}|1Z[0-9A-Z]{16}|[A-Z]{2}[0-9]{9}[A-Z]{2}|[0-9]{15})(?![0-9A-Za-z])"
)
_IMEI_DIGITS = 15
# A telephone number has at most thirteen digits.
_LONG = 14
# Fewer tell no parcel from an invoice.
_TELLING = 11
CARRIER_WITHIN = 4000
LEFT_AT_MOST = 20


def left_over(text: str, words: Iterable[str], found: Sequence[Finding], book: CarrierBook) -> list[Finding]:
    """What keeps the mail back: every such number that stands in its new text and in no finding.

    `words` are those that no label explains: of them a long number counts that may be a carrier's or a device's, and
    where no parcel was found any that is of the form of the carrier whom the mail names.
    """
    named = None if any(isinstance(one, Parcel) for one in found) else book.named(text[:CARRIER_WITHIN])
    spoken = _URL.sub(lambda link: " " * len(link.group()), text)
    told = [one.group() for one in _NUMBER.finditer(spoken) if _means_something(one.group(), book)]
    carrier = named.id if named else None
    numbers = dict.fromkeys([*told, *(word for word in words if _may_be_meant(word, book, carrier))])
    if not numbers:
        return []
    known = set(_known(found))
    lost = [one for one in numbers if not any(one in word for word in known)][:LEFT_AT_MOST]
    return [_unclear(text, max(0, spoken.find(one))) for one in lost]


def _may_be_meant(word: str, book: CarrierBook, carrier: str | None) -> bool:
    """Whether a number may be a carrier's, or is as long as an IMEI, be it mistyped."""
    digits = sum(map(word.count, "0123456789"))
    if digits < _LONG:
        return carrier is not None and digits >= _TELLING and book.recognise(word, carrier, None, labelled=False).ok
    answer = book.recognise(word, None, None, labelled=False)
    return answer.ok or bool(answer.candidates) or (len(word) == _IMEI_DIGITS and word.isdigit())


def orders_left_over(
    lines: Sequence[TextLine], found: Sequence[Finding], about: Sequence[str], text: str
) -> list[Finding]:
    """What keeps a mail with numbers back that names an order of ours of which it seems to say nothing ("ditto").

    Where we asked about one order, a number without one is its number, wherever in the mail the order is named.
    """
    parcels = [one for one in found if isinstance(one, Parcel)]
    if not parcels or (len(about) == 1 and not all(one.order for one in parcels)):
        return []
    told = {order_key(one.order) for one in found if one.order}
    asked = {order_key(one) for one in about} - told
    named = [(line.number, one) for line in lines if line.number for one in line.orders if order_key(one.text) in asked]
    rows = text.split("\n")
    return [said_of_line(number, rows[number - 1], Statement.UNCLEAR, "order-left-over") for number, _ in named[:1]]


def _known(found: Sequence[Finding]) -> Iterator[str]:
    for one in found:
        match one:
            case Parcel():
                yield one.number
            case DeviceNamed():
                yield one.imei
                yield one.second or one.imei
            case Said():
                yield one.instead
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
