"""The shipped rules and templates, taken at their word: trying them takes long; `make check`, `tests/shipped` do it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from daemon.app.files import KEPT_RULES, adopt, read_files, templates
from daemon.engine.editions import Editions
from daemon.rules.loader import load
from daemon.rules.rulebook import Rulebook
from daemon.writing.reasons import Reasons, compile_reasons
from daemon.writing.templates import Templates, accepted_templates

HOME = Path(__file__).parents[2]


class _EveryProof(frozenset[str]):
    def __contains__(self, _: object) -> bool:
        return True


def believed_rules(partners: Mapping[str, str] | None = None) -> Rulebook:
    """What every workspace starts with, and partner files by name in place of the example partners."""
    files = {name: text for name, text in read_files(HOME, "rules").items() if "/partners/" not in name}
    rulebook = load({**files, **(partners or {})}, _EveryProof())
    assert isinstance(rulebook, Rulebook), rulebook
    return rulebook


@cache
def believed_templates() -> Templates:
    """What every workspace starts with."""
    files = read_files(HOME, "templates")
    reasons = compile_reasons(files)
    assert isinstance(reasons, Reasons), reasons
    return accepted_templates(files, reasons)


def believe(home: Path) -> None:
    """Put the rules of a workspace in force, and keep its templates as tried, as a first start that takes long does."""
    adopt(Editions(home / KEPT_RULES, lambda files, _: load(files, _EveryProof())), home)
    templates(home)
