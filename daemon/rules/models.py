"""Plain values checked against a pydantic model, each mistake said in words and placed on its line."""

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails
from pydantic_core.core_schema import no_info_after_validator_function

from daemon.domain.values import Json, Value
from daemon.rules.mistakes import Lines, Mistake, Path

M = TypeVar("M", bound=BaseModel)


class Entry(BaseModel):
    """The base of what stands in a rule file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Form(Value, frozen=True):
    """Text of a form, which whoever writes another is told in words: `Annotated[str, Form(pattern, wanted)]`."""

    pattern: str
    wanted: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._fitting, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}

    def _fitting(self, written: str) -> str:
        if not re.fullmatch(self.pattern, written):
            raise ValueError(f"must be {self.wanted}")
        return written


LANGUAGE = Form("[a-z]{2}", "a language of two small letters, such as de")


LANGUAGES = frozenset(
    (  # noqa: SIM905
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
        "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io "
        "is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn "
        "mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se "
        "sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo "
        "wa wo xh yi yo za zh zu"
    ).split()
)
"""ISO 639-1."""


def check(file: str, value: Json, lines: Lines, model: type[M], at: Path = ()) -> tuple[M | None, tuple[Mistake, ...]]:
    """A value as a model, or None with every mistake; `at` is where in the file the value stands.

    Types are strict as in JSON, except that a plain number is text where the model wants text: `id: 1001`.
    """
    while True:
        try:
            return model.model_validate_json(json.dumps(value), strict=True), ()
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=True)
            repaired = _numbers_as_text(value, found, lines, at)
            if repaired is None:
                return None, _mistakes(file, value, found, lines, at)
            value = repaired


def _place(value: Json, location: tuple[str | int, ...]) -> Path:
    """The path of an error, without the names of union members and validators that pydantic puts between."""
    path: list[str | int] = []
    for step in location:
        if not _leads_on(value, step):
            continue
        value = value[step]
        path.append(step)
    return tuple(path)


def _leads_on(value: Json, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _numbers_as_text(value: Json, errors: list[ErrorDetails], lines: Lines, at: Path) -> Json:
    """The value with the plain numbers written as text that were refused for not being text; None if there are none."""
    paths = {_place(value, error["loc"]) for error in errors if error["type"] == "string_type"}
    texts = {path: lines.written((*at, *path)) for path in paths if isinstance(_at(value, path), int | float)}
    known = {path: text for path, text in texts.items() if text is not None}
    return _replaced(value, known, ()) if known else None


def _at(value: Json, path: Path) -> Json:
    for step in path:
        value = value[step]
    return value


def _replaced(value: Json, texts: dict[Path, str], path: Path) -> Json:
    if path in texts:
        return texts[path]
    if isinstance(value, dict):
        return {key: _replaced(one, texts, (*path, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, texts, (*path, place)) for place, one in enumerate(value)]
    return value


def _mistakes(file: str, value: Json, errors: list[ErrorDetails], lines: Lines, at: Path) -> tuple[Mistake, ...]:
    found: dict[tuple[Path, str], Mistake] = {}
    places = [_place(value, error["loc"]) for error in errors]
    for error, path in zip(errors, places, strict=True):
        # pydantic counts a list's entries without the wrong ones, and then finds too few
        if error["type"] == "too_short" and any(other[: len(path)] == path != other for other in places):
            continue
        problem = _problem(error, _name(path))
        key = (path, "" if len(error["loc"]) > len(path) and error["type"] != "missing" else problem)
        found.setdefault(key, Mistake(file=file, line=lines.of((*at, *path)), problem=problem))
    return tuple(sorted(found.values(), key=lambda mistake: mistake.line))


def _name(path: Path) -> str:
    """A path as a person writes it: `mail.receive[1].port`."""
    name = ""
    for step in path:
        name += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if name else step
    return name


_WORDS = {
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
}


_CHOICES = ("expected", "expected_tags")
"""Where pydantic names what may stand there."""


def _problem(error: ErrorDetails, name: str) -> str:
    kind, last = error["type"], error["loc"][-1] if error["loc"] else ""
    if kind == "extra_forbidden":
        return f"`{name}`: unknown key"
    if kind == "missing":
        return f"`{name}.{last}` is missing" if name else f"`{last}` is missing"
    what = f"`{name}`: " if name else ""
    if kind == "value_error":
        return what + error["msg"].removeprefix("Value error, ")
    if choices := [error["ctx"][key] for key in _CHOICES if key in error.get("ctx", {})]:
        return f"{what}must be {_listed(choices[0])}"
    return what + _WORDS.get(kind, error["msg"][:1].lower() + error["msg"][1:])


def _listed(choices: str) -> str:
    """Pydantic's `'a', 'b' or 'c'` as `a, b or c`."""
    parts = [one.strip().strip("'") for one in re.split(r", | or ", choices)]
    return " or ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
