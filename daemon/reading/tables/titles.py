"""What stands above a table and who has sent it: whose days are meant, which carrier, whether it is a plan."""

import re
from datetime import timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from daemon.domain.arrival import Arrival
from daemon.domain.snapshot import Context
from daemon.reading.dates import promised_date
from daemon.reading.movements import ARRIVES, LEAVES
from daemon.reading.tables.cells import day
from daemon.reading.tables.headings import (
    is_named_after_dispatches,
    is_named_after_plans,
    is_named_after_returns,
    is_named_after_what_waits,
    is_only_of_voiding,
)
from daemon.reading.tables.layout import LONGEST_HEADING, Layout
from daemon.reading.tables.legends import marks_in
from daemon.reading.tables.meanings import says_only_that_it_stays, waits
from daemon.rules.carriers import carrier_named
from daemon.rules.formats import Format
from daemon.rules.rulebook import Rulebook

_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}")
_DAY_OF_MONTH = re.compile(r"[0-9][./-] ?[0-9]")
_DISPATCH_DAYS = frozenset({"shipped_on", "handed"})
_WORD = re.compile(r"[^\W\d_]+")
_HALF_A_WEEK = timedelta(days=3)
_MONTH = timedelta(days=30)


def of_sender(found: Layout, arrival: Arrival, context: Context, rulebook: Rulebook) -> Layout:
    """The layout with what its titles, and its sender's name, language and place tell of its cells."""
    partner = rulebook.partner_of_party(arrival.party or context.party or "")
    known = replace(
        found,
        day_first=bool(partner and partner.language != "en"),
        zone=context.timezone,
        today=arrival.received_at.astimezone(ZoneInfo(context.timezone)).date(),
        speaker=partner.name if partner else "",
        day=_day_above(found),
        carrier=found.carrier or _carrier_above(found, rulebook),
    )
    known = with_plan(known, *known.titles, *_told_by_name(arrival.name, known.format))
    return _with_days(known, arrival.name)


def _with_days(found: Layout, name: str) -> Layout:
    """The layout of a file called after dispatches or their papers, with what happens on its days: these leave then."""
    days = found.places.get("bare_day", ())
    if len(days) != 1 or _DISPATCH_DAYS & found.places.keys() or not is_named_after_dispatches(name, found.format):
        return found
    others = {field: tuple(at for at in several if at not in days) for field, several in found.places.items()}
    return replace(found, places={field: one for field, one in others.items() if one} | {"shipped_on": days})


def _told_by_name(name: str, known: Format) -> tuple[str, ...]:
    """The name of a file that says nothing else than what has become of all that is in it: "void-labels"."""
    words = " ".join(_WORD.findall(PurePath(name).stem))
    whole = says_only_that_it_stays(words, known) or is_only_of_voiding(words, known)
    return (words,) if whole or (" " not in words and _waits(words, known)) else ()


def with_plan(found: Layout, *titles: str) -> Layout:
    """The layout of a table of dispatches with the first of its titles that calls it a plan, or is of a day to come."""
    if not found.format.words or found.format.gives != "dispatch":
        return found
    # "V = shipped, O = open" explains marks, and says nothing of all rows.
    spoken = [title for title in titles if len(marks_in(title)) <= 1]
    planned = next((title for title in spoken if _is_of_plans(title, found)), found.planned)
    return replace(found, planned=planned[:LONGEST_HEADING])


def _is_of_plans(title: str, found: Layout) -> bool:
    told = "direction" in found.places
    if is_named_after_plans(title, found.format) or _waits(title, found.format, told_apart=told):
        return True
    named = promised_date(title, found.today) if found.today else None
    if not named or not found.today or (ARRIVES.search(title) and not LEAVES.search(title)):
        return False
    # "Montag" on a Wednesday is the one that has passed.
    return found.today < named <= found.today + (_MONTH if _DAY_OF_MONTH.search(title) else _HALF_A_WEEK)


def _waits(title: str, known: Format, *, told_apart: bool = False) -> bool:
    """Whether a title says of all that stands below it that it has not left."""
    named = is_named_after_what_waits(title, known) or is_named_after_returns(title, known, told_apart=told_apart)
    if named and not known.negations.isdisjoint(title.casefold().split()):
        return False
    return named or waits(title, known, free=True) or says_only_that_it_stays(title, known, opened=True)


def _carrier_above(found: Layout, rulebook: Rulebook) -> str:
    """The one carrier in the lines of a title, where no column names any: "Bordereau de dépôt Colissimo"."""
    if not found.format.words or "carrier" in found.places:
        return ""
    named = {carrier.id for title in found.titles if (carrier := carrier_named(title, rulebook.carriers))}
    return named.pop() if len(named) == 1 else ""


def _day_above(found: Layout) -> str:
    """The one day in the lines of a title that speak of a dispatch, where no column is about such days."""
    if not found.format.words or found.format.gives != "dispatch" or _DISPATCH_DAYS & found.places.keys():
        return ""
    if not any(map(LEAVES.search, found.titles)):
        return ""
    days = {named for title in found.titles for text in _DATE.findall(title) if (named := day(text))}
    return days.pop().isoformat() if len(days) == 1 else ""
