"""Columns without a known heading that their cells tell: check digits of parcels and devices, links of carriers."""

import re
from collections.abc import Callable, Sequence

from daemon.domain.checksums import is_imei
from daemon.reading import cells as cell
from daemon.reading.delimited import RawRow
from daemon.reading.headings import counts_goods, counts_pieces, is_of_another_day, is_of_another_thing
from daemon.reading.links import host_of
from daemon.rules.carriers import carrier_named, recognise
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_LINK = re.compile(r"https?://[^\s<>\"'@]{4,2000}", re.IGNORECASE)
_USUAL_DEVICES = ("35", "86", "01", "99")
_DISTINCT = 2
_MOST_DIGITS = 4
_ENOUGH = 3
_KEPT = frozenset({"ordered", "order", "line", "sku", "tracking", "imei", "until"})


def with_voted(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The fields of a table about orders, with those that its cells tell."""
    free = [place for place, cell in enumerate(header.cells) if not is_of_another_thing(cell, one)]
    found = places | _voted(places, rows, free, rulebook)
    if "shipped_on" not in found:
        days = [place for place in free if not is_of_another_day(header.cells[place], one)]
        found |= _voted_days(found, rows, days)
    if "quantity" not in found:
        found = _with_pieces(header, found, one, rows, free)
    if _numbers_the_rows(found, rows):
        del found["line"]
    return found


def _voted(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The further fields: each only where no heading names it and all cells of one column alone are of its kind."""
    taken = _spoken_for(places)
    free = [place for place in among if place not in taken]
    kinds: dict[str, Callable[[list[str]], bool]] = {
        "tracking": lambda texts: _are_parcels(texts, rulebook),
        "imei": _are_devices,
        "carrier": lambda texts: all(carrier_named(text, rulebook.carriers) for text in texts),
        "url": lambda texts: _are_links(texts, rulebook),
    }
    named = places.keys() | ({"imei"} if {"imei2", "serial"} & places.keys() else set())
    found: dict[str, tuple[int, ...]] = {}
    for field, are in kinds.items():
        fitting = [place for place in free if (texts := _texts(rows, place)) and are(texts)]
        if field not in named and len(fitting) == 1:
            found[field] = (fitting[0],)
    return found


def _voted_days(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """The one column of dates in a table of parcels: they are when these left, or the decision holds them."""
    taken = _spoken_for(places)
    days = [place for place in among if place not in taken and _are_days(_texts(rows, place))]
    return {"shipped_on": (days[0],)} if len(days) == 1 and "tracking" in places else {}


def _with_pieces(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rows: Sequence[RawRow], free: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """The fields with what was sent or confirmed, which a table often counts beside what was ordered."""
    if "ordered" not in places:
        counting = [place for place in free if counts_goods(header.cells[place], one)]
        return places | ({"quantity": (counting[0],)} if len(counting) == 1 else {})
    kept = {place for field in _KEPT & places.keys() for place in places[field]}
    pieces = [place for place in free if place not in kept and _are_pieces(_texts(rows, place))]
    counting = [place for place in pieces if counts_pieces(header.cells[place], one)]
    if len(counting) == 1:
        others = {field: several for field, several in places.items() if counting[0] not in several}
        return others | {"quantity": (counting[0],)}
    return places | ({"perhaps_sent": tuple(pieces)} if pieces else {})


def _are_pieces(texts: list[str]) -> bool:
    return bool(texts) and all(text.isdigit() and len(text) <= _MOST_DIGITS for text in texts)


def _numbers_the_rows(places: dict[str, tuple[int, ...]], rows: Sequence[RawRow]) -> bool:
    """Whether what is called a position only counts the rows: 1, 2, 3 beside an order of its own each."""
    line, order = places.get("line"), places.get("order")
    if not line or not order:
        return False
    width = max(line[0], order[0])
    pairs = [(row.cells[line[0]].strip(), row.cells[order[0]].strip()) for row in rows if width < len(row.cells)]
    counted = [(number, named) for number, named in pairs if number and named]
    numbers, orders = [number for number, _ in counted], {named for _, named in counted}
    distinct = len(orders) == len(counted) >= _ENOUGH
    return distinct and numbers == [str(number) for number in range(1, len(counted) + 1)]


def _spoken_for(places: dict[str, tuple[int, ...]]) -> set[int]:
    """A column that only might hold an order number may as well hold something else."""
    return {place for field, several in places.items() if field != "order_also" for place in several}


def _are_days(texts: list[str]) -> bool:
    return bool(texts) and all(cell.day(text, day_first=True) for text in texts)


def _texts(rows: Sequence[RawRow], place: int) -> list[str]:
    texts = (cell.cleaned(row.cells[place]) for row in rows if place < len(row.cells))
    return [text for text in texts if not cell.says_nothing(text)]


def _are_parcels(texts: list[str], rulebook: Rulebook) -> bool:
    """Numbers that by themselves tell whose they are, with a right check digit."""
    return all(not is_imei(text) and recognise(text, rulebook.carriers, None, None).ok for text in texts)


def _are_devices(texts: list[str]) -> bool:
    """One number in ten passes the check of an IMEI, so a single one must look like a device's as well."""
    usual = len(set(texts)) >= _DISTINCT or texts[0].startswith(_USUAL_DEVICES)
    return usual and all(map(is_imei, texts))


def _are_links(texts: list[str], rulebook: Rulebook) -> bool:
    hosts = {host for carrier in rulebook.carriers for host in carrier.hosts}
    return all(_LINK.fullmatch(text) and host_of(text) in hosts for text in texts)
