import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from daemon.engine.supervisor import Loop, Supervisor, only_one
from daemon.errors import AlreadyRunningError
from tests.support.waiting import wait_until


def test_a_second_run_is_told_who_holds_the_workspace(tmp_path: Path) -> None:
    lock = tmp_path / "state" / "lock"
    with only_one(lock), pytest.raises(AlreadyRunningError, match=r"process [0-9]+"), only_one(lock):
        pass
    with only_one(lock):
        pass


def test_a_loop_goes_on_after_trouble_and_tells_of_it() -> None:
    told: list[tuple[str, str]] = []
    steps: list[int] = []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise ZeroDivisionError
        return False

    loop = Loop("worker", step, 0.01, lambda name, what: told.append((name, what)))
    loop.start()
    wait_until(lambda: len(steps) > 2)
    loop.ask_to_stop()
    loop.join(5)
    assert told == [("worker", "ZeroDivisionError")]


def test_a_loop_that_is_woken_does_not_rest() -> None:
    steps: list[int] = []

    def step() -> bool:
        steps.append(1)
        return False

    loop = Loop("worker", step, 60.0, lambda _name, _what: None)
    loop.start()
    wait_until(lambda: len(steps) == 1)
    loop.wake()
    wait_until(lambda: len(steps) == 2)
    loop.ask_to_stop()
    loop.join(5)


class Quiet:
    name = "quiet"

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")

    def poll(self) -> int:
        return 0


def test_a_supervisor_stops_the_sources_before_it_ends_and_reloads_when_files_change() -> None:
    source = Quiet()
    changes = [True]
    reloaded = threading.Event()

    def changed() -> bool:
        return bool(changes and changes.pop())

    supervisor = Supervisor([source], [], reload=reloaded.set, changed=changed, trouble=lambda _name, _what: None)
    ready = threading.Event()
    running = threading.Thread(target=supervisor.run, args=(ready.set,))
    running.start()
    assert ready.wait(5)
    assert reloaded.wait(10)
    supervisor.stop()
    running.join(10)
    assert source.calls == ["start", "stop"]


_STORM = """
import os, signal, sys
for _ in range(30_000):
    os.kill(int(sys.argv[1]), signal.SIGHUP)
os.kill(int(sys.argv[1]), signal.SIGTERM)
"""


def test_signals_that_come_in_the_midst_of_others_stop_it_all_the_same() -> None:
    supervisor = Supervisor([], [], reload=lambda: None, changed=lambda: False, trouble=lambda _name, _what: None)
    storms: list[subprocess.Popen[bytes]] = []
    supervisor.run(lambda: storms.append(subprocess.Popen([sys.executable, "-c", _STORM, str(os.getpid())])))
    assert storms[0].wait(10) == 0
