"""Waiting for a condition, in place of sleeping."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], within: float = 10.0) -> None:
    """Return as soon as the condition holds; fail when it does not within the time."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        time.sleep(0.005)
