"""The cage in which templates run: plain data, a few filters, no methods, no globals, no files."""

from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.domain.reason import Reason
from daemon.domain.values import Json
from daemon.errors import Mistake
from daemon.writing import filters, samples
from daemon.writing.reasons import Reasons
from daemon.writing.source import Source

_BORROWED = ("capitalize", "count", "default", "first", "join", "last", "length", "lower", "replace", "trim", "upper")
_REFUSED: dict[type[nodes.Node], str] = {
    # Each of the first three can ask for any amount of memory or time: 'a' * 10 ** 9.
    nodes.Mul: "`*` is not available in templates",
    nodes.Pow: "`**` is not available in templates",
    nodes.Mod: "`%` is not available in templates",
    # Nothing is called, so nothing calls itself, and a template ends as soon as its data do.
    nodes.Call: "nothing can be called in templates; use a filter",
    nodes.Macro: "there are no macros in templates; use a part, such as `_parts/address`",
    nodes.CallBlock: "there are no macros in templates; use a part, such as `_parts/address`",
    nodes.Import: "only `include` joins templates",
    nodes.FromImport: "only `include` joins templates",
    nodes.Extends: "only `include` joins templates",
}
_PREFIXES = ("re:", "aw:", "fw:", "fwd:", "wg:", "antw:")


class _Shelf(BaseLoader):
    """Finds templates in memory, in one language."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def get_source(self, _environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source = self.sources.get(template)
        if source is None:
            raise TemplateNotFound(template)
        return source.text, source.file, None


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one language. Dots look into data only, and nothing can be called."""

    def __init__(self, language: str, sources: Mapping[str, Source], reasons: Reasons) -> None:
        super().__init__(
            loader=_Shelf(sources),
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            finalize=_shown,
        )
        self.sources = sources
        self.globals.clear()
        borrowed = {name: FILTERS[name] for name in _BORROWED}
        self.filters.clear()
        self.filters.update(borrowed)
        self.filters.update(
            day=lambda value: filters.day(value, language),
            month=lambda value: filters.month(value, language),
            moment=lambda value: filters.moment(value, language),
            money=lambda value, currency: filters.money(value, currency, language),
            plural=lambda count, **forms: filters.plural(count, forms, language),
            country=lambda value: filters.country(value, language),
            say=lambda value: reasons.say(_reason(value), language),
            tell=lambda value: reasons.tell(_reason(value), language),
            wrap=filters.wrap,
            topic=topic,
        )

    @property
    def files(self) -> frozenset[str]:
        return frozenset(source.file for source in self.sources.values())

    def file_of(self, name: str) -> str:
        return self.sources[name].file

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`order.lines` is an entry of the data, never a method of it."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Undefined):
            return obj[attribute]
        if isinstance(obj, LoopContext) and not attribute.startswith("_"):
            return getattr(obj, attribute)
        raise SecurityError(f"{attribute!r} is asked of something that is no record")

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, dict) and isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        if isinstance(obj, Undefined):
            return obj[argument]
        raise SecurityError("only records and lists have entries")


def topic(subject: str) -> str:
    """A subject without the marks of replies and forwards, so that they do not pile up."""
    while subject.lower().startswith(_PREFIXES):
        subject = subject.partition(":")[2].strip()
    return subject


def mistakes_in(environment: Sandbox) -> Iterator[Mistake]:
    """What is wrong in the templates of one language, whether or not any data ever lead there."""
    for name, source in environment.sources.items():
        try:
            tree = environment.parse(source.text, name, source.file)
        except TemplateSyntaxError as error:
            yield Mistake(file=source.file, line=error.lineno, problem=error.message or "this cannot be read")
            continue
        except RecursionError:
            yield Mistake(file=source.file, line=1, problem="this is nested too deep")
            continue
        # What is refused is never compiled: the compiler works out constants, however large.
        problems = set(_refused(environment, tree)) or set(_undefined(environment, name, tree))
        yield from (Mistake(file=source.file, line=line, problem=problem) for line, problem in sorted(problems))


def _refused(environment: Sandbox, tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for kind, problem in _REFUSED.items():
        yield from ((node.lineno, problem) for node in tree.find_all(kind))
    for used in tree.find_all(nodes.Filter):
        if used.name not in environment.filters:
            known = ", ".join(sorted(environment.filters))
            yield used.lineno, f"there is no filter {used.name}; there are {known}"
    for included in tree.find_all(nodes.Include):
        wanted = included.template
        if not isinstance(wanted, nodes.Const) or wanted.value not in environment.sources:
            yield included.lineno, "only a part that exists can be included, such as `_parts/address`"


def _undefined(environment: Sandbox, name: str, tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """What the compiler rejects, and names that the data of this template never hold; parts see what includes them."""
    try:
        environment.get_template(name)
    except TemplateSyntaxError as error:
        yield error.lineno, error.message or "this cannot be read"
        return
    shown = samples.samples_of(name.partition("#")[0])
    unknown = meta.find_undeclared_variables(tree) - {key for data in shown for key in data} if shown else set()
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.ctx == "load":
            yield node.lineno, f"{node.name!r} is undefined"


def line_of(error: BaseException, files: frozenset[str]) -> tuple[str, int] | None:
    """The innermost place in a template from which an error came."""
    place: tuple[str, int] | None = None
    trace: TracebackType | None = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename in files:
            place = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return place


def _shown(value: Any) -> Any:
    return "" if value is None else value


def _reason(value: Json) -> Reason:
    if isinstance(value, Reason):
        return value
    return Reason(code=value["code"], values=value.get("values") or {}, where=value.get("where") or "")
