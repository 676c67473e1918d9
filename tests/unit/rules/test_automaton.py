"""One look for many patterns at once."""

import re
import time

import pytest

from daemon.rules import automaton
from daemon.rules.automaton import Automaton, Quick


def test_it_knows_which_patterns_may_be_found() -> None:
    both = Automaton(["nicht lieferbar", r"\bübergeben\b"])
    assert both.possible("Das ist NICHT lieferbar") == {"nicht lieferbar"}
    assert both.possible("an DHL Übergeben, nicht lieferbar") == {"nicht lieferbar", r"\bübergeben\b"}
    assert both.possible("Guten Tag") == set()


def test_of_what_may_be_found_in_a_text_it_knows_what_may_be_so_in_a_part() -> None:
    both = Automaton(["nicht lieferbar", "^bestätigt$", r"(a)\1", "Rest"])
    possible = both.possible("nicht lieferbar, bestätigt")
    assert possible == {"nicht lieferbar", "^bestätigt$", r"(a)\1"}
    assert both.still_possible(possible, "bestätigt") == {"^bestätigt$", r"(a)\1"}
    assert both.still_possible(possible, "Guten Tag") == {r"(a)\1"}


def test_a_pattern_that_it_cannot_hold_may_always_be_found() -> None:
    assert Automaton([r"(a)\1", "b"]).possible("nothing") == {r"(a)\1"}


def test_of_more_words_than_the_memory_holds_everything_may_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"word{number}" for number in range(10_000_000, 10_000_000_000, 500_000)]
    assert Automaton(many).possible(f"this {many[7]}") == {many[7]}
    monkeypatch.setattr(automaton, "_AT_ONCE", len(many))
    assert Automaton(many).possible("nothing") == set(many)


def test_any_sign_may_stand_in_a_text() -> None:
    assert "b" in Automaton(["a", "b"]).possible("".join(map(chr, range(128))))


def test_no_pattern_draws_out_the_look() -> None:
    evil = Automaton(["(a|aa)+$", "(a+)+b", r"(\w*)*\!x", "(.*a){20}z"])
    text = "a" * 20_000 + "!"
    evil.possible(text)
    start = time.process_time()
    evil.possible(text)
    assert time.process_time() - start < 0.05


def test_a_quick_pattern_finds_what_the_plain_one_finds() -> None:
    quick, plain = Quick(r"(?<![0-9])x ?([0-9]+)"), re.compile(r"(?<![0-9])x ?([0-9]+)")
    for text in ("2x 3, x 4, x5", "nothing", "", "3x4"):
        assert [one.span() for one in quick.finditer(text)] == [one.span() for one in plain.finditer(text)]
