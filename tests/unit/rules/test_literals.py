"""The prefilter never loses what a pattern would find."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.literals import required


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("nicht (mehr )?(vorrätig|lieferbar)", ("nicht ",)),
        ("out of stock|sold out", ("out of stock", "sold out")),
        (r"\bconfirm(ed)?\b", ("confirm",)),
        ("kleine?", ("klein",)),
        ("abcd{0,3}", ("abc",)),
        (r"Größe", ("grösse",)),
        (r"e\.g\. this", ("e.g. this",)),
        ("colou+r", ("colou",)),
        ("(a|b)", None),
        ("ab|out of stock", None),
        (r"\?\W*$", None),
        (r"\x41bcdef", None),
        (r"\p{L}abcdef", None),
        ("(?x)a b c d", None),
        ("abc[[:alpha:]]def", None),
        ("[]abc]def", None),
        ("(?i:abcdef)ghi", None),
        (r"\Nabcdef", None),
    ],
)
def test_the_longest_sure_words_are_found(pattern: str, expected: tuple[str, ...] | None) -> None:
    assert required(pattern) == expected


_PIECES = st.sampled_from(
    [
        "nicht",
        "Straße",
        "ÄÖ",
        "a",
        " ",
        "(b|cd)",
        "(e )?",
        "f?",
        "gh*",
        "x+",
        "[ij]",
        r"\b",
        r"\w",
        ".",
        "|",
        r"\.",
        "k{2}",
        "l{0,1}",
    ]
)
_TEXTS = st.text(alphabet="nichtStraßeÄÖäö abcdefghijklx.STRASSE", max_size=12)


@given(
    st.lists(_PIECES, min_size=1, max_size=6).map("".join),
    st.lists(st.one_of(_TEXTS, _PIECES), max_size=4).map("".join),
)
def test_a_text_that_a_pattern_finds_holds_one_of_its_words(pattern: str, text: str) -> None:
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE | regex.UNICODE)
    except regex.error:
        return
    words = required(pattern)
    if words is not None and compiled.search(text, timeout=1):
        assert any(word in text.casefold() for word in words)
