"""A small disk that can be filled up."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_BLOCK = 1024 * 1024


@dataclass(frozen=True)
class SmallDisk:
    """A file system of its own; `leave` fills it up to so many free bytes, and can be called again."""

    root: Path

    def leave(self, free: int) -> None:
        filler = self.root / "filler"
        filler.unlink(missing_ok=True)
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
            while (left := shutil.disk_usage(self.root).free - free) > 0:
                out.write(bytes(min(left, _BLOCK)))

    def clear(self) -> None:
        (self.root / "filler").unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(root: Path, size: int) -> Iterator[SmallDisk]:
    """Mount one; who may not mount skips the test, except in CI as root."""
    root.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", root], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(mounted.stderr)
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield SmallDisk(root)
    finally:
        subprocess.run(["umount", "--lazy", root], check=True)
