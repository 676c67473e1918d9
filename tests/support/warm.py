"""`postbote` as a process of its own that need not load itself: each is a fork of an interpreter that has.

One such interpreter stands ready for every pytest process. It loads what commands need and runs none itself, so a
command finds nothing there but modules and the names of countries. Beside it stands a fork server that has loaded what
reading needs: the children of commands are its forks, where a user's are spawned. Who wants a start as a user has it
runs `python -m daemon`.
"""

import atexit
import gc
import importlib
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from unittest.mock import patch

import pebble

from daemon.cli import COMMANDS, main
from daemon.domain.countries import country_names
from daemon.edges import folder_in

_LARGEST = 1 << 17
_LATER = (
    "babel.dates",
    "babel.numbers",
    "daemon.app",
    "daemon.engine.reader",
    "daemon.writing.sandbox",
    "holidays.countries",
    "multiprocessing.popen_forkserver",
    "rich.console",
    "rich.table",
    "sqlalchemy.dialects.sqlite",
    "sqlite3",
)
"""What commands load only once they run."""


class _Kettle:
    """The interpreter that stands ready, and the line to it. One command after the other."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._turn = threading.Lock()

    def run(
        self, words: Sequence[str], environment: dict[str, str], stdin: str, timeout: float
    ) -> tuple[int, str, str]:
        """Exit status, stdout and stderr of a command."""
        asked = json.dumps({"words": words, "environment": environment, "folder": str(Path.cwd())}).encode()
        with (
            self._turn,
            tempfile.TemporaryFile() as in_,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            in_.write(stdin.encode())
            in_.seek(0)
            socket.send_fds(self._line, [asked], [in_.fileno(), out.fileno(), err.fileno()])
            self._line.settimeout(timeout)
            child = int(self._line.recv(_LARGEST))
            try:
                status = int(self._line.recv(_LARGEST))
            except BaseException:
                # Whatever ends the waiting, be it the test's own time: the next command must not read this one's end.
                os.kill(child, signal.SIGKILL)
                self._line.settimeout(None)
                self._line.recv(_LARGEST)
                raise
            out.seek(0)
            err.seek(0)
            return status, out.read().decode(), err.read().decode()

    def end(self) -> None:
        self._line.close()
        self._process.wait(10)


@cache
def _kettle() -> _Kettle:
    made = _Kettle()
    atexit.register(made.end)
    return made


def postbote(
    words: Sequence[str], environment: dict[str, str], stdin: str = "", timeout: float = 60
) -> tuple[int, str, str]:
    """Run a command; its exit status, stdout and stderr."""
    return _kettle().run(words, environment, stdin, timeout)


def _stand_ready(line: socket.socket) -> bool:
    """Fork at every request; whether this is such a fork, which then is to run the command."""
    while True:
        asked, files, _, _ = socket.recv_fds(line, _LARGEST, 3)
        if not asked:
            return False
        assert threading.active_count() == 1, "a fork takes no other thread along"
        if (child := os.fork()) == 0:
            line.close()
            _become(files, **json.loads(asked))
            return True
        for file in files:
            os.close(file)
        line.send(str(child).encode())
        _, status = os.waitpid(child, 0)
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(files: Sequence[int], words: Sequence[str], environment: dict[str, str], folder: str) -> None:
    """Take on all by which a process that was started for this command would differ."""
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.modules["__main__"] = importlib.import_module("daemon.__main__")
    sys.argv = [str(sys.modules["__main__"].__file__), *words]


def _load() -> None:
    """All commands and what they load later."""
    for name in (*(f"daemon.cli.{module}" for module, _ in COMMANDS.values()), *_LATER):
        importlib.import_module(name)
    country_names()
    _have_children_forked()
    _wait_briefly()
    gc.freeze()


def _have_children_forked() -> None:
    """Start the server of which this process's forks, too, ask the children that they would spawn."""
    multiprocessing.set_forkserver_preload(["daemon.engine.child", "daemon.reading.read", "tests.support.read_before"])
    forkserver.ensure_running()
    # It would look for the server among its own children, where a fork of this process does not find it.
    patch.object(forkserver._forkserver, "ensure_running").start()
    patch.object(multiprocessing, "get_context", return_value=multiprocessing.get_context("forkserver")).start()


def _wait_briefly() -> None:
    """What a test drops is whole before the command begins, and a child that has read has nothing else to do."""
    patch.object(folder_in, "_ONCE_QUIET", 0.01).start()
    patch.object(pebble.CONSTS, "sleep_unit", 0.01).start()


def _run() -> None:
    """Run the command and end as an interpreter does, all but its last: to take apart what was loaded.

    A fork would first have to copy it all, which takes longer than most commands.
    """
    try:
        main()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code)


if __name__ == "__main__":
    _load()
    if _stand_ready(socket.socket(fileno=int(sys.argv[1]))):
        _run()
