"""Files of `rules/formats` to formats, or every mistake in them."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from daemon.domain.finding import Statement
from daemon.domain.goods_return import REFUNDED, ReturnState
from daemon.domain.problem import ProblemKind
from daemon.rules.columns import Columns, words_of
from daemon.rules.formats import (
    ATTEMPTED,
    MOVING,
    NO_LINE,
    NOT_LEFT,
    NOT_TO_SHIP,
    NOT_YET,
    OPEN,
    PAID,
    READY,
    SHIPPING,
    UNPAID,
    Drop,
    Expected,
    Format,
    Gives,
    Shape,
    known_encoding,
)
from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.strict_yaml import load_checked

NO_SHARED_NAMES = Columns()
_DISPATCH_FIELDS = frozenset(
    {
        "order",
        "line",
        "sku",
        "article",
        "quantity",
        "tracking",
        "url",
        "carrier",
        "shipped_on",
        "imei",
        "imei2",
        "serial",
    }
    | {"accepted", "ordered", "status", "problem", "remark", "voided", "handed", "until", "direction", "substitute"}
    | {"external_order", "reference", "shipment_id", "arrives"}
)
_INQUIRY_FIELDS = frozenset({"fulfiller", "warehouse", "text"})
_STOCK_FIELDS = frozenset({"sku", "stock", "merchant", "warehouse", "reserved", "blocked", "announced"})
_ARTICLE_FIELDS = frozenset({"sku", "name", "ean", "weight", "hs_code", "origin"})
_RETURN_FIELDS = frozenset(
    {"order", "sku", "quantity", "return_number", "returned_on"} | {"status", "condition", "reason", "duties"}
)
_DISPATCH_MEANINGS = frozenset(
    {"nothing", NOT_LEFT, NOT_YET, OPEN, MOVING, ATTEMPTED, *map(str, ProblemKind)}
    | {Statement.ACCEPTED.value, Statement.SHIPPED.value, Statement.PARTIAL.value}
)
_RETURN_MEANINGS = frozenset({REFUNDED, *map(str, ReturnState)})
_ORDER_MEANINGS = frozenset({PAID, UNPAID, READY, NOT_TO_SHIP, SHIPPING, NO_LINE})
_MEANINGS = {"returns": _RETURN_MEANINGS, "orders": _ORDER_MEANINGS}
_FIELDS = {
    "dispatch": _DISPATCH_FIELDS,
    "inquiries": _INQUIRY_FIELDS,
    "stock": _STOCK_FIELDS,
    "articles": _ARTICLE_FIELDS,
    "returns": _RETURN_FIELDS,
}


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
    days: tuple[str, ...] = ()
    sample: str = Field(min_length=1)
    expect: tuple[ExpectedEntry, ...]

    @field_validator("encoding")
    @classmethod
    def _encoding_is_known(cls, name: str) -> str:
        return known_encoding(name)

    @model_validator(mode="after")
    def _statuses_mean_something(self) -> Self:
        meanings = _MEANINGS.get(self.gives, _DISPATCH_MEANINGS)
        for meaning in self.statuses:
            if meaning not in meanings:
                raise ValueError(f"`{meaning}` is no meaning of a status; there are {', '.join(sorted(meanings))}")
        return self

    @model_validator(mode="after")
    def _fields_fit(self) -> Self:
        known = _FIELDS.get(self.gives)
        for field in (*self.columns, *self.constants, *self.days):
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
        fields = _FIELDS.get(self.gives, _DISPATCH_FIELDS)
        names = {field: several for field, several in shared.fields.items() if field in fields}
        return Format(
            **words_of(shared),
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
            meanings={field: several for field, several in shared.meanings.items() if field in fields},
            header=self.header,
            starts=self.starts,
            encoding=self.encoding,
            days=self.days,
            sample=self.sample,
            expect=tuple(Expected(**one.model_dump()) for one in self.expect),
        )


def _joined(own: dict[str, tuple[str, ...]], shared: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Both, the format's own names first."""
    return {
        key: (*own.get(key, ()), *shared.get(key, ())) for key in (*own, *(key for key in shared if key not in own))
    }


def formats_from(
    file: str, text: str, shared: Columns = NO_SHARED_NAMES
) -> tuple[tuple[Format, ...], tuple[Mistake, ...]]:
    """The format that a file of `rules/formats` describes, or every mistake in it."""
    entry, mistakes = load_checked(file, text, FormatEntry)
    return ((entry.value(file, shared),) if entry else ()), mistakes
