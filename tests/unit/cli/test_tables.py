"""How lists and facts look in a terminal."""

import pytest

from daemon.cli.tables import Labels, facts, letter, moment, paint, plain, remark, table, wrapped


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


def test_no_line_ends_in_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order", "complete"), [("A-1001", "no")], "none")
    facts([("state", "released"), ("a longer name", "x")])
    assert not [line for line in capsys.readouterr().out.splitlines() if line.endswith(" ")]


def test_brackets_in_a_cell_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order",), [("[bold]A-1[/bold]",)], "none")
    assert "[bold]A-1[/bold]" in capsys.readouterr().out


def test_an_empty_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    table(("order",), [], "No orders yet.")
    assert capsys.readouterr().out == "No orders yet.\n"


def test_empty_facts_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    facts([("state", "released"), ("merchant", None)])
    assert "merchant" not in capsys.readouterr().out


def test_marks_have_no_colour_outside_a_terminal() -> None:
    assert paint("0034") == "»0034«"


@pytest.mark.parametrize(("no_colour", "marked"), [("", "\x1b[33m\x1b[1m0034\x1b[0m"), ("1", "»0034«")])
def test_marks_are_coloured_in_a_terminal_that_wants_it(
    monkeypatch: pytest.MonkeyPatch, no_colour: str, marked: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert paint("0034") == marked


def test_a_long_fact_is_folded_under_itself() -> None:
    lines = wrapped("word " * 40 + "a-name-with-hyphens", "label   ").splitlines()
    assert lines[0].startswith("label   word")
    assert all(line.startswith(" " * 8) for line in lines[1:])
    assert "a-name-with-hyphens" in lines[-1]


def test_the_text_of_a_mail_fits_80_columns_and_keeps_what_stands_before_its_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    letter(f"{'word ' * 40}\n\n    SKU: X-1\n| quoted", "  ")
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-3:] == ["", "      SKU: X-1", "  | quoted"]


def test_a_word_beside_the_answer_fits_80_columns_but_never_breaks_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    path = "/srv" + "/folder" * 15
    remark(f"{'word ' * 30}{path}", "postbote: ")
    said = capsys.readouterr()
    assert said.out == ""
    assert path in said.err
    assert all(len(line) <= 80 for line in said.err.splitlines() if path not in line)


def test_a_label_that_an_older_workspace_does_not_know_is_its_name() -> None:
    assert Labels(lambda reason: reason.code)("ship_by") == "ship by"
