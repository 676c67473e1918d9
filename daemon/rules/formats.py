"""What a file may look like: how its columns or elements are read, with a sample and what it must give."""

import re
from functools import lru_cache
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.strict_yaml import load_checked

Gives = Literal["orders", "inquiries", "dispatch", "stock"]
Drop = Literal["orders", "merchants", "sellers", "fulfillers"]
Shape = Literal["table", "xml"]

DISPATCH_FIELDS = frozenset(
    {"order", "line", "sku", "quantity", "tracking", "url", "carrier", "shipped_on", "imei", "imei2", "serial"}
    | {"status", "problem", "until"}
)
INQUIRY_FIELDS = frozenset({"fulfiller", "warehouse", "text"})
STOCK_FIELDS = frozenset({"sku", "stock", "warehouse"})

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_NO_NAME = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def column_key(heading: str) -> str:
    """A heading without case, blanks, signs and umlauts, so that `Tracking-Nr.` and `tracking_nr` are the same."""
    return _NO_NAME.sub("", heading.casefold().translate(_UMLAUTS))


class Expected(Value, frozen=True, kw_only=True):
    """A finding that a sample must give; what is None is not compared."""

    kind: str
    order: str | None = None
    line: str | None = None
    value: str | None = None


class Format(Value, frozen=True, kw_only=True):
    """How a file is read. `columns` are, per field, the headings (or element paths) by which senders name it.

    `needs` must all be there, and one of `needs_one_of`. `known_by` are further headings that only this format has;
    it then goes before the others. `constants` are fields that the file does not say because it is what it is.
    `statuses` are the words of a status cell and what they mean; `nothing` is one of the meanings.
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
    sample: str = ""
    expect: tuple[Expected, ...] = ()


class ExpectedEntry(Entry):
    kind: str
    order: str | None = None
    line: str | None = None
    value: str | None = None


class FormatEntry(Entry):
    """A file of `rules/formats`."""

    format: str = Field(min_length=1)
    drops: tuple[Drop, ...] = Field(alias="for", min_length=1)
    kind: Shape
    gives: Gives
    root: str = ""
    rows: str = ""
    columns: dict[str, tuple[str, ...]] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    statuses: dict[str, tuple[str, ...]] = {}
    sample: str = Field(min_length=1)
    expect: tuple[ExpectedEntry, ...]

    @field_validator("statuses")
    @classmethod
    def _statuses_mean_something(cls, statuses: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        meanings = {"nothing", *(str(one) for one in ProblemKind), Statement.ACCEPTED.value, Statement.SHIPPED.value}
        for meaning in statuses:
            if meaning not in meanings:
                raise ValueError(f"`{meaning}` is no meaning of a status; there are {', '.join(sorted(meanings))}")
        return statuses

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        known = {"dispatch": DISPATCH_FIELDS, "inquiries": INQUIRY_FIELDS, "stock": STOCK_FIELDS}.get(self.gives)
        for field in (*self.columns, *self.constants):
            if known is not None and field not in known:
                raise ValueError(f"`{field}` is no field of {self.gives}; there are {', '.join(sorted(known))}")
        for field in (*self.needs, *self.needs_one_of):
            if field not in self.columns:
                raise ValueError(f"`{field}` is needed but has no columns")
        if self.kind == "xml" and not (self.root and self.rows):
            raise ValueError("an xml format says its `root` and its `rows`")
        return self

    def value(self, file: str) -> Format:
        """The format as the rulebook holds it."""
        return Format(
            name=self.format,
            file=file,
            drops=self.drops,
            shape=self.kind,
            gives=self.gives,
            root=self.root,
            rows=self.rows,
            columns=self.columns,
            needs=self.needs,
            needs_one_of=self.needs_one_of,
            known_by=self.known_by,
            constants=self.constants,
            statuses=self.statuses,
            sample=self.sample,
            expect=tuple(Expected(**one.model_dump()) for one in self.expect),
        )


def formats_from(file: str, text: str) -> tuple[tuple[Format, ...], tuple[Mistake, ...]]:
    """The format that a file of `rules/formats` describes, or every mistake in it."""
    entry, mistakes = load_checked(file, text, FormatEntry)
    return ((entry.value(file),) if entry else ()), mistakes
