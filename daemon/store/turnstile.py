"""Lets the threads of one process write in the order in which they came."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_NEXT = -1
"""Held by the next in the queue, who has not noticed yet."""


class Turnstile:
    """A lock that is handed to whoever has waited longest.

    A plain lock goes to the thread that is awake, which is the one that has just let go of it: a worker that writes one
    batch after another would keep new mail waiting for seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    @property
    def is_awaited(self) -> bool:
        """Whether somebody stands in the queue."""
        return bool(self._waiting)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Hold it for a while. Not twice by one thread, which would wait for itself."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        me = threading.get_ident()
        with self._lock:
            if self._holder == me:
                raise RuntimeError("a transaction that writes was begun within another")
            if self._holder is None:
                self._holder = me
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        gate.acquire()
        with self._lock:
            self._holder = me

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                # Handed over, not set free: between the two nobody else can slip in.
                self._holder = _NEXT
                self._waiting.popleft().release()
            else:
                self._holder = None
