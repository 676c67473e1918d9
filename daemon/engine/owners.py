"""The name by which a process holds leases, and what becomes of the leases of those that have died."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path

from daemon.engine.premises import Premises
from daemon.store import leases


def own_name() -> str:
    """Who we are among all that share a database."""
    return f"{socket.gethostname()}:{os.getpid()}"


def take_over(premises: Premises) -> None:
    """A run begins: nobody waits for what a process of this machine held that does not run any more.

    Those of other machines may well be alive; their leases run out by themselves.
    """
    with premises.database.writing() as connection:
        if gone := gone_among(leases.owners(connection)):
            leases.end(connection, gone, premises.clock())


def gone_among(owners: Iterable[str]) -> list[str]:
    """Those of this machine that do not run; who had our own name before us has gone as well."""
    return [one for one in owners if one == own_name() or _has_gone(one)]


def _has_gone(owner: str) -> bool:
    host, _, process = owner.rpartition(":")
    return host == socket.gethostname() and Path("/proc/self").exists() and not Path("/proc", process).exists()
