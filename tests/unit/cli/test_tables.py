"""How lists and facts look in a terminal."""

import pytest

from daemon.cli.tables import facts, moment, plain, table


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "yes"),
        (["a", "b"], "a, b"),
        (("a", "b"), "a, b"),
        ("red\x1b[31m\nnext\tline", "red [31m next line"),
        ("right\u202eleft", "right left"),
        (3, "3"),
    ],
)
def test_a_value_becomes_one_harmless_line(value: object, shown: str) -> None:
    assert plain(value) == shown


def test_a_time_is_shown_in_its_own_offset() -> None:
    assert moment("2026-12-01T23:59:59+01:00") == "2026-12-01 23:59"


def test_a_list_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order", "title"), [("A-1001", "word " * 60)], "none")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) > 2


def test_brackets_in_a_cell_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order",), [("[bold]A-1[/bold]",)], "none")
    assert "[bold]A-1[/bold]" in capsys.readouterr().out


def test_an_empty_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order",), [], "No orders yet.")
    assert capsys.readouterr().out == "No orders yet.\n"


def test_empty_facts_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    facts([("state", "released"), ("merchant", None)])
    assert "merchant" not in capsys.readouterr().out
