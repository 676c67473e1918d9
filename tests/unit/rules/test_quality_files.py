"""Quality metrics as an admin writes them."""

from decimal import Decimal

import pytest

from daemon.rules.quality import MetricRule
from daemon.rules.quality_files import read_quality, share_of

_GOOD = (
    "- {metric: late_dispatch_rate, among: orders_due, count: dispatched_late, window: 30 days, at_least: 10,"
    " good: below, threshold: 4 %, warn: 3 %}\n"
)


def _problems(text: str) -> list[tuple[int, str]]:
    return [(wrong.line, wrong.problem) for wrong in read_quality("rules/quality.yaml", text)[1]]


def test_a_metric_is_read() -> None:
    metrics, mistakes = read_quality("rules/quality.yaml", _GOOD)
    assert mistakes == []
    assert metrics == (
        MetricRule(
            metric="late_dispatch_rate",
            among="orders_due",
            count="dispatched_late",
            window=30,
            at_least=10,
            good="below",
            threshold=Decimal("0.04"),
            warn=Decimal("0.03"),
        ),
    )


@pytest.mark.parametrize(("text", "share"), [("4 %", "0.04"), ("2.5%", "0.025"), ("100 %", "1"), ("0 %", "0")])
def test_a_share_is_read_exactly(text: str, share: str) -> None:
    assert share_of(text) == Decimal(share)


@pytest.mark.parametrize("text", ["4", "101 %", "-1 %", "4,5 %", "٤ %", "0.04"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no share"):
        share_of(text)


def test_a_question_that_cannot_be_asked_is_named_with_those_that_can() -> None:
    wrong = _GOOD.replace("dispatched_late", "traceable")
    assert _problems(wrong) == [(1, "among `orders_due` one can count `dispatched_late`")]


@pytest.mark.parametrize(
    "change", [("warn: 3 %", "warn: 5 %"), ("good: below", "good: above")], ids=["after", "wrong side"]
)
def test_a_warning_comes_before_the_threshold(change: tuple[str, str]) -> None:
    assert _problems(_GOOD.replace(*change)) == [(1, "the warning must come before the threshold is crossed")]


def test_a_metric_stands_once() -> None:
    assert _problems(_GOOD + _GOOD) == [(2, "`late_dispatch_rate` has an entry in line 1 already")]


def test_a_window_is_counted_in_days() -> None:
    assert _problems(_GOOD.replace("30 days", "1 month")) == [(1, "`window`: `1 month` is no window such as `30 days`")]
