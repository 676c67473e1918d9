"""A model or a size of which none was ordered keeps a mail back."""

import pytest

from daemon.domain.finding import Said, Statement
from tests.unit.reading.sample import context, found_in

OURS = (
    """\
Position 1: 1 Stück, Samsung Galaxy S22 128 GB
    Artikelnummer: GS22-128
Position 2: 1 Stück, Apple iPhone 13 128 GB
    Artikelnummer: IP13-128
""",
)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Das S21 liegt bereit.", True),
        ("le S23 est là", True),
        ("both iPhone 12s are here", True),
        ("S22 mit 256 GB liegt bereit", True),
        ("S22 mit 256 Go", True),
        ("ein Pixel 7 hätten wir", True),
        ("Das S22 (128GB) liegt bereit.", False),
        ("iPhone 13 128 Go", False),
        ("Galaxy S22, Bestellung A-1001", False),
        ("Galaxy 2 Stück", False),
        ("GS22-128", False),
        ("Platz S. 21", False),
        ("iPhone 1 - 352099001761481", False),
        ("iPhone 12 - 352099001761481", True),
    ],
)
def test_another_model_is_asked_about(text: str, held: bool) -> None:
    found = found_in(text, context("A-1001", ours=OURS))
    rules = [one.rule for one in found if isinstance(one, Said) and one.statement is Statement.UNCLEAR]
    assert rules == (["another-model"] if held else [])
