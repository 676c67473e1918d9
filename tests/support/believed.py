"""The shipped rules and templates, taken at their word: trying them takes long; `make check`, `tests/shipped` do it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from unittest.mock import patch

from msgspec.structs import replace

from daemon.app.files import KEPT_RULES, adopt, read_files, templates
from daemon.cli.workspace import make_workspace
from daemon.engine.editions import Editions
from daemon.rules.edition import edition
from daemon.rules.loader import load
from daemon.rules.partners import read_partners
from daemon.rules.rulebook import Rulebook
from daemon.writing.reasons import Reasons, compile_reasons
from daemon.writing.templates import Templates, accepted_templates

HOME = Path(__file__).parents[2]


class _EveryProof(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def believed_rules(partners: Mapping[str, str] | None = None) -> Rulebook:
    """What every workspace starts with, and partner files by name in place of the example partners."""
    named = partners or {}
    found, wrong = read_partners(sorted(named.items()))
    assert not wrong, wrong
    return replace(_shipped(), partners=found, hash=edition({**_shipped_files(), **named}))


@cache
def _shipped() -> Rulebook:
    """All but partners; to load it takes two seconds."""
    rulebook = load(_shipped_files(), _EveryProof())
    assert isinstance(rulebook, Rulebook), rulebook
    return rulebook


def _shipped_files() -> dict[str, str]:
    return _without_partners(read_files(HOME, "rules"))


def _without_partners(files: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in files.items() if not _of_partners(name)}


def _of_partners(name: str) -> bool:
    return "/partners/" in name


@cache
def believed_templates() -> Templates:
    """What every workspace starts with."""
    return _untried(read_files(HOME, "templates"))


def _untried(files: Mapping[str, str]) -> Templates:
    reasons = compile_reasons(files)
    assert isinstance(reasons, Reasons), reasons
    return accepted_templates(files, reasons)


def believe(home: Path) -> None:
    """Put the rules of a workspace in force, and keep its templates as tried, as a first start that takes long does."""
    adopt(Editions(home / KEPT_RULES, lambda files, _: _as_shipped(files)), home)
    with patch("daemon.app.files.compile_templates", _untried):
        templates(home)


def believed_workspace(home: Path) -> Path:
    """A sandbox whose rules and templates count as tried; only to be copied."""
    make_workspace(home, sandbox=True)
    believe(home)
    return home


def _as_shipped(files: Mapping[str, str]) -> Rulebook:
    assert _without_partners(files) == _shipped_files(), "only the shipped rules are taken at their word"
    return believed_rules({name: text for name, text in files.items() if _of_partners(name)})
