"""What was worked out about a file, kept for its next portion. A memory only: without it every answer is the same."""

from typing import TypeVar, cast

from daemon.domain.arrival import Arrival
from daemon.rules.rulebook import Rulebook

T = TypeVar("T")
_Key = tuple[str, str, str, str]

_kept: dict[type, tuple[_Key, object]] = {}


def recall(arrival: Arrival, rulebook: Rulebook, kind: type[T]) -> T | None:
    """What of this kind was kept about this very file under these rules; None where nothing was."""
    key, found = _kept.get(kind, (None, None))
    return cast("T", found) if key is not None and key == _key(arrival, rulebook) else None


def remember(arrival: Arrival, rulebook: Rulebook, found: object) -> None:
    """Keep something about this file, and let go of what was kept about others."""
    if not arrival.digest:
        return
    key = _key(arrival, rulebook)
    for kind, (other, _) in list(_kept.items()):
        if _file(other) != _file(key):
            del _kept[kind]
    _kept[type(found)] = (key, found)


def forget(kind: type) -> None:
    """Let go of what a file that is read to its end needs no more."""
    _kept.pop(kind, None)


def _key(arrival: Arrival, rulebook: Rulebook) -> _Key:
    return (arrival.digest, arrival.party or "", arrival.name, rulebook.hash)


def _file(key: _Key) -> str:
    """A file inside an archive goes by the archive's digest and its own place."""
    return key[0].partition("#")[0]
