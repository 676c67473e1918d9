"""YAML without surprises."""

from decimal import Decimal
from enum import StrEnum

import pytest

from daemon.rules.mistakes import Mistake
from daemon.rules.models import Entry
from daemon.rules.strict_yaml import LARGEST, load_checked, load_checked_list


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Inner(Entry):
    depth: int = 0


class Thing(Entry):
    id: str
    colour: Colour = Colour.RED
    tags: tuple[str, ...] = ()
    flag: bool = False
    count: int = 0
    price: Decimal = Decimal(0)
    inner: Inner = Inner()


def _mistakes(text: str) -> list[tuple[int, str]]:
    found, mistakes = load_checked("thing.yaml", text, Thing)
    assert found is None
    assert all(mistake.file == "thing.yaml" for mistake in mistakes)
    return [(mistake.line, mistake.problem) for mistake in mistakes]


def test_a_right_file_becomes_the_model() -> None:
    text = "id: a\ncolour: blue\ntags: [x, y]\nflag: true\ncount: 5\nprice: 1.10\ninner: {depth: 2}\n"
    found, mistakes = load_checked("thing.yaml", text, Thing)
    assert mistakes == ()
    assert found == Thing(
        id="a", colour=Colour.BLUE, tags=("x", "y"), flag=True, count=5, price=Decimal("1.1"), inner=Inner(depth=2)
    )


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "yes", "on", "0123", "01067", "12:30", "1e3", "2026-01-01", "1_000", "0x1F", "10115", "1.10", "-0"],
)
def test_a_plain_word_stays_the_text_that_was_written(written: str) -> None:
    found, mistakes = load_checked("thing.yaml", f"id: {written}", Thing)
    assert mistakes == ()
    assert found is not None
    assert found.id == written


@pytest.mark.parametrize("written", ["NO", "yes", "on", "1", '"true"'])
def test_only_true_and_false_are_booleans(written: str) -> None:
    assert _mistakes(f"id: a\nflag: {written}") == [(2, "`flag`: must be true or false")]


@pytest.mark.parametrize("written", ["0123", '"5"', "five", "1.5", "true"])
def test_a_number_must_be_written_as_a_number(written: str) -> None:
    assert [line for line, _ in _mistakes(f"id: a\ncount: {written}")] == [2]


def test_a_boolean_is_no_text() -> None:
    assert _mistakes("id: true") == [(1, "`id`: must be text")]


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = "colour: green\ntags: x\nflga: true\ninner:\n  depht: 1\n  depth: deep\n"
    assert _mistakes(text) == [
        (1, "`id` is missing"),
        (1, "`colour`: must be red or blue"),
        (2, "`tags`: must be a list"),
        (3, "`flga`: unknown key"),
        (5, "`inner.depht`: unknown key"),
        (6, "`inner.depth`: must be a whole number"),
    ]


def test_a_key_that_stands_twice_is_a_mistake() -> None:
    assert _mistakes("id: a\ncount: 1\nid: b") == [(3, "`id` is here a second time; it stands in line 1 already")]


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    assert _mistakes("id: a\ntags: &a [x]\ninner: *a") == [(2, "`&a`: anchors are not allowed; write the value out")]


def test_an_alias_is_refused() -> None:
    assert _mistakes("id: *a")[0][1].startswith("`*a`: aliases are not allowed")


def test_a_tab_is_called_a_tab() -> None:
    assert _mistakes("id: a\ninner:\n\tdepth: 1") == [(3, "there is a tab where only blanks may stand")]


def test_a_tag_is_refused() -> None:
    assert (1, "`tag:yaml.org,2002:python/name:os.system`: tags are not allowed") in _mistakes(
        "id: !!python/name:os.system a"
    )


def test_deep_nesting_is_refused() -> None:
    assert _mistakes("id: " + "[" * 30) == [(1, "nested more than 20 deep")]
    assert [line for line, _ in _mistakes("id: " + "[" * 100_000)] == [1]


def test_a_large_file_is_refused() -> None:
    assert _mistakes("id: " + "a" * LARGEST) == [(1, "larger than 256 KiB")]


def test_a_second_document_is_refused() -> None:
    assert _mistakes("id: a\n---\nid: b")[0][0] == 2


def test_a_control_character_is_told_with_its_line() -> None:
    assert _mistakes("id: a\ntags: [\x01]")[0] == (2, "there is a control character that YAML does not allow")


def test_a_half_surrogate_is_not_utf_8() -> None:
    assert _mistakes("id: \ud800") == [(1, "not UTF-8")]


def test_an_unclosed_list_is_told_with_its_line() -> None:
    (line, problem) = _mistakes("id: a\ntags: [x,\n")[0]
    assert line == 3
    assert problem.startswith("not readable as YAML")


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert load_checked("thing.yaml", "\ufeffid: a", Thing)[0] == Thing(id="a")


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert load_checked("inner.yaml", "# nothing here\n", Inner) == (Inner(), ())


def test_a_list_gives_the_right_entries_and_the_mistakes_of_the_others() -> None:
    found, mistakes = load_checked_list("things.yaml", "- id: a\n- count: 1\n- id: c\n  x: 1\n", Thing)
    assert found == (Thing(id="a"),)
    assert mistakes == (
        Mistake(file="things.yaml", line=2, problem="`id` is missing"),
        Mistake(file="things.yaml", line=4, problem="`x`: unknown key"),
    )


def test_a_mapping_where_a_list_is_wanted_is_a_mistake() -> None:
    assert load_checked_list("things.yaml", "id: a", Thing)[1][0].problem == "must be a list"
