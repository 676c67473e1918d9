"""Countries by name and by code."""

import pytest

from daemon.domain import countries
from daemon.domain.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("GBR", "GB"),
        ("UK", "GB"),
        ("usa", "US"),
        ("  Vereinigtes   Königreich ", "GB"),
        ("Pays-Bas", "NL"),
        ("The Netherlands", "NL"),
        ("Tschechien", "CZ"),
        ("EUR", None),
        ("XX", None),
        ("Köln", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_code_and_name(text: str, code: str | None) -> None:
    assert country_code(text) == code


def test_an_empty_cell_has_no_names_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(countries, "country_names", None)
    assert country_code("  ") is None
