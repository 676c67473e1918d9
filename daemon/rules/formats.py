"""What a file may look like: how its columns or elements are read, with a sample and what it must give."""

from functools import cached_property
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value
from daemon.rules.columns import Columns, column_key
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.strict_yaml import load_checked

Gives = Literal["orders", "inquiries", "dispatch", "stock", "articles", "returns"]
Drop = Literal["orders", "merchants", "sellers", "fulfillers"]
Shape = Literal["table", "xml"]

DISPATCH_FIELDS = frozenset(
    {"order", "line", "sku", "quantity", "tracking", "url", "carrier", "shipped_on", "imei", "imei2", "serial"}
    | {"status", "problem", "remark", "voided", "until", "external_order", "reference", "shipment_id"}
)
INQUIRY_FIELDS = frozenset({"fulfiller", "warehouse", "text"})
STOCK_FIELDS = frozenset({"sku", "stock", "warehouse", "reserved", "blocked", "announced"})
ARTICLE_FIELDS = frozenset({"sku", "name", "ean", "weight", "hs_code", "origin"})
RETURN_FIELDS = frozenset({"order", "sku", "quantity", "return_number", "returned_on", "condition", "reason"})
_FIELDS = {
    "dispatch": DISPATCH_FIELDS,
    "inquiries": INQUIRY_FIELDS,
    "stock": STOCK_FIELDS,
    "articles": ARTICLE_FIELDS,
    "returns": RETURN_FIELDS,
}
INSTEAD = {"order": ("external_order", "order", "reference"), "tracking": ("tracking", "shipment_id")}
"""Fields that are read from the first of these that a table has."""
ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp850", "cp852", "iso-8859-1", "iso-8859-2", "iso-8859-15")
NOT_LEFT = "not_left"
"""A status beside which a number is no dispatch."""
NO_SHARED_NAMES = Columns()


class Expected(Value, frozen=True, kw_only=True):
    """A finding that a sample must give; what is None is not compared."""

    kind: str
    order: str | None = None
    line: str | None = None
    value: str | None = None


class Format(Value, frozen=True, kw_only=True, dict=True, gc=True):
    """How a file is read. `columns` are, per field, the headings (or element paths) by which senders name it.

    `needs` must all be there, and one of `needs_one_of`. `known_by` are further headings that only this format has;
    it then goes before the others. `constants` are fields that the file does not say because it is what it is.
    `statuses` are the words of a status cell and what they mean; `nothing` is one of the meanings. One of `negations`
    beside them undoes them, one of `hedges` only what would be done already; `yes` says no more than that. `totals`
    begin rows that sum up others. `header` names the columns of a table that has none, known by the first cell of a
    row, `starts`. `words` and `meanings` tell headings word by word that are no names as a whole; `never` and `returns`
    are words of columns and of tables that are about something else. `encoding` is that of files that do not show it.
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
    words: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, tuple[frozenset[str], ...]] = {}
    returns: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    hedges: frozenset[str] = frozenset()
    totals: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    encoding: str = ""
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
    def phrases(self) -> tuple[tuple[str, str], ...]:
        """Every phrase with its meaning, the longest first."""
        found = [(phrase.casefold(), meaning) for meaning, several in self.statuses.items() for phrase in several]
        return tuple(sorted(found, key=lambda one: -len(one[0])))

    @cached_property
    def known_keys(self) -> frozenset[str]:
        return frozenset(map(column_key, self.known_by))


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
    names: Literal["shared"] | None = None
    columns: dict[str, tuple[str, ...]] = {}
    needs: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    constants: dict[str, str] = {}
    statuses: dict[str, tuple[str, ...]] = {}
    header: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    encoding: str = ""
    sample: str = Field(min_length=1)
    expect: tuple[ExpectedEntry, ...]

    @field_validator("statuses")
    @classmethod
    def _statuses_mean_something(cls, statuses: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        meanings = {
            "nothing",
            NOT_LEFT,
            *(str(one) for one in ProblemKind),
            Statement.ACCEPTED.value,
            Statement.SHIPPED.value,
        }
        for meaning in statuses:
            if meaning not in meanings:
                raise ValueError(f"`{meaning}` is no meaning of a status; there are {', '.join(sorted(meanings))}")
        return statuses

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, name: str) -> str:
        return known_encoding(name)

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        known = _FIELDS.get(self.gives)
        for field in (*self.columns, *self.constants):
            if known is not None and field not in known:
                raise ValueError(f"`{field}` is no field of {self.gives}; there are {', '.join(sorted(known))}")
        if not self.columns and not self.names:
            raise ValueError("a format says its `columns`, or `names: shared`")
        for field in () if self.names else (*self.needs, *self.needs_one_of):
            if field not in self.columns:
                raise ValueError(f"`{field}` is needed but has no columns")
        if bool(self.header) != bool(self.starts):
            raise ValueError("a table without a header has both `header` and `starts`")
        if self.kind == "xml" and not (self.root and self.rows):
            raise ValueError("an xml format says its `root` and its `rows`")
        return self

    def value(self, file: str, shared: Columns) -> Format:
        """The format as the rulebook holds it."""
        shared = shared if self.names else Columns()
        fields = _FIELDS.get(self.gives, DISPATCH_FIELDS)
        names = {field: several for field, several in shared.fields.items() if field in fields}
        return Format(
            name=self.format,
            file=file,
            drops=self.drops,
            shape=self.kind,
            gives=self.gives,
            root=self.root,
            rows=self.rows,
            columns=_joined(self.columns, names),
            needs=self.needs,
            needs_one_of=self.needs_one_of,
            known_by=self.known_by,
            constants=self.constants,
            statuses=_joined(self.statuses, shared.statuses),
            words=shared.words,
            meanings={field: several for field, several in shared.meanings.items() if field in fields},
            returns=shared.returns,
            never=shared.never,
            yes=shared.yes,
            negations=shared.negations,
            hedges=shared.hedges,
            totals=shared.totals,
            header=self.header,
            starts=self.starts,
            encoding=self.encoding,
            sample=self.sample,
            expect=tuple(Expected(**one.model_dump()) for one in self.expect),
        )


def _joined(own: dict[str, tuple[str, ...]], shared: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Both, the format's own names first."""
    return {
        key: (*own.get(key, ()), *shared.get(key, ())) for key in (*own, *(key for key in shared if key not in own))
    }


def known_encoding(name: str) -> str:
    """The name of an encoding, or a ValueError that says what may stand there."""
    if name and name not in ENCODINGS:
        raise ValueError(f"`{name}` is no encoding; there are {', '.join(ENCODINGS)}")
    return name


def formats_from(
    file: str, text: str, shared: Columns = NO_SHARED_NAMES
) -> tuple[tuple[Format, ...], tuple[Mistake, ...]]:
    """The format that a file of `rules/formats` describes, or every mistake in it."""
    entry, mistakes = load_checked(file, text, FormatEntry)
    return ((entry.value(file, shared),) if entry else ()), mistakes
