"""Columns without a known heading that their cells tell: check digits of parcels and devices, links of carriers."""

import re
from collections.abc import Callable, Sequence

from daemon.domain.checksums import is_imei
from daemon.reading.links import host_of
from daemon.reading.tables import cells as cell
from daemon.reading.tables.carrier_headings import named_by_carrier
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.directions import with_directions
from daemon.reading.tables.headings import (
    is_of_another_day,
    is_of_another_thing,
    is_weight,
    may_number_orders,
    speaks_of_orders,
    speaks_of_voiding,
)
from daemon.reading.tables.meanings import meaning_of
from daemon.reading.tables.pieces import with_pieces
from daemon.reading.tables.strange import with_strange
from daemon.reading.tables.warnings import with_unread, with_warnings
from daemon.rules.carriers import carrier_named, recognise, recognise_of, tells_itself
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_LINK = re.compile(r"https?://[^\s<>\"'@]{4,2000}", re.IGNORECASE)
_USUAL_DEVICES = ("35", "86", "01", "99")
_ORDER_NUMBER = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z-]|[0-9]{6})[A-Za-z0-9][A-Za-z0-9._/-]{3,39}")
_SERVICE = re.compile(r"[A-Z]{2,4}")
_DIGITS = re.compile(r"[0-9]")
_SEVERAL = frozenset({"tracking", "imei"})
_DISTINCT = 2
_ENOUGH = 3
_LONG = 10
_SHORTEST = 7


def with_voted(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The fields of a table about orders, with those that its cells tell."""
    free = [place for place, cell in enumerate(header.cells) if not is_of_another_thing(cell, one)]
    if "tracking" not in places:
        places = places | named_by_carrier(header, places, one, rulebook)
    places = _with_right_numbers(places, rows, free, rulebook)
    found = places | _voted(header, places, one, rows, free, rulebook)
    if "shipped_on" not in found:
        others = [place for place in free if speaks_of_voiding(header.cells[place], one)]
        days = [place for place in free if place not in others and not is_of_another_day(header.cells[place], one)]
        found |= _voted_days(found, rows, days)
    found = with_directions(header.cells, found, one, rows)
    if "sku" in found and "article" not in found and any(" " in text for text in _texts(rows, found["sku"][0])):
        # What a column of articles calls by several words are names.
        found = {("article" if field == "sku" else field): several for field, several in found.items()}
    found = _without_services(header, found, one, rows)
    found = with_pieces(header, with_warnings(header, found, one, rows), one, rows)
    found = with_unread(header, _with_other_orders(header, _without_row_numbers(found, rows), one, rows), one)
    return with_strange(header.cells, found, one, rows)


def _voted(
    header: RawRow,
    places: dict[str, tuple[int, ...]],
    one: Format,
    rows: Sequence[RawRow],
    among: Sequence[int],
    rulebook: Rulebook,
) -> dict[str, tuple[int, ...]]:
    """The further fields: each only where no heading names it and all cells of one column alone are of its kind."""
    taken = _spoken_for(places)
    free = [place for place in among if place not in taken]
    kinds: dict[str, Callable[[list[str]], bool]] = {
        "tracking": lambda texts: _are_parcels(texts, rulebook),
        "imei": _are_devices,
        "carrier": lambda texts: all(_is_carrier(text, one, rulebook) for text in texts),
        "url": lambda texts: _are_links(texts, rulebook),
        "labelled": lambda texts: any(map(cell.labelled_imeis, texts)),
    }
    devices = {"imei", "imei2"} & places.keys()
    named = places.keys() | ({"imei", "labelled"} if devices else {"imei"} if "serial" in places else set())
    found: dict[str, tuple[int, ...]] = {}
    for field, are in kinds.items():
        within = [*free, *places.get("remark", ())] if field == "labelled" else free
        fitting = [place for place in within if (texts := _texts(rows, place)) and are(texts)]
        alike = field in _SEVERAL and len({_DIGITS.sub("", header.cells[place]) for place in fitting}) == 1
        if field not in named and (len(fitting) == 1 or alike):
            found[field] = tuple(fitting)
    if not {"tracking", "url"} & (named | found.keys()) and "carrier" in places:
        own = [place for place in free if _are_of_carriers(rows, place, places["carrier"][0], rulebook)]
        found |= {"tracking": (own[0],)} if len(own) == 1 else {}
    return found


def _with_right_numbers(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """Without a column for numbers of which none is a parcel's, where those of one other column all are."""
    places = _without_counts(places, rows)
    named = places.get("tracking", ())
    texts = [text for place in named for text in _texts(rows, place)]
    if not texts or any(recognise(text, rulebook.carriers, None, None).ok for text in texts):
        return places
    taken = _spoken_for(places)
    fitting = [place for place in among if place not in taken and _are_parcels(_texts(rows, place), rulebook)]
    fitting = [place for place in fitting if _texts(rows, place)]
    return places | {"tracking": (fitting[0],)} if len(fitting) == 1 else places


def _without_counts(places: dict[str, tuple[int, ...]], rows: Sequence[RawRow]) -> dict[str, tuple[int, ...]]:
    """Without the columns that only count parcels or number the consignments, beside one that names them."""
    named = places.get("tracking", ())
    longer = tuple(place for place in named if any(len(text) >= _SHORTEST for text in _texts(rows, place)))
    return places | {"tracking": longer} if longer else places


def _without_services(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow]
) -> dict[str, tuple[int, ...]]:
    """Without articles that are a carrier's services: a few capital letters each, in a table of weights, not pieces."""
    goods = places.keys() & {"sku", "article"}
    if len(goods) != 1 or {"line", "quantity"} & places.keys():
        return places
    named = goods.pop()
    weighed = any(is_weight(heading, one) for heading in header.cells)
    services = all(map(_SERVICE.fullmatch, _texts(rows, places[named][0])))
    return {field: some for field, some in places.items() if field != named} if weighed and services else places


