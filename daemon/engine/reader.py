"""Has portions read in child processes, so that no single input costs the house more than its limits."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from daemon.domain.finding import Reading
from daemon.engine.child import MEMORY, Task, limit, read_tasks

if TYPE_CHECKING:
    from pebble import ProcessPool

SECONDS = 10
"""How long one portion may keep the processor."""

PATIENCE = 60
"""How many seconds one portion may take where the processor is busy with others, or something else is waited for."""

IDLE = 60
"""After so many seconds without work the children end, which gives back their memory."""

_TOGETHER = 16
_SMALL = 256 * 1024
_decoder = msgspec.msgpack.Decoder(Reading)


class Unread:
    """A portion could not be read within its limits; `why` is a short word for the log."""

    def __init__(self, why: str) -> None:
        self.why = why


Collect = Callable[[], list[Reading | Unread]]
"""Waits for what has been given out to be read; each result stands for the task at the same place."""


class Reader(Protocol):
    """Reads portions, while whoever gave them out does something else."""

    def begin(self, tasks: Sequence[Task]) -> Collect: ...

    def rest(self) -> None:
        """Give back what is not needed while there is no work."""
        ...

    def close(self) -> None: ...


class ChildReader:
    """Reads in a pool of children that are started when needed and end when idle."""

    def __init__(self, rules: Path, children: int = 2, clock: Callable[[], float] = time.monotonic) -> None:
        self._rules = rules
        self._children = children
        self._clock = clock
        self._pool: ProcessPool | None = None
        self._size = 1
        self._last = clock()
        self._lock = threading.RLock()

    def begin(self, tasks: Sequence[Task]) -> Collect:
        """Small ones go together; when such a group fails, each is tried alone, so that one bears the blame."""
        groups = list(_grouped(tasks))
        with self._lock:
            self._make_ready(len(groups))
            answers = [self._submit(group) for group in groups]

        def collect() -> list[Reading | Unread]:
            parts = [self._collect(group, answer) for group, answer in zip(groups, answers, strict=True)]
            self._last = self._clock()
            return [one for part in parts for one in part]

        return collect

    def rest(self) -> None:
        """End the children after a time without work."""
        with self._lock:
            if self._pool is not None and self._clock() - self._last >= IDLE:
                self._end()

    def close(self) -> None:
        with self._lock:
            self._end()

    def _submit(self, group: Sequence[Task]) -> "Future[list[bytes]]":
        payload = msgspec.msgpack.encode(list(group))
        with self._lock:
            answer: Future[list[bytes]] = self._ready().submit(read_tasks, PATIENCE, payload, SECONDS)
            self._last = self._clock()
        return answer

    def _collect(self, group: Sequence[Task], answer: "Future[list[bytes]]") -> list[Reading | Unread]:
        from pebble import ProcessExpired  # noqa: PLC0415 - loaded with the first pool

        try:
            return [_decoder.decode(one) for one in answer.result()]
        except TimeoutError:
            why = "takes too long"
        except ProcessExpired as error:
            why = "takes too long" if error.exitcode == -signal.SIGPROF else "takes too much memory"
        except (MemoryError, CancelledError):
            why = "takes too much memory"
        except Exception as error:  # noqa: BLE001 - whatever reading raises concerns this input alone
            why = type(error).__name__
        if len(group) == 1:
            return [Unread(why)]
        return [one for task in group for one in self._collect([task], self._submit([task]))]

    def _make_ready(self, groups: int) -> None:
        """A second child is worth its start only when there is something for it to do."""
        wanted = min(groups, self._children)
        if self._pool is not None and wanted > self._size:
            # What the smaller one has begun it still ends.
            self._pool.close()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
            threading.Thread(target=self._pool.join, daemon=True).start()
            self._pool = None
        if self._pool is None:
            self._size = max(wanted, 1)

    def _ready(self) -> "ProcessPool":
        if self._pool is not None and not self._pool.active:
            self._end()
        if self._pool is None:
            import multiprocessing  # noqa: PLC0415 - only where something is read

            from pebble import ProcessPool  # noqa: PLC0415

            self._pool = ProcessPool(
                max_workers=self._size,
                initializer=limit,
                initargs=[str(self._rules), MEMORY],
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
            self._pool.join()
            self._pool = None


def _grouped(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    group: list[Task] = []
    for task in tasks:
        large = task.raw is None or len(task.raw) > _SMALL
        if group and (large or len(group) == _TOGETHER):
            yield group
            group = []
        if large:
            yield [task]
        else:
            group.append(task)
    if group:
        yield group
