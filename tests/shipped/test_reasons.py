"""Every reason that the code can give has a sentence in every language."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import get_args

import pytest

from daemon.domain.deadline import DeadlineKind
from daemon.domain.decision import Disposition
from daemon.domain.document import Automatic, Mail, Sheet, Tree, Unreadable
from daemon.domain.finding import Finding, Statement
from daemon.domain.goods_return import ReturnState
from daemon.domain.inquiry import InquiryState
from daemon.domain.partner import Role
from daemon.domain.problem import ProblemKind
from daemon.domain.reason import Reason
from daemon.writing.reasons import Reasons, compile_reasons, placeholders
from daemon.writing.samples import SAMPLES
from tests.unit.reading.dropped import rulebook
from tests.unit.writing.stock import ROOT, shipped_files

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl")
# Functions that take a code, and where it stands among their arguments.
TAKERS = {
    "reason": 0,
    "fault": 0,
    "whole": 0,
    "_not_read": 0,
    "_doubt": 0,
    "matching": 2,
    "unreadable": 1,
    "_unreadable": 1,
    "_tell": 0,
    "_failed": 2,
    "_refused": 1,
}
NAMED = {"code", "doubt", "trouble"}
MADE_UP = {
    "taken": Statement,
    "partner": Statement,
    "inquiry": InquiryState,
    "automatic": Automatic,
    "unknown": Role,
    "word": ProblemKind,
    "word_": DeadlineKind,
    "word__": ReturnState,
    "word___": Statement,
    "word____": Disposition,
    "task": DeadlineKind,
}
READ = (Mail, Sheet, Tree, Unreadable, *get_args(Finding))
NOT_ASKED = {f"partner_{one}" for one in Statement} - {"partner_question", "partner_declined", "partner_correction"}
CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")


def texts(node: ast.expr) -> Iterator[str]:
    """The strings that an expression can give."""
    match node:
        case ast.Constant(value=str(text)) if CODE.fullmatch(text):
            yield text
        case ast.IfExp():
            yield from (*texts(node.body), *texts(node.orelse))
        case ast.BoolOp():
            for part in node.values:
                yield from texts(part)
        case _:
            return


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def codes_in(tree: ast.AST, *, returned: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                place = TAKERS.get(name_of(node))
                if place is not None and len(node.args) > place:
                    yield from texts(node.args[place])
                for keyword in node.keywords:
                    if keyword.arg in NAMED:
                        yield from texts(keyword.value)
            case ast.Assign(targets=[ast.Name(id="code" | "broken" | "sealed")]):
                yield from texts(node.value)
            case ast.Return(value=ast.expr() as value) if returned:
                yield from (text for text in texts(value) if "_" in text)


@cache
def codes() -> dict[str, str]:
    """Every code with a file that gives it."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "daemon").rglob("*.py")):
        inside = path.relative_to(ROOT / "daemon")
        if inside.parts[0] in {"writing", "cli"}:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        gates = inside.as_posix() in {
            "reading/gates.py",
            "reading/workbook.py",
            "reading/tree.py",
            "edges/folder_scan.py",
        }
        found |= dict.fromkeys(codes_in(tree, returned=gates), inside.as_posix())
    for stem, kinds in MADE_UP.items():
        found |= {f"{stem.rstrip('_')}_{one.value}": stem for one in kinds}
    found |= {f"word_{one.__struct_config__.tag}": "domain" for one in READ}
    found |= {f"mailing_{template.replace('-', '_')}": "templates" for template in SAMPLES}
    return {code: place for code, place in found.items() if code not in NOT_ASKED}


def shown_by_calls() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Each plain `reason("code", name=…)` of the code: its file, its code, and the names of its values."""
    for path in sorted((ROOT / "daemon").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) == "reason" and node.args:
                names = [keyword.arg for keyword in node.keywords]
                if None not in names:
                    given = frozenset(name for name in names if name)
                    yield from ((path.name, code, given) for code in texts(node.args[0]))


@cache
def catalogue() -> Reasons:
    made = compile_reasons(shipped_files())
    assert isinstance(made, Reasons), made
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_in_the_code_has_a_sentence(language: str) -> None:
    known = catalogue().sentences[language]
    missing = {code: place for code, place in codes().items() if code not in known}
    assert missing == {}


def test_every_reason_is_given_the_values_that_its_sentence_shows() -> None:
    spoken = catalogue().sentences["en"]
    lacking = [
        (file, code, sorted(placeholders(spoken[code]) - given))
        for file, code, given in shown_by_calls()
        if code in spoken and not placeholders(spoken[code]) <= given
    ]
    assert lacking == []


def test_the_codes_are_found() -> None:
    assert {"unknown_order", "check_digit_wrong", "unlisted_sender", "order_released"} <= set(codes())


def test_every_language_has_the_same_codes_with_the_same_values() -> None:
    spoken = catalogue().sentences
    assert set(spoken) == set(LANGUAGES)
    for language, sentences in spoken.items():
        shown = {code: placeholders(sentence) for code, sentence in sentences.items()}
        assert shown == {code: placeholders(sentence) for code, sentence in spoken["en"].items()}, language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_one_line_that_says_its_values(language: str) -> None:
    made = catalogue()
    for code, sentence in made.sentences[language].items():
        values = {name: f"W{place}" for place, name in enumerate(sorted(placeholders(sentence)))}
        said = made.say(Reason(code=code, values=values), language)
        assert all(value in said for value in values.values()), code
        assert "\n" not in said
        assert not re.search(r"[{}?]", said), code
        assert (
            code.startswith(("word_", "place_", "mailing_", "field_", "label_"))
            or said.endswith(".")
            or sentence.endswith(":task}")
        ), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_hears_of_refused_rows_hears_where_the_reasons_stand(language: str) -> None:
    said = (ROOT / "templates" / "reasons" / f"{language}.yaml").read_text("utf-8")
    assert re.search(r"^rows_refused: .*receipt\.csv", said, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_that_a_table_must_have_has_a_plain_name(language: str) -> None:
    named = catalogue().sentences[language]
    needed = {
        field
        for one in rulebook().formats
        for field in (*one.needs, *one.needs_one_of)
        if field not in one.columns.get(field, ()) and one.drops != ("orders",)
    }
    assert {field for field in needed if f"field_{field}" not in named} == set()