def likely_orders(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow]
) -> dict[str, tuple[int, ...]]:
    """Where no heading names the order: the columns of numbers whose headings have a word for it beside others.

    What stands there counts only if it is an order of the sender.
    """
    numbers = [place for place in _numbered(header, places, one, rows) if speaks_of_orders(header.cells[place], one)]
    if not numbers:
        return {}
    return {"order": (numbers[0],)} | ({"order_also": tuple(numbers[1:])} if numbers[1:] else {})


def _with_other_orders(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow]
) -> dict[str, tuple[int, ...]]:
    """The fields with further columns in which the order's number may stand, whatever they are called."""
    also = (*places.get("order_also", ()), *_numbered(header, places, one, rows))
    return places | {"order_also": also} if also else places


def _numbered(header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow]) -> list[int]:
    """The columns that mean nothing else and hold what looks like the number of an order."""
    taken = {place for several in places.values() for place in several}
    free = [place for place in range(len(header.cells)) if place not in taken]
    may = [place for place in free if may_number_orders(header.cells[place], one)]
    told = [(place, _texts(rows, place)) for place in may]
    told = [(place, texts) for place, texts in told if texts and not _are_days(texts)]
    return [place for place, texts in told if all(map(_ORDER_NUMBER.fullmatch, texts))]


def _voted_days(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """The one column of dates in a table of parcels: they are when these left, or the decision holds them.

    Where a parcel has none, they are of something that happened to the others: "Expired".
    """
    taken = _spoken_for(places)
    days = [place for place in among if place not in taken and _are_days(_texts(rows, place))]
    if len(days) != 1 or "tracking" not in places:
        return {}
    width = max(days[0], places["tracking"][0])
    numbered = [row.cells for row in rows if width < len(row.cells) and row.cells[places["tracking"][0]].strip()]
    filled = [bool(cells[days[0]].strip()) for cells in numbered]
    return {"shipped_on" if all(filled) else "marked": (days[0],)}


def _without_row_numbers(places: dict[str, tuple[int, ...]], rows: Sequence[RawRow]) -> dict[str, tuple[int, ...]]:
    """The fields without a position that only counts the rows: 1, 2, 3 beside an order of its own each.

    `numbered`: it may do so, for it counts on through the orders; only who knows these can tell.
    """
    line, order = places.get("line"), places.get("order")
    if not line or not order:
        return places
    width = max(line[0], order[0])
    pairs = [(row.cells[line[0]].strip(), row.cells[order[0]].strip()) for row in rows if width < len(row.cells)]
    counted = [(number, named) for number, named in pairs if number and named]
    orders = {named for _, named in counted}
    through = [number for number, _ in counted] == [str(number) for number in range(1, len(counted) + 1)]
    if not through or len(counted) < _ENOUGH or len(orders) == 1:
        return places
    if len(orders) < len(counted):
        return places | {"numbered": line}
    return {field: several for field, several in places.items() if field != "line"}


def _spoken_for(places: dict[str, tuple[int, ...]]) -> set[int]:
    """A column that only might hold an order number, or is called a product, may as well hold something else."""
    return {place for field, several in places.items() if field not in {"order_also", "article"} for place in several}


def _is_carrier(text: str, one: Format, rulebook: Rulebook) -> bool:
    """Whether a text names a carrier, and tells of no parcel how far it is."""
    return carrier_named(text, rulebook.carriers) is not None and meaning_of(text, one) is None


def _are_days(texts: list[str]) -> bool:
    return bool(texts) and all(cell.day(text, day_first=True) for text in texts)


def _texts(rows: Sequence[RawRow], place: int) -> list[str]:
    texts = (cell.cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return [text for text in texts if not cell.says_nothing(text)]


def _are_parcels(texts: list[str], rulebook: Rulebook) -> bool:
    """Numbers that by themselves tell whose they are, with a right check digit."""
    return all(not is_imei(text) and recognise(text, rulebook.carriers, None, None).ok for text in texts)


def _are_of_carriers(rows: Sequence[RawRow], place: int, carrier: int, rulebook: Rulebook) -> bool:
    """Whether every row that names a carrier has a number here that is one of his, told by its check or its letters."""
    width = max(place, carrier)
    pairs = [(row.cells[place].strip(), row.cells[carrier]) for row in rows if width < len(row.cells)]
    filled = [(text, carrier_named(name, rulebook.carriers)) for text, name in pairs if text]
    return bool(filled) and all(
        one and len(text) >= _LONG and recognise_of(text, one, rulebook.carriers).ok and tells_itself(text, one)
        for text, one in filled
    )


def _are_devices(texts: list[str]) -> bool:
    """One number in ten passes the check of an IMEI, so a single one must look like a device's as well."""
    usual = len(set(texts)) >= _DISTINCT or texts[0].startswith(_USUAL_DEVICES)
    return usual and all(map(is_imei, texts))


def _are_links(texts: list[str], rulebook: Rulebook) -> bool:
    hosts = {host for carrier in rulebook.carriers for host in carrier.hosts}
    return all(_LINK.fullmatch(text) and host_of(text) in hosts for text in texts)
