"""Reads the files that people edit, and keeps the last good edition of them in force."""

import gc
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from daemon.config import load_config
from daemon.domain.values import Value
from daemon.engine.editions import Editions, keep, last_good, made_by
from daemon.errors import ConfigError, Mistake
from daemon.rules.edition import edition
from daemon.rules.rulebook import Rulebook
from daemon.writing.reasons import Reasons
from daemon.writing.templates import Templates, accepted_templates, compile_templates

log = logging.getLogger(__name__)

RULES = "rules"
TEMPLATES = "templates"
_DEADLINES = "rules/deadlines.yaml"
_FOR_PEOPLE = ".md"
_ACCEPTED = Path("state", "templates.msgpack")
KEPT_RULES = Path("state", "rules")

T = TypeVar("T")


class _Accepted(Value, frozen=True, kw_only=True):
    """The templates that this postbote has tried and found right: known by `hash`, with the sentences in them."""

    by: str
    hash: str
    reasons: Reasons


def read_files(home: Path, folder: str) -> dict[str, str]:
    """The text files of `rules` or `templates`, by their names relative to the workspace; not what explains them."""
    found = [
        (name, home / name)
        for name in _below(home, folder)
        if not name.rpartition("/")[2].startswith(".") and not name.endswith(_FOR_PEOPLE)
    ]
    return {name: path.read_text("utf-8", errors="replace") for name, path in found if path.is_file()}


def _below(home: Path, folder: str) -> list[str]:
    """The names below a folder, relative to the workspace. Every command asks, and a path for each place takes long."""
    top = str(home / folder)
    found = (f"{folder}{where[len(top) :]}/{name}" for where, _, names in os.walk(top) for name in names)
    return sorted(name.replace(os.sep, "/") for name in found)


def fingerprint(home: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether any of these files has been changed."""
    return tuple(
        (name, status.st_mtime_ns, status.st_size)
        for folder in (RULES, TEMPLATES)
        for name in _below(home, folder)
        for path in (home / name,)
        if path.is_file()
        for status in (path.stat(),)
    )


def templates(home: Path) -> Templates:
    """The templates of a workspace, tried again only when they have changed; ConfigError carries every mistake."""
    found = read_files(home, TEMPLATES)
    hash_ = edition(found)
    kept = _accepted(home)
    if kept and (kept.by, kept.hash) == (made_by(), hash_):
        return accepted_templates(found, kept.reasons)
    tried = compile_templates(found)
    if isinstance(tried, tuple):
        raise ConfigError(tried)
    keep(home / _ACCEPTED, msgspec.msgpack.encode(_Accepted(by=made_by(), hash=hash_, reasons=tried.reasons)))
    return tried


def _accepted(home: Path) -> _Accepted | None:
    try:
        return msgspec.msgpack.decode((home / _ACCEPTED).read_bytes(), type=_Accepted)
    except (OSError, msgspec.MsgspecError):
        return None


def adopt(editions: Editions, home: Path) -> None:
    """Put the workspace's rules in force, or else the last good ones; ConfigError when there are none."""
    mistakes = editions.adopt(read_files(home, RULES))
    if not mistakes:
        return
    if not editions.adopt_last_good():
        raise ConfigError(mistakes)
    log.warning("the rules have mistakes; the last good set stays in force (`postbote check` lists them)")


def prepared(editions: Editions, home: Path) -> str:
    """The workspace's rules made ready to be worked with; their hash. ConfigError carries every mistake."""
    found = editions.prepare(read_files(home, RULES))
    if isinstance(found, tuple):
        raise ConfigError(found)
    return found


def prepared_from(editions: Editions, folder: Path) -> str:
    """The same for a folder elsewhere that holds `partners/`, `replies/` and so on."""
    texts = read_files(folder.parent, folder.name)
    found = editions.prepare({f"{RULES}/{name.partition('/')[2]}": text for name, text in texts.items()})
    if isinstance(found, tuple):
        named = [(one, folder / one.file.removeprefix(f"{RULES}/")) for one in found]
        raise ConfigError([Mistake(file=str(file), line=one.line, problem=one.problem) for one, file in named])
    return found


def check_mistakes(home: Path, environ: Mapping[str, str]) -> list[Mistake]:
    """Every mistake in the configuration, the rules with their examples, and the templates."""
    texts = read_files(home, RULES)
    _, wrong_config = _or_mistakes(lambda: load_config(home, environ))
    rules = tried_rules(texts, last_good(home / KEPT_RULES))
    written, wrong_templates = _or_mistakes(lambda: templates(home))
    wrong_rules = rules if isinstance(rules, tuple) else ()
    unwritten = _unwritten(rules, written, texts.get(_DEADLINES, "")) if isinstance(rules, Rulebook) and written else ()
    return [*wrong_config, *wrong_rules, *wrong_templates, *unwritten]


def _or_mistakes(read: Callable[[], T]) -> tuple[T | None, Sequence[Mistake]]:
    try:
        return read(), ()
    except ConfigError as error:
        return None, error.mistakes


def _unwritten(rules: Rulebook, templates: Templates, deadlines: str) -> Iterator[Mistake]:
    """Reminders for which there is no template."""
    wanted = {ring.template for rule in rules.deadlines for ring in rule.rings if ring.template}
    for name in sorted(wanted.difference(templates.names)):
        named = re.compile(rf"\btemplate:\s*{re.escape(name)}(?![a-z-])")
        lines = [number for number, line in enumerate(deadlines.splitlines(), start=1) if named.search(line)]
        yield Mistake(file=_DEADLINES, line=min(lines, default=0), problem=f"there is no template `{name}`")


def tried_rules(files: Mapping[str, str], last: Rulebook | None) -> Rulebook | tuple[Mistake, ...]:
    """The rules of these files, if the samples of their file formats are read as they say; else every mistake.

    What came out right in the last set is not tried again.
    """
    # Who starts with rules that were tried before needs neither.
    from daemon.reading.samples import format_mistakes  # noqa: PLC0415
    from daemon.rules.loader import load, with_partners  # noqa: PLC0415

    with _tidied():
        if last and (found := with_partners(last, files)) is not None:
            return found
        loaded = load(files, last.proofs if last else ())
        return loaded if isinstance(loaded, tuple) else format_mistakes(loaded) or loaded


@contextmanager
def _tidied() -> Iterator[None]:
    """Meanwhile garbage is looked for, which a command that starts leaves lying: here it would be 300 MiB."""
    looked_for = gc.isenabled()
    gc.enable()
    try:
        yield
    finally:
        if not looked_for:
            gc.disable()


def make_inbox(home: Path, parties: Sequence[str]) -> None:
    """The folders that things are dropped into: orders, mails, and one for each partner."""
    for party in ("orders", "mail", *parties):
        (home / "inbox" / party).mkdir(parents=True, exist_ok=True)
