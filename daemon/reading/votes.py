"""Columns without a known heading that their cells tell: check digits of parcels and devices, links of carriers."""

import re
from collections.abc import Callable, Sequence

from daemon.domain.checksums import is_imei
from daemon.reading import cells as cell
from daemon.reading.delimited import RawRow
from daemon.reading.links import host_of
from daemon.rules.carriers import recognise
from daemon.rules.rulebook import Rulebook

_LINK = re.compile(r"https?://[^\s<>\"'@]{4,2000}", re.IGNORECASE)
_USUAL_DEVICES = ("35", "86", "01", "99")
_DISTINCT = 2


def voted(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int], rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The further fields: each only where no heading names it and all cells of one column alone are of its kind."""
    taken = _spoken_for(places)
    free = [place for place in among if place not in taken]
    wanted: list[tuple[str, Callable[[list[str]], bool]]] = []
    if "tracking" not in places:
        wanted.append(("tracking", lambda texts: _are_parcels(texts, rulebook)))
    if not {"imei", "imei2", "serial"} & places.keys():
        wanted.append(("imei", _are_devices))
    if "url" not in places:
        wanted.append(("url", lambda texts: _are_links(texts, rulebook)))
    found: dict[str, tuple[int, ...]] = {}
    for field, are in wanted:
        fitting = [place for place in free if (texts := _texts(rows, place)) and are(texts)]
        if len(fitting) == 1:
            found[field] = (fitting[0],)
    return found


def voted_days(
    places: dict[str, tuple[int, ...]], rows: Sequence[RawRow], among: Sequence[int]
) -> dict[str, tuple[int, ...]]:
    """The one column of dates in a table of parcels: they are when these left, or the decision holds them."""
    taken = _spoken_for(places)
    days = [place for place in among if place not in taken and _are_days(_texts(rows, place))]
    return {"shipped_on": (days[0],)} if len(days) == 1 and "tracking" in places else {}


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
