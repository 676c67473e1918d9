"""Which problems a buyer knows of once a notice has left."""

from datetime import date, timedelta

import pytest

from daemon.deciding import letters, outcome
from daemon.domain.effect import SendMail
from daemon.domain.order import Order
from daemon.domain.problem import Problem, ProblemKind
from tests.support.builders import POLICY, RULEBOOK, WEDNESDAY, order, snapshot


def _problems(*kinds: ProblemKind) -> tuple[Problem, ...]:
    return tuple(
        Problem(kind=kind, detected_at=WEDNESDAY + timedelta(hours=place), new_date=date(2026, 12, 14 + place))
        for place, kind in enumerate(kinds)
    )


def _told(one: Order, place: int) -> list[bool]:
    """Which problems of an order are told when the notice about one of them has left."""
    problem = one.problems[place]
    mail = SendMail(
        key=letters.problem_key(one, problem.kind, problem.detected_at, problem.new_date),
        template=letters.problem_template(problem.kind),
        to="zoe@buyer.example",
        language="de",
        conversation=f"order:{one.key}:buyer",
        about=(one.number,),
        data={},
        buyer=True,
    )
    decision = outcome.sent(mail, "250", snapshot(one), RULEBOOK, POLICY, WEDNESDAY + timedelta(hours=9))
    return [bool(problem.buyer_notified_at) for problem in decision.orders[0].problems]


_DELAY, _GONE = ProblemKind.DELAY, ProblemKind.OUT_OF_STOCK


@pytest.mark.parametrize(
    ("kinds", "place", "told"),
    [
        ((_DELAY, _DELAY), 1, [True, True]),
        ((_DELAY, _DELAY), 0, [True, False]),
        ((_GONE, _DELAY), 1, [False, True]),
        ((_DELAY, _GONE), 1, [False, True]),
    ],
)
def test_who_has_heard_of_the_latest_delay_knows_of_those_before(
    kinds: tuple[ProblemKind, ...], place: int, told: list[bool]
) -> None:
    assert _told(order(problems=_problems(*kinds)), place) == told
