"""Every file of `files/` changes what the page beside it says, and nothing else."""

import pytest

from tests.golden.file_cases import FILES, Case, cases, run


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_file_is_understood_as_its_page_says(case: Case) -> None:
    got = run(case)
    assert (got.taken, got.rows, got.disposition) == (case.page.taken, case.page.rows, case.page.disposition), got.why


def test_no_file_is_without_a_page() -> None:
    pages = {path.with_suffix("") for path in FILES.rglob("*.yaml")}
    assert {path for path in FILES.rglob("*.*") if path.suffix != ".yaml"} == pages
