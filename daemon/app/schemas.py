"""JSON Schemas for the YAML files that people edit, made from the very models that check them.

What `check` accepts, a schema accepts too: a plain number where text is wanted, one entry or a list of them, and in
`config.yaml` a `${POSTBOTE_X}` in place of any value.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from daemon.config import Config
from daemon.config.kinds import span_text
from daemon.domain.values import Json
from daemon.rules.asides import AsidesEntry
from daemon.rules.carrier_files import CarrierEntry
from daemon.rules.column_files import ColumnsEntry
from daemon.rules.deadline_files import DeadlineEntry
from daemon.rules.format_files import FormatEntry
from daemon.rules.partners import PartnerEntry
from daemon.rules.quality_files import MetricEntry
from daemon.rules.reply_files import ReplyEntry
from daemon.rules.words import PlainWordsEntry, SmallTalkEntry, WordsEntry
from daemon.writing.reasons import CODE

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ENTRIES: Mapping[str, type[BaseModel]] = {
    "partners": PartnerEntry,
    "replies": ReplyEntry,
    "carriers": CarrierEntry,
    "deadlines": DeadlineEntry,
    "quality": MetricEntry,
}
_VARIABLE = {"type": "string", "pattern": r"\$\{POSTBOTE_[A-Z0-9_]+\}"}
_LEAVES = {"string", "integer", "number", "boolean"}


def schemas() -> dict[str, str]:
    """The schemas as the texts of files, by file name."""
    made: dict[str, Json] = {name: _listed(_of(model)) for name, model in _ENTRIES.items()}
    made |= {"formats": _of(FormatEntry), "columns": _of(ColumnsEntry), "words": _of(WordsEntry)}
    made |= {"plain_words": _of(PlainWordsEntry), "asides": _of(AsidesEntry), "small_talk": _of(SmallTalkEntry)}
    made["config"] = _everywhere(_of(Config), _or_variable)
    made["reasons"] = {
        "type": "object",
        "propertyNames": {"pattern": f"^{CODE.pattern}$"},
        "additionalProperties": {"type": "string", "minLength": 1},
    }
    return {
        f"{name}.json": json.dumps({"$schema": _DRAFT, "title": name, **schema}, indent=1, ensure_ascii=False) + "\n"
        for name, schema in sorted(made.items())
    }


class _AsWritten(GenerateJsonSchema):
    """Defaults as a person writes them."""

    def encode_default(self, dft: Any) -> Any:
        return span_text(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def _of(model: type[BaseModel]) -> Json:
    plain = _everywhere(model.model_json_schema(schema_generator=_AsWritten), _any_of_several)
    return _everywhere(plain, _text_or_number)


def _listed(schema: Json) -> Json:
    """One entry or a list of them."""
    kinds = schema.pop("$defs", {})
    name = schema["title"]
    entry = {"$ref": f"#/$defs/{name}"}
    return {"anyOf": [{"type": "array", "items": entry}, entry], "$defs": {**kinds, name: schema}}


def _everywhere(schema: Json, change: Callable[[Json], Json]) -> Json:
    """A schema with every part of it changed; names of keys, constants and defaults are no parts."""
    if isinstance(schema, list):
        return [_everywhere(one, change) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {
        name: {key: _everywhere(one, change) for key, one in value.items()}
        if name in {"properties", "$defs"}
        else value
        if name in {"default", "enum", "const", "examples", "required", "discriminator", "propertyNames"}
        else _everywhere(value, change)
        for name, value in schema.items()
    }
    return change(inner)


def _any_of_several(schema: Json) -> Json:
    """A discriminator is OpenAPI's; each member names itself by its constant anyway."""
    several = schema.pop("oneOf", None)
    schema.pop("discriminator", None)
    return {**schema, "anyOf": several} if several else schema


def _text_or_number(schema: Json) -> Json:
    free = schema.get("type") == "string" and not {"enum", "const"} & set(schema)
    free = free and schema.get("format") in {None, "password"}
    return {**schema, "type": ["string", "number"]} if free else schema


def _or_variable(schema: Json) -> Json:
    kind = schema.get("type")
    leaf = "enum" in schema or isinstance(kind, list) or kind in _LEAVES
    any_text = isinstance(kind, list) and "pattern" not in schema
    if not leaf or any_text or "const" in schema:
        return schema
    about = {name: value for name, value in schema.items() if name in {"title", "description", "default"}}
    rest = {name: value for name, value in schema.items() if name not in about}
    return {**about, "anyOf": [rest, _VARIABLE]}
