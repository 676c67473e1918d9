"""Editions of the rules: the last good set stays in force, and every set that was used is kept by its hash.

What was once found right is kept ready for use, so that its examples need not run again; another version of postbote
judges for itself.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from daemon.rules.edition import edition
from daemon.rules.mistakes import Mistake
from daemon.rules.rulebook import Rulebook

_MARKER = "current"
_JUDGES = ("domain", "rules", "reading", "writing")
"""The rooms that say whether rules and templates are right."""

Load = Callable[[Mapping[str, str], Rulebook | None], Rulebook | tuple[Mistake, ...]]
"""Files to rules, without trying again what came out right in the last set, if there is one."""


class Editions:
    """`folder` is `state/rules`. May be used from several threads; a rulebook never changes once loaded."""

    def __init__(self, folder: Path, load: Load) -> None:
        self._folder = folder
        self._load = load
        self._loaded: dict[str, Rulebook] = {}
        self._current: str | None = None
        self._trusted: Mapping[str, tuple[str, ...]] = {}
        self._dressed: dict[str, Rulebook] = {}

    @property
    def current(self) -> Rulebook:
        """The edition under which new work begins; read when it is first asked for, which many commands never do."""
        found = self.by_hash(self._current) if self._current else None
        if found is None:
            raise LookupError("no edition of the rules has been adopted")
        return found

    def trust(self, senders: Mapping[str, tuple[str, ...]]) -> None:
        """The senders that may speak for partners besides those in the files."""
        if senders != self._trusted:
            self._trusted, self._dressed = senders, {}

    def _dress(self, rulebook: Rulebook) -> Rulebook:
        dressed = self._dressed
        if rulebook.hash not in dressed:
            dressed[rulebook.hash] = rulebook.with_speakers(self._trusted)
        return dressed[rulebook.hash]

    def adopt(self, files: Mapping[str, str]) -> tuple[Mistake, ...]:
        """Put a set of files in force if all of it is right; otherwise its mistakes, and nothing changes."""
        prepared = self.prepare(files)
        if isinstance(prepared, tuple):
            return prepared
        self.put_in_force(prepared)
        return ()

    def prepare(self, files: Mapping[str, str]) -> str | tuple[Mistake, ...]:
        """Make a set of files ready to be worked with, without putting it in force; its hash, or its mistakes."""
        hash_ = edition(files)
        if not _ready(self._folder, hash_).exists():
            tried = self._load(files, last_good(self._folder))
            if not isinstance(tried, Rulebook):
                return tried
            self._loaded[hash_] = self._accept(tried)
        self._keep(hash_, files)
        return hash_

    def put_in_force(self, hash_: str) -> None:
        """Begin new work under this edition, which has been prepared."""
        if _in_force(self._folder) != hash_:
            _write(self._folder / _MARKER, f"{hash_}\n".encode("ascii"))
        self._current = hash_

    def adopt_last_good(self) -> bool:
        """Put the set in force that was in force last; whether there is one."""
        last = _in_force(self._folder)
        self._current = last if last and self._bare(last) else None
        return self._current is not None

    def by_hash(self, hash_: str) -> Rulebook | None:
        """The edition with this hash, read again from `state` if need be."""
        found = self._bare(hash_)
        return self._dress(found) if found else None

    def _bare(self, hash_: str) -> Rulebook | None:
        if hash_ not in self._loaded:
            loaded = accepted(self._folder, hash_) or self._loaded_again(hash_)
            if loaded is None:
                return None
            self._loaded[hash_] = loaded
        return self._loaded[hash_]

    def _loaded_again(self, hash_: str) -> Rulebook | None:
        file = self._folder / f"{hash_}.json"
        if not file.exists():
            return None
        loaded = self._load(msgspec.json.decode(file.read_bytes(), type=dict[str, str]), None)
        return self._accept(loaded) if isinstance(loaded, Rulebook) else None

    def _accept(self, rulebook: Rulebook) -> Rulebook:
        """Keep it ready for use, so that whoever comes next need not try it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        keep(_ready(self._folder, rulebook.hash), msgspec.msgpack.encode(rulebook))
        return rulebook

    def _keep(self, hash_: str, files: Mapping[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = self._folder / f"{hash_}.json"
        if not kept.exists():
            _write(kept, msgspec.json.encode(dict(files)))


@cache
def made_by() -> str:
    """What tells this postbote from any other: its version and the state of its code, since a checkout changes."""
    try:
        installed = version("postbote")
    except PackageNotFoundError:
        installed = "checkout"
    home = Path(__file__).parents[1]
    files = sorted(file for room in _JUDGES for file in (home / room).rglob("*.py"))
    stamp = [(str(file), status.st_mtime_ns, status.st_size) for file in files for status in (file.stat(),)]
    return f"{installed}-{hashlib.sha256(repr(stamp).encode()).hexdigest()[:16]}"


def accepted(folder: Path, hash_: str) -> Rulebook | None:
    """The edition with this hash, if this version of postbote has found it right before."""
    try:
        found = msgspec.msgpack.decode(_ready(folder, hash_).read_bytes(), type=Rulebook)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.hash == hash_ else None


def last_good(folder: Path) -> Rulebook | None:
    """The set in force, if this version of postbote has found it right."""
    last = _in_force(folder)
    return accepted(folder, last) if last else None


def _in_force(folder: Path) -> str | None:
    """The hash of the set that was put in force last."""
    marker = folder / _MARKER
    return marker.read_text(encoding="ascii").strip() if marker.exists() else None


def _ready(folder: Path, hash_: str) -> Path:
    return folder / f"{hash_}-{made_by()}.msgpack"


def keep(file: Path, data: bytes) -> None:
    """Keep what only saves work; on a full disk the work is done again next time."""
    with suppress(OSError):
        _write(file, data)


def _write(file: Path, data: bytes) -> None:
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
