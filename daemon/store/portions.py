"""What was read and decided of an arrival, portion by portion, kept for receipts, explanations and releases."""

import zlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from daemon.domain.decision import Decision, RowVerdict
from daemon.domain.document import Document
from daemon.domain.finding import Reading, Row
from daemon.domain.snapshot import Context, Snapshot
from daemon.domain.values import Value
from daemon.store.codec import decode, encode
from daemon.store.database import upsert
from daemon.store.schema import portion

_LONG = 16 * 1024


class Portion(Value, frozen=True, kw_only=True):
    """What was read and decided of one portion; `snapshot` and `context` are what it was decided on."""

    position: int
    rulebook: str
    reading: Reading
    decision: Decision
    snapshot: Snapshot | None = None
    context: Context | None = None


def keep(connection: Connection, id_: str, kept: Portion) -> None:
    """Keep what was read and decided of one portion, for `explain`, receipts, releases and `backtest`."""
    keep_each(connection, [(id_, kept)])


def keep_each(connection: Connection, kept: Sequence[tuple[str, Portion]]) -> None:
    """The same for portions of several arrivals."""
    upsert(connection, portion, [_row(id_, one) for id_, one in kept])


def _row(id_: str, kept: Portion) -> dict[str, Any]:
    return {
        "arrival": id_,
        "position": kept.position,
        "rulebook": kept.rulebook,
        "reading": _packed(encode(kept.reading)),
        "decision": _packed(encode(kept.decision)),
        "snapshot": encode(kept.snapshot) if kept.snapshot else None,
        "context": encode(kept.context) if kept.context else None,
    }


def _packed(data: bytes) -> bytes:
    """A table says much the same in every row, and so does what becomes of it: that shrinks to a twentieth."""
    return zlib.compress(data, 1) if len(data) > _LONG else data


def _unpacked(data: bytes) -> bytes:
    return data if data.startswith(b"{") else zlib.decompress(data)


class Answered(Value, frozen=True, kw_only=True):
    """What a receipt needs of one portion."""

    documents: tuple[Document, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    verdicts: tuple[RowVerdict, ...]


class _Rows(Value, frozen=True, kw_only=True):
    documents: tuple[Document, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


class _Verdicts(Value, frozen=True, kw_only=True):
    verdicts: tuple[RowVerdict, ...] = ()


def answered(connection: Connection, id_: str, position: int) -> Answered | None:
    """The rows of one portion and what became of them, without what was found in them."""
    kept = portion.c
    wanted = sa.select(kept.reading, kept.decision).where(kept.arrival == id_, kept.position == position)
    row = connection.execute(wanted).first()
    if row is None:
        return None
    read = decode(_unpacked(row.reading), _Rows)
    verdicts = decode(_unpacked(row.decision), _Verdicts).verdicts
    return Answered(documents=read.documents, columns=read.columns, rows=read.rows, verdicts=verdicts)


def positions(connection: Connection, id_: str) -> list[int]:
    """Where the kept portions of an arrival begin."""
    statement = sa.select(portion.c.position).where(portion.c.arrival == id_).order_by(portion.c.position)
    return list(connection.execute(statement).scalars())


def get(connection: Connection, id_: str, position: int) -> Portion | None:
    """One kept portion; a million-row file is never loaded whole."""
    wanted = sa.select(portion).where(portion.c.arrival == id_, portion.c.position == position)
    row = connection.execute(wanted).mappings().first()
    if row is None:
        return None
    return Portion(
        position=row["position"],
        rulebook=row["rulebook"],
        reading=decode(_unpacked(row["reading"]), Reading),
        decision=decode(_unpacked(row["decision"]), Decision),
        snapshot=decode(row["snapshot"], Snapshot) if row["snapshot"] else None,
        context=decode(row["context"], Context) if row["context"] else None,
    )
