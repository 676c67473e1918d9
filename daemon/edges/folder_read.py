"""Reads a claimed file without trusting it: no link is followed, no pipe waited for, no unfinished file believed."""

import contextlib
import hashlib
import os
from datetime import datetime
from pathlib import Path

from daemon.domain.values import Value
from daemon.edges.folder_names import sync
from daemon.edges.folder_scan import Look, refusal

_CHUNK = 1024 * 1024


class Claim(Value, frozen=True, kw_only=True):
    """`look` is what the file was when it was found complete; after a restart nobody knows."""

    name: str
    place: Path
    goal: Path
    at: datetime
    identity: str
    look: Look | None = None


class Contents(Value, frozen=True, kw_only=True):
    """`raw` is empty when the file is too large to be kept in memory."""

    raw: bytes
    digest: str
    size: int


class UnfinishedError(Exception):
    """The file's writer had not finished after all."""


class TooLargeError(Exception):
    """The file is larger than anything of its kind may be."""


def read_claim(claim: Claim, *, in_memory: int | None, at_most: int | None) -> Contents:
    """Read a claimed file; beyond `in_memory` bytes only its digest, and then it lies ready at its goal as well."""
    handle = _open(claim.place)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if at_most is not None and status.st_size > at_most:
            raise TooLargeError
        is_large = in_memory is not None and status.st_size > in_memory
        if is_large:
            os.fsync(handle)
        chunks, digest, size = [], hashlib.sha256(), 0
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
            size += len(chunk)
            if not is_large:
                chunks.append(chunk)
        expected = claim.look or Look.of(status)
        if Look.of(os.fstat(handle)) != expected or size != expected.size:
            raise UnfinishedError
    if is_large:
        _lay_ready(claim)
    return Contents(raw=b"".join(chunks), digest=digest.hexdigest(), size=size)


def probe(path: Path) -> None:
    """Raise OSError when the file cannot be read, or is not one any more."""
    handle = _open(path)
    try:
        if why := refusal(os.fstat(handle)):
            raise OSError(0, why)
    finally:
        os.close(handle)


def _open(path: Path) -> int:
    """Open for reading without following a link and without waiting for the other end of a pipe."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)


def _lay_ready(claim: Claim) -> None:
    """Let a large file lie at its path before its arrival is known, for whoever opens it at once.

    Where the file system has no hard links it gets there a moment later, by the rename.
    """
    claim.goal.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        claim.goal.hardlink_to(claim.place)
        sync(claim.goal.parent)
