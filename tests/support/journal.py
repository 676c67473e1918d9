"""What a process has done to its files and said on its sockets, in the order in which it did so."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.preload import compiled

_HEAD = struct.Struct("=c3xIIIq")


@dataclass(frozen=True)
class Step:
    """`what`: w(ritten), t(runcated), s(ynced), r(enamed) or l(inked) to `other`, u(nlinked); n: said on a line."""

    what: str
    path: str
    other: str
    data: bytes
    offset: int


@dataclass(frozen=True)
class Journal:
    file: Path
    library: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be started with to keep it."""
        return {"LD_PRELOAD": str(self.library), "JOURNAL": str(self.file), "JOURNAL_HOME": f"{self.home}/"}

    def steps(self) -> Iterator[Step]:
        content, place = self.file.read_bytes(), 0
        while place < len(content):
            what, path, other, data, offset = _HEAD.unpack_from(content, place)
            place += _HEAD.size
            other_at, data_at = place + path, place + path + other
            names = content[place:other_at].decode(), content[other_at:data_at].decode()
            place = data_at + data
            yield Step(what.decode(), names[0], names[1], content[data_at:place], offset)


def journal(folder: Path, home: Path) -> Journal:
    """A journal of what is done below `home`."""
    return Journal(folder / "journal", compiled("journal", folder), home)
