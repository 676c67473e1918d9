"""What a pattern cannot be found without, groups looked into."""

import pytest

from daemon.rules.clauses import needed


def _sets(*clauses: set[str]) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(clause) for clause in clauses)


@pytest.mark.parametrize(
    ("pattern", "clauses"),
    [
        (r"\bsold out\b", _sets({"sold out"})),
        (r"\b(geht|gehen)\b.*\b(raus|weg)\b", _sets({"geht", "gehen"}, {"raus", "weg"})),
        ("nicht (mehr )?(vorrätig|lieferbar)", _sets({"nicht "}, {"vorrätig", "lieferbar"})),
        ("stock|(not|never) in", _sets({"stock", "never", "not"})),
        ("colou?r", _sets({"colo"})),
        ("(?:ab)+c", _sets({"ab"})),
        ("(?!never)(?P<what>shipped)", _sets({"shipped"})),
        ("Straße [0-9]{2}", _sets({"strasse "})),
    ],
)
def test_of_each_set_one_text_must_stand_there(pattern: str, clauses: tuple[frozenset[str], ...]) -> None:
    assert needed(pattern) == clauses


@pytest.mark.parametrize("pattern", [r"\?\W*$", "(sold|)out|x", "(?i:sold)", r"(a)\1", "(?<sold", "(sold", "(sold)*"])
def test_where_nothing_is_sure_nothing_is_asked_for(pattern: str) -> None:
    assert needed(pattern) == ()
