"""Words whose accents were left away."""

import re

import pytest

from daemon.rules.accents import bare, bare_too


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\bprzesuwa się na środę\b", "przesuwa sie na srode"),
        (r"\bsobot[ęy]\b", "sobote"),
        ("mañana", "manana"),
        ("venerdì", "venerdi"),
        ("más", "mas"),
        ("récupéré", "recuperé"),
        (r"\włać", "slac"),
    ],
)
def test_a_word_is_found_without_its_accents(pattern: str, text: str) -> None:
    assert re.search(bare_too(pattern), text)


@pytest.mark.parametrize(
    "pattern", [r"\bmandó\b", r"\blivré\b", r"\bpartirà\b", r"\bsí\b", r"\bè\b", "für", "één", "vóór", r"[éa]t", r"\ó"]
)
def test_what_hangs_on_its_accent_keeps_it(pattern: str) -> None:
    assert bare_too(pattern) == pattern


def test_a_word_with_its_accents_is_still_found() -> None:
    assert re.search(bare_too(r"\bśrodę\b"), "na środę")


def test_a_text_without_accents_keeps_its_umlauts() -> None:
    assert bare("środę é für") == "srode e für"
