"""How reply rules are judged."""

import time

import pytest

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.rules import screening
from daemon.rules.actions import Action
from daemon.rules.conditions import judge, judge_by, judge_on
from daemon.rules.replies import ReplyRule
from daemon.rules.rulebook import Rulebook
from daemon.rules.screening import Screen

STOCK = ReplyRule(
    rule="out-of-stock",
    about="order",
    says=("nicht (mehr )?(vorrätig|lieferbar|auf Lager)", "sold out"),
    unless=("wieder (vorrätig|lieferbar)",),
    then=Action(problem=ProblemKind.OUT_OF_STOCK),
)
YES = ReplyRule(rule="yes", about="inquiry", says=(r"\bja\b",), then=Action(say=Statement.ACCEPTED))
ASKED = ReplyRule(rule="asked", about="any", says=(r"\?$",), then=Action(say=Statement.QUESTION))
BOOK = Rulebook(hash="", replies=(STOCK, YES, ASKED))


def _hits(text: str) -> list[str]:
    return [text[slice(*hit.span)] for hit in judge_by([STOCK], text)[0]]


def test_a_hit_names_its_rule_its_action_and_its_sentence() -> None:
    text = "Guten Tag.\nLeider nicht mehr lieferbar. Gruß"
    (hit,), _ = judge_by([STOCK], text)
    assert (hit.rule, hit.action) == ("out-of-stock", Action(problem=ProblemKind.OUT_OF_STOCK))
    assert text[slice(*hit.span)] == "Leider nicht mehr lieferbar."


def test_unless_counts_only_in_the_same_sentence() -> None:
    assert _hits("War nicht lieferbar, ist wieder lieferbar.") == []
    assert _hits("A ist nicht lieferbar. B ist wieder lieferbar.") == ["A ist nicht lieferbar."]


def test_among_many_rules_as_among_few_whatever_was_heard_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_REMEMBERED", 1)
    others = [ReplyRule(rule=f"r{n}", about="order", says=(f"word{n:03}",), then=YES.then) for n in range(100)]
    many = Screen([STOCK, *others])
    heard_before = "B sagt word007. A ist nicht lieferbar."
    for text in (heard_before, f"Neu ist word003. {heard_before}", f"C fehlt und ist wieder vorrätig. {heard_before}"):
        hits = [hit for hit in judge_on(many, text)[0] if hit.rule == STOCK.rule]
        assert hits == judge_by([STOCK], text)[0]
        assert len(hits) == 1
    assert not judge_on(many, "C ist nicht lieferbar, aber bald wieder vorrätig.")[0]


def test_every_sentence_that_says_it_is_a_hit() -> None:
    assert len(_hits("A ist nicht lieferbar. B ist sold out.")) == 2


def test_case_and_composed_letters_make_no_difference() -> None:
    assert _hits("NICHT VORRÄTIG") == ["NICHT VORRÄTIG"]
    assert _hits("nicht vorra\u0308tig") == ["nicht vorra\u0308tig"]


def test_a_line_break_inside_a_sentence_makes_no_difference() -> None:
    assert len(_hits("Das von Ihnen so sehnlich erwartete Gerät ist leider nicht\nlieferbar.")) == 1


def test_a_line_that_says_something_ends_as_with_a_full_stop_for_whoever_makes_none() -> None:
    leaves = ReplyRule(rule="leaves", about="order", says=("geht morgen",), unless=("nicht",), then=YES.then)
    text = "handy geht morgen\nhülle ist nicht lieferbar"
    assert {text[slice(*hit.span)] for hit in judge_by([STOCK, leaves], text)[0]} == set(text.split("\n"))
    # What says nothing by itself, or a condition, belongs to the line above it.
    assert not judge_by([leaves], "handy geht morgen\nnicht")[0]
    awaited = ReplyRule(rule="awaited", about="order", says=("sobald",), then=STOCK.then)
    (hit,) = judge_by([leaves, awaited], "handy geht morgen\nsobald sie nicht fehlt")[0]
    assert hit.rule == "awaited"


def test_an_umlaut_is_part_of_its_word() -> None:
    word = ReplyRule(rule="r", about="any", says=(r"\bgang\b",), then=Action(say=Statement.SHIPPED))
    assert judge_by([word], "Ausgäng gang")[0]
    assert not judge_by([word], "übergang gangö")[0]


def test_only_rules_about_the_matter_are_asked() -> None:
    text = "Ja, aber leider nicht lieferbar?"
    assert [trace.rule for trace in judge(text, "order", BOOK)[1]] == ["out-of-stock", "asked"]
    assert [trace.rule for trace in judge(text, "inquiry", BOOK)[1]] == ["yes", "asked"]
    assert len(judge(text, "any", BOOK)[1]) == 3


def test_rules_that_found_nothing_share_a_trace() -> None:
    traces = judge("Danke", "any", BOOK)[1]
    assert [(one.rules, one.why) for one in traces] == [(("out-of-stock", "yes", "asked"), "no sentence says it")]


