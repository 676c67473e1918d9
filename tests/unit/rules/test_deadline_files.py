"""Deadline entries and their examples."""

import pytest

from daemon.domain.deadline import DeadlineKind
from daemon.domain.policy import TimeUnit
from daemon.rules.deadline_files import read_deadlines, span_of
from daemon.rules.deadlines import Ring, Span

_GOOD = """- kind: imei
  starts: devices_left_unnamed
  length: 24 hours
  met_by: [devices_named]
  rings:
    - {after: 2 working days, template: reminder-imei, operator: true, copy: true}
    - {before: 12 hours, template: reminder-imei}
  missed: [operator]
  examples:
    - {started: 2026-11-25T10:00:00+01:00, due: 2026-11-26T10:00:00+01:00}
"""


def _problems(text: str) -> list[tuple[int, str]]:
    return [(wrong.line, wrong.problem) for wrong in read_deadlines("rules/deadlines.yaml", text)[1]]


def test_an_entry_is_read_with_its_rings_in_order() -> None:
    (rule,), mistakes = read_deadlines("rules/deadlines.yaml", _GOOD)
    assert mistakes == []
    assert rule.kind is DeadlineKind.IMEI
    assert rule.length == Span(amount=24, unit=TimeUnit.HOURS)
    assert rule.missed == ("operator",)
    assert rule.rings == (
        Ring(before=Span(amount=12, unit=TimeUnit.HOURS), template="reminder-imei"),
        Ring(after=Span(amount=2, unit=TimeUnit.WORKING_DAYS), template="reminder-imei", operator=True, copy=True),
    )
    assert (rule.starts, rule.met_by, rule.dropped_by) == ("devices_left_unnamed", ("devices_named",), ())


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1 hour", 1, TimeUnit.HOURS),
        ("21 days", 21, TimeUnit.DAYS),
        ("5 working days", 5, TimeUnit.WORKING_DAYS),
        ("8 working hours", 8, TimeUnit.WORKING_HOURS),
    ],
)
def test_a_span_is_read_in_words(text: str, amount: int, unit: TimeUnit) -> None:
    assert span_of(text) == Span(amount=amount, unit=unit)


@pytest.mark.parametrize("text", ["24", "24h", "0 hours", "-1 days", "2 weeks", "working days", ""])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no span"):
        span_of(text)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("kind: imei", "kind: imie", 1),
        ("length: 24 hours", "length: 24 ours", 3),
        ("length: 24 hours", "length: 24", 3),
        ("before: 12 hours, ", "before: 12 hours, after: 1 day, ", 7),
        ("before: 12 hours, ", "", 7),
        ("12 hours, template: reminder-imei", "12 hours", 7),
        ("12 hours, template: reminder-imei", "12 hours, operator: true, copy: true", 7),
        ("missed: [operator]", "missed: [boss]", 8),
        ("missed: [operator]", "missed: [expire]", 1),
        ("due: 2026-11-26", "due: 2026-11-27", 10),
        ("due: 2026-11-26T10:00:00+01:00", "due: 2026-11-26T10:00:00", 10),
        ("  length: 24 hours\n", "", 1),
        ("starts: devices_left_unnamed", "starts: monday", 2),
        ("length: 24 hours", "length: offer", 1),
        ("met_by: [devices_named]", "met_by: [inquiry_answered]", 1),
        ("starts: devices_left_unnamed", "starts: inquiry_sent", 1),
    ],
)
def test_a_mistake_in_an_entry_is_told_with_its_line(old: str, new: str, line: int) -> None:
    assert {found for found, _ in _problems(_GOOD.replace(old, new, 1))} == {line}


def test_a_wrong_example_says_what_is_right() -> None:
    assert _problems(_GOOD.replace("due: 2026-11-26", "due: 2026-11-27")) == [
        (10, "the example is due 2026-11-26T10:00:00+01:00")
    ]


def test_a_kind_that_stands_twice_is_a_mistake() -> None:
    assert _problems(_GOOD + _GOOD) == [(11, "`imei` has an entry in line 1 already")]
