"""What a process and its children hold in memory, and how long they have used the processor."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.workshop import BrokenError

_TICKS = os.sysconf("SC_CLK_TCK")
_SETTLE = 4.0


@dataclass(frozen=True)
class Memory:
    """Resident, in MiB."""

    main: float
    children: float
    count: int


def settled_memory(pid: int) -> Memory:
    """Once the start is over."""
    time.sleep(_SETTLE)
    children = list(_children(pid))
    return Memory(main=_resident(pid), children=sum(_resident(one) for one in children), count=len(children))


def seconds_on_processor(pid: int) -> float:
    """Of the process and of all below it that still live."""
    return sum(_spent(one) for one in (pid, *_children(pid)))


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                yield child
                yield from _children(child)


def _resident(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0
    raise BrokenError(f"process {pid} has ended")


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS
