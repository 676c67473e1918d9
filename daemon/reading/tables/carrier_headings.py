"""Headings that name a carrier with its numbers below: "DHL-Nr.", "Albarán MRW"."""

import re

from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import is_of_another_thing, says_number, speaks_of_status
from daemon.rules.carriers import Carrier, carrier_named
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_WORD = re.compile(r"[^\W_]+")


def named_by_carrier(
    header: RawRow, places: dict[str, tuple[int, ...]], one: Format, rulebook: Rulebook
) -> dict[str, tuple[int, ...]]:
    """The one column whose heading is a carrier's name and a word for a number or a parcel, as `tracking`."""
    taken = {place for several in places.values() for place in several}
    free = [place for place in range(len(header.cells)) if place not in taken]
    found = [place for place in free if carrier_of(header.cells[place], one, rulebook)]
    return {"tracking": (found[0],)} if len(found) == 1 else {}


def carrier_of(heading: str, one: Format, rulebook: Rulebook) -> Carrier | None:
    """The carrier whose numbers stand below a heading."""
    carrier = carrier_named(heading, rulebook.carriers)
    if carrier is None or is_of_another_thing(heading, one):
        return None
    return carrier if says_number(_rest(heading, carrier), one) else None


def carrier_beside(heading: str, one: Format, rulebook: Rulebook) -> Carrier | None:
    """The carrier that the heading of another column names: of its states, or of the places where it leaves parcels."""
    carrier = carrier_named(heading, rulebook.carriers)
    if carrier is None or is_of_another_thing(heading, one):
        return None
    rest = _rest(heading, carrier)
    place = not rest and heading.casefold() in map(str.casefold, carrier.aliases)
    return carrier if place or (speaks_of_status(rest, one) and len(rest.split()) == 1) else None


def _rest(heading: str, carrier: Carrier) -> str:
    """A heading without the carrier's name."""
    own = {word.casefold() for name in (carrier.name, carrier.id, *carrier.aliases) for word in _WORD.findall(name)}
    return " ".join(word for word in _WORD.findall(heading) if word.casefold() not in own)
