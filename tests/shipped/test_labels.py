"""What the commands print for people stands in the catalogue of every language."""

import ast
from collections.abc import Iterator

from tests.shipped.test_reasons import LANGUAGES, catalogue
from tests.unit.writing.stock import ROOT

_PREFIX = "label_"


def used() -> Iterator[str]:
    """The labels that the commands name: `labels("…")`, `labels.heads("…", …)`, and the pairs of `labels.facts`."""
    for path in sorted((ROOT / "daemon" / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_of_labels(node.func, path.stem):
                asked = [*node.args[:1], *(node.args[1:] if _name(node.func) == "heads" else [])]
                yield from (text for one in asked for text in _named(one))


def _is_of_labels(function: ast.expr, module: str) -> bool:
    if _name(function) == "word":
        return False
    owner = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(owner, ast.Name) and owner.id in {"labels", *(["self"] if module == "tables" else [])}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def _named(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=first, orelse=other):
            yield from (*_named(first), *_named(other))
        case ast.List(elts=entries):
            for one in entries:
                yield from _named(one)
        case ast.Tuple(elts=[first, *_]):
            yield from _named(first)
        case ast.Starred(value=ast.GeneratorExp(elt=one)):
            yield from _named(one)
        case _:
            return


def test_every_label_that_a_command_prints_is_known_and_no_other() -> None:
    named = set(used())
    assert {"ship_by", "nothing_waits", "deadline", "part_of"} <= named
    for language in LANGUAGES:
        known = {code.removeprefix(_PREFIX) for code in catalogue().sentences[language] if code.startswith(_PREFIX)}
        assert known ^ named == set(), language
