"""A mail's plain text and its page, where they are not the same."""

import pytest

from daemon.reading.mails.contents import Contents
from daemon.reading.mails.headers import parse_headers
from daemon.reading.mails.spoken import Spoken, spoken


def _said(plain: str, html: str) -> Spoken:
    return spoken(Contents(headers=parse_headers(b""), plain=[plain], html=[html]), ())


def test_a_plain_text_that_breaks_off_within_a_word_gives_way_to_the_page() -> None:
    assert (
        "4711"
        in _said(
            "Ihre Bestellung ist versandt. Sendungsnumm", "<p>Ihre Bestellung ist versandt. Sendungsnummer 4711</p>"
        ).new
    )


def test_two_texts_that_name_different_numbers_are_doubtful() -> None:
    assert _said("Nummer 00340434121352432780", "<p>Nummer 00340434194112643092</p>").trouble == "mail_texts_differ"


def test_the_same_number_written_with_blanks_is_no_difference() -> None:
    assert _said("Nummer 0034 0434 1213 5243 2780", "<p>Nummer 00340434121352432780</p>").trouble is None


def test_a_number_that_only_the_plain_text_has_is_no_contradiction() -> None:
    assert _said("Nummer 00340434121352432780", "<p>Nummer als Bild</p>").trouble is None


def test_a_number_that_only_the_page_has_is_read_from_the_page() -> None:
    said = _said("Ist heute raus, Nummer siehe unten.", "<p>Ist heute raus.</p><p>RR123456785DE</p>")
    assert ("RR123456785DE" in said.new, said.trouble) == (True, None)
    linked = _said(
        "Ist raus, Link unten.", '<p>Ist raus: <a href="https://t.example/00340434121352432780">Link</a></p>'
    )
    assert "00340434121352432780" in linked.new


def test_a_number_that_only_the_quote_of_the_page_has_is_left_alone() -> None:
    html = "<p>Ist raus.</p><blockquote type='cite'><p>Artikel 00340434121352432780</p></blockquote>"
    assert "00340434121352432780" not in _said("Ist raus.", html).new


def test_a_number_that_the_page_sets_in_pieces_is_read_from_the_page() -> None:
    for shown in (
        "0034<b>0434</b>121352432780",
        "&#48;0340434121352432780",
        "0034&nbsp;0434&nbsp;1213&nbsp;5243&nbsp;2780",
    ):
        html = f"<table><tr><td>Nummer</td><td><span>{shown}</span></td></tr></table>"
        assert "0034" in _said("Ist heute raus, Nummer siehe unten.", html).new


def test_a_number_beside_one_that_both_have_is_read_from_the_page() -> None:
    both, further = "00340434121352432780", "1Z 999 AA1 01 2345 6784"
    assert further in _said(f"Nummer {both}", f"<p>Nummer {both}</p><p>IMEI <b>und</b> {further}</p>").new


def test_a_day_is_no_number_that_a_text_could_lack() -> None:
    assert _said("Am 25.11.2026 13:20 raus: 00340434121352432780", "<p>25.11. raus</p>").trouble is None
    assert _said("Am 25.11.2026 13:20 raus", "<p>Am 25.11.2026 raus, 00340434121352432780</p>").trouble is None


def test_words_that_only_the_page_has_are_told_beside_the_text() -> None:
    assert "ausverkauft" in _said("Bestellung angenommen.", "<p>Leider ausverkauft.</p>").other


def test_a_page_that_only_adds_style_and_spacing_has_no_words_of_its_own() -> None:
    html = "<style>p{color:red}</style><!-- x --><p>Bestellung&nbsp;<b>an</b>genommen.</p>"
    assert _said("Bestellung angenommen.", html).other == ""


@pytest.mark.parametrize(
    "struck",
    [
        "<s>{}</s>",
        "<del>{}</del>",
        "<strike>{}</strike>",
        '<span style="text-decoration: underline line-through">{}</span>',
    ],
)
def test_what_the_page_strikes_out_is_not_said(struck: str) -> None:
    html = f"<p>{struck.format('Geht morgen raus.')} Ist raus: RR123456785DE</p>"
    for plain in ("Geht morgen raus. Ist raus: RR123456785DE", ""):
        said = _said(plain, html)
        assert (said.new, said.trouble) == ("Ist raus: RR123456785DE", None)
    html = f"<p>Ist raus: {struck.format('00340434121352432780')} RR123456785DE</p>"
    for plain in ("Ist raus: 00340434121352432780 RR123456785DE", ""):
        assert _said(plain, html).trouble == "number_struck_out"
    quoted = f"<p>Ist raus.</p><blockquote type='cite'>{html}</blockquote>"
    assert _said("Ist raus.", quoted).trouble is None


def test_a_style_that_nothing_bears_strikes_nothing_out() -> None:
    html = "<style>.x{text-decoration:line-through}</style><p>Ist raus: RR123456785DE</p>"
    assert _said("Ist raus: RR123456785DE", html).new == "Ist raus: RR123456785DE"
