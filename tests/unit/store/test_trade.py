"""What the Fulfillment sync works on comes back as it was written, and only what is between the two."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from daemon.domain.article import Article
from daemon.domain.decision import Decision, Relationship
from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.inquiry import Inquiry, InquiryState
from daemon.domain.order import Order
from daemon.domain.stock import StockLevel
from daemon.domain.trade import Exported
from daemon.store import inquiries, orders, stock, trade
from daemon.store.database import Database
from tests.support.builders import line, order

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
NOVA, OTHER, NORD = PartnerId("nova"), PartnerId("other"), PartnerId("nordlager")
INQUIRY = Inquiry(
    id=InquiryId("I-0001"),
    merchant=NOVA,
    fulfiller=NORD,
    text="?",
    state=InquiryState.ACTIVE,
    sent_at=NOW,
    because="cli:anna",
)


def theirs(number: str, merchant: PartnerId = NOVA) -> Order:
    return order(number, seller=None, merchant=merchant, fulfiller=NORD, shipper=NORD)


def test_orders_between_the_two_are_found_and_those_that_are_over_only_while_fresh(database: Database) -> None:
    gone = replace(theirs("A-3"), lines=(line(canceled=1),), canceled_at=LONG_AGO)
    with database.writing() as connection:
        orders.write(connection, [theirs("A-1"), theirs("A-2", OTHER), order("A-4"), gone], LONG_AGO)
        orders.write(connection, [replace(gone, number="A-5")], NOW)
    with database.reading() as connection:
        found = trade.load(connection, INQUIRY, NOW - timedelta(days=30))
    assert [one.number for one in found.orders] == ["A-1", "A-5"]


def test_an_article_is_written_over_an_older_one_of_the_same_key(database: Database) -> None:
    article = Article(merchant=NOVA, sku="Sku-1", name="Old", at=NOW, because="a-1")
    with database.writing() as connection:
        trade.write(connection, Decision(articles=(article,)))
        trade.write(connection, Decision(articles=(replace(article, sku="SKU-1", name="New"),)))
    with database.reading() as connection:
        found = trade.load(connection, INQUIRY, NOW)
    assert [(one.sku, one.name) for one in found.articles] == [("SKU-1", "New")]


def test_what_was_told_is_remembered_for_each_relationship(database: Database) -> None:
    told = (
        Exported(stream="stock:I-0001", key="/x", digest="1"),
        Exported(stream="stock:I-0002", key="/x", digest="2"),
    )
    with database.writing() as connection:
        trade.write(connection, Decision(exported=told))
        trade.write(connection, Decision(exported=(replace(told[0], digest="3"),)))
    with database.reading() as connection:
        assert trade.load(connection, INQUIRY, NOW).told == {("stock:I-0001", "/x"): "3"}


def test_levels_of_the_fulfiller_come_with_what_is_reserved_blocked_and_announced(database: Database) -> None:
    level = StockLevel(
        partner=NORD, sku="X", level=5, reserved=2, blocked=1, announced=9, warehouse="HH1", at=NOW, because="a-1"
    )
    with database.writing() as connection:
        stock.write(connection, [level, replace(level, partner=OTHER)], [])
        stock.write(connection, [replace(level, merchant="nova", level=4)], [])
    with database.reading() as connection:
        assert trade.load(connection, INQUIRY, NOW).levels == (level, replace(level, merchant="nova", level=4))


def test_a_fulfiller_of_several_merchants_is_known_as_such_until_one_leaves(database: Database) -> None:
    first = Relationship(merchant="nova", fulfiller="nordlager", warehouse=None, inquiry="I-0001", since=NOW)
    second = replace(first, merchant="other", inquiry="I-0002", warehouse="HH1")
    with database.writing() as connection:
        inquiries.relate(connection, [first, second])
        assert not trade.load(connection, INQUIRY, NOW).only
        inquiries.part(connection, [second])
        assert trade.load(connection, INQUIRY, NOW).only
        assert inquiries.relationships(connection) == (first,)
