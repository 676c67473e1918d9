"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Sequence = BigInteger().with_variant(Integer, "sqlite")
"""A number that the database counts up by itself."""

Blob = LargeBinary
"""A value as JSON bytes, or the bytes of an original."""


class Moment(TypeDecorator[datetime]):
    """An aware time as microseconds since 1970 in UTC: exact, sortable and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        _ = dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset never reaches the database")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        _ = dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)
