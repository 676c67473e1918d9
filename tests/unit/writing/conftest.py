"""Templates are compiled once, before Hypothesis begins to time its examples."""

import pytest

from tests.unit.writing.stock import shipped


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    shipped()
