import pytest

from daemon.rules.columns import column_key
from daemon.rules.format_files import formats_from

FORMAT = """\
format: short
for: [sellers]
kind: table
gives: dispatch
columns: {order: [Nr], tracking: [Paket]}
needs: [order, tracking]
sample: |
  Nr;Paket
expect: []
"""


def test_a_format_is_read_from_its_file() -> None:
    formats, mistakes = formats_from("short.yaml", FORMAT)
    assert not mistakes
    assert (formats[0].name, formats[0].drops, formats[0].columns["order"]) == ("short", ("sellers",), ("Nr",))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("kind: table", "kind: pdf", "kind"),
        ("tracking: [Paket]", "parcel: [Paket]", "`parcel` is no field of dispatch"),
        ("needs: [order, tracking]", "needs: [order, imei]", "`imei` is needed but has no columns"),
        ("kind: table", "kind: xml", "says its `root` and its `rows`"),
        ("needs:", "statuses: {lost: [weg]}\nneeds:", "`lost` is no meaning of a status"),
        ("format: short\n", "", "`format` is missing"),
        ("needs:", "colour: red\nneeds:", "colour"),
    ],
)
def test_a_mistake_in_a_format_is_named(old: str, new: str, problem: str) -> None:
    formats, mistakes = formats_from("short.yaml", FORMAT.replace(old, new))
    assert not formats
    assert any(problem in one.problem for one in mistakes), mistakes


@pytest.mark.parametrize("heading", ["tracking-number", "Tracking Number", "TRACKING_NUMBER", "Tracking-Number:"])
def test_headings_are_compared_without_case_blanks_and_signs(heading: str) -> None:
    assert column_key(heading) == "trackingnumber"


def test_an_umlaut_and_its_spelling_are_the_same() -> None:
    assert column_key("Straße") == column_key("STRASSE")
    assert column_key("Empfänger") == column_key("Empfaenger")
