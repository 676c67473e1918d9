"""Articles, and what each side of a relationship was told last: all that the Fulfillment sync works on."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.article import Article, article_key
from daemon.domain.decision import Decision
from daemon.domain.identifiers import PartnerId
from daemon.domain.inquiry import Inquiry
from daemon.domain.order import Order, OrderState
from daemon.domain.stock import sku_key
from daemon.domain.trade import KINDS, Trade, stream
from daemon.store import stock
from daemon.store.codec import decode, encode
from daemon.store.database import chunks, upsert
from daemon.store.schema import article, exported, orders, relationship


def write(connection: Connection, decision: Decision) -> None:
    """Write articles and what was exported over what was known before."""
    articles = {(one.merchant, one.key): encode(one) for one in decision.articles}
    upsert(
        connection,
        article,
        [{"merchant": merchant, "key": key, "data": data} for (merchant, key), data in articles.items()],
    )
    told = {(one.stream, one.key): one.digest for one in decision.exported}
    upsert(
        connection,
        exported,
        [{"stream": stream, "key": key, "digest": digest} for (stream, key), digest in told.items()],
    )


def articles(connection: Connection, wanted: Sequence[tuple[PartnerId, str]]) -> dict[str, Article]:
    """What merchants have described of these SKUs, by `daemon.domain.article.article_key`."""
    found: dict[str, Article] = {}
    for merchant in dict.fromkeys(merchant for merchant, _ in wanted):
        for some in chunks(sorted({sku_key(sku) for one, sku in wanted if one == merchant})):
            these = sa.select(article.c.data).where(article.c.merchant == merchant, article.c.key.in_(some))
            goods = (decode(row.data, Article) for row in connection.execute(these))
            found |= {article_key(merchant, one.sku): one for one in goods}
    return found


def load(connection: Connection, inquiry: Inquiry, changed_since: datetime) -> Trade:
    """Everything between a merchant and a fulfiller; orders that are over only while they are fresh."""
    pair = sa.and_(relationship.c.fulfiller == inquiry.fulfiller, relationship.c.merchant != inquiry.merchant)
    others = connection.execute(sa.select(sa.func.count()).select_from(relationship).where(pair)).scalar_one()
    goods = connection.execute(sa.select(article.c.data).where(article.c.merchant == inquiry.merchant))
    return Trade(
        inquiry=inquiry,
        orders=tuple(_orders(connection, inquiry, changed_since)),
        articles=tuple(decode(row.data, Article) for row in goods),
        levels=tuple(stock.of_partner(connection, inquiry.fulfiller)),
        only=not others,
        told=_told(connection, inquiry),
    )


def _orders(connection: Connection, inquiry: Inquiry, changed_since: datetime) -> Sequence[Order]:
    stands = sa.and_(~orders.c.complete, orders.c.state != OrderState.CANCELED.value)
    wanted = sa.select(orders.c.data).where(
        orders.c.fulfiller == inquiry.fulfiller,
        orders.c.merchant == inquiry.merchant,
        orders.c.shipper == inquiry.fulfiller,
        sa.or_(stands, orders.c.changed_at >= changed_since),
    )
    return [decode(row.data, Order) for row in connection.execute(wanted.order_by(orders.c.placed_at, orders.c.key))]


def _told(connection: Connection, inquiry: Inquiry) -> dict[tuple[str, str], str]:
    streams = [stream(kind, inquiry) for kind in KINDS]
    wanted = sa.select(exported).where(exported.c.stream.in_(streams))
    return {(row.stream, row.key): row.digest for row in connection.execute(wanted)}
