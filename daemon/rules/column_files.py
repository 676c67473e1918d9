"""The file `rules/columns.yaml` to the shared names, or every mistake in it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from daemon.rules.columns import Columns, column_key
from daemon.rules.mistakes import Mistake
from daemon.rules.models import LANGUAGE, Entry
from daemon.rules.strict_yaml import load_checked

ByLanguage = dict[Annotated[str, LANGUAGE], tuple[str, ...]]


class ColumnsEntry(Entry):
    """The file `rules/columns.yaml`: each list by language; `words` and `meanings` for headings word by word."""

    fields: dict[str, ByLanguage] = Field(min_length=1)
    words: dict[str, tuple[str, ...]] = {}
    meanings: dict[str, tuple[str, ...]] = {}
    returns: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    no_pieces: tuple[str, ...] = ()
    remaining: tuple[str, ...] = ()
    loading: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    in_parts: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    statuses: dict[str, ByLanguage] = {}
    yes: ByLanguage = {}
    outgoing: ByLanguage = {}
    negations: ByLanguage = {}
    hedges: ByLanguage = {}
    apart: tuple[str, ...] = ()
    idle: ByLanguage = {}
    linking: ByLanguage = {}
    totals: ByLanguage = {}

    @model_validator(mode="after")
    def _meanings_are_made_of_words(self) -> Self:
        for field, several in self.meanings.items():
            for word in {word for one in several for word in one.split()} - self.words.keys():
                raise ValueError(f"`{word}`, of which `{field}` is made, has no `words`")
        return self

    @field_validator("fields")
    @classmethod
    def _each_name_is_one_field(cls, fields: dict[str, ByLanguage]) -> dict[str, ByLanguage]:
        owners: dict[str, str] = {}
        for field, languages in fields.items():
            for name in _together(languages):
                owner = owners.setdefault(column_key(name), field)
                if owner != field:
                    raise ValueError(f"`{name}` is a name of both `{owner}` and `{field}`")
        return fields


def columns_from(file: str, text: str) -> tuple[Columns, tuple[Mistake, ...]]:
    """The shared names, or every mistake in them."""
    entry, mistakes = load_checked(file, text, ColumnsEntry)
    if entry is None:
        return Columns(), mistakes
    return Columns(
        fields=_each(entry.fields),
        words={word: tuple(dict.fromkeys(map(column_key, stems))) for word, stems in entry.words.items()},
        meanings={field: tuple(frozenset(one.split()) for one in several) for field, several in entry.meanings.items()},
        returns=tuple(map(column_key, entry.returns)),
        never=tuple(map(column_key, entry.never)),
        no_pieces=tuple(map(column_key, entry.no_pieces)),
        remaining=tuple(map(column_key, entry.remaining)),
        loading=tuple(map(column_key, entry.loading)),
        waiting=tuple(map(column_key, entry.waiting)),
        unseen=tuple(map(column_key, entry.unseen)),
        within=tuple(map(column_key, entry.within)),
        voids=tuple(map(column_key, entry.voids)),
        former=tuple(map(column_key, entry.former)),
        labels=tuple(map(column_key, entry.labels)),
        in_parts=tuple(map(column_key, entry.in_parts)),
        whole=tuple(map(column_key, entry.whole)),
        was=tuple(map(column_key, entry.was)),
        statuses=_each(entry.statuses),
        yes=frozenset(one.casefold() for one in _together(entry.yes)),
        outgoing=frozenset(one.casefold() for one in _together(entry.outgoing)),
        negations=frozenset(one.casefold() for one in _together(entry.negations)),
        hedges=frozenset(one.casefold() for one in _together(entry.hedges)),
        apart=tuple(map(column_key, entry.apart)),
        idle=frozenset(map(column_key, _together(entry.idle))),
        linking=frozenset(map(column_key, _together(entry.linking))),
        totals=tuple(column_key(one) for one in _together(entry.totals)),
    ), ()


def _each(several: Mapping[str, ByLanguage]) -> dict[str, tuple[str, ...]]:
    return {name: _together(languages) for name, languages in several.items()}


def _together(languages: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in languages.values() for name in names))
