"""What a file may look like: how its columns or elements are read, with a sample and what it must give."""

import re
from functools import cached_property
from typing import Literal

from daemon.domain.values import Value
from daemon.rules.columns import HeadingWords, column_key, plain_words

Gives = Literal["orders", "inquiries", "dispatch", "stock", "articles", "returns"]
Drop = Literal["orders", "merchants", "sellers", "fulfillers"]
Shape = Literal["table", "xml"]

_WORD = re.compile(r"\w+")

INSTEAD = {"order": ("external_order", "order", "reference"), "tracking": ("tracking", "shipment_id")}
"""Fields that are read from the first of these that a table has."""
ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp850", "cp852", "iso-8859-1", "iso-8859-2", "iso-8859-15")
PAID = "paid"
"""A status of an order: all of it is paid, whenever that was."""
UNPAID = "unpaid"
"""A status of an order: not, or not wholly, paid, or paid back."""
READY = "ready"
"""A status of an order that is to be sent."""
NOT_TO_SHIP = "not_to_ship"
"""A status of an order that has left or is canceled where it comes from."""
SHIPPING = "shipping"
"""A position of an order that is its shipping price."""
NO_LINE = "no_line"
"""A position of an order that is neither goods nor shipping."""
NOT_LEFT = "not_left"
"""A status beside which a number is no dispatch."""
NOT_YET = "not_yet"
"""A status beside which a number is no dispatch so far: a label is printed, the parcel is packed."""
OPEN = "open"
"""A status of an order that is still worked on: a number beside it is no dispatch unless another status says so."""
MOVING = "moving"
"""A status of what is on its way or has arrived."""
ATTEMPTED = "attempted"
"""A status of what is on its way and found nobody: what puts off beside it, puts off the next attempt."""


class Expected(Value, frozen=True, kw_only=True):
    """A finding that a sample must give; what is None is not compared."""

    kind: str
    order: str | None = None
    line: str | None = None
    value: str | None = None


class Format(HeadingWords, frozen=True, kw_only=True, dict=True, gc=True):
    """How a file is read. `columns` are, per field, the headings (or element paths) by which senders name it.

    `needs` must all be there, and one of `needs_one_of`. `known_by` are further headings that only this format has;
    it then goes before the others. `constants` are fields that the file does not say because it is what it is.
    `statuses` are the words of a status cell and what they mean; `nothing` is one of the meanings. One of
    `negations` beside them undoes them, one of `hedges` only what would be done already; `yes` says no more than
    that, `outgoing` that a parcel leaves and `incoming` that it comes back, as do the letters of each of `turns`;
    `extras` are about what is booked for a parcel or lies in it, `slips` are papers that go with what leaves.
    `totals` begin rows that sum up others. `header` names the columns of a table that has none, known by the first
    cell of a row, `starts`. `words` and `meanings` tell headings word by word that are no names as a whole; `never`
    and `returns` are words of columns and of tables that are about something else, `no_pieces` and `remaining` of
    columns that count something else than what has left, `loading` of those that say with which tour or at which
    gate it leaves, `waiting` are of titles above what has not left, `unseen` of notes about colours, `within` goes
    before the parcel whose content is counted, `voids` are of columns about labels taken back, `former` of numbers
    that were replaced, `was` of what a device was before, `labels` of labels that lie in a parcel, `in_parts` and
    `whole` of columns that say whether a delivery is a part or the last. `apart` are words of columns about
    persons, places and goods, `idle` those that mean nothing in a remark, `linking` those that say nothing by
    themselves. `encoding` is that of files that do not show it, `days` are moments of an order of which its program
    writes no more than the day.
    """

    name: str
    file: str
    drops: tuple[Drop, ...]
    shape: Shape
    gives: Gives
    root: str = ""
    rows: str = ""
    columns: dict[str, tuple[str, ...]]
    needs: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    statuses: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, tuple[frozenset[str], ...]] = {}
    header: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    encoding: str = ""
    days: tuple[str, ...] = ()
    sample: str = ""
    expect: tuple[Expected, ...] = ()

    @cached_property
    def fields_by_key(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """For each heading's key, the fields it names, each with how much it is preferred (0 first)."""
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        for field, names in self.columns.items():
            for rank, key in enumerate(dict.fromkeys(map(column_key, names))):
                found[key] = (*found.get(key, ()), (field, rank))
        return found

    @cached_property
    def columns_of_orders(self) -> frozenset[str]:
        """The keys of the headings by which an order is named."""
        fields = (*INSTEAD["order"], "order_id")
        return frozenset(column_key(name) for field in fields for name in self.columns.get(field, ()))

    @cached_property
    def phrases(self) -> tuple[tuple[str, str], ...]:
        """Every phrase with its meaning, the longest first."""
        found = [(plain_words(phrase), meaning) for meaning, several in self.statuses.items() for phrase in several]
        return tuple(sorted(found, key=lambda one: -len(one[0])))

    @cached_property
    def phrases_by_word(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """The phrases by the first word of each."""
        found: dict[str, list[tuple[str, str]]] = {}
        for phrase, meaning in self.phrases:
            found.setdefault(next(iter(_WORD.findall(phrase)), ""), []).append((phrase, meaning))
        return {word: tuple(several) for word, several in found.items()}

    @cached_property
    def meaning_by_phrase(self) -> dict[str, str]:
        return dict(reversed(self.phrases))

    @cached_property
    def judged(self) -> dict[str, tuple[str | None, bool]]:
        """What texts were found to mean, kept by whoever judges them, for a few stand in a column again and again."""
        return {}

    @cached_property
    def added(self) -> dict[str, bool]:
        """Whether texts were found to add that something stays, kept likewise."""
        return {}

    @cached_property
    def known_keys(self) -> frozenset[str]:
        return frozenset(map(column_key, self.known_by))


def known_encoding(name: str) -> str:
    """The name of an encoding, or a ValueError that says what may stand there."""
    if name and name not in ENCODINGS:
        raise ValueError(f"`{name}` is no encoding; there are {', '.join(ENCODINGS)}")
    return name
