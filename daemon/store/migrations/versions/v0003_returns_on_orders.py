"""Goods that came back stand on their order."""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    connection = op.get_bind()
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (data,) in connection.execute(sa.text("SELECT data FROM goods_return")).all():
        one = json.loads(bytes(data))
        told[one["order"].casefold()].append(one)
    for key, returns in told.items():
        row = connection.execute(sa.text("SELECT data FROM orders WHERE key = :key"), {"key": key}).first()
        if row is not None:
            order = json.loads(bytes(row.data))
            order["returns"] = [_on_line(one, order) for one in returns]
            update = sa.text("UPDATE orders SET data = :data WHERE key = :key")
            connection.execute(update, {"data": json.dumps(order).encode(), "key": key})
    op.drop_table("goods_return")


def _on_line(one: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    sku = one["sku"].casefold()
    line = next((line["line"] for line in order["lines"] if line["sku"].casefold() == sku), order["lines"][0]["line"])
    kept: dict[str, Any] = {name: one[name] for name in ("number", "condition", "reason", "erased", "because") if name in one}
    return {**kept, "line": line, "quantity": one.get("quantity", 1), "state": "arrived", "day": one["returned_on"]}
