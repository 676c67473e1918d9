"""Folders: how soon a dropped file is taken, whether any is ever missed, and what watching very many costs."""

import contextlib
import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bench.measures import Bound, Figure, Measure, Setting, spoken
from bench.memory import seconds_on_processor
from bench.workshop import BrokenError, wait_for
from bench.workspace import Workspace, make_workspace

_FOLDER = "inbox/sellers/bench-seller"
_SOURCE = "folder:sellers/bench-seller"
_DROPS = 20
_CROWD = 20_000
_LYING = 100_000
_IDLE_SECONDS = 35.0
"""Longer than the time between two rescans, so that one is among what is measured."""
_SETTLED_SECONDS = 12.0
_STANDSTILL = 60.0


def _file(number: int) -> str:
    """A seller's list about an order that nobody knows; each has other bytes, as the same file counts once."""
    return f"order_id,status\nX-{number:06d},ok\n"


def _soon(setting: Setting) -> list[Figure]:
    workspace = make_workspace(setting.folder / "home")
    beside = workspace.home / "beside.csv"
    numbers = itertools.count()
    bare = setting.folder / "bare"
    bare.mkdir()
    ours: list[float] = []
    theirs: list[float] = []

    def drop(folder: Path, gone: Callable[[Path], bool]) -> float:
        """Milliseconds from the rename into the folder until somebody has begun with the file."""
        number = next(numbers)
        beside.write_text(_file(number), "utf-8")
        target = folder / f"list-{number}.csv"
        began = time.perf_counter()
        beside.rename(target)
        wait_for(lambda: gone(target), "taking a file", seconds=40, every=0.0002)
        return (time.perf_counter() - began) * 1000

    with workspace.run(setting.shop), _watching(bare) as seen:
        time.sleep(2)
        for _ in range(setting.rounds * _DROPS):
            # Our claim is the rename out of the inbox.
            ours.append(drop(workspace.home / _FOLDER, lambda target: not target.exists()))
            theirs.append(drop(bare, lambda target: str(target) in seen))
            time.sleep(0.1)
    return [
        Figure(
            what="from the rename into a folder until our claim",
            values=ours,
            unit="ms",
            floor=50,
            aim=10,
            bound=Bound.AT_MOST,
            ours=spoken(ours, "ms"),
            theirs=spoken(theirs, "ms"),
        )
    ]


class _Seen(FileSystemEventHandler):
    def __init__(self) -> None:
        self.paths: set[str] = set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        self.paths.update((os.fsdecode(event.src_path), os.fsdecode(event.dest_path)))


@contextlib.contextmanager
def _watching(folder: Path) -> Iterator[set[str]]:
    """The paths of which watchdog tells."""
    seen, observer = _Seen(), Observer()
    observer.schedule(seen, str(folder))
    observer.start()
    try:
        yield seen.paths
    finally:
        observer.stop()
        observer.join(5)


def _crowd(setting: Setting) -> list[Figure]:
    return [_stalled(setting), _down(setting)]


def _stalled(setting: Setting) -> Figure:
    """The process stands still while they come, so that the kernel's queue of events runs over."""
    workspace = make_workspace(setting.folder / "stalled")
    with workspace.run(setting.shop, "stalled-log") as running:
        time.sleep(2)
        running.child.send_signal(signal.SIGSTOP)
        _drop_crowd(setting.folder / "waiting1", workspace)
        running.child.send_signal(signal.SIGCONT)
        return _missed("dropped while the process stands still", workspace)


def _down(setting: Setting) -> Figure:
    workspace = make_workspace(setting.folder / "down")
    with workspace.run(setting.shop, "down-log-1"):
        pass
    _drop_crowd(setting.folder / "waiting2", workspace)
    with workspace.run(setting.shop, "down-log-2"):
        return _missed("dropped while the process is down", workspace)


def _drop_crowd(beside: Path, workspace: Workspace) -> None:
    beside.mkdir()
    for number in range(_CROWD):
        (beside / f"list-{number}.csv").write_text(_file(number), "utf-8")
    for file in beside.iterdir():
        file.rename(workspace.home / _FOLDER / file.name)


def _missed(what: str, workspace: Workspace) -> Figure:
    """How many were never taken in; given up when none has come for a minute."""
    began = moved = time.monotonic()
    taken = -1
    while taken < _CROWD and time.monotonic() - moved < _STANDSTILL:
        time.sleep(0.5)
        count = workspace.number(f"SELECT count(*) FROM arrival WHERE source = '{_SOURCE}'")  # noqa: S608 - our own name
        if count != taken:
            taken, moved = count, time.monotonic()
    rate = f"{taken / (time.monotonic() - began):,.0f} files/s taken in"
    return Figure(
        what=f"of {_CROWD:,} {what}: missed",
        values=[_CROWD - taken],
        unit="files",
        floor=0,
        aim=0,
        bound=Bound.AT_MOST,
        ours=rate,
    )


def _idle(setting: Setting) -> list[Figure]:
    done = make_workspace(setting.folder / "done")
    lying = make_workspace(setting.folder / "lying")
    _lay(done.home / _FOLDER / "done/2026-11-01", "list-{}.csv")
    _lay(lying.home / _FOLDER, "list-{}.csv.part")
    shares: dict[str, list[float]] = {"done": [], "lying": []}
    with done.run(setting.shop, "done-log") as one, lying.run(setting.shop, "lying-log") as other:
        time.sleep(_SETTLED_SECONDS)
        for _ in range(min(setting.rounds, 3)):
            before = {"done": seconds_on_processor(one.pid), "lying": seconds_on_processor(other.pid)}
            time.sleep(_IDLE_SECONDS)
            after = {"done": seconds_on_processor(one.pid), "lying": seconds_on_processor(other.pid)}
            for name, share in shares.items():
                share.append(100 * (after[name] - before[name]) / _IDLE_SECONDS)
    places = {"done": "in done/", "lying": "in the folder, not to be taken"}
    return [
        Figure(
            what=f"processor used while idle, {_LYING:,} files {places[name]}",
            values=share,
            unit="%",
            floor=2,
            aim=0.5,
            bound=Bound.AT_MOST,
        )
        for name, share in shares.items()
    ]


def _lay(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_LYING):
        (folder / name.format(number)).touch()
    if not (folder / name.format(0)).exists():
        raise BrokenError(f"no files lie in {folder}")


MEASURES = (
    Measure(code="W1", title="a file is dropped", baseline="a bare watchdog event", run=_soon),
    Measure(code="W2", title="very many files are dropped", baseline="watchdog alone loses 3,600", run=_crowd),
    Measure(code="W3", title="very many files lie there", baseline="none", run=_idle),
)
