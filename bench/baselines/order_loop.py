"""Deadlines without an index: look at every open order, and note which are due."""

import contextlib
import sqlite3
import time
from pathlib import Path


def find_and_claim(file: Path, due: int, again: int) -> float:
    """Seconds to find the orders whose time (microseconds) has come among all of them, and to move them on durably."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        began = time.perf_counter()
        rows = connection.execute("SELECT key, subject, state, next_ring FROM deadline")
        found = [key for key, _, state, ring in rows if state == "open" and ring is not None and ring <= due]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("UPDATE deadline SET next_ring = ? WHERE key = ?", [(again, key) for key in found])
        connection.execute("COMMIT")
        seconds = time.perf_counter() - began
    if not found:
        raise ValueError("nothing was due")
    return seconds
