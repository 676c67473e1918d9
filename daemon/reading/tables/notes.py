"""Rows that hold no more than words: the head of a part of the table, a note below it, a legend."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from daemon.domain.finding import Statement
from daemon.reading.dates import promised_date
from daemon.reading.tables.cells import cleaned, day
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.headings import says_none, speaks_of_colours
from daemon.reading.tables.layout import Layout
from daemon.reading.tables.meanings import HARMLESS, SAYS_SO, hedged, meaning_of
from daemon.reading.tables.row_kinds import RowKind, kind_of
from daemon.reading.tables.strange import is_idle
from daemon.rules.carriers import carrier_named
from daemon.rules.conditions import judge
from daemon.rules.rulebook import Rulebook

_WORD = re.compile(r"[^\W\d_]{3,}")
_TOKEN = re.compile(r"[^\s,;:()]+")
_MARK = re.compile(r"([*†‡#¹²³]+|[A-Za-z0-9]{1,3}(?=\s*[=:)]))\s*")
_OF = r"\s?(?:/|\b(?:von|of|out of|de|sur|di|su|z|van)\b)\s?"
_SOME = re.compile(rf"(?<![\w/.,-])([0-9]{{1,4}}){_OF}([0-9]{{1,4}})(?![\w/.-])", re.IGNORECASE)
# The number of a page, and a count of nothing: "Storniert: 0".
_NO_NEWS = re.compile(
    rf"(?:seite|blatt|page|sheet|p[aá]g(?:ina)?\.?|strona|bladzijde)\s?[0-9]+(?:{_OF}[0-9]+)?|[^:=]*[:=]\s*0",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"[0-9]")
_AN_ORDER_NUMBER = 4
_A_CODE = 2
_LAST_DIGITS = 3
_LONGEST = 500
_LATER = timedelta(days=30)


def words_of(row: RawRow, layout: Layout) -> str:
    """What a row of words alone says; empty for any other."""
    alone = ""
    for cell in row.cells:
        if cell and not cell.isspace():
            # Nearly every row is told from words alone by its second cell.
            if alone:
                return ""
            alone = cell
    if not alone or not layout.format.words or layout.format.gives != "dispatch":
        return ""
    said = cleaned(alone)
    return said if _WORD.search(said) and kind_of(row, layout) is RowKind.DATA else ""


def notes_below(end: Sequence[RawRow], layout: Layout) -> list[str]:
    """The words that stand below all rows of a table, at its end."""
    filled = (row for row in reversed(end) if any(map(str.strip, row.cells)))
    return list(takewhile(bool, (words_of(row, layout) for row in filled)))


def is_quiet(text: str, layout: Layout, rulebook: Rulebook) -> bool:
    """Whether words between rows name a carrier or a day that has come, mean nothing, or say that what follows left."""
    known = layout.format
    if is_idle(text, known) or carrier_named(text, rulebook.carriers) or meaning_of(text, known) in HARMLESS:
        return not puts_off(text, layout, rulebook)
    named = [found for word in _TOKEN.findall(text) if (found := day(word, day_first=True))]
    if named and layout.today and max(named) <= layout.today:
        return not puts_off(text, layout, rulebook)
    said = _said(text, rulebook)
    return bool(said) and said <= SAYS_SO


def puts_off(text: str, layout: Layout, rulebook: Rulebook) -> bool:
    """Whether words say that something has not left, or leave it open."""
    known, today = layout.format, layout.today
    if _NO_NEWS.fullmatch(text) or says_none(text, known):
        return False
    later = promised_date(text, today) if today else None
    if later and today and today < later <= today + _LATER:
        return True
    denied = not known.negations.isdisjoint(text.casefold().split())
    if hedged(text, known) or denied or _counts_fewer(text) or speaks_of_colours(text, known):
        return True
    return bool(_said(text, rulebook) - SAYS_SO - {Statement.ACCEPTED, None})


def _counts_fewer(text: str) -> bool:
    """Whether a text says that it is some of several: "collected 1 of 2", and no page of a paper."""
    return any(int(some) < int(of) for some, of in _SOME.findall(text))


def meant_by(note: str, rows: Sequence[RawRow]) -> list[int]:
    """The numbers of the rows that a note below them is about: those that it names or that bear its mark, or all."""
    if found := named_by(note, rows):
        return found
    held = [(row.number, {cell.strip().casefold() for cell in row.cells}) for row in rows]
    shapes = {_shape(cell) for _, cells in held for cell in cells} - {""}
    if any(_shape(token) in shapes for token in _numbers(note)):
        return []
    mark = _MARK.match(note)
    bearing = [number for number, cells in held if mark and any(_bears(cell, mark[1].casefold()) for cell in cells)]
    # "Rot: liegt noch hier" is about a colour.
    if bearing or (mark and not (mark[1].isalpha() and len(mark[1]) > _A_CODE)):
        return bearing
    return [number for number, _ in held]


def named_by(note: str, rows: Sequence[RawRow]) -> list[int]:
    """The numbers of the rows of which a note names the order or the parcel, be it by its last digits alone."""
    numbers = {one for one in _numbers(note) if len(one) >= _LAST_DIGITS}
    ends = tuple(filter(str.isdecimal, numbers))
    return [
        row.number
        for row in rows
        if any((text := cell.strip().casefold()) in numbers or (ends and text.endswith(ends)) for cell in row.cells)
    ]


def _numbers(note: str) -> set[str]:
    return {token.strip(".!*…").casefold() for token in _TOKEN.findall(note) if any(map(str.isdigit, token))}


def _shape(text: str) -> str:
    """What an order number looks like: that of A-1001 is A-0000."""
    return _DIGIT.sub("0", text) if len(text) >= _AN_ORDER_NUMBER else ""


def _bears(cell: str, mark: str) -> bool:
    return cell == mark or (not mark.isalnum() and mark in cell)


def _said(text: str, rulebook: Rulebook) -> set[Statement | None]:
    hits, _ = judge(text[:_LONGEST], "order", rulebook)
    return {hit.action.say for hit in hits if hit.action.say or hit.action.problem}
