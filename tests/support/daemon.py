"""The daemon from a good start to a good end: it stops by itself when asked to, and no traceback was shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.running import Running, running

_LONGEST_END = 20.0


@contextmanager
def running_daemon(home: Path, **environment: str) -> Iterator[Running]:
    """`postbote run` in a workspace; at the end of the block it is asked to stop, as an init system would."""
    with running(home, home.with_name(f"{home.name}.log"), **environment) as daemon:
        yield daemon
        status = daemon.terminate(_LONGEST_END)
        assert status == 0, (status, daemon.said)
        assert "Traceback" not in daemon.said, daemon.said
