"""What a pattern cannot be found without, groups looked into."""

import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from daemon.rules.clauses import needed


def _sets(*clauses: set[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(clause) for clause in clauses)


@pytest.mark.parametrize(
    ("pattern", "clauses"),
    [
        (r"\bsold out\b", _sets({"sold"}, {"out"})),
        (r"\b(geht|gehen)\b.*\b(raus|weg)\b", _sets({"geht", "gehen"}, {"raus", "weg"})),
        ("nicht (mehr )?(vorrätig|lieferbar)", _sets({"nicht"}, {"vorrätig", "lieferbar"})),
        ("stock|(not|never) in", _sets({"stock", "never", "not"})),
        (r"e\.g\. this", _sets({"this"})),
        ("abcd{0,3}", _sets({"abc"})),
        ("colou?r", _sets({"colo"})),
        ("(?:ab)+c", _sets({"ab"})),
        ("(?!never)(?P<what>shipped)", _sets({"shipped"})),
        ("Straße [0-9]{2}", _sets({"strasse"})),
    ],
)
def test_of_each_set_one_text_must_stand_there(pattern: str, clauses: tuple[frozenset[str], ...]) -> None:
    assert needed(pattern) == clauses


@pytest.mark.parametrize(
    "pattern",
    [
        r"\?\W*$",
        "(sold|)out|x",
        "(?i:sold)",
        r"(a)\1",
        "(?<sold",
        "(sold",
        "(sold)*",
        r"\x41bcdef",
        "(?x)a b c",
        "abc[[:alpha:]]def",
        "[]abc]def",
    ],
)
def test_where_nothing_is_sure_nothing_is_asked_for(pattern: str) -> None:
    assert needed(pattern) == ()


_PIECES = st.sampled_from(
    [
        "nicht",
        "Straße",
        "ab",
        " ",
        "(b|cd)",
        "(ef )?",
        "(gh|ij(kl)?)+",
        "(?:mn|)",
        "(?=no)",
        "f?",
        "x+",
        "[ij]",
        "|",
        ".",
    ]
)
_TEXTS = st.text(alphabet="nichtStraßeabcdefghijklmnoxSTRASSE ", max_size=12)


@given(
    st.lists(_PIECES, min_size=1, max_size=6).map("".join),
    st.lists(st.one_of(_TEXTS, _PIECES), max_size=6).map("".join),
)
def test_a_text_that_a_pattern_finds_holds_something_of_each_set(pattern: str, text: str) -> None:
    if regex.compile(pattern, regex.IGNORECASE | regex.UNICODE).search(text, timeout=1):
        words = re.findall(r"\w+", text.casefold())
        assert all(any(piece in word for piece in clause for word in words) for clause in needed(pattern))
