"""Columns: what a cell claims, told the same each time, in a memory that does not grow with the table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.reading.tables.cells import cleaned, damaged, says_nothing, suspect
from daemon.reading.tables.column import Cell, Column, column_called


@pytest.mark.parametrize(
    ("raw", "text", "code"),
    [
        (' "DHL" ', "DHL", ""),
        ("3,52099E+14", "3,52099E+14", "spreadsheet_damage"),
        ("A-1\u200b001", "A-1\u200b001", "suspect_characters"),
    ],
)
def test_a_cell_is_cleaned_and_says_why_it_may_be_no_identifier(raw: str, text: str, code: str) -> None:
    column = Column("number")
    assert column[raw] == column[raw] == Cell(column="number", text=text, code=code)


@pytest.mark.parametrize("raw", ["", "  ", "-", "n/a", "NULL"])
def test_a_cell_that_claims_nothing_is_none(raw: str) -> None:
    column = Column("number")
    assert column[raw] is None
    assert column[raw] is None


def test_a_million_different_cells_do_not_fill_the_memory() -> None:
    column = Column("number")
    for number in range(5_000):
        column[f"A-{number}"]
    assert len(column) < 5_000
    assert column["A-1"] == Cell(column="number", text="A-1")


@given(st.text(alphabet="0123456789aeEnN+-.,#/ \u0663\u200b", max_size=14) | st.text(max_size=14))
def test_what_is_told_at_a_glance_is_what_a_look_would_tell(raw: str) -> None:
    text = cleaned(raw)
    found = column_called("number")[raw]
    assert (found.text if found else "") == ("" if says_nothing(text) else text)
    assert found is None or bool(found.code) == (damaged(text) or bool(suspect(text)))
