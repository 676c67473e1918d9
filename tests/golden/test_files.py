"""Every file of `files/` changes what the page beside it says, and nothing else."""

import pytest

from tests.golden.file_cases import FILES, Case, cases, run
from tests.golden.judging import judge


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_file_is_understood_as_its_page_says(case: Case) -> None:
    got = run(case)
    right = case.page.is_met_by(got)
    assert judge(f"files/{case.name}", right=right, taken=got.taken, wanted=case.page.taken) is None, got


def test_no_file_is_without_a_page() -> None:
    pages = {path.with_suffix("") for path in FILES.rglob("*.yaml")}
    assert {path for path in FILES.rglob("*.*") if path.suffix != ".yaml"} == pages
