import pytest

from daemon.writing import filters
from daemon.writing.sandbox import topic


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("de", "Freitag, 27. November 2026, 23:59 (UTC+1)"),
        ("en", "Friday, 27 November 2026, 23:59 (UTC+1)"),
        ("xx", "Friday, 27 November 2026, 23:59 (UTC+1)"),
    ],
)
def test_a_moment_is_written_in_the_offset_it_was_given_in(language: str, written: str) -> None:
    assert filters.moment("2026-11-27T23:59:59+01:00", language) == written


@pytest.mark.parametrize(("offset", "written"), [("+05:30", "UTC+5:30"), ("-03:30", "UTC-3:30"), ("+00:00", "UTC+0")])
def test_an_offset_shows_its_minutes_only_where_it_has_some(offset: str, written: str) -> None:
    assert filters.moment(f"2026-11-27T23:59:59{offset}", "de").endswith(f"({written})")


def test_a_day_is_taken_from_a_date_or_a_moment() -> None:
    assert filters.day("2026-12-02", "de") == filters.day("2026-12-02T23:59:59+01:00", "de") == "2. Dezember 2026"


def test_money_has_the_signs_of_its_language_and_plain_blanks() -> None:
    assert filters.money("1017.90", "EUR", "de") == "1.017,90 €"
    assert filters.money("1017.90", "EUR", "en") == "€1,017.90"


def test_a_country_that_has_no_name_stays_a_code() -> None:
    assert (filters.country("ch", "de"), filters.country("QX", "de")) == ("Schweiz", "QX")


def test_a_value_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="bald"):
        filters.day("bald", "de")


def test_wrapped_lines_have_their_mark_and_long_links_stay_whole() -> None:
    link = "https://shop.example/" + "x" * 100
    wrapped = filters.wrap(f"kurz\n\n{'wort ' * 30}\n{link}", 40, "| ").split("\n")
    assert wrapped[:2] == ["| kurz", "|"]
    assert wrapped[-1] == f"| {link}"
    assert all(len(line) <= 42 for line in wrapped[:-1])


@pytest.mark.parametrize("subject", ["Bestellung A-1", "Re: Bestellung A-1", "AW: Re: WG: Bestellung A-1"])
def test_marks_of_replies_do_not_pile_up(subject: str) -> None:
    assert topic(subject) == "Bestellung A-1"
