"""Every mail of `mails/` and every answer of `answers/` changes what stands beside it, and nothing else."""

import pytest

from tests.golden.judging import judge
from tests.golden.mail_cases import MAILS, Case, cases, run
from tests.golden.situations import situation


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_mail_is_understood_as_its_page_says(case: Case) -> None:
    got = run(case)
    right = case.page.is_met_by(got)
    assert judge(case.name, right=right, taken=got.taken, wanted=case.page.taken) is None, got


def test_no_mail_is_without_a_page() -> None:
    pages = {path.with_suffix("") for path in MAILS.rglob("*.yaml")}
    assert {path.with_suffix("") for path in MAILS.rglob("*.eml")} == pages


def test_there_is_no_situation_that_was_not_described() -> None:
    with pytest.raises(KeyError):
        situation("three-wishes")
