import pytest
from msgspec.structs import replace

from daemon.domain.finding import Statement
from daemon.domain.order import Order
from tests.support.builders import DHL_NUMBER, OTHER_DHL_NUMBER, line, order, snapshot
from tests.unit.deciding.test_mails import codes, parcel, reply, said


def case_and_charger() -> Order:
    return order(
        lines=(
            line(line="1", sku="CASE-01", title="Clear Case 6.1", quantity=1),
            line(line="2", sku="USBC-20W", title="USB-C Charger 20 W", quantity=3),
        )
    )


def test_a_number_that_may_say_that_fewer_have_left_holds_the_parcel() -> None:
    assert codes(reply(snapshot(case_and_charger()), parcel(line="2", perhaps=(2,)))) == ["quantity_unclear"]


def test_a_number_that_is_as_many_as_are_open_or_more_is_no_doubt() -> None:
    decision = reply(snapshot(case_and_charger()), parcel(line="2", perhaps=(3, 7)))
    assert [line.shipped for line in decision.orders[0].lines] == [0, 3]


def test_an_article_that_is_described_names_its_line() -> None:
    decision = reply(snapshot(case_and_charger()), parcel(article="Charger 20 W"))
    assert [line.shipped for line in decision.orders[0].lines] == [0, 3]


@pytest.mark.parametrize(
    "article",
    [
        "Ladegerät 20W",
        "Netzteil",
        "chargeur",
        "ładowarka 20 W",
        "caricatore",
        "Cargador 20W",
        "oplader",
        "USB-C Charg.",
    ],
)
def test_a_charger_is_one_in_all_languages(article: str) -> None:
    decision = reply(snapshot(case_and_charger()), parcel(article=article))
    assert [line.shipped for line in decision.orders[0].lines] == [0, 3]


@pytest.mark.parametrize("article", ["Hülle klar", "coque transparente", "etui", "Custodia", "funda", "hoesje", "case"])
def test_a_case_is_one_in_all_languages(article: str) -> None:
    decision = reply(snapshot(case_and_charger()), parcel(article=article))
    assert [line.shipped for line in decision.orders[0].lines] == [1, 0]


def test_articles_that_are_added_up_are_the_whole_order() -> None:
    assert reply(snapshot(case_and_charger()), parcel(article="Etui + ładowarka", quantity=4)).orders[0].complete
    assert codes(reply(snapshot(case_and_charger()), parcel(article="Etui + ładowarka", quantity=2))) == [
        "line_not_named"
    ]


@pytest.mark.parametrize(
    "article", ["Ladekabel", "Charger 30 W", "schwarze Hülle", "Hülle + Kabel", "Case oder Charger"]
)
def test_another_article_of_the_same_kind_names_no_line(article: str) -> None:
    assert codes(reply(snapshot(case_and_charger()), parcel(article=article))) == ["line_not_named"]


def test_what_is_made_for_a_phone_is_no_phone() -> None:
    phone_and_charger = order(
        lines=(
            line(line="1", sku="IP13-128", title="Apple iPhone 13", quantity=1),
            line(line="2", sku="USBC-20W", title="USB-C Charger 20 W", quantity=3),
        )
    )
    assert codes(reply(snapshot(phone_and_charger), parcel(article="Hülle Apple iPhone 13"))) == ["line_not_named"]


def test_an_article_that_is_none_of_the_order_does_not_let_all_of_it_leave() -> None:
    assert codes(reply(snapshot(case_and_charger()), parcel(article="nur Hülle"))) == ["line_not_named"]


def test_all_articles_in_one_cell_are_the_whole_order() -> None:
    decision = reply(snapshot(case_and_charger()), parcel(article="1x Clear Case 6.1, 3x USB-C Charger 20 W"))
    assert decision.orders[0].complete


def test_what_is_left_of_an_order_needs_a_number_when_it_leaves_and_what_left_before_does_not() -> None:
    half = order(lines=(line(shipped=1), line("2")))
    assert codes(reply(snapshot(half), said(Statement.SHIPPED))) == ["dispatch_without_number"]
    assert codes(reply(snapshot(half), replace(said(Statement.SHIPPED), line="2"))) == ["dispatch_without_number"]
    assert codes(reply(snapshot(half), replace(said(Statement.SHIPPED), line="1"))) == []


@pytest.mark.parametrize(
    ("line", "quantity", "fewer"), [("2", 3, False), ("2", 2, True), (None, 4, False), (None, 2, True)]
)
def test_a_yes_to_fewer_pieces_than_were_ordered_is_none(line: str | None, quantity: int, *, fewer: bool) -> None:
    accepted = replace(said(Statement.ACCEPTED), line=line, quantity=quantity)
    decision = reply(snapshot(case_and_charger()), accepted)
    assert (codes(decision) == ["other_pieces_confirmed"]) is fewer


def test_one_of_as_many_as_the_line_has_is_a_piece() -> None:
    decision = reply(snapshot(case_and_charger()), parcel(line="2", quantity=1, of=3))
    assert [line.shipped for line in decision.orders[0].lines] == [0, 1]


def test_one_of_another_number_than_was_ordered_may_be_a_parcel() -> None:
    assert codes(reply(snapshot(case_and_charger()), parcel(line="2", quantity=1, of=2))) == ["quantity_unclear"]


def test_a_number_in_place_of_one_that_nobody_has_recorded_is_taken() -> None:
    decision = reply(snapshot(order()), parcel(instead="1Z999AA10123456784"))
    assert [one.tracking_number for one in decision.orders[0].shipments] == [DHL_NUMBER]


def test_a_number_in_place_of_a_recorded_one_waits_for_a_person() -> None:
    two = order(lines=(line(), line(line="2", sku="CASE-02")))
    begun = reply(snapshot(two), parcel(line="1")).orders[0]
    later = reply(snapshot(begun), parcel(OTHER_DHL_NUMBER, instead=DHL_NUMBER))
    assert (codes(later), later.orders) == (["partner_correction"], ())
