"""A database of an older version is brought to the present without losing what it holds."""

import json

import sqlalchemy as sa

from daemon.domain.decision import Decision
from daemon.domain.goods_return import ReturnState
from daemon.domain.identifiers import InquiryId, PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.trade import Exported
from daemon.store import inquiries, orders, trade
from daemon.store.database import Database
from tests.support.builders import WEDNESDAY, line, order


def _be_of(connection: sa.Connection, version: str) -> None:
    connection.execute(sa.text("ALTER TABLE arrival_about DROP COLUMN waits"))
    connection.execute(sa.text("DROP INDEX outbox_mailed"))
    connection.execute(sa.text("CREATE INDEX outbox_sent ON outbox (sent_at)"))
    connection.execute(sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_goods_that_came_back_before_stand_on_their_order_now(database: Database) -> None:
    known = order("A-1001", line("1", sku="X"), line("2", sku="Y"))
    old = sa.Table("goods_return", sa.MetaData(), *(sa.Column(name, sa.String) for name in ("fulfiller", "key")))
    old.append_column(sa.Column("merchant", sa.String))
    old.append_column(sa.Column("data", sa.LargeBinary))
    told = {"fulfiller": "f", "merchant": "m", "number": "R-1", "order": "A-1001", "sku": "y", "quantity": 2}
    words = {"returned_on": "2026-12-04", "reason": "too small", "at": "2026-12-04T09:00:00Z", "because": "a-1"}
    with database.writing() as connection:
        orders.write(connection, [known], WEDNESDAY)
        old.create(connection)
        for key in ("A-1001", "B-9"):
            data = json.dumps(told | words | {"order": key}).encode()
            connection.execute(old.insert(), {"fulfiller": "f", "key": key, "merchant": "m", "data": data})
        connection.execute(sa.text("DROP INDEX orders_merchant"))
        connection.execute(sa.text("DROP INDEX deadline_awaited"))
        connection.execute(sa.text('ALTER TABLE deadline DROP COLUMN "over"'))
        _be_of(connection, "0002")
    database.prepare()
    with database.reading() as connection:
        ((back,),) = [one.returns for one in orders.load(connection, [known.key]).values()]
    assert (back.number, back.line, back.quantity, back.state) == ("R-1", "2", 2, ReturnState.ARRIVED)
    assert (back.day.isoformat(), back.reason) == ("2026-12-04", "too small")


def test_what_was_told_of_orders_by_inquiry_is_told_between_the_two(database: Database) -> None:
    asked = [
        Inquiry(
            id=InquiryId(f"I-000{number}"),
            merchant=PartnerId("nova"),
            fulfiller=PartnerId("nordlager"),
            text="?",
            sent_at=WEDNESDAY,
            because="cli:anna",
        )
        for number in (1, 2)
    ]
    told = [("orders:I-0001", "a-1", "old"), ("orders:I-0002", "a-1", "new"), ("orders:I-0001", "a-2", "only")]
    rows = tuple(Exported(stream=name, key=key, digest=digest) for name, key, digest in told)
    with database.writing() as connection:
        inquiries.write(connection, asked)
        trade.write(connection, Decision(exported=(*rows, Exported(stream="stock:I-0001", key="/x", digest="1"))))
        connection.execute(sa.text("DROP INDEX orders_merchant"))
        _be_of(connection, "0004")
    database.prepare()
    with database.reading() as connection:
        found = trade.load(connection, asked[0], WEDNESDAY).told
    assert found == {
        ("orders:nova/nordlager", "a-1"): "new",
        ("orders:nova/nordlager", "a-2"): "only",
        ("stock:I-0001", "/x"): "1",
    }
