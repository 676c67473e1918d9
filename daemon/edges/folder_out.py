"""Hands files and, where no mail is sent, mails over in folders: complete at once under their name, and durable."""

import errno
import filecmp
import hashlib
import itertools
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from daemon.engine.ports import Clock, Outcome, OutcomeKind, OutgoingMail

_LONGEST_NAME = 240


class FolderFilesOut:
    """A `FilesOut` into `outbox/PARTY/`, or where `elsewhere` says a partner's folder is."""

    def __init__(self, *, workspace: Path, elsewhere: Mapping[str, Path] | None = None) -> None:
        self._workspace = workspace
        self._elsewhere = dict(elsewhere or {})

    def write(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        """Write a file; its path, relative to the workspace where it lies inside.

        A name that holds other content already belongs to its reader; the new content gets the next free number.
        """
        folder = self._folder(party)
        found = _placed(folder, _names(plain_name(name)), chunks)
        if found is None:
            raise AssertionError("numbers do not end")
        return self._shown(folder / found)

    def renew(self, party: str, name: str, chunks: Iterable[bytes]) -> str:
        """Write a file in place of the one of that name, whole and durable; its path as from `write`."""
        folder, name = self._folder(party), plain_name(name)
        part = folder / f".{name}.part"
        try:
            _fill(part, chunks)
            part.replace(folder / name)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(folder)
        return self._shown(folder / name)

    def _folder(self, party: str) -> Path:
        if party in self._elsewhere:
            # Not created: where a share is not mounted, what is written would be lost from sight.
            return self._elsewhere[party]
        folder = self._workspace.joinpath("outbox", *[plain_name(part) for part in party.split("/")])
        make_durable_folder(folder)
        return folder

    def _shown(self, path: Path) -> str:
        if path.is_relative_to(self._workspace):
            return path.relative_to(self._workspace).as_posix()
        return str(path)


class FolderMailOut:
    """A `MailOut` that lays each mail down as an `.eml` file, in the order in which they were sent."""

    connections = 1

    def __init__(self, *, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._number: Iterator[int] | None = None

    def send(self, mail: OutgoingMail) -> Outcome:
        """Lay one mail down; a disk that does not take it is trouble of ours."""
        try:
            name = self._write(mail)
        except OSError as error:
            return Outcome(kind=OutcomeKind.DEFERRED, reply=error.strerror or type(error).__name__, ours=True)
        return Outcome(kind=OutcomeKind.DELIVERED, reply=name)

    def check(self) -> str | None:
        """Whether mails can be laid down; None when they can, else what is wrong."""
        probe = self._folder / ".check.part"
        try:
            make_durable_folder(self._folder)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            return (
                f"{self._folder} cannot be written: {error.strerror}; give the daemon's user the right to write there"
            )
        return None

    def close(self) -> None:
        """There is nothing to close."""

    def _write(self, mail: OutgoingMail) -> str:
        moment = f"{self._clock():%Y%m%dT%H%M%S%f}"
        digest = hashlib.sha256(mail.message_id.encode()).hexdigest()[:10]
        with self._lock:
            make_durable_folder(self._folder)
            if self._number is None:
                # In a sandbox the clock stands still, from one process to the next: numbers go on from there.
                self._number = itertools.count(sum(1 for _ in os.scandir(self._folder)) + 1)
            while True:
                name = f"{moment}-{next(self._number):06}-{digest}.eml"
                if place(self._folder / name, [mail.content]):
                    return name


def place(path: Path, chunks: Iterable[bytes]) -> bool:
    """Make a file appear, whole and durable; False when the name holds other content."""
    return _placed(path.parent, [path.name], chunks) is not None


def _placed(folder: Path, names: Iterable[str], chunks: Iterable[bytes]) -> str | None:
    """Make a file appear under the first of the names that holds no other content; the chunks are taken but once."""
    names = iter(names)
    first = next(names)
    part = folder / f".{first}.part"
    try:
        _fill(part, chunks)
        found = next((name for name in itertools.chain([first], names) if _name(part, folder / name)), None)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(folder)
    return found


def _fill(part: Path, chunks: Iterable[bytes]) -> None:
    # What a crash left may be the finished file's other name; it must not be written into.
    part.unlink(missing_ok=True)
    with part.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def make_durable_folder(folder: Path) -> None:
    """Create a folder, and have its name survive a loss of power."""
    if folder.is_dir():
        return
    make_durable_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some network folders cannot be synced, and keep their promises otherwise or not at all.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)


def plain_name(name: str) -> str:
    """A name that stays within its folder and that readers do not skip as unfinished."""
    plain = "".join("_" if char in "/\\\0" or not char.isprintable() else char for char in name).lstrip(".~")
    stem, dot, suffix = plain.partition(".")
    while len((stem + dot + suffix).encode()) > _LONGEST_NAME and (stem or suffix):
        stem, suffix = (stem[:-1], suffix) if stem else (stem, suffix[1:])
    return stem + dot + suffix or "_"


def _name(part: Path, path: Path) -> bool:
    """Give the finished file its name unless it is taken; a rename would replace what is there."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return filecmp.cmp(part, path, shallow=False)
    except OSError:  # a file system without hard links
        if path.exists():
            return filecmp.cmp(part, path, shallow=False)
        part.rename(path)
    return True


def _names(name: str) -> Iterator[str]:
    yield name
    stem, dot, suffix = name.rpartition(".")
    for number in itertools.count(2):
        yield f"{stem}.{number}.{suffix}" if dot else f"{name}.{number}"
