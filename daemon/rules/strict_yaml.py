"""YAML 1.2 without surprises: every mistake with its line, no aliases, no silent booleans, dates or octals."""

import re
from collections.abc import Iterator

import yaml

from daemon.domain.values import Json
from daemon.rules.mistakes import Lines, Mistake, Path
from daemon.rules.models import M, check

__all__ = ["Lines", "Mistake", "load_checked", "load_checked_list", "read"]

LARGEST = 256 * 1024
DEEPEST = 20

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# 0123 and 1e3 are numbers in YAML, too; postcodes, tracking numbers and ids look like that, so they stay text.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")

_AGAIN = "\0"  # read past a repeated key without noting its lines over those of the first

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _FaultError(Exception):
    """Reading cannot go on behind this line."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


class _Builder:
    """Makes plain values of the parser's events; notes mistakes that do not stop it."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.lines = Lines()
        self.mistakes: list[Mistake] = []

    def document(self) -> Json:
        value: Json = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _FaultError(_line(event), "a second document (`---`) begins here; a file holds one")
                value = self.value(next(self.events), ())
        return value

    def value(self, event: yaml.Event, path: Path) -> Json:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise _FaultError(line, f"`*{event.anchor}`: aliases are not allowed; write the value out")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise _FaultError(line, f"`&{event.anchor}`: anchors are not allowed; write the value out")
        if len(path) > DEEPEST:
            raise _FaultError(line, f"nested more than {DEEPEST} deep")
        tag = getattr(event, "tag", None)
        if tag:
            self._mistake(line, f"`{tag}`: tags are not allowed")
        if path not in self.lines:
            self.lines.note(path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, path: Path) -> dict[str, Json]:
        found: dict[str, Json] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _FaultError(line, "a key must be a word")
            if event.anchor:
                raise _FaultError(line, f"`&{event.anchor}`: anchors are not allowed; write the value out")
            key, here = event.value, (*path, event.value)
            if key in found:
                self._mistake(line, f"`{key}` is here a second time; it stands in line {self.lines.of(here)} already")
                self.value(next(self.events), (*here, _AGAIN))
                continue
            self.lines.note(here, line)
            found[key] = self.value(next(self.events), here)
        return found

    def _sequence(self, path: Path) -> list[Json]:
        found: list[Json] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            found.append(self.value(event, (*path, len(found))))
        return found

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Json:
        text: str = event.value
        if event.style:
            return text
        if text in _NULLS:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text):
            self.lines.note(path, self.lines.of(path), written=text)
            return float(text) if "." in text else int(text)
        return text

    def _mistake(self, line: int, problem: str) -> None:
        self.mistakes.append(Mistake(file=self.file, line=line, problem=problem))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _fault(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Where the parser stopped, and why, in words."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        return line, "there is a control character that YAML does not allow"
    rows = text.split("\n")
    row = rows[mark.line] if mark.line < len(rows) else ""
    if row[mark.column : mark.column + 1] == "\t" or "\t" in row[: len(row) - len(row.lstrip())]:
        return mark.line + 1, "there is a tab where only blanks may stand"
    context = getattr(error, "context", None)
    problem = getattr(error, "problem", None) or "not readable as YAML"
    return (
        mark.line + 1,
        f"not readable as YAML: {context}, {problem}" if context else f"not readable as YAML: {problem}",
    )


def read(file: str, text: str) -> tuple[Json, Lines, tuple[Mistake, ...]]:
    """Plain values (None when nothing can be read), where each stands, and every mistake in how they are written."""
    if len(text.encode(errors="surrogatepass")) > LARGEST:
        return None, Lines(), (Mistake(file=file, line=1, problem=f"larger than {LARGEST // 1024} KiB"),)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        return None, Lines(), (Mistake(file=file, line=1, problem="not UTF-8"),)
    builder: _Builder | None = None
    value: Json = None
    try:
        builder = _Builder(file, iter(yaml.parse(text.removeprefix("\ufeff"), Loader=_Loader)))
        value = builder.document()
    except _FaultError as fault:
        stopped = Mistake(file=file, line=fault.line, problem=fault.problem)
    except yaml.YAMLError as error:
        line, problem = _fault(error, text)
        stopped = Mistake(file=file, line=line, problem=problem)
    else:
        return value, builder.lines, tuple(builder.mistakes)
    found = builder.mistakes if builder else []
    return None, Lines(), (*found, stopped)


def load_checked(file: str, text: str, model: type[M]) -> tuple[M | None, tuple[Mistake, ...]]:
    """One YAML mapping as a model, or None with every mistake in it; an empty file is an empty mapping."""
    value, lines, mistakes = read(file, text)
    if value is None and mistakes:
        return None, mistakes
    found, more = check(file, {} if value is None else value, lines, model)
    return (None if mistakes else found), (*mistakes, *more)


def load_checked_list(file: str, text: str, model: type[M]) -> tuple[tuple[M, ...], tuple[Mistake, ...]]:
    """A YAML list of mappings as models, without those that are wrong, and every mistake."""
    value, lines, mistakes = read(file, text)
    if value is None:
        return (), mistakes
    if not isinstance(value, list):
        return (), (*mistakes, Mistake(file=file, line=1, problem="must be a list"))
    checked = [check(file, entry, lines, model, (place,)) for place, entry in enumerate(value)]
    found = tuple(entry for entry, _ in checked if entry is not None)
    return found, (*mistakes, *(mistake for _, more in checked for mistake in more))