def test_hits_and_misses_are_told_with_their_reason() -> None:
    def why(text: str) -> tuple[bool, str]:
        (trace,) = judge_by([STOCK], text)[1]
        return trace.hit, trace.why

    assert why("Nicht lieferbar!") == (True, '"Nicht lieferbar" in "Nicht lieferbar!"')
    assert why("Danke") == (False, "no sentence says it")
    assert why("Nicht am lieferbaren Ort vorrätig, sondern hier") == (False, "no sentence says it")
    assert why("Nicht lieferbar, dann wieder lieferbar") == (
        False,
        '"Nicht lieferbar", but also "wieder lieferbar" in "Nicht lieferbar, dann wieder lieferbar"',
    )


def test_a_pattern_that_takes_too_long_misses_and_says_so() -> None:
    evil = ReplyRule(rule="evil", about="any", says=("(a|aa|b?)+$",), then=Action(say=Statement.ACCEPTED))
    text = ("a" * 400 + "! ") * 50
    start = time.process_time()
    hits, (trace,) = judge_by([evil], text)
    assert time.process_time() - start < 0.05
    assert hits == []
    assert trace.why.startswith("stopped")


def test_an_exception_that_takes_too_long_lets_nothing_through() -> None:
    evil = ReplyRule(
        rule="evil", about="any", says=("aaa",), unless=("(a|aa|b?)+$",), then=Action(say=Statement.ACCEPTED)
    )
    assert judge_by([evil], "a" * 5000 + "!")[0] == []


def test_an_empty_text_says_nothing() -> None:
    assert judge("", "any", BOOK)[0] == []


def test_two_hundred_rules_on_a_long_mail_cost_little() -> None:
    rules = [
        ReplyRule(
            rule=f"r{n}", about="any", says=(rf"\bwort{n}\b", f"satz {n} steht"), then=Action(say=Statement.SHIPPED)
        )
        for n in range(200)
    ]
    text = "Das ist ein Satz, der von gar nichts handelt. " * 65
    book = Rulebook(hash="", replies=tuple(rules))
    judge(text, "any", book)
    start = time.process_time()
    judge(text, "any", book)
    assert time.process_time() - start < 0.02


def test_a_sentence_is_judged_in_its_parts_where_each_of_them_says_something() -> None:
    late = ReplyRule(
        rule="late", about="any", says=("erst Montag",), then=Action(problem=ProblemKind.DELAY), unless=("wenn",)
    )
    sure = ReplyRule(
        rule="sure", about="any", says=("bestätigt",), then=Action(say=Statement.ACCEPTED), unless=("erst", "wenn")
    )
    hits = judge_by([late, sure], "Ist bestätigt, geht aber erst Montag raus.")[0]
    assert [hit.rule for hit in hits] == ["late", "sure"]
    assert judge_by([sure], "Ist bestätigt, wenn die Ware da ist.")[0] == []


def test_a_rule_that_counts_otherwise_is_asked_only_where_no_other_hits() -> None:
    rest = ReplyRule(rule="rest", about="any", says=("leider",), then=Action(say=Statement.UNCLEAR), otherwise=True)
    assert [hit.rule for hit in judge_by([STOCK, rest], "Leider nicht lieferbar. Leider Regen.")[0]] == [
        "out-of-stock",
        "rest",
    ]


def test_few_rules_and_many_judge_alike() -> None:
    rest = [
        ReplyRule(rule=f"r{n}", about="any", says=(rf"\bwort{n}\b",), then=Action(say=Statement.SHIPPED))
        for n in range(200)
    ]
    start = ReplyRule(rule="start", about="any", says=("^ok,?$", "(?<!un)klar"), then=Action(say=Statement.ACCEPTED))
    text = "Ok, nicht vorra\u0308tig. Unklar. KLAR? Ist nicht lieferbar, wieder lieferbar.\n\nOK"
    few = judge_by([STOCK, start], text)[0]
    assert [hit.rule for hit in few] == ["out-of-stock", "start", "start", "start"]
    assert judge_by([STOCK, start, *rest], text)[0] == few


def test_a_sentence_said_again_is_judged_alike_at_its_own_place() -> None:
    text = "Leider nicht lieferbar. Danke. Leider nicht lieferbar."
    assert [hit.span for hit in judge_by([STOCK], text)[0]] == [(0, 23), (31, 54)]


def test_of_a_sentence_that_an_aside_knows_to_its_end_no_other_rule_is_heard() -> None:
    aside = ReplyRule(
        rule="aside",
        about="any",
        says=(r"^bis bald, nicht lieferbar\W*$",),
        then=Action(say=Statement.NOTHING),
        aside=True,
    )
    whole, _ = judge_by([STOCK, aside], "Bis bald, nicht lieferbar!")
    longer, _ = judge_by([STOCK, aside], "Bis bald, nicht lieferbar ist auch das Telefon.")
    assert ([hit.rule for hit in whole], [hit.rule for hit in longer]) == (["aside"], ["out-of-stock"])
