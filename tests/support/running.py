"""`postbote run` as a process of its own: begun, asked to stop, or killed."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.waiting import wait_until

READY = re.compile(r"^postbote (?:runs|läuft) in\b", re.MULTILINE)
"""What it says in the operator's language once it runs."""


class Running:
    """One run. It leads a session, by which its children are found."""

    def __init__(self, home: Path, log: Path, **environment: str) -> None:
        self.log = log
        self.begun = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "daemon", "run", "--home", str(home)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def is_ready(self) -> bool:
        """Whether it has said that it runs; it must not have ended before."""
        assert self._process.poll() is None, self.said
        return READY.search(self.said) is not None

    def until_ready(self, within: float = 30.0) -> float:
        """Wait until it runs; the seconds that the start has taken."""
        wait_until(self.is_ready, within)
        return time.monotonic() - self.begun

    def hang_up(self) -> None:
        self._process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """As a power cut would, in the midst of whatever it does."""
        self._process.kill()
        self._process.wait(10)

    def terminate(self, within: float = 15.0) -> int:
        """Ask it to stop; its exit status."""
        self._process.terminate()
        return self._process.wait(within)

    def end(self) -> None:
        """Whatever has happened, leave nothing behind."""
        if self._process.poll() is None:
            self.kill()
        for pid in self.relatives():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def relatives(self) -> list[int]:
        """Its session's processes that are still alive, itself among them."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.pid and state != "Z":
                    found.append(int(stat.parent.name))
        return found


@contextlib.contextmanager
def running(home: Path, log: Path, **environment: str) -> Iterator[Running]:
    """A daemon that runs, from when it is ready to the end of the block."""
    run = Running(home, log, **environment)
    try:
        run.until_ready()
        yield run
    finally:
        run.end()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
