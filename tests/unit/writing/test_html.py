"""The HTML form of a mail: the same words, told apart by what they are, with nothing of theirs alive in it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.writing.html import html_of


class _Page(HTMLParser):
    """The tags of a page, the words in its body, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.links: list[str] = []
        self._in_body = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._in_body = self._in_body or tag == "body"
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]

    def handle_data(self, data: str) -> None:
        if self._in_body:
            self.words += data


def _body(text: str) -> str:
    return html_of(text, "x", "de").partition("<div")[2]


def test_the_page_names_its_language_and_title() -> None:
    page = html_of("Guten Tag\n", "Bestellung A-1001", "de")
    assert '<html lang="de">' in page
    assert "<title>Bestellung A-1001</title>" in page


def test_a_line_in_capitals_is_a_heading() -> None:
    assert "<h2" in _body("LIEFERANSCHRIFT\n")
    assert "<h2" not in _body("OK\n")
    assert "<h2" not in _body("IMEI: 352099001761481\n")


def test_labelled_lines_are_a_table_whose_rows_read_like_the_text() -> None:
    page = _Page(html_of("Bestellnummer: A-1001\nMarkt: de-DE\n", "x", "de"))
    assert page.tags.count("tr") == 2
    assert page.tags.count("th") == 2
    assert "Bestellnummer:A-1001" in page.words.replace("\n", "")


def test_a_single_sentence_with_a_colon_stays_a_paragraph() -> None:
    assert "<table" not in _body("Bitte beachten: Das Paket geht heute raus.\n")


def test_items_are_a_list_under_the_line_that_announces_them() -> None:
    page = _body("Nicht übernommen:\n- Nummer eins\n- Nummer zwei\n")
    assert page.count("<li>") == 2
    assert "<p" in page.partition("<ul")[0]


def test_the_words_of_others_stand_apart() -> None:
    assert "<blockquote" in _body("| Haben Sie Platz?\n|\n| Gruß\n")


def test_an_address_keeps_its_lines() -> None:
    assert "Zoë Kanari<br>Ringstraße 5<br>50667 Köln" in _body("Zoë Kanari\nRingstraße 5\n50667 Köln\n")


def test_a_tracking_link_can_be_clicked_and_keeps_no_full_stop() -> None:
    page = _Page(html_of("Siehe https://www.dhl.de/de?piececode=1&x=2.\n", "x", "de"))
    assert page.links == ["https://www.dhl.de/de?piececode=1&x=2"]


@pytest.mark.parametrize("link", ["http://plain.example/", "javascript:alert(1)", "data:text/html,x", "//x.example"])
def test_only_https_becomes_a_link(link: str) -> None:
    assert _Page(html_of(f"{link}\n", "x", "de")).links == []


_NASTY = st.text(alphabet=st.sampled_from("aÄ1:-|>< \n&\"'/hKtps")) | st.text(max_size=200)


@given(text=_NASTY, title=_NASTY, language=_NASTY)
def test_nothing_in_a_text_becomes_a_tag_of_its_own(text: str, title: str, language: str) -> None:
    ours = set("html head meta title body div h2 p br table tr th td ul li blockquote a".split())  # noqa: SIM905
    page = _Page(html_of(text, title, language))
    assert set(page.tags) <= ours
    assert all(link.startswith("https://") for link in page.links)


@given(text=_NASTY)
def test_every_word_of_the_text_is_in_the_page_in_its_order(text: str) -> None:
    page = _Page(html_of(text, "x", "de"))
    shown = iter("".join(page.words.split()))
    marks = str.maketrans("", "", "-|> \n")
    wanted = "".join("".join(text.split()).translate(marks))
    assert all(sign in shown for sign in wanted)
