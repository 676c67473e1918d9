"""The base of every value that travels between rooms: frozen, comparable, and writable as JSON."""

from typing import Any

import msgspec

Json = Any
"""Anything that JSON can hold; msgspec cannot spell a recursive type."""


class Value(msgspec.Struct, frozen=True, gc=False):
    """A frozen record, written to the database and carried between processes by `msgspec`.

    Subclasses say `frozen=True, kw_only=True` themselves: msgspec does not inherit the one, mypy not the other.
    """
