"""From is read strictly, and Authentication-Results are believed of one server alone."""

import pytest

from daemon.domain.arrival import Verdict
from daemon.reading.mails.headers import parse_headers
from daemon.reading.mails.senders import sender, verdict

TRUSTED = "mx.shop.example"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("orders@acme.example", ""),
        ("<Orders@ACME.example>", ""),
        ("Acme Mobile <orders@acme.example>", "Acme Mobile"),
        ('"Mobile, Acme" <orders@acme.example>', "Mobile, Acme"),
        ("Mobile, Acme <orders@acme.example>", "Mobile, Acme"),
        ("=?utf-8?q?J=C3=B6rg?= <orders@acme.example>", "Jörg"),
        ("orders@acme.example (Acme)", "Acme"),
        ('"orders@acme.example" <orders@acme.example>', "orders@acme.example"),
    ],
)
def test_one_plain_mailbox_is_believed(field: str, name: str) -> None:
    who = sender(parse_headers(f"From: {field}\r\n".encode()))
    assert (who.address, who.name, who.doubt) == ("orders@acme.example", name, None)


@pytest.mark.parametrize(
    ("field", "doubt"),
    [
        ("alice@trusted.example <bob@evil.example>", "ambiguous_from"),
        ('"alice@trusted.example" <bob@evil.example>', "ambiguous_from"),
        ("=?utf-8?q?alice=40trusted.example?= <bob@evil.example>", "ambiguous_from"),
        ("bob@evil.example (alice@trusted.example)", "ambiguous_from"),
        ("<bob@evil.example> alice@trusted.example", "ambiguous_from"),
        ("<bob@evil.example><alice@trusted.example>", "ambiguous_from"),
        ("a@trusted.example, b@evil.example", "several_senders"),
        ("a@trusted.example, Acme <b@evil.example>", "several_senders"),
        ("Acme <b@evil.example>, a@trusted.example", "several_senders"),
        ("Acme <b@evil.example>, <a@trusted.example>", "several_senders"),
        ('"a@trusted.example", Acme <b@evil.example>', "ambiguous_from"),
        ("Team: a@trusted.example;", "several_senders"),
        ("a@trusted.example\0<b@evil.example>", "bare_newline"),
        ("a@trusted.example\r <b@evil.example>", "bare_newline"),
        ('"a@trusted.example <b@evil.example>', "malformed_from"),
        ("((((nested))))@x <b@evil.example>", "malformed_from"),
        ('"a b"@evil.example', "malformed_from"),
        ("a@b@evil.example", "malformed_from"),
        ("bob@evil", "malformed_from"),
        ("bob@exämple.example", "malformed_from"),
        ("", "malformed_from"),
    ],
)
def test_anything_a_second_reader_could_read_otherwise_is_a_doubt(field: str, doubt: str) -> None:
    assert sender(parse_headers(f"From: {field}\r\n".encode())).doubt == doubt


def test_two_from_fields_are_a_doubt() -> None:
    assert sender(parse_headers(b"From: a@x.example\nfrom : b@y.example\n")).doubt == "several_from_fields"


def test_no_from_field_is_a_doubt() -> None:
    assert sender(parse_headers(b"To: a@x.example\n")).doubt == "no_from_field"


def test_a_repeated_subject_is_a_doubt() -> None:
    assert sender(parse_headers(b"From: a@x.example\nSubject: 1\nSubject: 2\n")).doubt == "duplicate_header_fields"


def judged(*fields: str, trusted: str | None = TRUSTED, address: str = "orders@acme.example") -> Verdict:
    return verdict(parse_headers("\r\n".join(fields).encode()), trusted, address)


def results(result: str, domain: str = "acme.example", server: str = TRUSTED) -> str:
    return f"Authentication-Results: {server}; spf=pass smtp.mailfrom=x.example; dmarc={result} header.from={domain}"


@pytest.mark.parametrize(
    ("word", "expected"), [("pass", Verdict.PASS), ("fail", Verdict.FAIL), ("temperror", Verdict.NONE)]
)
def test_the_dmarc_result_of_the_trusted_server_is_the_verdict(word: str, expected: Verdict) -> None:
    assert judged(results(word)) is expected


def test_without_a_configured_server_there_is_no_verdict() -> None:
    assert judged(results("pass"), trusted=None) is Verdict.NONE


def test_another_servers_word_counts_for_nothing() -> None:
    assert judged(results("pass", server="mx.evil.example")) is Verdict.NONE


def test_a_pass_of_another_domain_counts_for_nothing() -> None:
    assert judged(results("pass", domain="evil.example")) is Verdict.NONE


def test_a_forged_field_below_the_real_one_counts_for_nothing() -> None:
    assert judged(results("fail"), "Received: x", results("pass")) is Verdict.FAIL
    assert judged(f"Authentication-Results: {TRUSTED}; spf=none", "Received: x", results("pass")) is Verdict.NONE


def test_a_result_in_a_comment_or_in_quotes_counts_for_nothing() -> None:
    assert judged(f"Authentication-Results: {TRUSTED} (; dmarc=pass header.from=acme.example)") is Verdict.NONE
    assert judged(f'Authentication-Results: {TRUSTED}; x="; dmarc=pass header.from=acme.example"') is Verdict.NONE


def test_a_dkim_pass_alone_is_no_verdict() -> None:
    assert judged(f"Authentication-Results: {TRUSTED}; dkim=pass header.d=acme.example") is Verdict.NONE


def test_topmost_believes_the_first_field_even_without_a_server_name() -> None:
    exchange = "Authentication-Results: spf=pass; dmarc=pass action=none header.from=acme.example;compauth=pass"
    assert judged(exchange, results("fail"), trusted="topmost") is Verdict.PASS
    assert judged(results("none"), exchange, trusted="topmost") is Verdict.NONE


def test_a_comment_that_never_ends_is_read_in_no_time() -> None:
    assert judged(f"Authentication-Results: {TRUSTED} " + "(" * 10000) is Verdict.NONE
