"""Stories play in a workspace of their own."""

from pathlib import Path

import pytest

from tests.support.workspace import Workspace


@pytest.fixture
def sandbox(tmp_path: Path) -> Workspace:
    return Workspace.sandbox(tmp_path / "box")
