from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from daemon.domain.identifiers import Imei, InquiryId, OrderKey, PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Address, Device, Order
from daemon.errors import StaleError
from daemon.store import inquiries, orders
from daemon.store.database import Database
from tests.support.builders import line, order, phone
from tests.unit.store.plans import listened

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
IMEI = Imei("352099001761481")


def _with_device(number: str, version: int = 0) -> Order:
    device = Device(imei=IMEI, because="test")
    return order(number, phone(devices=(device,)), version=version)


def test_an_order_comes_back_as_it_was_written_one_version_on(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [order("A-1")], NOW)
    with database.reading() as connection:
        found = orders.load(connection, ["a-1"])
    assert found == {OrderKey("a-1"): replace(order("A-1"), version=1)}


def test_an_order_that_has_moved_since_is_stale_and_stays_as_it_is(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [order("A-1")], NOW)
        orders.write(connection, [order("A-1", version=1, market="de-AT")], NOW)
    with pytest.raises(StaleError), database.writing() as connection:
        orders.write(connection, [order("A-1", version=1, market="fr-FR")], NOW)
    with database.reading() as connection:
        assert orders.load(connection, ["a-1"])[OrderKey("a-1")].market == "de-AT"


def test_an_order_number_is_taken_only_once(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [order("A-1")], NOW)
    with pytest.raises(StaleError), database.writing() as connection:
        orders.write(connection, [order("#a-1")], NOW)


def test_an_imei_is_active_on_one_order_only(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [_with_device("A-1")], NOW)
    with pytest.raises(StaleError), database.writing() as connection:
        orders.write(connection, [_with_device("A-2")], NOW)
    with database.reading() as connection:
        assert orders.device_uses(connection, [IMEI])[IMEI].order == "a-1"
        assert not orders.load(connection, ["a-2"])


def test_a_canceled_order_gives_its_imei_free(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [_with_device("A-1")], NOW)
        orders.write(connection, [replace(_with_device("A-1", version=1), canceled_at=NOW)], NOW)
        orders.write(connection, [_with_device("A-2")], NOW)
    with database.reading() as connection:
        assert orders.device_uses(connection, [IMEI])[IMEI].order == "a-2"


def test_what_is_looked_for_is_found_by_its_index_however_much_there_is(database: Database) -> None:
    if database.shared:
        return
    with database.reading() as connection:
        plans = listened(connection)
        orders.load(connection, ["a-1", "a-2"])
        orders.device_uses(connection, [IMEI])
        orders.parcels(connection, ["00340434161094042557"])
    read = [one for one in plans if one.startswith(("SEARCH", "SCAN")) and "json_each" not in one]
    assert len(read) == 4
    assert all(one.startswith("SEARCH") for one in read), plans


def test_whatever_is_looked_for_is_taken_as_it_is(database: Database) -> None:
    odd = ['a"b', "a\\b", "ä", "{a,b}", "null", "a'b", "a\nb"]
    with database.writing() as connection:
        orders.write(connection, [order(number) for number in odd], NOW)
    with database.reading() as connection:
        assert set(orders.load(connection, odd)) == set(odd)
        assert orders.load(connection, []) == orders.load(connection, ["a", "b", ""]) == {}


def test_a_device_can_move_between_two_orders_in_one_decision(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [_with_device("A-1"), order("A-2", phone())], NOW)
        orders.write(connection, [order("A-1", phone(), version=1), _with_device("A-2", version=1)], NOW)
    with database.reading() as connection:
        assert orders.device_uses(connection, [IMEI])[IMEI].order == "a-2"


def test_a_stale_order_inside_a_savepoint_leaves_the_rest_of_the_transaction(database: Database) -> None:
    with database.writing() as connection:
        orders.write(connection, [order("A-1")], NOW)
        with pytest.raises(StaleError), connection.begin_nested():
            orders.write(connection, [order("A-2"), order("A-1")], NOW)
        orders.write(connection, [order("A-3")], NOW)
    with database.reading() as connection:
        assert set(orders.load(connection, ["a-1", "a-2", "a-3"])) == {"a-1", "a-3"}


def test_what_customs_ask_of_a_merchants_orders_is_found_whoever_sends_them(database: Database) -> None:
    swiss = Address(name="Ida Muster", street="Seeweg 5", postcode="8001", city="Zürich", country="CH")
    asked = Inquiry(
        id=InquiryId("I-1"),
        merchant=PartnerId("nova"),
        fulfiller=PartnerId("nord"),
        text="?",
        sent_at=NOW,
        because="test",
    )
    sold = {"merchant": "nova", "address": swiss, "incoterm": "DDP"}
    placed = [
        order("A-1", **sold),
        order("A-2", **sold | {"seller": None, "fulfiller": "nord", "shipper": "nord"}),
        order("A-3", **sold | {"merchant": "other"}),
        order("A-4", **sold | {"canceled_at": NOW, "lines": (line(canceled=1),)}),
    ]
    with database.writing() as connection:
        inquiries.write(connection, [asked])
        orders.write(connection, placed, NOW)
    with database.reading() as connection:
        found = orders.undeclared(connection, [("nova", line().sku)])
        assert orders.undeclared(connection, [("nova", "ANOTHER")]) == []
    assert sorted(one.number for one in found) == ["A-1", "A-2"]
