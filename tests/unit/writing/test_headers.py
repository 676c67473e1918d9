from email.header import decode_header, make_header

import pytest

from daemon.writing import headers


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a\r\nBcc: x@y.example", "a Bcc: x@y.example"),
        ("x =?utf-8?q?=0D=0ABcc=3A_a=40b.example?= y", "x y"),
        ("=?=?utf-8?q?a?= b", "b"),
        ("half =? open", "half open"),
        ("a\u2028b\x85c\x00d", "a b c d"),
        ("  weit   weg ", "weit weg"),
    ],
)
def test_a_header_value_is_one_plain_line(written: str, plain: str) -> None:
    assert headers.plain(written) == plain


def test_an_ascii_subject_stays_readable() -> None:
    assert headers.unstructured("Order A-1001: please ship", 9) == "Order A-1001: please ship"


@pytest.mark.parametrize(
    "subject", ["Bestellung für Zoë", "ü" * 150, "日本語の件名です" * 12, "Ä b " * 40, "a=b?c_d ü", "x" * 190 + "ü"]
)
def test_encoded_words_decode_to_the_subject_within_75_characters(subject: str) -> None:
    written = headers.unstructured(headers.plain(subject), 9)
    assert decoded(written) == headers.plain(subject)
    assert all(len(line) <= 76 for line in written.split("\r\n"))
    assert written.isascii()


def test_a_long_ascii_subject_is_folded_at_its_blanks() -> None:
    subject = " ".join(f"wort{n}" for n in range(40))
    written = headers.unstructured(subject, 9)
    assert written.replace("\r\n", "") == subject
    assert all(len(line) <= 76 for line in written.split("\r\n"))


def test_a_subject_without_end_is_cut() -> None:
    assert headers.subject("x" * 5000) == "x" * 199 + "…"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nova Handels GmbH", "Nova Handels GmbH"),
        ("evil@x.example, you", "evil x.example you"),
        ('"a" <b@c.example>', "a b c.example"),
        ("Groups: a;", "Groups a"),
        ("Zoë & Söhne", "Zoë & Söhne"),
        ("\u202eabc\u202c", "abc"),
    ],
)
def test_a_display_name_holds_nothing_that_looks_like_an_address(name: str, shown: str) -> None:
    assert headers.display_name(name) == shown


def test_a_name_of_plain_words_is_not_encoded() -> None:
    assert headers.mailbox("Shop & More", "a@b.example", 6) == "Shop & More <a@b.example>"


def test_a_name_with_other_signs_is_encoded() -> None:
    assert headers.mailbox("Acme Inc.", "a@b.example", 6) == "=?utf-8?q?Acme_Inc=2E?= <a@b.example>"


def test_a_configured_mailbox_is_split() -> None:
    assert headers.split_mailbox('"Shop, Berlin" <a@b.example>') == ("Shop, Berlin", "a@b.example")
    assert headers.split_mailbox(" a@b.example ") == ("", "a@b.example")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("a@b.example", "a@b.example"),
        ("a.b+c@B.example", "a.b+c@B.example"),
        ("x@müller.example", "x@xn--mller-kva.example"),
        ("x@straße.example", "x@xn--strae-oqa.example"),
        ("x@BÜCHER.example", "x@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_its_domain_in_ascii(written: str, address: str) -> None:
    assert headers.address(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a",
        "@b.example",
        "a@",
        "a@b..example",
        "a b@c.example",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: x@y.example",
        '"a@b"@c.example',
        "a@b@c.example",
        "ü@b.example",
        "a@[127.0.0.1]",
        "<a@b.example>",
        "a..b@c.example",
        "a@-b.example",
        "a" * 65 + "@b.example",
        "a@" + "b." * 130 + "example",
        "a@" + "ü" * 70 + ".example",
    ],
)
def test_what_is_no_plain_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="mail"):
        headers.address(written)


@pytest.mark.parametrize("id_", ["", "a b@c", "a>b@c", "a\r\nb", "ü@c", "x" * 901])
def test_a_message_id_that_would_have_to_change_is_left_out(id_: str) -> None:
    assert headers.message_id(id_) is None
