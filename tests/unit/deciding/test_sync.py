"""The Fulfillment sync tells each side what has changed, once, and nobody what is none of his."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from daemon.deciding import sync
from daemon.deciding.privacy import without_buyer
from daemon.domain.article import Article
from daemon.domain.decision import Decision
from daemon.domain.effect import WriteFile
from daemon.domain.goods_return import GoodsReturn, ReturnState
from daemon.domain.identifiers import Imei, InquiryId, LineId, TrackingNumber
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Device, Order
from daemon.domain.shipment import Shipment, ShippedLine
from daemon.domain.stock import StockLevel
from daemon.domain.trade import Trade
from tests.support.builders import DHL_NUMBER, IMEI_A, NORD, NOVA, POLICY, RULEBOOK, WEDNESDAY, line, order, phone

ACTIVE = Inquiry(
    id=InquiryId("I-0001"),
    merchant=NOVA.id,
    fulfiller=NORD.id,
    warehouse="NL-HH1",
    text="?",
    state=InquiryState.ACTIVE,
    sent_at=WEDNESDAY,
    active_since=WEDNESDAY,
    synced_at=WEDNESDAY,
    because="cli:anna",
)


def theirs(number: str = "A-1001", *lines: Any, **changes: Any) -> Order:
    of_nova = {"seller": None, "merchant": NOVA.id, "fulfiller": NORD.id, "shipper": NORD.id, "warehouse": "NL-HH1"}
    return order(number, *lines, **{**of_nova, **changes})


def level(sku: str, count: int, **changes: Any) -> StockLevel:
    return StockLevel(partner=NORD.id, sku=sku, level=count, at=WEDNESDAY, because="a-1", **changes)


def run(trade: Trade, later: timedelta = timedelta()) -> Decision:
    return sync.decide([trade], RULEBOOK, POLICY, WEDNESDAY + later)


def after(trade: Trade, decision: Decision, **changes: Any) -> Trade:
    told = trade.told | {(one.stream, one.key): one.digest for one in decision.exported}
    return msgspec.structs.replace(trade, told=told, **changes)


def files(decision: Decision) -> dict[str, WriteFile]:
    return {one.kind: one for one in decision.effects if isinstance(one, WriteFile)}


def cells(file: WriteFile, *names: str) -> list[tuple[str, ...]]:
    places = [file.columns.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in file.rows]


def numbers(decision: Decision) -> Sequence[tuple[str, ...]]:
    return cells(files(decision)["orders"], "merchant_outbound_number", "item_quantity", "status")


def test_an_order_to_a_fulfiller_who_lists_no_warehouse_leaves_from_himself() -> None:
    sent = files(run(Trade(inquiry=ACTIVE, orders=(theirs(warehouse=None),))))["orders"]
    assert cells(sent, "warehouse_id") == [("nordlager",)]


def test_an_order_goes_to_the_fulfiller_once_with_all_that_a_label_needs() -> None:
    trade = Trade(inquiry=ACTIVE, orders=(theirs(),))
    first = run(trade)
    file = files(first)["orders"]
    assert file.party == "fulfillers/nordlager"
    assert file.about == ("A-1001",)
    (label,) = cells(file, "shipping_name", "shipping_street", "shipping_zip", "shipping_city", "shipping_country")
    assert all(label)
    assert all(len(row) == len(file.columns) for row in file.rows)
    assert run(after(trade, first)).effects == ()


def test_an_order_is_told_once_whatever_else_the_two_have_agreed_on() -> None:
    elsewhere = msgspec.structs.replace(ACTIVE, id=InquiryId("I-0002"), warehouse="NL-B2")
    first, second = (Trade(inquiry=one, orders=(theirs(),)) for one in (ACTIVE, elsewhere))
    decision = sync.decide([first, second], RULEBOOK, POLICY, WEDNESDAY)
    assert [one.kind for one in decision.effects if isinstance(one, WriteFile)] == ["orders", "status"]
    assert run(after(second, decision)).effects == ()


def test_an_order_that_is_not_paid_does_not_leave() -> None:
    unpaid = theirs(paid_at=None, released_at=None)
    assert run(Trade(inquiry=ACTIVE, orders=(unpaid,))).effects == ()


def test_a_changed_order_is_told_again_and_only_that_one() -> None:
    trade = Trade(inquiry=ACTIVE, orders=(theirs("A-1", line(quantity=2)), theirs("A-2")))
    first = run(trade)
    assert numbers(first) == [("A-1", "2", "Pending"), ("A-2", "1", "Pending")]
    less = theirs("A-1", line(quantity=2, canceled=1))
    second = run(after(trade, first, orders=(less, theirs("A-2"))), timedelta(hours=1))
    assert numbers(second) == [("A-1", "1", "PartiallyCanceled")]
    gone = theirs("A-1", line(quantity=2, canceled=2), canceled_at=WEDNESDAY)
    assert numbers(run(after(trade, first, orders=(gone, theirs("A-2"))))) == [("A-1", "0", "Canceled")]


def test_an_order_that_was_canceled_before_anyone_was_told_stays_here() -> None:
    gone = theirs("A-1", line(canceled=1), canceled_at=WEDNESDAY)
    assert run(Trade(inquiry=ACTIVE, orders=(gone,))).effects == ()


def test_what_changes_and_changes_back_is_told_each_time() -> None:
    trade = Trade(inquiry=ACTIVE, levels=(level("X", 1),))
    first = run(trade)
    second = run(after(trade, first, levels=(level("X", 0),)), timedelta(hours=1))
    third = run(after(trade, second), timedelta(hours=2))
    keys = [files(one)["stock"].key for one in (first, second, third)]
    assert len(set(keys)) == 3


def test_stock_goes_to_the_merchant_as_wawi_imports_it() -> None:
    there = level("X", 5, warehouse="NL-HH1", reserved=2, blocked=1, announced=9)
    elsewhere = level("X", 7, warehouse="NL-B2")
    file = files(run(Trade(inquiry=ACTIVE, levels=(there, elsewhere))))["stock"]
    assert file.party == "merchants/nova"
    assert file.wawi
    assert file.rows == (("X", "NL-HH1", "5", "2", "1", "9"),)


def test_a_merchant_is_not_told_the_stock_of_another() -> None:
    mine = Article(merchant=NOVA.id, sku="mine-1", at=WEDNESDAY, because="a-1")
    ordered = theirs("A-1", line(sku="SOLD-1"))
    levels = (level("MINE-1", 5), level("SOLD-1", 6), level("OTHER-1", 7))
    trade = Trade(inquiry=ACTIVE, orders=(ordered,), articles=(mine,), levels=levels, only=False)
    assert [row[0] for row in files(run(trade))["stock"].rows] == ["MINE-1", "SOLD-1"]


def test_two_merchants_with_one_sku_are_each_told_their_own_stock_where_the_list_names_them() -> None:
    levels = (
        level("X", 99, warehouse="NL-HH1"),
        level("X", 5, warehouse="NL-HH1", merchant="nova"),
        level("X", 7, warehouse="NL-HH1", merchant="other"),
        level("Y", 3, merchant="other"),
    )
    trade = Trade(inquiry=ACTIVE, levels=levels, only=False)
    assert [row[:3] for row in files(run(trade))["stock"].rows] == [("X", "NL-HH1", "5")]


def test_articles_go_to_the_fulfiller() -> None:
    article = Article(merchant=NOVA.id, sku="X", name="Phone", ean="4006381333931", at=WEDNESDAY, because="a-1")
    file = files(run(Trade(inquiry=ACTIVE, articles=(article,))))["articles"]
    assert file.party == "fulfillers/nordlager"
    assert cells(file, "merchant", "merchant_sku", "name", "ean") == [("nova", "X", "Phone", "4006381333931")]


def parcel(number: str, *lines: ShippedLine) -> Shipment:
    return Shipment(
        tracking_number=TrackingNumber(number),
        carrier="dhl",
        tracking_url="https://track.example/1",
        shipped_on=date(2026, 11, 26),
        entered_at=WEDNESDAY,
        lines=lines,
        because="a-1",
    )


def test_a_shipment_is_told_and_told_again_when_the_device_is_named() -> None:
    sent = parcel(DHL_NUMBER, ShippedLine(line=LineId("1"), quantity=1))
    bare = theirs("A-1", phone(shipped=1), shipments=(sent,))
    trade = Trade(inquiry=ACTIVE, orders=(bare,))
    first = run(trade)
    named = ("Externe Auftragsnummer", "Menge", "Versanddatum", "Tracking-ID", "Seriennummern")
    assert cells(files(first)["shipments"], *named) == [("A-1", "1", "26.11.2026", DHL_NUMBER, "")]
    device = Device(imei=Imei(IMEI_A), because="a-2")
    whole = theirs("A-1", phone(shipped=1, devices=(device,)), shipments=(sent,))
    second = run(after(trade, first, orders=(whole,)), timedelta(hours=1))
    assert list(files(second)) == ["shipments"]
    assert cells(files(second)["shipments"], "Seriennummern") == [(IMEI_A,)]


def contents(*parcels: Shipment, shipped: int) -> list[tuple[str, ...]]:
    sent = theirs("A-1", line(quantity=shipped, shipped=shipped), shipments=parcels)
    file = files(run(Trade(inquiry=ACTIVE, orders=(sent,))))["shipments"]
    return cells(file, "Menge", "Tracking-ID", "Inhalt")


def test_a_parcel_of_a_later_day_keeps_what_is_known_of_it_beside_others_of_which_nothing_is() -> None:
    first = parcel("1", ShippedLine(line=LineId("1"), quantity=1))
    second = replace(parcel("2", ShippedLine(line=LineId("1"), quantity=2)), because="a-2")
    third = replace(parcel("3"), because="a-2")
    assert contents(first, second, third, shipped=3) == [
        ("1", "1", ""),
        ("2", "", "auf 2 Pakete verteilt"),
        ("", "2", "nicht je Paket gemeldet"),
        ("", "3", "nicht je Paket gemeldet"),
    ]


def test_a_parcel_that_comes_alone_may_hold_some_of_what_any_other_is_said_to_hold() -> None:
    known = [replace(parcel(one, ShippedLine(line=LineId("1"), quantity=1)), because=f"a-{one}") for one in "12"]
    alone = replace(parcel("3"), because="anna")
    assert contents(*known, alone, shipped=2) == [
        ("2", "", "auf 3 Pakete verteilt"),
        *(("", one, "nicht je Paket gemeldet") for one in "123"),
    ]


def test_devices_of_a_line_in_two_parcels_are_not_guessed() -> None:
    device = Device(imei=Imei(IMEI_A), because="a-2")
    parcels = tuple(parcel(number, ShippedLine(line=LineId("1"), quantity=1)) for number in ("N-1", "N-2"))
    both = theirs("A-1", phone(quantity=2, shipped=2, devices=(device,)), shipments=parcels)
    assert cells(files(run(Trade(inquiry=ACTIVE, orders=(both,))))["shipments"], "Seriennummern") == [("",), ("",)]


BACK = GoodsReturn(
    number="R-17",
    line=LineId("1"),
    quantity=1,
    state=ReturnState.ARRIVED,
    day=date(2026, 12, 4),
    condition="Used",
    because="a-3",
)


def test_returns_go_to_the_merchant_once_and_again_when_they_end() -> None:
    sent = theirs("A-1", line(sku="X", shipped=1), returns=(BACK,))
    trade = Trade(inquiry=ACTIVE, orders=(sent,))
    first = run(trade)
    known = ("R-17", "A-1", "X", "1", "04.12.2026", "Used", "")
    assert files(first)["returns"].rows == ((*known, "Arrived", "", ""),)
    told = after(trade, first)
    assert run(told).effects == ()
    ended = replace(sent, returns=(replace(BACK, state=ReturnState.RESTOCKED, refunded_at=WEDNESDAY),))
    second = files(run(replace(told, orders=(ended,)), timedelta(hours=1)))["returns"]
    assert second.rows == ((*known, "Completed", "wieder eingelagert", "25.11.2026"),)
    assert "returns" not in files(run(replace(told, orders=(without_buyer(sent),))))


def test_the_fulfiller_is_told_what_the_merchant_has_announced() -> None:
    announced = replace(BACK, state=ReturnState.ANNOUNCED, reason="zu klein")
    coming = theirs("A-1", line(sku="X", shipped=2), returns=(announced,))
    told = run(Trade(inquiry=ACTIVE, orders=(coming,)))
    (file,) = [one for one in told.effects if isinstance(one, WriteFile) and one.party == "fulfillers/nordlager"][1:]
    assert (file.kind, file.rows) == ("returns", (("R-17", "A-1", "X", "1", "zu klein", "Announced"),))


def test_an_order_whose_buyer_was_erased_is_not_told_again() -> None:
    trade = Trade(inquiry=ACTIVE, orders=(theirs("A-1"),))
    first = run(trade)
    assert run(after(trade, first, orders=(without_buyer(theirs("A-1")),))).effects == ()
