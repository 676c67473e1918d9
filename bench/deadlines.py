"""Deadlines: finding and claiming what is due among few and very many open orders, and what they cost in memory."""

import itertools
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from bench.baselines import job_store
from bench.baselines.order_loop import find_and_claim
from bench.desk import premises
from bench.many_orders import FIRST_RING, due_at, fill
from bench.measures import Bound, Figure, Measure, Pairs, Setting, paired
from bench.memory import settled_memory
from bench.workshop import ROOT, BrokenError, module
from bench.workspace import make_workspace
from daemon.engine.hearing import Hearing
from daemon.engine.ticker import Ticker
from daemon.store import deadlines
from daemon.store.database import Database

_FEW, _MANY = 10_000, 1_000_000
_BATCH = 100
_BACKLOG = 5_000
_LATER = timedelta(days=36_500)
_EPOCH = datetime(1970, 1, 1, tzinfo=FIRST_RING.tzinfo)


def _claim(database: Database, now: datetime) -> int:
    """A batch of what is due, found and moved on in one durable transaction; nothing is decided about it."""
    with database.writing() as connection:
        found = deadlines.due(connection, now, now, (), _BATCH)
        deadlines.write(connection, [replace(one, next_ring=now + _LATER) for one in found])
    return len(found)


class _Bells:
    """A store of which a hundred more orders fall due with each look."""

    def __init__(self, file: Path, orders: int) -> None:
        fill(file, orders)
        self.database = Database(f"sqlite:///{file}")
        self._looks = itertools.count(1)

    def next_moment(self) -> datetime:
        return due_at(_BATCH * next(self._looks))

    def milliseconds(self) -> float:
        now = self.next_moment()
        began = time.perf_counter()
        claimed = _claim(self.database, now)
        seconds = time.perf_counter() - began
        if claimed != _BATCH:
            raise BrokenError(f"{claimed} of {_BATCH} deadlines were claimed")
        return seconds * 1000


def _few_and_many(setting: Setting) -> list[Figure]:
    few, many = _Bells(setting.folder / "few.db", _FEW), _Bells(setting.folder / "many.db", _MANY)
    for bells in (few, many):
        bells.milliseconds()
    pairs = paired(setting.rounds * 3, many.milliseconds, few.milliseconds)
    _close(few, many)
    what = f"find and claim {_BATCH} of {_MANY:,} open orders / of {_FEW:,}"
    return [pairs.figure(what, "ms", floor=3, aim=1.7, bound=Bound.AT_MOST)]


def _against_loop(setting: Setting) -> list[Figure]:
    file = setting.folder / "many.db"
    bells = _Bells(file, _MANY)
    bells.milliseconds()

    def loop() -> float:
        now = bells.next_moment()
        return find_and_claim(file, _micros(now), _micros(now + _LATER)) * 1000

    pairs = paired(setting.rounds, bells.milliseconds, loop)
    _close(bells)
    faster = Pairs(ours=pairs.theirs, theirs=pairs.ours)
    figure = faster.figure(f"find and claim {_BATCH} of {_MANY:,}: how many times faster", "ms", floor=100, aim=300)
    return [_swapped(figure)]


def _swapped(figure: Figure) -> Figure:
    return Figure(
        what=figure.what,
        values=figure.values,
        floor=figure.floor,
        aim=figure.aim,
        ours=figure.theirs,
        theirs=figure.ours,
    )


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _close(*stores: _Bells) -> None:
    for one in stores:
        one.database.close()


def _backlog(setting: Setting) -> list[Figure]:
    numbers = itertools.count()

    def ours() -> float:
        file = setting.folder / f"ours{next(numbers)}.db"
        fill(file, _BACKLOG)
        database = Database(f"sqlite:///{file}")
        began = time.perf_counter()
        claimed = _until_none(lambda: _claim(database, due_at(_BACKLOG)))
        seconds = time.perf_counter() - began
        database.close()
        if claimed != _BACKLOG:
            raise BrokenError(f"{claimed} of {_BACKLOG} deadlines were claimed")
        return claimed / seconds

    def theirs() -> float:
        file = setting.folder / f"theirs{next(numbers)}.db"
        command = module("bench.baselines.job_store", file, _BACKLOG)
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, timeout=300)
        return float(done.stdout.removeprefix(job_store.READY))

    pairs = paired(setting.rounds, ours, theirs)
    decided = Pairs()
    for number, their_rate in enumerate(pairs.theirs):
        decided.add(_ring(setting.folder / f"rung{number}"), their_rate)
    return [
        pairs.figure(f"{_BACKLOG:,} due at once after downtime (claim only)", "bells/s", floor=20, aim=100),
        decided.figure("the same, each decided and its mails queued", "bells/s"),
    ]


def _ring(home: Path) -> float:
    """Bells a second that the ticker rings, with all that follows from a missed deadline."""
    (home / "state").mkdir(parents=True)
    fill(home / "state/postbote.db", _BACKLOG)
    with premises(home, lambda: due_at(_BACKLOG)) as place:
        ticker = Ticker(place, Hearing(()), sync_every=timedelta(minutes=15))
        began = time.perf_counter()
        rung = _until_none(ticker.ring_due)
        seconds = time.perf_counter() - began
    if rung != _BACKLOG:
        raise BrokenError(f"{rung} of {_BACKLOG} deadlines rang")
    return rung / seconds


def _until_none(step: Callable[[], int]) -> int:
    return sum(iter(step, 0))


def _memory(setting: Setting) -> list[Figure]:
    """The same daemon on both stores, idle; the difference is what an order costs."""
    sizes: dict[int, list[float]] = {_FEW: [], _MANY: []}
    places = {orders: make_workspace(setting.folder / str(orders)) for orders in sizes}
    for orders, workspace in places.items():
        fill(workspace.database, orders)
    for _ in range(setting.rounds):
        for orders, workspace in places.items():
            with workspace.run(setting.shop, f"run{orders}") as running:
                sizes[orders].append(settled_memory(running.pid).main)
    more = [many - few for few, many in zip(sizes[_FEW], sizes[_MANY], strict=True)]
    pairs = Pairs(ours=sizes[_MANY], theirs=sizes[_FEW])
    shown = pairs.figure("", "MiB")
    what = f"memory at {_MANY:,} open orders - at {_FEW:,}"
    return [
        Figure(
            what=what,
            values=more,
            unit="MiB",
            floor=8,
            aim=2,
            bound=Bound.AT_MOST,
            ours=shown.ours,
            theirs=shown.theirs,
        )
    ]


MEASURES = (
    Measure(code="D1", title="due among many", baseline="ourselves with few orders", run=_few_and_many),
    Measure(code="D2", title="due among many", baseline="a loop over all orders", run=_against_loop),
    Measure(code="D3", title="a backlog", baseline="APScheduler with SQLAlchemyJobStore", run=_backlog),
    Measure(code="D4", title="memory with many orders", baseline="ourselves with few orders", run=_memory),
)
