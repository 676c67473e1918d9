"""The wheel carries everything that `postbote init` copies, and nothing of this workspace besides."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel that is built from this tree."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    [wheel] = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_starter_files_are_the_ones_of_this_workspace(names: set[str]) -> None:
    starter = [ROOT / "config.yaml", *(ROOT / "rules").rglob("*.*"), *(ROOT / "templates").rglob("*.*")]
    wanted = {f"daemon/starter/{file.relative_to(ROOT)}" for file in starter if file.is_file()}
    assert {name for name in names if name.startswith("daemon/starter/")} == wanted


def test_everything_else_in_it_is_the_program(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names} == {"daemon", "postbote-0.1.0.dist-info"}
