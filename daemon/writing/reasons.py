"""Reasons as sentences: `templates/reasons/LANG.yaml` maps each code to what it says in that language."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec
import yaml

from daemon.domain.reason import Reason
from daemon.domain.values import Value
from daemon.errors import Mistake
from daemon.writing import filters
from daemon.writing.cleaning import one_line

FOLDER = "templates/reasons/"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_FALLBACK = "en"
_NONE: Mapping[str, str] = {}
_LOOKED_UP = frozenset({"word", "mailing", "field", "task"})
_KINDS = _LOOKED_UP | {"day", "moment", "money", "country", "number"}
# Some findings name their value after what it is.
_ALSO = {"value": "number"}
CODE = re.compile(r"[a-z][a-z0-9_]*")
_ROW = re.compile(r"(row|item) ([0-9]+)(?:, column (.+))?")
_PLACES = {"row": ("place_row", "place_cell"), "item": ("place_item", "place_item_field")}
_TEXT_LINE = re.compile(r"(?:mail text, )?line ([0-9]+)")
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Reasons(Value, frozen=True, kw_only=True):
    """The sentences of every language; `say` never fails, since a person waits for the answer."""

    sentences: dict[str, dict[str, str]]

    def say(self, reason: Reason, language: str) -> str:
        """The reason in that language, else in English, else as its bare code with its values."""
        spoken, sentence = self._sentence(reason.code, language)
        if sentence is None:
            values = ", ".join(f"{name}={one_line(value)}" for name, value in reason.values.items())
            said = f"{reason.code} ({values})" if values else reason.code
        else:
            said = self._filled(sentence, reason.values, spoken)
        return _placed(said, self.place(reason.where, language)) if reason.where else said

    def tell(self, reason: Reason, language: str) -> str:
        """What a partner hears of it, where its sentence shows another's business: one that is for him."""
        outward = f"outward_{reason.code}"
        known = self._sentence(outward, language)[1] is not None
        return self.say(msgspec.structs.replace(reason, code=outward) if known else reason, language)

    def hint(self, reason: Reason, language: str, *, of_row: bool = True) -> str:
        """What the sender can do about it: to correct a row at least; of a whole file not even that."""
        spoken, sentence = self._sentence(f"hint_{reason.code}", language)
        if sentence is None and of_row:
            spoken, sentence = self._sentence("hint", language)
        return self._filled(sentence or "", reason.values, spoken)

    def place(self, where: str, language: str) -> str:
        """A place in a file or mail, in the reader's language where its form is known."""
        if row := _ROW.fullmatch(where):
            code = _PLACES[row[1]][bool(row[3])]
            return self.say(Reason(code=code, values={"row": row[2], "column": row[3] or ""}), language)
        if line := _TEXT_LINE.fullmatch(where):
            return self.say(Reason(code="place_line", values={"line": line[1]}), language)
        return one_line(where)

    def _filled(self, sentence: str, values: Mapping[str, str], language: str) -> str:
        if "{" not in sentence:
            return sentence
        return "".join(
            f"{before}{self._value(values, name, kind, language)}" if name else before
            for before, name, kind in _parts(sentence)
        )

    def _sentence(self, code: str, language: str) -> tuple[str, str | None]:
        if sentence := self.sentences.get(language, _NONE).get(code):
            return language, sentence
        for spoken in (language.partition("-")[0], _FALLBACK):
            if sentence := self.sentences.get(spoken, _NONE).get(code):
                return spoken, sentence
        return language, None

    def _value(self, values: Mapping[str, str], name: str, kind: str, language: str) -> str:
        given = values.get(name) or values.get(_ALSO.get(name, ""), "")
        value = one_line(given) or "?"
        if kind in _LOOKED_UP:
            return ", ".join(self._word(kind, one, values, language) for one in value.split(", "))
        return _written(value, kind, language) if kind else value

    def _word(self, kind: str, value: str, values: Mapping[str, str], language: str) -> str:
        spoken, said = self._sentence(f"{kind}_{value.replace('-', '_')}", language)
        return self._filled(said, values, spoken) if said else value


@lru_cache(maxsize=1024)
def _parts(sentence: str) -> tuple[tuple[str, str, str], ...]:
    """A sentence as what stands before each placeholder, with its name and its kind; what stands behind comes last."""
    found = [*_PLACEHOLDER.finditer(sentence)]
    ends = [0, *(one.end() for one in found)]
    parts = [(sentence[end : one.start()], one[1], one[2] or "") for end, one in zip(ends, found, strict=False)]
    return (*parts, (sentence[ends[-1] :], "", ""))


