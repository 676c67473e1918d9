"""What runs in a child process: it reads bytes under limits of memory and time, and knows only reading and rules."""

import io
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from daemon.domain.arrival import Arrival
from daemon.domain.finding import Reading
from daemon.domain.snapshot import Context
from daemon.domain.values import Value
from daemon.engine.editions import accepted
from daemon.errors import Mistake
from daemon.rules.rulebook import Rulebook

MEMORY = 1024 * 1024 * 1024
_NICE = 5


class Task(Value, frozen=True, kw_only=True):
    """One portion to be read; the bytes, or the place where they lie."""

    arrival: Arrival
    context: Context
    rulebook: str
    raw: bytes | None = None
    path: str | None = None


_rules: dict[str, Path] = {}
_loaded: dict[str, Rulebook] = {}
_tasks = msgspec.msgpack.Decoder(list[Task])
_encode = msgspec.msgpack.Encoder().encode


def limit(rules: str, memory: int) -> None:
    """Bound what this process may take, and note where the editions of the rules lie."""
    # It holds nothing to put in order. A handler, as pebble sets one, complains on the user's terminal where a child
    # that is just ending is told to end.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Senders wait for what is taken in, nobody waits for what is read.
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _rules["folder"] = Path(rules)


def read_tasks(payload: bytes, seconds: float) -> list[bytes]:
    """Read some portions, each by itself; the readings as bytes, which travel faster than objects.

    Who keeps the processor for more than so many seconds is ended by SIGPROF, even in the midst of a C function. A
    clock on the wall would run on while the machine does something else, and hold what is harmless.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return [_encode(read_task(task, _rulebook)) for task in _tasks.decode(payload)]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def read_task(task: Task, rulebook: Callable[[str], Rulebook]) -> Reading:
    """Read one portion."""
    # Only where something is read: whoever merely hands out tasks stays small.
    from daemon.reading.read import read  # noqa: PLC0415

    with _opened(task) as source:
        return read(task.arrival, source, task.context, rulebook(task.rulebook))


def _opened(task: Task) -> BinaryIO:
    return io.BytesIO(task.raw) if task.raw is not None else Path(task.path or "").open("rb")


def _read_again(hash_: str) -> Rulebook | tuple[Mistake, ...]:
    from daemon.rules.loader import load  # noqa: PLC0415 - rules that were found right before are ready

    return load(msgspec.json.decode((_rules["folder"] / f"{hash_}.json").read_bytes(), type=dict[str, str]))


def _rulebook(hash_: str) -> Rulebook:
    if hash_ not in _loaded:
        found = accepted(_rules["folder"], hash_) or _read_again(hash_)
        if not isinstance(found, Rulebook):
            raise LookupError(hash_)
        _loaded[hash_] = found
    return _loaded[hash_]
