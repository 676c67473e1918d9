"""Texts and patterns in plain signs: whatever a pattern finds, its folded form must find too."""

import pytest
import re2
import regex
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.folding import folded_pattern, folded_text
from daemon.rules.literals import UnsureError


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "Grose"),
        ("wysłać ŻÓŁW", "wysxac ZOxW"),
        ("\u0130\u0131\u017f\u212a", "iisk"),
        ("\u0664\uff15", "45"),
        ("a\u00a0b\u2013c\u2019d\u00b2", "a b~c~d~"),
        ("\u0416\u4e2d", "xx"),
    ],
)
def test_letters_stay_letters_and_signs_signs(text: str, folded: str) -> None:
    assert folded_text(text).lower() == folded.lower()


@pytest.mark.parametrize(
    ("pattern", "folded"),
    [
        (r"\bgröße\b", r"\bgrose\b"),
        ("(?<!heute )noch(?! heute)", "(?:)noch(?:)"),
        (r"[^\W\d]+ [äx]", ". [ax]".replace(".", ".+", 1)),
        ("^ja$", r"(?:^|\s)ja(?:$|\s)"),
        (r"\u2026|\.", r"~|\."),
        ("x{2,3}y{0,40}[0-9]{6}z{2,}?", "x{2,}y{0,}[0-9]{6}z{2,}?"),
    ],
)
def test_what_looks_around_is_left_out(pattern: str, folded: str) -> None:
    assert folded_pattern(pattern) == folded


@pytest.mark.parametrize(
    "pattern", [r"\p{L}", r"(a)\1", "(?i:a)", "a{,3}", "(?:a){e<=1}", "[à-ž]", r"[\p{L}]", "[[:alpha:]]", "(a"]
)
def test_where_nothing_is_sure_that_is_said(pattern: str) -> None:
    with pytest.raises(UnsureError):
        folded_pattern(pattern)


_PIECES = st.sampled_from(
    [
        *("nicht", "Straße", "é", "ß", " ", ".", "|", "f?", "x+", "^", "$", "\u2019"),
        *(
            "(b|ł)",
            "(ef )?",
            "(gh|ij(kl)?)+",
            "(op ?){1,2}",
            "q{2}",
            "(?:mn|)",
            "(?=no)",
            "(?<!a)",
            "[ijü]",
            "[^a]",
            r"\b",
            r"\w",
            r"\W",
            r"\d",
        ),
    ]
)
_TEXTS = st.text(alphabet="nichtStraßeéÉłŁbcdefghijklmnoxüÜSTRASSE 1\u0664\u2019\u00b2", max_size=12)


@given(
    st.lists(_PIECES, min_size=1, max_size=6).map("".join),
    st.lists(st.one_of(_TEXTS, _PIECES), max_size=6).map("".join),
)
def test_the_folded_pattern_finds_at_least_as_much(pattern: str, text: str) -> None:
    if regex.compile(pattern, regex.IGNORECASE | regex.UNICODE).search(text, timeout=1):
        options = re2.Options()
        options.case_sensitive = False
        assert re2.search(folded_pattern(pattern), folded_text(text), options)
