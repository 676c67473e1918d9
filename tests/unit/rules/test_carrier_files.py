"""Carrier files and the numbers that prove them."""

import pytest

from daemon.rules.carrier_files import read_carriers

_GOOD = """carrier: acme
name: Acme Post
aliases: [AP]
numbers:
  - pattern: '7[0-9]{4}'
    valid: ['71234', '7 12 34']
    invalid: ['81234']
hosts: [track.acme.example]
links:
  de: https://track.acme.example/?n={number}
"""


def _problems(*texts: str) -> list[tuple[int, str]]:
    files = [(f"rules/carriers/{place}.yaml", text) for place, text in enumerate(texts)]
    return [(wrong.line, wrong.problem) for wrong in read_carriers(files)[1]]


def test_a_right_file_has_no_mistakes() -> None:
    assert _problems(_GOOD) == []


def test_a_valid_example_that_is_refused_is_told_with_its_line() -> None:
    text = _GOOD.replace("['71234', '7 12 34']", "\n      - '71234'\n      - '91234'")
    assert _problems(text) == [(8, "the valid example `91234` is refused")]


def test_an_invalid_example_that_is_accepted_is_told() -> None:
    assert _problems(_GOOD.replace("'81234'", "'71235'")) == [(7, "the invalid example `71235` is accepted")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("'7[0-9]{4}'", "'7[0-9'", 5),
        ("'7[0-9]{4}'\n", "'7[0-9]{4}'\n    check: mod99\n", 6),
        ("track.acme.example]", "https://track.acme.example]", 8),
        ("https://track", "http://track", 9),
        ("?n={number}", "?n={nummer}", 9),
        ("  de:", "  german:", 9),
        ("valid: ['71234', '7 12 34']", "valid: []", 6),
        ("carrier: acme", "carrier: Acme Post", 1),
    ],
)
def test_a_mistake_in_a_carrier_is_told_with_its_line(old: str, new: str, line: int) -> None:
    assert [found for found, _ in _problems(_GOOD.replace(old, new, 1))] == [line]


def test_two_carriers_cannot_share_a_name_or_a_host() -> None:
    other = _GOOD.replace("carrier: acme", "carrier: other").replace("name: Acme Post", "name: Other")
    assert [problem.split(" names")[0].split(" is a")[0] for _, problem in _problems(_GOOD, other)] == [
        "`AP`",
        "`track.acme.example`",
    ]


def test_two_carriers_cannot_share_an_id() -> None:
    other = _GOOD.replace("Acme Post", "X").replace("[AP]", "[]").replace("hosts: [track.acme.example]\n", "")
    assert _problems(_GOOD, other) == [(1, "`acme` names the carrier in rules/carriers/0.yaml:1 already")]
