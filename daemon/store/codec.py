"""Values to JSON bytes and back, with one decoder per type."""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

encode = msgspec.json.Encoder(decimal_format="string").encode


@lru_cache(maxsize=64)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def decode(data: bytes, kind: type[T]) -> T:
    """The value of that type; a database we wrote holds nothing else."""
    value: T = _decoder(kind).decode(data)  # type: ignore[arg-type]  # every type is hashable
    return value
