"""Templates, compiled once and tried with sample data in every language before the first mail leaves.

Jinja is loaded when a template is first needed: most commands write nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from daemon.domain.values import Json, Value
from daemon.errors import Mistake
from daemon.writing import samples
from daemon.writing.cleaning import printable
from daemon.writing.reasons import FOLDER as REASONS
from daemon.writing.reasons import Reasons, compile_reasons
from daemon.writing.source import Source

if TYPE_CHECKING:
    from daemon.writing.sandbox import Sandbox

_FILE = re.compile(
    r"templates/(?P<name>_parts/[a-z0-9-]+|[a-z0-9]+(?:-[a-z0-9]+)*)/(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]+)*)\.txt"
)
_PARTS = "_parts/"
_FALLBACKS = ("en", "de")
_SUBJECT = "Subject: "
_NO_FIELD = re.compile(r"'dict object' has no attribute '([^']+)'")
_GAPS = re.compile(r"\n{3,}")
# The two lines of the subject, so that the body's own lines keep their numbers.
_HEAD = "{#\n\n#}"


class UnrenderableError(ValueError):
    """A template could not be filled in with the data at hand."""


class Rendered(Value, frozen=True, kw_only=True):
    subject: str
    text: str
    language: str


class Templates:
    """All templates in all languages. `render` may be called from several threads."""

    def __init__(
        self, environment: "Callable[[str], Sandbox]", names: Mapping[str, frozenset[str]], reasons: Reasons
    ) -> None:
        self.reasons = reasons
        self._languages = names
        self._environment = environment

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._languages))

    def languages(self, name: str) -> tuple[str, ...]:
        """The languages in which a template exists; empty when there is no such template."""
        return tuple(sorted(self._languages.get(name, ())))

    def language_for(self, name: str, wanted: str) -> str:
        """The language that will be used: the wanted one, then English, then German, then any."""
        present = self._languages.get(name)
        if not present:
            raise UnrenderableError(f"there is no template {name}")
        chain = (wanted, wanted.partition("-")[0], *_FALLBACKS)
        return next((one for one in chain if one in present), min(present))

    def render(self, name: str, language: str, data: Mapping[str, Json]) -> Rendered:
        """Subject and text; raises UnrenderableError. Data are only ever data: nothing in them is carried out."""
        from jinja2 import TemplateError  # noqa: PLC0415

        # An environment keeps what it has compiled, so each template is compiled once, when it is first needed.
        used = self.language_for(name, language)
        environment = self._environment(used)
        try:
            shown = printable(data)
            title = environment.get_template(f"{name}#subject").render(shown)
            text = environment.get_template(name).render(shown)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            raise UnrenderableError(f"the template {name} does not fit its data: {error}") from error
        body = _GAPS.sub("\n\n", text).strip("\n") + "\n"
        return Rendered(subject=" ".join(title.split()), text=body, language=used)


def compile_templates(files: Mapping[str, str]) -> Templates | tuple[Mistake, ...]:
    """Every template of the workspace (`templates/NAME/LANG.txt`, `templates/reasons/LANG.yaml`), or every mistake."""
    from daemon.writing.sandbox import mistakes_in  # noqa: PLC0415

    reasons = compile_reasons(files)
    if isinstance(reasons, tuple):
        spoken, mistakes = Reasons(sentences={}), list(reasons)
    else:
        spoken, mistakes = reasons, []
    shelves: dict[str, dict[str, Source]] = {}
    for file, text in sorted(files.items()):
        if not file.startswith(REASONS):
            mistakes.extend(_shelve(file, text, shelves))
    environment = _environments(shelves, spoken)
    for language in shelves:
        mistakes.extend(mistakes_in(environment(language)))
    mistakes.extend(_missing(_names(shelves)))
    if mistakes:
        return tuple(mistakes)
    templates = Templates(environment, _mails(shelves), spoken)
    return tuple(_misfits(templates, environment)) or templates


def accepted_templates(files: Mapping[str, str], reasons: Reasons) -> Templates:
    """The templates of files in which `compile_templates` found no mistake, with the sentences it found there."""
    shelves: dict[str, dict[str, Source]] = {}
    for file, text in sorted(files.items()):
        if not file.startswith(REASONS):
            list(_shelve(file, text, shelves))
    return Templates(_environments(shelves, reasons), _mails(shelves), reasons)


def _environments(shelves: Mapping[str, Mapping[str, Source]], reasons: Reasons) -> "Callable[[str], Sandbox]":
    """Gives the environment of a language, made when it is first asked for."""

    @cache
    def environment(language: str) -> "Sandbox":
        from daemon.writing.sandbox import Sandbox  # noqa: PLC0415

        return Sandbox(language, shelves[language], reasons)

    return environment


def _mails(shelves: Mapping[str, Mapping[str, Source]]) -> dict[str, frozenset[str]]:
    return {name: languages for name, languages in _names(shelves).items() if not name.startswith(_PARTS)}


def _shelve(file: str, text: str, shelves: dict[str, dict[str, Source]]) -> Iterator[Mistake]:
    found = _FILE.fullmatch(file)
    if not found:
        yield Mistake(file=file, line=1, problem="a template is kept as templates/NAME/LANGUAGE.txt, in small letters")
        return
    shelf = shelves.setdefault(found["language"], {})
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n")
    if found["name"].startswith(_PARTS):
        shelf[found["name"]] = Source(file=file, text=text)
        return
    first, _, rest = text.partition("\n")
    blank, _, body = rest.partition("\n")
    if not first.startswith(_SUBJECT):
        yield Mistake(file=file, line=1, problem="the first line must be `Subject: …`")
    elif blank.strip():
        yield Mistake(file=file, line=2, problem="the line after the subject must be blank")
    elif not body.strip():
        yield Mistake(file=file, line=3, problem="there is no text after the subject")
    # Even with a mistake in its form the rest is looked at, so that all mistakes are told at once.
    shelf[f"{found['name']}#subject"] = Source(file=file, text=first.removeprefix(_SUBJECT))
    shelf[found["name"]] = Source(file=file, text=_HEAD + body)


def _names(shelves: Mapping[str, Mapping[str, Source]]) -> dict[str, frozenset[str]]:
    names = {name for shelf in shelves.values() for name in shelf if "#" not in name}
    return {name: frozenset(language for language in shelves if name in shelves[language]) for name in sorted(names)}


def _missing(names: Mapping[str, frozenset[str]]) -> Iterator[Mistake]:
    """Templates that somebody would go without; in other languages `languages.gaps` tells what is missing."""
    for name in samples.SAMPLES:
        if name not in names:
            yield Mistake(file=f"templates/{name}/en.txt", line=1, problem="this template is needed and does not exist")
    for name, present in names.items():
        if not name.startswith(_PARTS) and present.isdisjoint(_FALLBACKS):
            problem = "this template exists neither in English nor in German, which stand in for other languages"
            yield Mistake(file=f"templates/{name}/en.txt", line=1, problem=problem)


def _misfits(templates: Templates, environment: "Callable[[str], Sandbox]") -> Iterator[Mistake]:
    """What shows only when a template is filled in."""
    told: set[tuple[str, int]] = set()
    for name in templates.names:
        for language in templates.languages(name):
            for data in samples.samples_of(name):
                mistake = _misfit(templates, environment(language), name, language, data)
                if mistake and (mistake.file, mistake.line) not in told:
                    told.add((mistake.file, mistake.line))
                    yield mistake


def _misfit(
    templates: Templates, environment: "Sandbox", name: str, language: str, data: Mapping[str, Json]
) -> Mistake | None:
    from daemon.writing.sandbox import line_of  # noqa: PLC0415

    file = environment.file_of(name)
    try:
        rendered = templates.render(name, language, data)
    except UnrenderableError as error:
        cause = error.__cause__ or error
        place = line_of(cause, environment.files) or (file, getattr(cause, "lineno", 1))
        return Mistake(file=place[0], line=place[1], problem=_said(cause))
    if not rendered.subject:
        return Mistake(file=file, line=1, problem="the subject comes out empty")
    return None


def _said(cause: BaseException) -> str:
    """What is wrong, in words that say nothing of how templates are filled in."""
    said = str(cause) or type(cause).__name__
    return _NO_FIELD.sub(r"there is no `\1` here", said)
