"""The shipped rules, taken at their word: trying them takes seconds, and `make check` and `tests/shipped` do it."""

from collections.abc import Mapping
from pathlib import Path

from daemon.app.files import read_files
from daemon.rules.loader import load
from daemon.rules.rulebook import Rulebook

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
