"""The newest stock level of every SKU, and the days on which partners reported."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.identifiers import PartnerId
from daemon.domain.stock import StockLevel, StockReported
from daemon.store.database import among, chunks, upsert
from daemon.store.schema import stock, stock_report

_LOAD = sa.select(stock).where(among(stock.c.key))


def write(connection: Connection, levels: Sequence[StockLevel], reports: Sequence[StockReported]) -> None:
    """Write levels over older ones of the same SKU, merchant and warehouse; a list that comes late changes nothing."""
    rows = {(one.key, one.warehouse): one for one in levels}
    upsert(
        connection,
        stock,
        [
            {
                "key": key,
                "warehouse": warehouse,
                "partner": one.partner,
                "merchant": one.merchant,
                "sku": one.sku,
                "level": one.level,
                "reserved": one.reserved,
                "blocked": one.blocked,
                "announced": one.announced,
                "at": one.at,
                "because": one.because,
            }
            for (key, warehouse), one in rows.items()
        ],
        newest="at",
    )
    upsert(
        connection,
        stock_report,
        [{"partner": one.partner, "day": one.at.date().isoformat(), "at": one.at} for one in reports],
        newest="at",
    )


def load(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[StockLevel, ...]]:
    """The levels of SKUs (`daemon.domain.stock.stock_key`) in all warehouses."""
    found: dict[str, tuple[StockLevel, ...]] = {}
    for some in chunks(keys):
        for row in connection.execute(_LOAD, {"values": some}):
            level = _level(row)
            found[row.key] = (*found.get(row.key, ()), level)
    return found


def of_partner(connection: Connection, partner: str) -> list[StockLevel]:
    """Everything that a partner has reported, the newest level of each."""
    wanted = sa.select(stock).where(stock.c.partner == partner).order_by(stock.c.key, stock.c.warehouse)
    return [_level(row) for row in connection.execute(wanted)]


def _level(row: Any) -> StockLevel:
    names = ("partner", "merchant", "warehouse", "sku", "level", "reserved", "blocked", "announced", "at", "because")
    return StockLevel(**{name: getattr(row, name) for name in names})


def reports(connection: Connection, since: datetime) -> Iterable[StockReported]:
    """The last report of every day (UTC) since then, and the newest one before, of every partner."""
    wanted = sa.select(stock_report.c.partner, stock_report.c.at).where(stock_report.c.at >= since)
    before = (
        sa.select(stock_report.c.partner, sa.func.max(stock_report.c.at).label("at"))
        .where(stock_report.c.at < since)
        .group_by(stock_report.c.partner)
    )
    for statement in (before, wanted):
        for row in connection.execute(statement):
            yield StockReported(partner=PartnerId(row.partner), at=row.at)
