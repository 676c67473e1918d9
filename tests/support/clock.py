"""Another time of day for chosen processes, which jumps when the test says so."""

import struct
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.support.preload import compiled


@dataclass(frozen=True)
class Clock:
    file: Path
    library: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be started with to go by this clock."""
        return {"LD_PRELOAD": str(self.library), "SHIFTED_CLOCK": str(self.file)}

    def shift(self, shift: timedelta) -> None:
        """From now on it is so far ahead of ours, or behind, also for those who run already."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("=q", round(shift.total_seconds())))


def shifted_clock(folder: Path) -> Clock:
    """A clock that goes as ours does until it is shifted."""
    clock = Clock(folder / "clock", compiled("clock", folder))
    clock.file.write_bytes(struct.pack("=q", 0))
    return clock
