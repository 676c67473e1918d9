"""Articles and returns: who may speak of what."""

import msgspec
import pytest

from daemon.deciding import arrival as arrivals
from daemon.deciding import goods
from daemon.deciding.draft import Draft
from daemon.domain.arrival import Verdict
from daemon.domain.decision import Decision, Disposition, RowResult
from daemon.domain.document import Mail
from daemon.domain.finding import ArticleRow, Reading, ReturnRow, StockRow
from daemon.domain.partner import Partner
from daemon.domain.snapshot import Context
from daemon.domain.stimulus import Person, Release
from tests.support.builders import (
    ACME,
    NORD,
    NOVA,
    POLICY,
    RULEBOOK,
    WEDNESDAY,
    arrival,
    evidence,
    line,
    order,
    snapshot,
)

ORDER = order("A-1001", line(sku="X", shipped=1), seller=None, merchant=NOVA.id, fulfiller=NORD.id, shipper=NORD.id)
ROW = ReturnRow(evidence=evidence(2), order="#a-1001", line="x", number="R-1", quantity=None, returned_on=None)


def take(partner: Partner, row: ArticleRow | ReturnRow) -> tuple[RowResult, str | None, Decision]:
    draft = Draft(snapshot(ORDER), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    (outcome,) = goods.take(draft, partner, [row], None)
    return outcome.result, outcome.doubt.code if outcome.doubt else None, draft.seal(Disposition.DONE)


def returned(decision: Decision) -> list[tuple[str, str, int]]:
    return [(one.number, one.state.value, one.quantity) for order in decision.orders for one in order.returns]


def test_a_return_stands_on_its_order_though_nobody_announced_it() -> None:
    result, _, decision = take(NORD, ROW)
    assert result is RowResult.TAKEN
    assert returned(decision) == [("R-1", "arrived", 1)]
    assert decision.orders[0].returns[0].day == WEDNESDAY.date()
    assert [one.what.code for one in decision.history] == ["goods_returned"]


@pytest.mark.parametrize(
    ("partner", "changes", "code"),
    [
        (ACME, {}, "not_your_order"),
        (NORD, {"order": "A-9"}, "return_of_unknown_order"),
        (NORD, {"order": None}, "return_without_order"),
        (NOVA, {}, "return_not_yours"),
        (NORD, {"line": "Y"}, "unknown_line"),
    ],
)
def test_a_return_that_fits_no_order_waits_for_a_person(partner: Partner, changes: dict[str, str], code: str) -> None:
    result, why, decision = take(partner, msgspec.structs.replace(ROW, **changes))
    assert (result, why) == (RowResult.HELD, code)
    assert decision.orders == ()


def test_a_person_puts_rows_on_an_order_only_where_they_can_mean_but_one() -> None:
    release = Release(person=Person(name="cli:anna"), order=ORDER.key)
    strange = [msgspec.structs.replace(ROW, order=name, number=name) for name in ("A-8", "A-9")]
    for rows, codes in ((strange[:1], [None]), (strange, ["returns_of_several_orders"] * 2)):
        draft = Draft(snapshot(ORDER), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
        taken = goods.take(draft, NORD, rows, release)
        assert [one.doubt and one.doubt.code for one in taken] == codes


def test_a_release_books_no_return_on_an_order_of_somebody_else_unless_that_order_is_named() -> None:
    for order_named, codes in ((None, ["order_of_another"]), (ORDER.key, [None])):
        release = Release(person=Person(name="cli:anna"), order=order_named)
        draft = Draft(snapshot(ORDER), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
        taken = goods.take(draft, ACME, [ROW], release)
        assert [one.doubt and one.doubt.code for one in taken] == codes


def test_a_merchant_announces_and_refunds() -> None:
    announced = msgspec.structs.replace(ROW, state="announced")
    result, _, decision = take(NOVA, announced)
    assert (result, returned(decision)) == (RowResult.TAKEN, [("R-1", "announced", 1)])
    assert take(NOVA, msgspec.structs.replace(ROW, state="refunded"))[1] == "no_such_return"


def test_an_article_is_kept_as_its_merchant_describes_it() -> None:
    fields = {"sku": "X", "name": "Phone", "ean": "4006381333931"}
    result, _, decision = take(NOVA, ArticleRow(evidence=evidence(2), fields=fields))
    assert result is RowResult.TAKEN
    (article,) = decision.articles
    assert (article.merchant, article.sku, article.name) == (NOVA.id, "X", "Phone")


def test_lists_attached_to_a_mail_are_taken_as_if_they_had_been_dropped() -> None:
    level = StockRow(evidence=evidence(2), sku="X", level=3)
    unknown = msgspec.structs.replace(ROW, order="A-9")
    mail = Mail(sender=NORD.address, new_text="Anbei.", verdict=Verdict.PASS)
    reading = Reading(documents=(mail,), findings=(level, ROW, unknown))
    decision = arrivals.decide(
        arrival(), reading, Context(partner=NORD.id), snapshot(ORDER), RULEBOOK, POLICY, WEDNESDAY, None
    )
    assert [one.level for one in decision.stock] == [3]
    assert returned(decision) == [("R-1", "arrived", 1)]
    assert [one.code for one in decision.reasons] == ["return_of_unknown_order"]
