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

ORDER = order("A-1001", line(sku="X"), seller=None, merchant=NOVA.id, fulfiller=NORD.id, shipper=NORD.id)
ROW = ReturnRow(evidence=evidence(2), order="#a-1001", line="x", number="R-1", quantity=None, returned_on=None)


def take(partner: Partner, row: ArticleRow | ReturnRow) -> tuple[RowResult, str | None, Decision]:
    draft = Draft(snapshot(ORDER), RULEBOOK, POLICY, now=WEDNESDAY, at=WEDNESDAY, because="a-1")
    result, reasons = goods.take(draft, partner, row)
    return result, next((one.code for one in reasons), None), draft.seal(Disposition.DONE)


def test_a_return_counts_for_the_merchant_of_its_order() -> None:
    result, _, decision = take(NORD, ROW)
    assert result is RowResult.TAKEN
    (back,) = decision.returns
    assert (back.merchant, back.order, back.sku, back.quantity) == (NOVA.id, "A-1001", "X", 1)
    assert back.returned_on == WEDNESDAY.date()
    assert [one.what.code for one in decision.history] == ["goods_returned"]
    assert decision.orders == ()


@pytest.mark.parametrize(
    ("partner", "changes", "code"),
    [
        (ACME, {}, "not_your_order"),
        (NORD, {"order": "A-9"}, "unknown_order"),
        (NORD, {"line": "Y"}, "unknown_line"),
    ],
)
def test_a_return_that_fits_no_order_waits_for_a_person(partner: Partner, changes: dict[str, str], code: str) -> None:
    result, why, decision = take(partner, msgspec.structs.replace(ROW, **changes))
    assert (result, why) == (RowResult.HELD, code)
    assert decision.returns == ()


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
    assert [one.number for one in decision.returns] == ["R-1"]
    assert [one.code for one in decision.reasons] == ["unknown_order"]
