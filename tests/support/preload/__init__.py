"""Small libraries that stand between a process and the C library; made by the C compiler when a test needs one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_HERE = Path(__file__).parent


def compiled(name: str, folder: Path) -> Path:
    """The library made of `NAME.c`; without a C compiler the test is skipped, but never in CI."""
    compiler = shutil.which("cc")
    if compiler is None:
        if os.environ.get("CI"):
            pytest.fail("there is no C compiler")
        pytest.skip("there is no C compiler (Debian: gcc libc6-dev)")
    library = folder / f"{name}.so"
    command = [compiler, "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(_HERE / f"{name}.c")]
    subprocess.run([*command, "-ldl", "-lpthread"], check=True, timeout=60)
    return library
