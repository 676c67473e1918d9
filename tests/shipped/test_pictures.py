"""Every mail as a browser shows it, on a desktop and on a phone."""

from pathlib import Path

import pytest

from daemon.writing.html import html_of
from daemon.writing.samples import SAMPLES
from tests.support.chromium import different_rows, show
from tests.unit.writing.stock import shipped

DESKTOP, PHONE = 680, 360
IMPRINT = "-- \nShop GmbH, Musterweg 1, 10115 Berlin\nGeschäftsführerin: Ada Beispiel, HRB 1234, DE123456789\n"


def mails(language: str) -> dict[str, str]:
    """The text of each mail by its name, the longest of its samples."""
    rendered = {name: [shipped().render(name, language, data).text for data in SAMPLES[name]] for name in SAMPLES}
    return {name: f"{max(texts, key=len)}\n{IMPRINT}" for name, texts in rendered.items()}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_mail_fits_its_window_and_shows_all_its_words(language: str, tmp_path: Path) -> None:
    texts = mails(language)
    pages = {name: html_of(text, name, language) for name, text in texts.items()}
    shown, picture = show(pages, (DESKTOP, PHONE), tmp_path)
    assert [(one.name, one.width) for one in shown] == [(name, width) for width in (DESKTOP, PHONE) for name in texts]
    assert [one for one in shown if one.needed > one.width] == []
    for one in shown:
        words = set(texts[one.name].split()) - {"-", "|"}
        assert words - set(one.text.split()) == set(), one.name
    assert different_rows(picture) > 500


def test_a_long_number_and_a_long_link_break_and_what_sticks_out_would_be_seen(tmp_path: Path) -> None:
    link = "https://track.example/" + "0123456789" * 12
    long = html_of(f"Sendungsnummer: {'9' * 60}\nZustellnachweis: {link}\n\nSiehe {link}\n", "x", "de")
    wide = '<body style="margin:0"><div style="width:900px;height:1px"></div>'
    shown, picture = show({"long": long, "wide": wide}, [PHONE], tmp_path)
    assert [one.needed for one in shown] == [PHONE, 900]
    assert "Zustellnachweis:" in shown[0].text
    assert different_rows(picture) > 50


def test_a_blank_picture_would_be_seen(tmp_path: Path) -> None:
    [shown], picture = show({"blank": ""}, [PHONE], tmp_path)
    assert shown.text == ""
    assert different_rows(picture) < 10
