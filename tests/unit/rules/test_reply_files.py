"""Reply rule files and the examples that prove them."""

import pytest

from daemon.domain.finding import Statement
from daemon.rules.actions import Action
from daemon.rules.reply_files import read_replies

_GOOD = """rule: thanks
about: order
when:
  says: ['danke', 'thank you']
  unless: ['nein danke']
then: {say: accepted}
examples:
  - {says: 'Danke!', then: {say: accepted}}
  - {says: 'Nein danke.', then: nothing}
"""


def _problems(*texts: str) -> list[tuple[int, str]]:
    files = [(f"rules/replies/{place}.yaml", text) for place, text in enumerate(texts)]
    return [(wrong.line, wrong.problem) for wrong in read_replies(files)[1]]


def test_a_rule_is_read() -> None:
    (proven,), mistakes = read_replies([("a.yaml", _GOOD)])
    rule = proven.rule
    assert mistakes == []
    assert (rule.rule, rule.about, rule.says, rule.unless) == (
        "thanks",
        "order",
        ("danke", "thank you"),
        ("nein danke",),
    )
    assert rule.then == Action(say=Statement.ACCEPTED)


def test_an_example_that_must_hit_and_misses_is_told_with_its_line() -> None:
    (line, problem) = _problems(_GOOD.replace("'Danke!'", "'Merci!'"))[0]
    assert line == 8
    assert problem == "the example should mean `say: accepted` but means nothing: no sentence says it"


def test_an_example_that_must_miss_and_hits_is_told_with_its_line() -> None:
    (line, problem) = _problems(_GOOD.replace("'Nein danke.'", "'Vielen Dank und danke.'"))[0]
    assert line == 9
    assert problem.startswith("the example should mean nothing but means `say: accepted`")


def test_an_example_with_another_action_than_the_rules_is_wrong() -> None:
    text = _GOOD.replace("'Danke!', then: {say: accepted}", "'Danke!', then: {problem: delay}")
    assert [line for line, _ in _problems(text)] == [8]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("'thank you'", "'thank (you'", 4),
        ("'nein danke'", "'x*'", 5),
        ("['danke', 'thank you']", "[]", 4),
        ("{say: accepted}\nexamples", "{say: acepted}\nexamples", 6),
        ("{say: accepted}\nexamples", "{say: accepted, problem: delay}\nexamples", 6),
        ("{say: accepted}\nexamples", "{}\nexamples", 6),
        ("about: order", "about: orders", 2),
        ("then: nothing", "then: noting", 9),
        ("  unless", "  unles", 5),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_its_line(old: str, new: str, line: int) -> None:
    assert {found for found, _ in _problems(_GOOD.replace(old, new, 1))} == {line}


def test_a_rule_without_examples_is_refused() -> None:
    assert _problems(_GOOD.partition("examples:")[0]) == [(1, "`examples` is missing")]


def test_two_rules_cannot_share_a_name() -> None:
    assert _problems(_GOOD, _GOOD) == [(1, "the rule `thanks` stands in rules/replies/0.yaml:1 already")]


def test_a_file_may_hold_a_list_of_rules() -> None:
    one = "- " + _GOOD.strip().replace("\n", "\n  ")
    two = one.replace("rule: thanks", "rule: thanks-again")
    assert len(read_replies([("a.yaml", f"{one}\n{two}\n")])[0]) == 2
