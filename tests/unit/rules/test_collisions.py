"""Rules that get in each other's way are told."""

from daemon.rules.collisions import collisions

_CARRIER = """\
carrier: {id}
name: {id}
numbers:
  - pattern: '[0-9]{{12}}'
    check: {check}
    valid: ['{valid}']
    invalid: ['1']
"""
_RULE = """\
rule: {name}
about: order
when: {{says: ['{says}']}}
then: {{{then}}}
examples:
  - {{says: 'Das ist so bestätigt.', then: {{{then}}}}}
"""


def _carriers(**carriers: tuple[str, str]) -> dict[str, str]:
    return {
        f"rules/carriers/{name}.yaml": _CARRIER.format(id=name, check=check, valid=valid)
        for name, (check, valid) in carriers.items()
    }


def _rules(**rules: tuple[str, str]) -> dict[str, str]:
    return {
        f"rules/replies/{name}.yaml": _RULE.format(name=name, says=says, then=then)
        for name, (says, then) in rules.items()
    }


def test_a_number_that_another_carriers_form_takes_is_told_at_its_form() -> None:
    (one, other) = collisions(_carriers(first=("dhl_ident", "201298452277"), second=("none", "201298452277")))
    assert (one.file, one.line) == ("rules/carriers/first.yaml", 4)
    assert "second" in one.problem
    assert "first" in other.problem


def test_a_check_digit_that_tells_carriers_apart_is_no_collision() -> None:
    assert collisions(_carriers(first=("dhl_ident", "482719365044"), second=("gls", "602948175322"))) == ()


def test_two_rules_that_say_yes_and_no_to_one_sentence_are_told() -> None:
    found = collisions(_rules(yes=("bestätigt", "say: accepted"), no=("so best", "say: declined")))
    assert {(one.file, one.line) for one in found} == {("rules/replies/yes.yaml", 6), ("rules/replies/no.yaml", 6)}


def test_two_rules_that_say_the_same_are_no_collision() -> None:
    assert collisions(_rules(yes=("bestätigt", "say: accepted"), same=("so best", "say: accepted"))) == ()


def test_what_cannot_be_read_collides_with_nothing() -> None:
    assert collisions({"rules/carriers/x.yaml": "carrier: [", "rules/replies/y.yaml": ""}) == ()
