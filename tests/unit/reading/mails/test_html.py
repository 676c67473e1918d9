"""HTML mails by structure: visible, new, and with numbers in one piece."""

import pytest

from daemon.reading.mails.html import html_to_text
from daemon.reading.mails.quoting import new_text
from daemon.reading.mails.structured import named_parcels

NUMBER = "00340434161094042557"


def test_a_number_is_joined_across_inline_tags() -> None:
    assert NUMBER in html_to_text("<p>Nr <b>0034</b>0434<wbr>1610<span>94042557</span></p>")


@pytest.mark.parametrize("hidden", ["display: none", "VISIBILITY:hidden", "font-size:0", "max-height:0"])
def test_hidden_text_is_not_read(hidden: str) -> None:
    assert html_to_text(f'<p>Hallo</p><div style="{hidden}">{NUMBER}</div>').strip() == "Hallo"


@pytest.mark.parametrize(
    "quote",
    [
        '<blockquote type="cite">{}</blockquote>',
        '<div class="gmail_quote"><p class="gmail_attr">Am</p><blockquote class="gmail_quote">{}</blockquote></div>',
        '<div class="moz-cite-prefix">Am</div><blockquote type="cite">{}</blockquote>',
        '<div name="quote">{}</div>',
        '<div id="appendonsend"></div><hr><div>{}</div>',
        '<div id="divRplyFwdMsg">Von</div><div>{}</div>',
        '<div><div style="border-top:solid #E1E1E1"><p>Von: a@b.example<br>Sent: x<br>To: c</p></div></div>{}',
    ],
)
def test_quotes_of_all_programs_are_dropped(quote: str) -> None:
    assert new_text(html_to_text(f"<html><body><p>Erledigt</p>{quote.format(NUMBER)}</body></html>"), ()) == "Erledigt"


def test_an_answer_between_two_quotes_is_kept() -> None:
    quote = '<blockquote class="gmail_quote">alt</blockquote>'
    assert "neu" in html_to_text(f'<div class="gmail_quote">{quote}<p>neu</p>{quote}</div>')


def test_a_table_row_stays_on_one_line() -> None:
    text = html_to_text(f"<table><tr><td>A-1</td><td>{NUMBER}</td></tr><tr><td>A-2</td><td>x</td></tr></table>")
    assert any("A-1" in line and NUMBER in line for line in text.splitlines())


def test_a_tracking_link_stands_behind_its_text() -> None:
    text = html_to_text(f'<a href="https://www.dhl.de/?piececode={NUMBER}">Verfolgen</a>')
    assert f"Verfolgen <https://www.dhl.de/?piececode={NUMBER}>" in text


def test_structured_data_names_parcels() -> None:
    html = (
        '<script type="application/ld+json">{"@type": "ParcelDelivery", "trackingNumber": "1Z", '
        '"carrier": {"name": "UPS"}, "partOfOrder": {"orderNumber": "A-1"}}</script>'
    )
    (parcel,) = named_parcels(html)
    assert (parcel.number, parcel.carrier, parcel.order) == ("1Z", "UPS", "A-1")


@pytest.mark.parametrize("data", ["", "{", "[" * 100000, '{"@graph": 1}', '{"@type": "ParcelDelivery"}', "null"])
def test_broken_structured_data_name_nothing(data: str) -> None:
    assert named_parcels(f'<script type="application/ld+json">{data}</script>') == ()


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "tag", ["<div>", "<b>", "<table><tr><td>", "<p>", '<a href="http://x/1">', "<blockquote type=cite>"]
)
def test_hostile_pages_end_soon(tag: str) -> None:
    assert isinstance(html_to_text(tag * 40000), str)
