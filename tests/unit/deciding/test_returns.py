"""Goods that come back stand on their order once, however often and in whatever order they are told of."""

from datetime import date
from typing import Any

import pytest

from daemon.deciding import returns
from daemon.deciding.draft import Draft
from daemon.deciding.privacy import without_buyer
from daemon.domain.decision import Decision, Disposition
from daemon.domain.effect import TellOperator
from daemon.domain.goods_return import ReturnState
from daemon.domain.order import Order
from daemon.domain.reason import reason
from tests.support.builders import NORD, NOVA, POLICY, RULEBOOK, WEDNESDAY, line, order, snapshot

ANNOUNCED, ARRIVED, RESTOCKED = ReturnState.ANNOUNCED, ReturnState.ARRIVED, ReturnState.RESTOCKED
BLOCKED, COMPLETED, REJECTED = ReturnState.BLOCKED, ReturnState.COMPLETED, ReturnState.REJECTED
LEFT = order("A-1001", line(sku="X", quantity=4, shipped=3))

Piece = tuple[str, ReturnState, int]


def told(first: Order, *pieces: Piece, trusted: bool = False, **words: Any) -> tuple[Order, str | None, Decision]:
    """The order after all that was said, why the last was not taken, and the decision."""
    draft = Draft(snapshot(first), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    doubt = None
    for number, state, quantity in pieces:
        now = draft.order(first.key) or first
        said = returns.Told(
            line=now.lines[0], state=state, quantity=quantity, day=date(2026, 12, 4), number=number, **words
        )
        doubt = returns.tell(draft, now, said, trusted=trusted)
    return draft.order(first.key) or first, doubt.code if doubt else None, draft.seal(Disposition.DONE)


def stand(now: Order) -> set[Piece]:
    return {(one.number, one.state, one.quantity) for one in now.returns}


@pytest.mark.parametrize(
    ("pieces", "stands"),
    [
        ([("R-1", ARRIVED, 2), ("R-1", RESTOCKED, 2)], {("R-1", RESTOCKED, 2)}),
        ([("R-1", ARRIVED, 3), ("r-1", RESTOCKED, 1)], {("R-1", ARRIVED, 2), ("R-1", RESTOCKED, 1)}),
        ([("R-1", ARRIVED, 1), ("", RESTOCKED, 1)], {("R-1", RESTOCKED, 1)}),
        ([("R-1", ARRIVED, 1), ("R-1", COMPLETED, 1), ("R-1", BLOCKED, 1)], {("R-1", BLOCKED, 1)}),
        ([("R-1", ARRIVED, 1), ("R-2", ARRIVED, 2)], {("R-1", ARRIVED, 1), ("R-2", ARRIVED, 2)}),
        ([("M-1", ANNOUNCED, 2), ("R-1", ARRIVED, 1)], {("M-1", ANNOUNCED, 1), ("R-1", ARRIVED, 1)}),
        ([("R-1", REJECTED, 1)], {("R-1", REJECTED, 1)}),
    ],
)
def test_what_is_told_later_moves_pieces_on(pieces: list[Piece], stands: set[Piece]) -> None:
    now, doubt, _ = told(LEFT, *pieces)
    assert (stand(now), doubt) == (stands, None)


@pytest.mark.parametrize("again", [("R-1", ARRIVED, 2), ("R-1", RESTOCKED, 2), ("", ANNOUNCED, 1)])
def test_what_is_told_again_changes_nothing(again: Piece) -> None:
    now, _, _ = told(LEFT, ("R-1", ARRIVED, 2), ("R-1", RESTOCKED, 2))
    same, doubt, decision = told(now, again)
    assert (same, doubt, decision.effects, decision.history) == (now, "already_recorded", (), ())


def test_the_same_twice_in_one_list_may_be_two_pieces() -> None:
    now, doubt, _ = told(LEFT, ("", ARRIVED, 1), ("", ARRIVED, 1))
    assert (stand(now), doubt) == ({("", ARRIVED, 1)}, "return_differs")
    assert told(now, ("", ARRIVED, 1))[1] == "already_recorded"


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        (("R-1", ARRIVED, 2), "return_differs"),
        (("R-1", RESTOCKED, 2), "return_differs"),
        (("R-2", ARRIVED, 3), "more_returned_than_left"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(piece: Piece, code: str) -> None:
    known, _, _ = told(LEFT, ("R-1", ARRIVED, 1))
    now, doubt, _ = told(known, piece)
    assert (stand(now), doubt) == ({("R-1", ARRIVED, 1)}, code)


def test_a_result_that_contradicts_another_waits_for_a_person_whose_word_replaces_it() -> None:
    known, _, _ = told(LEFT, ("R-1", ARRIVED, 2), ("R-1", RESTOCKED, 1))
    assert told(known, ("R-1", REJECTED, 2))[1] == "return_differs"
    now, doubt, _ = told(known, ("R-1", REJECTED, 2), trusted=True)
    assert (stand(now), doubt) == ({("R-1", REJECTED, 2)}, None)
    corrected, _, _ = told(known, ("R-1", RESTOCKED, 2), trusted=True)
    assert stand(corrected) == {("R-1", RESTOCKED, 2)}


def test_a_person_may_know_of_a_dispatch_that_nobody_told_but_not_of_more_than_was_ordered() -> None:
    assert told(LEFT, ("R-1", ARRIVED, 4), trusted=True)[1] is None
    assert told(LEFT, ("R-1", ARRIVED, 5), trusted=True)[1] == "more_returned_than_left"


def test_of_what_has_never_left_nothing_comes_back_whoever_says_so() -> None:
    here = order("A-1001", line(sku="X", quantity=4))
    assert told(here, ("R-1", ARRIVED, 1), trusted=True)[1] == "more_returned_than_left"


def test_words_that_come_later_are_kept_and_erased_ones_do_not_come_back() -> None:
    known, _, _ = told(LEFT, ("R-1", ARRIVED, 1))
    worded, _, _ = told(known, ("R-1", ARRIVED, 1), reason="zu klein")
    assert worded.returns[0].reason == "zu klein"
    erased = without_buyer(worded)
    assert told(erased, ("R-1", ARRIVED, 1), reason="zu klein")[0] == erased


def test_the_operator_hears_of_what_nobody_else_tells_the_buyer() -> None:
    theirs = order("A-2", line(shipped=1), seller=None, merchant=NOVA.id, fulfiller=NORD.id, shipper=NORD.id)
    heard = [
        [one.reason.code for one in told(first, ("R-1", state, 1))[2].effects if isinstance(one, TellOperator)]
        for first in (LEFT, theirs)
        for state in (ARRIVED, RESTOCKED, REJECTED)
    ]
    assert heard == [["return_to_tell"], [], ["return_to_tell"], [], [], ["return_to_tell"]]


def test_a_refund_is_of_a_return_that_is_known_and_is_told_once() -> None:
    draft = Draft(snapshot(LEFT), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    doubt = returns.refund(draft, LEFT, None, "")
    assert doubt == reason("no_such_return", order="A-1001")
    known, _, _ = told(LEFT, ("R-1", ARRIVED, 1))
    assert returns.refund(draft, known, None, "r-1") is None
    (order_,) = draft.seal(Disposition.DONE).orders
    assert order_.returns[0].refunded_at == WEDNESDAY
    assert returns.refund(draft, order_, None, "") == reason("already_recorded", value="A-1001")
