"""Order numbers are compared without case, outer blanks, quotes and a leading #; nothing looser."""

import pytest

from daemon.domain.identifiers import order_key


@pytest.mark.parametrize("text", ["A-1001", "a-1001", " A-1001 ", "#A-1001", '"A-1001"', "„A-1001“", "\u00a0#a-1001"])
def test_the_same_number_written_otherwise_is_the_same(text: str) -> None:
    assert order_key(text) == order_key("A-1001")


@pytest.mark.parametrize("text", ["A1001", "A-01001", "A-1001-1", "1001", "A-1001$2"])
def test_a_near_miss_is_another_number(text: str) -> None:
    assert order_key(text) != order_key("A-1001")
