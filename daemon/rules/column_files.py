"""The file `rules/columns.yaml` to the shared names, or every mistake in it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from daemon.rules.columns import Columns, column_key, words_of
from daemon.rules.mistakes import Mistake
from daemon.rules.models import LANGUAGE, Entry
from daemon.rules.strict_yaml import load_checked


def _together(languages: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in languages.values() for name in names))


def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(column_key, names)))


ByLanguage = dict[Annotated[str, LANGUAGE], tuple[str, ...]]
Keys = Annotated[tuple[str, ...], AfterValidator(_keys)]
KeysByLanguage = Annotated[ByLanguage, AfterValidator(lambda languages: frozenset(_keys(_together(languages))))]
FoldedByLanguage = Annotated[
    ByLanguage, AfterValidator(lambda languages: frozenset(word.casefold() for word in _together(languages)))
]


class ColumnsEntry(Entry):
    """The file `rules/columns.yaml`: each list by language; `words` and `meanings` for headings word by word."""

    model_config = ConfigDict(validate_default=True)

    fields: dict[str, ByLanguage] = Field(min_length=1)
    words: dict[str, Keys] = {}
    meanings: dict[str, tuple[str, ...]] = {}
    statuses: dict[str, ByLanguage] = {}
    returns: Keys = ()
    never: Keys = ()
    no_pieces: Keys = ()
    remaining: Keys = ()
    loading: Keys = ()
    waiting: Keys = ()
    unseen: Keys = ()
    within: Keys = ()
    voids: Keys = ()
    former: Keys = ()
    labels: Keys = ()
    in_parts: Keys = ()
    whole: Keys = ()
    was: Keys = ()
    apart: Keys = ()
    yes: FoldedByLanguage = {}
    outgoing: FoldedByLanguage = {}
    incoming: FoldedByLanguage = {}
    turns: Keys = ()
    extras: Keys = ()
    slips: Keys = ()
    negations: FoldedByLanguage = {}
    hedges: FoldedByLanguage = {}
    idle: KeysByLanguage = {}
    linking: KeysByLanguage = {}
    totals: KeysByLanguage = {}

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
        **words_of(entry),
        fields=_each(entry.fields),
        meanings={field: tuple(frozenset(one.split()) for one in several) for field, several in entry.meanings.items()},
        statuses=_each(entry.statuses),
    ), ()


def _each(several: Mapping[str, ByLanguage]) -> dict[str, tuple[str, ...]]:
    return {name: _together(languages) for name, languages in several.items()}
