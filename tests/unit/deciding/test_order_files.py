"""Order files: what is recorded, what goes out, and what every mistake is answered with."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from daemon.deciding.arrival import decide
from daemon.domain.arrival import ArrivalKind
from daemon.domain.article import Article, article_key
from daemon.domain.decision import Decision, Disposition, Relationship, RowResult
from daemon.domain.document import Sheet
from daemon.domain.effect import SendMail, TellOperator
from daemon.domain.finding import OrderRow, Reading, Row
from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Order, OrderState
from daemon.domain.partner import Partner, Role, Warehouse
from daemon.domain.policy import ClockStart, TimeUnit
from daemon.domain.problem import ProblemKind
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.stimulus import Person, Release
from daemon.domain.stock import StockLevel
from daemon.rules.rulebook import Rulebook
from tests.support.builders import (
    ACME,
    BOLT,
    NORD,
    NOVA,
    POLICY,
    RULEBOOK,
    WEDNESDAY,
    arrival,
    evidence,
    snapshot,
    templates,
)

PLAIN = {
    "order_id": "A-1001",
    "placed_at": "2026-11-25T09:00:00+01:00",
    "paid_at": "2026-11-25T09:05:00+01:00",
    "market": "de-DE",
    "currency": "EUR",
    "seller": "acme",
    "buyer_name": "Zoë Kanari",
    "buyer_email": "zoe@buyer.example",
    "buyer_phone": "",
    "ship_name": "Zoë Kanari",
    "ship_street": "Ringstraße 5",
    "ship_postcode": "50667",
    "ship_city": "Köln",
    "ship_country": "DE",
    "line_id": "1",
    "sku": "IP13-128",
    "title": "Phone 13",
    "quantity": "1",
    "unit_price": "299.00",
    "shipping_price": "0.00",
    "category": "smartphone",
    "cellular": "yes",
    "handling_days": "2",
    "hs_code": "",
    "origin": "",
}


def drop(
    *rows: dict[str, str],
    state: Snapshot | None = None,
    policy: Any = POLICY,
    release: Any = None,
    rulebook: Rulebook = RULEBOOK,
    party: str = "orders",
) -> Decision:
    findings = tuple(
        OrderRow(evidence=evidence(row=place), fields=PLAIN | row) for place, row in enumerate(rows, start=2)
    )
    written = tuple(Row(number=place, cells=()) for place, _ in enumerate(rows, start=2))
    reading = Reading(documents=(Sheet(name="o.csv", format="orders", columns=()),), findings=findings, rows=written)
    file = arrival(kind=ArrivalKind.FILE, party=party, name="o.csv")
    return decide(file, reading, Context(), state or snapshot(), rulebook, policy, WEDNESDAY, release)


@pytest.mark.parametrize(("quantity", "taken"), [("2.00", 2), ("2,0000", 2), ("2.000", None), ("1.50", None)])
def test_a_quantity_may_end_in_zeros_unless_they_may_be_thousands(quantity: str, taken: int | None) -> None:
    decision = drop({"quantity": quantity})
    assert [line.quantity for order in decision.orders for line in order.lines] == ([taken] if taken else [])


def report(**fields: str) -> dict[str, str]:
    return dict.fromkeys(PLAIN, "") | {"order_id": "A-1001"} | fields


def results(decision: Decision) -> list[str]:
    return [one.result for one in decision.verdicts]


def placed(**changes: str) -> Order:
    return drop(changes).orders[0]


def left(one: Order) -> Snapshot:
    """The state after the order mail has left."""
    return snapshot(one)


def test_a_paid_order_is_mailed_to_the_seller_and_its_clock_runs() -> None:
    decision = drop({})
    assert results(decision) == ["taken"]
    placed_order = decision.orders[0]
    assert placed_order.state is OrderState.RELEASED
    assert placed_order.ship_by is not None
    assert placed_order.ship_by.isoformat() == "2026-11-27T23:59:59+01:00"
    assert templates(decision) == ["order"]
    mail = decision.effects[0]
    assert isinstance(mail, SendMail)
    assert mail.data["imeis_due"] == 1
    assert [one.kind for one in decision.deadlines] == ["ship"]


def test_an_unpaid_order_waits_and_nothing_leaves() -> None:
    decision = drop({"paid_at": ""})
    assert decision.orders[0].state is OrderState.AWAITING_PAYMENT
    assert decision.effects == ()
    assert decision.deadlines == ()


def test_a_part_payment_does_not_release() -> None:
    assert placed(paid_amount="100.00").state is OrderState.AWAITING_PAYMENT


def test_a_later_payment_releases_by_two_columns_alone() -> None:
    unpaid = placed(paid_at="")
    decision = drop(report(paid_at="2026-11-25T10:00:00+01:00"), state=snapshot(unpaid))
    assert results(decision) == ["taken"]
    assert templates(decision) == ["order"]


def test_what_ran_out_before_the_payment_is_a_problem_once_it_is_paid() -> None:
    unpaid = placed(paid_at="")
    empty = StockLevel(partner=PartnerId("acme"), sku="IP13-128", level=0, at=WEDNESDAY, because="a-0")
    state = snapshot(unpaid, stock={empty.key: (empty,)})
    decision = drop(report(paid_at="2026-11-25T10:00:00+01:00"), state=state)
    assert [one.kind for one in decision.orders[-1].problems] == [ProblemKind.OUT_OF_STOCK]
    assert "buyer-out-of-stock" in templates(decision)
    assert drop(report(paid_at="2026-11-25T10:00:00+01:00"), state=snapshot(decision.orders[-1])).orders == ()


def test_the_clock_may_start_at_the_payment() -> None:
    policy = msgspec.structs.replace(POLICY, clock_start=ClockStart.PAID, clock_unit=TimeUnit.DAYS)
    decision = drop({"paid_at": "2026-11-27T12:00:00+01:00"}, policy=policy)
    assert decision.orders[0].ship_by is not None
    assert decision.orders[0].ship_by.isoformat() == "2026-11-29T23:59:59+01:00"


def test_the_shortest_standard_delivery_time_of_all_lines_counts() -> None:
    decision = drop({"handling_days": "5"}, {"line_id": "2", "handling_days": "1"})
    assert decision.orders[0].ship_by is not None
    assert decision.orders[0].ship_by.day == 26


def test_the_same_order_again_is_unchanged() -> None:
    decision = drop({}, state=left(placed()))
    assert results(decision) == ["unchanged"]
    assert decision.orders == ()
    assert decision.effects == ()


def test_an_order_that_changed_is_held() -> None:
    decision = drop({"quantity": "3"}, state=left(placed()))
    assert results(decision) == ["held"]
    assert decision.reasons[0].code == "order_changed"


def test_a_changed_address_replaces_while_the_mail_has_not_left() -> None:
    decision = drop({"ship_street": "Neue Gasse 1"}, state=Snapshot(orders={placed().key: placed()}))
    assert results(decision) == ["taken"]
    assert decision.orders[0].address.street == "Neue Gasse 1"
    assert templates(decision) == ["order"]


def test_a_changed_address_after_the_mail_is_held_and_its_release_sends_a_correction() -> None:
    held = drop({"ship_street": "Neue Gasse 1"}, state=left(placed()))
    assert results(held) == ["held"]
    assert held.orders == ()
    released = drop({"ship_street": "Neue Gasse 1"}, state=left(placed()), release=Release(person=Person(name="anna")))
    assert templates(released) == ["order-correction"]


def test_lines_may_give_the_orders_own_columns_once() -> None:
    second = dict.fromkeys(PLAIN, "") | {
        "line_id": "2",
        "sku": "CASE",
        "title": "Case",
        "quantity": "1",
        "unit_price": "9,90",
        "category": "accessory",
        "cellular": "no",
        "handling_days": "2",
    }
    decision = drop({}, second)
    assert [one.line for one in decision.orders[0].lines] == ["1", "2"]
    assert str(decision.orders[0].total) == "308.90"


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"placed_at": "25.11.2026"}, "bad_moment", "placed_at"),
        ({"placed_at": "2026-11-25T09:00:00"}, "date_without_offset", "placed_at"),
        ({"unit_price": "1.299,00"}, "bad_amount", "unit_price"),
        ({"unit_price": ""}, "missing_value", "unit_price"),
        ({"quantity": "0"}, "bad_number", "quantity"),
        ({"quantity": "\uff12"}, "bad_number", "quantity"),
        ({"ship_city": ""}, "missing_value", "ship_city"),
        ({"ship_country": "Germania Inferior"}, "bad_country", "ship_country"),
        ({"ship_country": "XX"}, "bad_country", "ship_country"),
        ({"buyer_email": "zoe at home"}, "bad_address", "buyer_email"),
        ({"market": "Atlantis"}, "bad_market", "market"),
        ({"currency": "Euro"}, "bad_currency", "currency"),
        ({"cellular": "maybe"}, "bad_cellular", "cellular"),
        ({"cellular": ""}, "missing_value", "cellular"),
        ({"hs_code": "phone"}, "bad_hs_code", "hs_code"),
        ({"seller": "nobody"}, "unknown_seller", "seller"),
    ],
)
def test_a_mistake_is_refused_with_its_row_column_and_reason(changes: dict[str, str], code: str, column: str) -> None:
    decision = drop(changes)
    assert results(decision) == ["refused"]
    (said,) = decision.verdicts[0].reasons
    assert said.code == code
    assert said.where == f"row 2, column {column}"
    assert decision.orders == ()


@pytest.mark.parametrize("named", ["de", "DEU", "Deutschland", "Germany", "Niemcy", "ALLEMAGNE"])
def test_a_country_may_be_called_by_its_name(named: str) -> None:
    order = placed(ship_country=named, market=named, origin=named)
    assert (order.address.country, order.market, order.lines[0].origin) == ("DE", "de-DE", "DE")


def test_one_bad_order_does_not_stop_the_good_ones() -> None:
    decision = drop({"order_id": "B-1", "quantity": "x"}, {"order_id": "B-2"})
    assert results(decision) == ["refused", "taken"]
    assert [one.number for one in decision.orders] == ["B-2"]
    assert decision.disposition is Disposition.DONE


def test_the_operator_is_told_of_refused_rows_by_the_name_of_the_file_and_not_by_the_orders_that_were_taken() -> None:
    decision = drop({"order_id": "B-1", "quantity": "x"}, {"order_id": "B-2"})
    [told] = [one for one in decision.effects if isinstance(one, TellOperator)]
    assert (told.reason.code, told.reason.values["name"], told.about) == ("rows_refused", "o.csv", ())


def test_an_unknown_seller_is_told_with_his_column() -> None:
    [verdict] = drop({"seller": "nobody"}).verdicts
    assert [(one.code, one.values["column"]) for one in verdict.reasons] == [("unknown_seller", "seller")]


def test_a_file_that_mixes_sellers_in_one_order_is_refused() -> None:
    decision = drop({}, {"line_id": "2", "seller": "bolt"})
    assert results(decision) == ["refused", "refused"]
    assert decision.verdicts[0].reasons[0].code == "mixed_sellers"


def test_a_report_about_an_unknown_order_is_refused() -> None:
    decision = drop(report(paid_at="2026-11-25T10:00:00+01:00"))
    assert decision.verdicts[0].reasons[0].code == "unknown_order"


def test_an_order_outside_the_union_goes_ddp_and_asks_for_customs_data() -> None:
    decision = drop({"ship_country": "CH", "ship_postcode": "8001", "hs_code": "8517.13"})
    assert decision.orders[0].incoterm == "DDP"
    mail = decision.effects[0]
    assert isinstance(mail, SendMail)
    assert mail.data["customs_missing"] == [{"line": "1", "what": "origin"}]


def test_the_canaries_are_outside_although_spain_is_not() -> None:
    assert placed(ship_country="ES", ship_postcode="35001").incoterm == "DDP"
    assert placed(ship_country="ES", ship_postcode="28001").incoterm is None


def test_an_order_placed_before_go_live_is_recorded_in_silence() -> None:
    policy = msgspec.structs.replace(POLICY, go_live=WEDNESDAY + timedelta(days=1))
    decision = drop({}, policy=policy)
    assert decision.orders[0].state is OrderState.RELEASED
    assert decision.effects == ()
    assert decision.deadlines == ()


def test_a_cancellation_before_the_mail_has_left_withdraws_it() -> None:
    order = placed()
    decision = drop(report(canceled_at="2026-11-25T11:00:00+01:00"), state=Snapshot(orders={order.key: order}))
    assert decision.orders[0].state is OrderState.CANCELED
    assert decision.withdrawn == ("order:a-1001",)
    assert templates(decision) == ["buyer-canceled"]


def test_a_cancellation_after_the_mail_tells_the_seller_too() -> None:
    decision = drop(report(canceled_at="2026-11-25T11:00:00+01:00"), state=left(placed()))
    assert templates(decision) == ["order-canceled", "buyer-canceled"]


def test_a_reversed_payment_stops_the_order_and_tells_the_operator() -> None:
    decision = drop(report(payment_reversed_at="2026-11-25T11:00:00+01:00"), state=left(placed()))
    assert decision.orders[0].state is OrderState.AWAITING_PAYMENT
    assert any(one.key.startswith("payment-reversed") for one in decision.effects)


def test_an_active_relationship_sends_the_order_to_the_fulfiller() -> None:
    relation = Relationship(merchant="nova", fulfiller="nordlager", warehouse=None, inquiry="I-1", since=WEDNESDAY)
    row = {"seller": "", "merchant": "nova", "fulfiller": "nordlager"}
    decision = drop(row, state=snapshot(relationships=(relation,)))
    mail = decision.effects[0]
    assert isinstance(mail, SendMail)
    assert mail.to == "anfragen@nordlager.example"
    assert drop(row).verdicts[0].result is RowResult.REFUSED


_TWO_HOUSES = msgspec.structs.replace(
    NORD, warehouses=(*NORD.warehouses, Warehouse(id="NL-B2", name="Berlin 2", country="DE"))
)


def _with_houses(nord: Partner = _TWO_HOUSES, nova: Partner = NOVA) -> Rulebook:
    return msgspec.structs.replace(RULEBOOK, partners=(ACME, BOLT, nova, nord))


@pytest.mark.parametrize(
    ("named", "agreed", "house"),
    [
        ("", ["NL-HH1"], "NL-HH1"),
        ("NL-B2", [None], "NL-B2"),
        ("nl-b2", [None], "NL-B2"),
        ("Berlin 2", ["NL-B2", "NL-HH1"], "NL-B2"),
    ],
)
def test_an_order_leaves_from_the_warehouse_that_it_names_or_the_two_have_agreed_on(
    named: str, agreed: list[str | None], house: str
) -> None:
    row = {"seller": "", "merchant": "nova", "fulfiller": "nordlager", "warehouse": named}
    state = snapshot(relationships=tuple(_relation("nordlager", one) for one in agreed))
    assert drop(row, state=state, rulebook=_with_houses()).orders[0].warehouse == house


def test_the_only_warehouse_of_a_fulfiller_need_not_be_named() -> None:
    assert drop(_UNPLACED, state=snapshot(relationships=(_relation("nordlager"),))).orders[0].warehouse == "NL-HH1"


@pytest.mark.parametrize("agreed", [[None], ["NL-HH1", "NL-B2"]])
@pytest.mark.parametrize("fulfiller", ["", "nordlager"])
def test_an_order_that_may_leave_from_several_warehouses_waits_and_the_operator_is_told(
    agreed: list[str | None], fulfiller: str
) -> None:
    row, state = (
        _UNPLACED | {"fulfiller": fulfiller},
        snapshot(relationships=[_relation("nordlager", a) for a in agreed]),
    )
    for release in (None, Release(person=Person(name="anna"))):
        decision = drop(row, state=state, rulebook=_with_houses(), release=release)
        assert (results(decision), decision.orders) == (["held"], ())
        assert [one.code for one in decision.reasons] == ["warehouse_not_named"]
        (told,) = [one for one in decision.effects if isinstance(one, TellOperator)]
        assert told.reason.values["warehouses"] == ", ".join(sorted(filter(None, agreed)) or ["NL-HH1", "NL-B2"])


def test_the_usual_warehouse_of_a_merchant_says_from_where_his_orders_leave_and_who_ships_them() -> None:
    usual = _with_houses(nova=msgspec.structs.replace(NOVA, warehouse="NL-B2"))
    state = snapshot(relationships=(_relation("nordlager"),))
    order = drop(_UNPLACED, state=state, rulebook=usual).orders[0]
    assert (order.warehouse, order.shipper) == ("NL-B2", "nordlager")
    assert drop(_UNPLACED | {"warehouse": "NL-HH1"}, state=state, rulebook=usual).orders[0].warehouse == "NL-HH1"
    both = snapshot(relationships=(_relation("nordlager"), _relation("stadtlager")))
    other = Partner(
        id=PartnerId("stadtlager"),
        role=Role.FULFILLER,
        name="Stadtlager",
        email=("post@stadtlager.example",),
        warehouses=(Warehouse(id="ST-1", name="Stadt", country="DE"),),
    )
    two = msgspec.structs.replace(usual, partners=(*usual.partners, other))
    assert drop(_UNPLACED, state=both, rulebook=two).orders[0].shipper == "nordlager"
    named = drop(_UNPLACED | {"fulfiller": "stadtlager"}, state=both, rulebook=two).orders[0]
    assert (named.shipper, named.warehouse) == ("stadtlager", "ST-1")
    assert drop(_UNPLACED | {"warehouse": "ST-1"}, state=both, rulebook=two).orders[0].shipper == "stadtlager"


def test_a_warehouse_that_the_fulfiller_does_not_have_is_refused() -> None:
    row = _UNPLACED | {"fulfiller": "nordlager", "warehouse": "NL-XX"}
    decision = drop(row, state=snapshot(relationships=(_relation("nordlager"),)), rulebook=_with_houses())
    (said,) = decision.verdicts[0].reasons
    assert (results(decision), said.code, said.where) == (["refused"], "unknown_warehouse", "row 2, column warehouse")


def test_a_merchant_whom_nobody_ships_for_is_told_to_ask_somebody() -> None:
    (said,) = drop(_UNPLACED, party="merchants/nova").verdicts[0].reasons
    assert said.code == "no_fulfiller_asked"


def test_a_merchants_own_folder_orders_and_reports_his_payments() -> None:
    state = snapshot(relationships=(_relation("nordlager"),))
    assert drop(_UNPLACED, state=state, party="merchants/nova").orders[0].shipper == "nordlager"
    unpaid = drop(_UNPLACED | {"paid_at": ""}, state=state, party="merchants/nova").orders[0]
    paid = report(merchant="nova", seller="", paid_at=PLAIN["paid_at"])
    again = snapshot(unpaid, relationships=state.relationships)
    assert drop(paid, state=again, party="merchants/nova").orders[-1].state is OrderState.RELEASED


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"merchant": "other"}, "not_your_order"),
        ({"fulfiller": "acme"}, "unknown_fulfiller"),
        ({"order_id": "S-1"}, "not_your_order"),
    ],
)
def test_a_merchants_folder_speaks_for_nobody_else(row: dict[str, str], code: str) -> None:
    of_acme = placed(order_id="S-1")
    state = snapshot(of_acme, relationships=(_relation("nordlager"),))
    decision = drop(_UNPLACED | row, state=state, party="merchants/nova")
    assert (results(decision), [one.code for one in decision.verdicts[0].reasons]) == (["refused"], [code])
    canceled = report(order_id="S-1", merchant="nova", canceled_at=PLAIN["paid_at"])
    assert results(drop(canceled, state=state, party="merchants/nova")) == ["refused"]


def test_the_same_order_again_may_leave_out_its_warehouse_but_not_change_it() -> None:
    state = snapshot(relationships=(_relation("nordlager"),))
    row = _UNPLACED | {"warehouse": "NL-B2"}
    known = drop(row, state=state, rulebook=_with_houses()).orders[0]
    again = snapshot(known, relationships=state.relationships)
    for named, result in (("", "unchanged"), ("Berlin 2", "unchanged"), ("NL-HH1", "held")):
        assert results(drop(row | {"warehouse": named}, state=again, rulebook=_with_houses())) == [result]


def test_a_payment_after_the_end_of_the_relationship_waits_for_a_person() -> None:
    row = {"seller": "", "merchant": "nova", "fulfiller": "nordlager", "paid_at": ""}
    (placed_before,) = drop(row, state=snapshot(relationships=(_relation("nordlager"),))).orders
    ended = Inquiry(
        id=InquiryId("I-0001"),
        merchant=PartnerId("nova"),
        fulfiller=PartnerId("nordlager"),
        text="",
        state=InquiryState.WITHDRAWN,
        sent_at=WEDNESDAY - timedelta(days=9),
        active_since=WEDNESDAY - timedelta(days=2),
        ended_at=WEDNESDAY - timedelta(hours=1),
        because="test",
    )
    over = snapshot(placed_before, inquiries={ended.id: ended})
    paid = row | {"paid_at": PLAIN["paid_at"]}
    for told in (paid, report(paid_at=PLAIN["paid_at"])):
        decision = drop(told, state=over)
        assert (decision.verdicts[0].result, decision.orders) == (RowResult.HELD, ())
        assert decision.reasons[0].code == "paid_after_relationship"
        assert isinstance(decision.effects[0], TellOperator)
    assert drop(paid, state=over, release=Release(person=Person(name="anna"))).orders[0].released_at
    still = msgspec.structs.replace(over, relationships=(_relation("nordlager"),))
    assert templates(drop(paid, state=still)) == ["order"]


def _relation(fulfiller: str, warehouse: str | None = None) -> Relationship:
    return Relationship(merchant="nova", fulfiller=fulfiller, warehouse=warehouse, inquiry="I-1", since=WEDNESDAY)


_UNPLACED = {"seller": "", "merchant": "nova", "fulfiller": ""}


def test_a_merchants_order_goes_to_the_only_fulfiller_who_works_for_him() -> None:
    relations = (_relation("nordlager", "NL-HH1"),)
    decision = drop(_UNPLACED, state=snapshot(relationships=relations))
    assert (decision.orders[0].fulfiller, decision.orders[0].shipper) == ("nordlager", "nordlager")
    again = snapshot(decision.orders[0], relationships=(*relations, _relation("bolt")))
    assert drop(_UNPLACED, state=again).verdicts[0].result is RowResult.UNCHANGED


@pytest.mark.parametrize(
    ("relations", "warehouse", "code"),
    [
        ((), "", "no_active_fulfiller"),
        ((_relation("nordlager", "NL-HH1"),), "NL-HH2", "no_active_fulfiller"),
        ((_relation("nordlager"), _relation("bolt")), "", "several_fulfillers"),
    ],
)
def test_a_merchants_order_that_nobody_or_anybody_may_ship_is_refused(
    relations: tuple[Relationship, ...], warehouse: str, code: str
) -> None:
    verdict = drop(_UNPLACED | {"warehouse": warehouse}, state=snapshot(relationships=relations)).verdicts[0]
    assert (verdict.result, [one.code for one in verdict.reasons]) == (RowResult.REFUSED, [code])


def test_a_shipping_price_is_told_to_the_operator_while_the_order_is_taken_without_a_reason() -> None:
    decision = drop({"shipping_price": "4.90"})
    assert [(one.result, one.reasons) for one in decision.verdicts] == [(RowResult.TAKEN, ())]
    assert any(one.key == "shipping-price:a-1001" for one in decision.effects)


@pytest.mark.parametrize(
    ("told", "filled"),
    [
        ({"hs_code": "85171300", "origin": "cn"}, ("85171300", "CN")),
        ({"hs_code": "siehe Rechnung", "origin": "China"}, ("", "")),
    ],
)
def test_customs_data_of_a_merchants_articles_stand_on_his_orders(
    told: dict[str, str], filled: tuple[str, str]
) -> None:
    article = Article(merchant=PartnerId("nova"), sku="ip13-128", at=WEDNESDAY, because="a", **told)
    relations = (_relation("nordlager"),)
    state = Snapshot(relationships=relations, articles={article_key("nova", "IP13-128"): article})
    row = _UNPLACED | {"ship_country": "CH", "ship_postcode": "8001"}
    order = drop(row, state=state).orders[-1]
    assert (order.lines[0].hs_code, order.lines[0].origin) == filled
    said = drop(row | {"hs_code": "9999.99", "origin": "VN"}, state=state).orders[-1].lines[0]
    assert (said.hs_code, said.origin) == ("9999.99", "VN")
    again = Snapshot(relationships=relations, orders={order.key: order})
    assert results(drop(row, state=again)) == ["unchanged"]
