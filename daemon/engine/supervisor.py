"""Starts and stops everything that runs on threads of its own, and restarts what dies."""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from sqlalchemy.exc import InterfaceError, OperationalError

from daemon.engine.ports import Source
from daemon.errors import AlreadyRunningError

log = logging.getLogger(__name__)

DRAIN = 9.0
_BELL = 1
_LOOK = 0.5
_RELOAD_LOOK = 2.0
_AFTER_TROUBLE = 2.0


@contextmanager
def only_one(file: Path) -> Iterator[None]:
    """Hold the workspace's lock, which ends with the process; AlreadyRunningError names who holds it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunningError(lock.read().strip() or "another process") from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}\n")
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


class Loop:
    """A thread that does one step after another, and rests when nothing moves; `then` follows a step that moved."""

    def __init__(
        self,
        name: str,
        step: Callable[[], bool],
        rest: float,
        trouble: Callable[[str, str], None],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._step = step
        self._rest = rest
        self._trouble = trouble
        self._then = then
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def wake(self) -> None:
        self._bell.set()

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self._bell.set()

    def join(self, timeout: float) -> None:
        if self._thread is not None:
            self._thread.join(timeout)

    @property
    def has_died(self) -> bool:
        return self._thread is not None and not self._thread.is_alive() and not self._stopping.is_set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                moved = self._step()
            except Exception as error:  # noqa: BLE001 - it may be over soon; nothing was acknowledged or lost by it
                _log_trouble(f"{self.name} is in trouble", error)
                self._report(type(error).__name__)
                self._stopping.wait(_AFTER_TROUBLE)
                continue
            if moved:
                self._then()
            else:
                self._bell.wait(self._rest)

    def _report(self, what: str) -> None:
        try:
            self._trouble(self.name, what)
        except Exception as error:  # noqa: BLE001 - what ails the step may ail the books as well
            _log_trouble("the operator could not be told", error)


class Supervisor:
    """`reload` takes new rules and secrets into force; `changed` says whether files have changed by themselves."""

    def __init__(
        self,
        sources: Sequence[Source],
        loops: Sequence[Loop],
        *,
        reload: Callable[[], None],
        changed: Callable[[], bool],
        trouble: Callable[[str, str], None],
    ) -> None:
        self._sources = list(sources)
        self._loops = list(loops)
        self._reload = reload
        self._changed = changed
        self._trouble = trouble
        self._stopping = self._hangup = False
        # A handler may interrupt whatever runs, another handler too: an Event's lock it would wait for for ever, while
        # the put of this queue may come at any time.
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._looked = time.monotonic()

    def run(self, ready: Callable[[], None]) -> None:
        """Run until a signal asks to stop; then take nothing more in, finish what has begun, and return."""
        from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415 - no command needs it

        before = self._listen_to_signals()
        bells = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )
        for loop in self._loops:
            bells.add_job(loop.wake, "interval", seconds=_BELL)
        try:
            for loop in self._loops:
                loop.start()
            for source in self._sources:
                source.start()
            bells.start()
            ready()
            self._watch()
        finally:
            bells.shutdown(wait=False)
            self._drain()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask to stop, as a signal would."""
        self._stopping = True
        self._bell.put(None)

    def _watch(self) -> None:
        while self._goes_on():
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - a full disk, a file that vanished: the daemon outlives both
                _log_trouble("the daemon could not look after itself; it looks again", error)

    def _goes_on(self) -> bool:
        """Wait for a signal or for the time to look again."""
        with suppress(Empty):
            self._bell.get(timeout=_LOOK)
        return not self._stopping

    def _look(self) -> None:
        for loop in self._loops:
            if loop.has_died:
                log.error("%s has died and is started again", loop.name)
                loop.start()
                self._trouble(loop.name, "")
        due = time.monotonic() - self._looked >= _RELOAD_LOOK
        if due:
            self._looked = time.monotonic()
        if self._hangup or (due and self._changed()):
            self._hangup = False
            self._reload()

    def _drain(self) -> None:
        until = time.monotonic() + DRAIN
        stopping = [threading.Thread(target=_stop_quietly, args=(one,), daemon=True) for one in self._sources]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join(max(0.0, until - time.monotonic()))
        for loop in self._loops:
            loop.ask_to_stop()
        for loop in self._loops:
            loop.join(max(0.0, until - time.monotonic()))

    def _listen_to_signals(self) -> dict[int, "signal._HANDLER"]:
        if threading.current_thread() is not threading.main_thread():
            return {}

        def on_stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        def on_hangup(_number: int, _frame: FrameType | None) -> None:
            self._hangup = True
            self._bell.put(None)

        return {
            signal.SIGTERM: signal.signal(signal.SIGTERM, on_stop),
            signal.SIGINT: signal.signal(signal.SIGINT, on_stop),
            signal.SIGHUP: signal.signal(signal.SIGHUP, on_hangup),
        }


def _log_trouble(what: str, error: Exception) -> None:
    """With its trace only where the trouble is our own; a full disk is none that it would explain."""
    outside = isinstance(error, (OSError, OperationalError, InterfaceError))
    log.error("%s (%s)", what, type(error).__name__, exc_info=None if outside else error)


def _stop_quietly(source: Source) -> None:
    try:
        source.stop()
    except Exception:
        log.exception("source %s could not be stopped", source.name)
