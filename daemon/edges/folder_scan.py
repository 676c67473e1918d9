"""What lies in a folder: which files are left alone, which have stood still between two looks, which are refused."""

import os
import stat
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from daemon.domain.arrival import ArrivalKind
from daemon.domain.values import Value

SWIFT = 0.02
"""Seconds between the two looks at a file whose writer has just closed it or renamed it in."""

_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", "~")
_LITTER = ("thumbs.db", "desktop.ini")


class FolderSpec(Value, frozen=True, kw_only=True):
    """A folder and who speaks in it; `poll` (seconds) is for a share, whose changes no event tells."""

    party: str
    path: Path
    kind: ArrivalKind
    poll: float | None = None

    @property
    def source(self) -> str:
        return f"folder:{self.party}"


class Look(NamedTuple):
    """What two looks at a file are compared by; its times are compared, never believed."""

    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Look":
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


class Sighting(NamedTuple):
    """`since` (monotonic): when the file was first seen as it is; `before`: the last look at which it was not there."""

    look: Look
    since: float
    before: datetime | None
    swift: bool


def inbox_folders(home: Path) -> list[FolderSpec]:
    """The folders of a workspace's inbox as they are now; new ones of partners appear by being made.

    Those of merchants first: their lists of articles say what the orders need.
    """
    inbox = home / "inbox"
    specs = [
        *_of_partners(inbox, "merchants"),
        FolderSpec(party="orders", path=inbox / "orders", kind=ArrivalKind.FILE),
        *_of_partners(inbox, "sellers"),
        *_of_partners(inbox, "fulfillers"),
        FolderSpec(party="mail", path=inbox / "mail", kind=ArrivalKind.MAIL),
    ]
    return [spec for spec in specs if spec.path.is_dir()]


def _of_partners(inbox: Path, role: str) -> Iterator[FolderSpec]:
    for name in sorted(folder.name for folder in (inbox / role).glob("*") if folder.name.isprintable()):
        if not is_left_alone(name):
            yield FolderSpec(party=f"{role}/{name}", path=inbox / role / name, kind=ArrivalKind.FILE)


def is_left_alone(name: str) -> bool:
    """Whether a name says that its file is not meant for us, or not yet (contract §2)."""
    folded = name.casefold()
    return folded.startswith((".", "~")) or folded.endswith(_UNFINISHED) or folded in _LITTER


def refusal(status: os.stat_result) -> str | None:
    """The code of why something must not be opened; a link could show us a file that its owner never dropped."""
    if stat.S_ISLNK(status.st_mode):
        return "trouble_symbolic_link"
    if not stat.S_ISREG(status.st_mode):
        return "trouble_no_file"
    if status.st_nlink > 1:
        return "trouble_hard_link"
    return None


class Sightings:
    """The last look at every file of one folder."""

    def __init__(self, path: Path) -> None:
        self.refused: dict[str, str] = {}
        self._path = path
        self._seen: dict[str, Sighting] = {}
        self._aside: dict[str, Look] = {}
        self._looked_at: datetime | None = None

    def look(self, now: float, at: datetime, swift: Collection[str] = ()) -> None:
        """Look at the whole folder; `swift` names those whose writer is known to have finished."""
        seen: dict[str, Sighting] = {}
        refused: dict[str, str] = {}
        with os.scandir(self._path) as entries:
            for entry in entries:
                if is_left_alone(entry.name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISDIR(status.st_mode):
                    continue
                if why := refusal(status):
                    refused[entry.name] = why
                elif self._aside.get(entry.name) != Look.of(status):
                    seen[entry.name] = self._sight(entry.name, Look.of(status), now, entry.name in swift)
        self._seen, self.refused, self._looked_at = seen, refused, at

    def _sight(self, name: str, look: Look, now: float, swift: bool) -> Sighting:
        earlier = self._seen.get(name)
        if earlier is None:
            return Sighting(look, now, self._looked_at, swift)
        if earlier.look != look:
            return Sighting(look, now, earlier.before, swift)
        return earlier._replace(swift=earlier.swift or swift)

    def complete(self, now: float, quiet: float) -> list[tuple[str, Look]]:
        """The files that have stood still long enough, oldest first."""
        still = [(name, it.look) for name, it in self._seen.items() if now - it.since >= _needed(it, quiet)]
        return sorted(still, key=lambda one: (one[1].mtime_ns, one[0]))

    def forget(self, name: str) -> None:
        """It has been taken."""
        self._seen.pop(name, None)

    def set_aside(self, name: str) -> None:
        """It cannot be taken as it is; it is not looked at again before `reconsider`, or before it changes."""
        if sighting := self._seen.pop(name, None):
            self._aside[name] = sighting.look

    def reconsider(self) -> None:
        """Give what was set aside another chance: its access rights may have been set right."""
        self._aside.clear()

    @property
    def is_waiting(self) -> bool:
        """Whether something lies here that is not yet complete."""
        return bool(self._seen)

    def read_until(self) -> datetime | None:
        """Up to when everything that was dropped has been taken; None when that is not known."""
        bounds = [it.before for it in self._seen.values()]
        known = [bound for bound in (*bounds, self._looked_at) if bound is not None]
        return min(known) if len(known) > len(bounds) else None

    def doubt(self) -> None:
        """What is seen next may have lain here for longer than since the last look."""
        self._looked_at = None

    def next_look(self, quiet: float) -> float | None:
        """When (monotonic) the next file may be complete."""
        return min((it.since + _needed(it, quiet) for it in self._seen.values()), default=None)


def _needed(sighting: Sighting, quiet: float) -> float:
    return min(SWIFT, quiet) if sighting.swift else quiet
