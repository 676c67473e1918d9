"""A folder that vanishes afterwards, and the processes that were started in it and end with it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PATIENCE = 60.0
_STOPPING = 15.0


class BrokenError(Exception):
    """Something that was started did not do what it is there for."""


@dataclass(frozen=True)
class Workshop:
    """Where a measure keeps everything."""

    folder: Path

    @contextlib.contextmanager
    def running(
        self, name: str, command: Sequence[str | Path], *, ready: str, env: Mapping[str, str] | None = None
    ) -> Iterator["Running"]:
        """A process, from when its output says `ready` to the end of the block."""
        output = self.folder / f"{name}.log"
        with output.open("wb") as log:
            started = time.perf_counter()
            child = subprocess.Popen(
                [str(part) for part in command],
                cwd=ROOT,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        running = Running(child=child, output=output)
        try:
            wait_for(lambda: running.has_said(ready), name, every=0.001)
            running.seconds_to_ready = time.perf_counter() - started
            yield running
        finally:
            running.end()


@dataclass
class Running:
    child: "subprocess.Popen[bytes]"
    output: Path
    seconds_to_ready: float = 0.0

    @property
    def pid(self) -> int:
        return self.child.pid

    def has_said(self, word: str) -> bool:
        said = self.output.read_text("utf-8", "replace")
        if word in said:
            return True
        if self.child.poll() is not None:
            raise BrokenError(f"ended with {self.child.returncode}: {said[-2000:]}")
        return False

    def kill(self) -> None:
        """End it with its children, as a crash of the machine would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.child.wait()

    def end(self) -> None:
        if self.child.poll() is not None:
            return
        self.child.send_signal(signal.SIGCONT)
        self.child.terminate()
        try:
            self.child.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self.kill()


@contextlib.contextmanager
def workshop() -> Iterator[Workshop]:
    """A new one, gone after the block with all that lies in it."""
    folder = Path(tempfile.mkdtemp(prefix="postbote-bench-"))
    # Dovecot's workers and Postfix' sink run as users of their own.
    folder.chmod(0o755)
    try:
        yield Workshop(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def module(name: str, *arguments: object) -> list[str]:
    """The command that runs one of our modules in a process of its own."""
    return [sys.executable, "-m", name, *(str(one) for one in arguments)]


def wait_for(holds: Callable[[], bool], what: str, *, seconds: float = _PATIENCE, every: float = 0.01) -> None:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise BrokenError(f"{what}: nothing came of it within {seconds:.0f} s")
        time.sleep(every)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def answers(port: int) -> bool:
    """Whether a server on loopback greets."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
        return bool(connection.recv(1))
    return False


def program(*names: str) -> bool:
    """Whether all these programs are installed."""
    return all(shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") for name in names)
