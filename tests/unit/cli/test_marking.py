"""A mail's text with what was found in it marked."""

from typing import Any

import pytest

from daemon.cli.marking import marked, spans_of
from daemon.cli.tables import Labels
from tests.shipped.test_reasons import catalogue


def finding(kind: str, value: str, line: int, text: str = "", **more: Any) -> Any:
    evidence = {"where": f"mail text, line {line}", "text": text}
    return {"kind": kind, "value": value, "order": None, "line": None, "evidence": evidence} | more


def shown(text: str, *findings: Any) -> list[str]:
    labels = Labels(lambda reason: catalogue().say(reason, "en"))
    return list(marked(text, list(enumerate(findings, start=1)), lambda part: f"[{part}]", labels))


def test_a_number_is_marked_as_it_was_written() -> None:
    assert shown("Nr. 0034 0434-1610 und Gruß", finding("parcel", "003404341610", 1, order="A-1")) == [
        "1 │ Nr. [0034 0434-1610] und Gruß",
        "  └ 1. parcel 003404341610, for A-1",
    ]


def test_a_sentence_is_marked_where_no_value_is_marked_in_it() -> None:
    said = finding("said", "shipped", 1, "Heute raus, Nr. 77.")
    assert shown("Hallo. Heute raus, Nr. 77.", said)[0] == "1 │ Hallo. [Heute raus, Nr. 77.]"
    assert (
        shown("Hallo. Heute raus, Nr. 77.", said, finding("parcel", "77", 1))[0] == "1 │ Hallo. Heute raus, Nr. [77]."
    )


def test_a_sentence_that_goes_on_in_the_next_line_is_marked_as_far_as_it_goes() -> None:
    assert shown("Wir haben heute\nverschickt.", finding("said", "shipped", 1, "Wir haben heute verschickt."))[0] == (
        "1 │ [Wir haben heute]"
    )


def test_long_stretches_without_findings_are_left_out() -> None:
    text = "\n".join(f"line {place}" for place in range(1, 31))
    lines = shown(text, finding("device", "line15", 15))
    assert "     … lines in which nothing was found: 12" in lines
    assert [line for line in lines if "[line 15]" in line] == ["15 │ [line 15]"]
    assert lines[-1] == "     … lines in which nothing was found: 13"


@pytest.mark.parametrize("text", ["one\ntwo\nthree\nfour\nfive", "a", "a\n\n\nb\n\n\n\n\n\nc"])
@pytest.mark.parametrize("line", [1, 2, 5])
def test_every_line_is_shown_or_counted_once(text: str, line: int) -> None:
    count = 0
    for one in shown(text, finding("device", "x", line)):
        if "nothing was found" in one:
            count += int(one.split(": ")[1])
        elif "│" in one:
            count += 1
    assert count == len(text.split("\n"))


def test_what_could_steer_a_terminal_does_not() -> None:
    assert shown("a\x1b[31mb", finding("device", "zz", 1))[0] == "1 │ a [31mb"


def test_a_value_that_stands_nowhere_marks_nothing() -> None:
    assert spans_of("nothing here", finding("parcel", "0034", 1, "another line")) == []
