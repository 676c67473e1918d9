"""A disk that takes its time: a library, built on the spot, that makes each sync of a process slower."""

import subprocess
import sys
from pathlib import Path

from bench.measures import MissingError
from bench.workshop import BrokenError, program

_SOURCE = Path(__file__).with_name("slow_disk.c")
_PROOF = """
import os, sqlite3, sys, time
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
began = time.perf_counter()
for _ in range(5): os.write(file, b"x"); os.fsync(file)
by_os = time.perf_counter() - began
base = sqlite3.connect(sys.argv[1] + ".db", isolation_level=None)
base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (x)")
began = time.perf_counter()
for _ in range(5): base.execute("INSERT INTO t VALUES (1)")
print(min(by_os, time.perf_counter() - began) / 5)
"""


def slow_disk(folder: Path, milliseconds: float = 2.0) -> dict[str, str]:
    """The environment in which a process has such a disk; tried out first."""
    if not program("gcc"):
        raise MissingError("gcc is not installed")
    library = folder / "slow_disk.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, _SOURCE], check=True, capture_output=True)
    env = {"LD_PRELOAD": str(library), "SLOW_DISK_US": str(int(milliseconds * 1000))}
    command = [sys.executable, "-c", _PROOF, str(folder / "proof")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    if float(done.stdout) * 1000 < milliseconds:
        raise BrokenError("the slower disk is not slower; is SQLite linked into Python?")
    return env
