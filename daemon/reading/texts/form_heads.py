"""The head of a printed form, where a seller's own order number stands beside ours: two names of one order."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from daemon.reading.texts.mentions import Known
from daemon.reading.texts.text_lines import TextLine

# `Ihre Bestellung .....: A-1003`
_LABELLED = re.compile(r"\W*(?:[^\W\d_]{1,30}[ ./-]{0,3}){1,4}\W{0,60}$")


def with_our_orders(lines: Sequence[TextLine], text: str, known: Known) -> list[TextLine]:
    """The lines, without the numbers that a form's head gives to the one order of ours that it names, too."""
    rows = ["", *text.split("\n")]
    heads = groupby(lines, lambda line: _is_labelled(line, rows))
    return [one for is_head, group in heads for one in (_ours_only(list(group), known) if is_head else group)]


def _is_labelled(line: TextLine, rows: Sequence[str]) -> bool:
    """Whether the line is a label and one number, none of a parcel or a device."""
    if line.number == 0 or line.values or len(line.orders) > 1:
        return False
    row = rows[line.number]
    start, end = (line.orders[0].start, line.orders[0].end) if line.orders else _last_word(row)
    return bool(_LABELLED.match(row[:start])) and not row[end:].strip()


def _last_word(row: str) -> tuple[int, int]:
    end = len(row.rstrip())
    return row.rstrip().rfind(" ") + 1, end


def _ours_only(head: Sequence[TextLine], known: Known) -> Iterator[TextLine]:
    named = [one.text for line in head for one in line.orders]
    ours = {text for text in named if known.is_order(text)}
    if len(ours) != 1 or any(known.is_like_an_order(text) for text in set(named) - ours):
        yield from head
        return
    for line in head:
        yield replace(line, orders=tuple(one for one in line.orders if one.text in ours))