def _placed(said: str, place: str) -> str:
    """The place inside the sentence, before its full stop."""
    return f"{said[:-1]} ({place})." if said.endswith(".") else f"{said} ({place})"


def _written(value: str, kind: str, language: str) -> str:
    try:
        match kind:
            case "day":
                return filters.day(value, language)
            case "moment":
                return filters.moment(value, language)
            case "money":
                amount, _, currency = value.partition(" ")
                return filters.money(amount, currency, language) if currency else value
            case "country":
                return filters.country(value, language)
            case "number":
                return filters.number(value, language)
            case _:
                return value
    except (ValueError, ArithmeticError):
        return value


def compile_reasons(files: Mapping[str, str]) -> Reasons | tuple[Mistake, ...]:
    """The sentences of all languages, or every mistake in them: form, what they show, and what English lacks."""
    places: dict[str, dict[str, int]] = {}
    sentences: dict[str, dict[str, str]] = {}
    mistakes: list[Mistake] = []
    for file in sorted(name for name in files if name.startswith(FOLDER)):
        language, _, ending = file.removeprefix(FOLDER).rpartition(".")
        if ending not in {"yaml", "yml"}:
            mistakes.append(Mistake(file=file, line=1, problem="sentences of reasons are kept as LANGUAGE.yaml"))
            continue
        read = _read(file, files[file])
        mistakes.extend(one for one in read if isinstance(one, Mistake))
        entries = [one for one in read if not isinstance(one, Mistake)]
        sentences[language] = {code: sentence for code, sentence, _ in entries}
        places[language] = {code: line for code, _, line in entries}
    mistakes.extend(_unlike(sentences, places))
    return tuple(mistakes) or Reasons(sentences=sentences)


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence shows."""
    return frozenset(found[1] for found in _PLACEHOLDER.finditer(sentence))


def _read(file: str, text: str) -> list[tuple[str, str, int] | Mistake]:
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Mistake(file=file, line=line, problem=f"this is no YAML: {error.problem}")]
    except (yaml.YAMLError, RecursionError):
        return [Mistake(file=file, line=1, problem="this is no YAML")]
    if not isinstance(root, yaml.MappingNode):
        return [Mistake(file=file, line=1, problem="this must be a map of codes to sentences")]
    return list(_entries(file, root))


def _entries(file: str, root: yaml.MappingNode) -> Iterator[tuple[str, str, int] | Mistake]:
    seen: set[str] = set()
    for key, value in root.value:
        line = key.start_mark.line + 1
        problem = _entry_problem(key, value, seen)
        if problem:
            yield Mistake(file=file, line=line, problem=problem)
        else:
            seen.add(key.value)
            yield key.value, value.value.strip(), line


def _entry_problem(key: yaml.Node, value: yaml.Node, seen: set[str]) -> str | None:
    if not isinstance(key, yaml.ScalarNode) or not CODE.fullmatch(key.value):
        return "a code is written in small letters, digits and underscores"
    if key.value in seen:
        return f"{key.value} stands here twice"
    if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
        return f"{key.value} must be one sentence"
    looked_up = any(found[2] in _LOOKED_UP for found in _PLACEHOLDER.finditer(value.value))
    if looked_up and key.value.partition("_")[0] in _LOOKED_UP:
        return f"{key.value}: what is looked up looks nothing up itself"
    rest = _PLACEHOLDER.sub("", value.value)
    unknown = {found[2] for found in _PLACEHOLDER.finditer(value.value)} - _KINDS - {None}
    if unknown or "{" in rest or "}" in rest:
        return f"{key.value}: a value is written {{name}} or {{name:KIND}} with KIND one of {', '.join(sorted(_KINDS))}"
    return None


def _unlike(sentences: Mapping[str, Mapping[str, str]], places: Mapping[str, Mapping[str, int]]) -> Iterator[Mistake]:
    everything = {code: sentence for spoken in sentences.values() for code, sentence in spoken.items()}
    for language, spoken in sentences.items():
        file = f"{FOLDER}{language}.yaml"
        for code, sentence in everything.items():
            if code not in spoken:
                if language == _FALLBACK:
                    problem = (
                        f"{code} has a sentence in another language, but not here, where every other falls back to"
                    )
                    yield Mistake(file=file, line=1, problem=problem)
            elif (wanted := placeholders(sentence)) != (found := placeholders(spoken[code])):
                names = ", ".join(sorted(wanted ^ found))
                line = places[language][code]
                yield Mistake(
                    file=file, line=line, problem=f"{code}: not in every language with the same values: {names}"
                )
