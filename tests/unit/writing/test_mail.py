import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import SMTP
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.effect import SendMail
from daemon.domain.values import Json
from daemon.writing import headers
from daemon.writing.mail import Composed, compose
from daemon.writing.samples import SAMPLES
from daemon.writing.templates import Templates, compile_templates
from tests.unit.writing.stock import a_mail, changed, letterhead, shipped

NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "x\r\nBcc: victim@x.example\r\n\r\nbody",
            "x =?utf-8?q?=0D=0ABcc=3A_a=40b.example?=",
            "victim@x.example, yyy zzz <b@c.example>",
            "x\nTo: a@b.example",
            "\rFrom: a@b.example",
            "a\u2028Cc: b@c.example",
            "\x00\x85\x0b\x0c",
            "\ud800",
            "=?" * 40,
            "ü" * 60,
        ]
    ),
)
ALWAYS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "X-Auto-Response-Suppress",
    "X-Postbote-Template",
    "MIME-Version",
    "Content-Type",
]


def composed(mail: SendMail | None = None, from_: str = "Shop <orders@shop.example>") -> Composed:
    return compose(mail or a_mail(), letterhead(from_), shipped())


def parsed(mail: SendMail | None = None, from_: str = "Shop <orders@shop.example>") -> Message:
    return message_from_bytes(composed(mail, from_).content)


def part_of(message: Message, kind: str = "plain") -> Message:
    """The one part of that kind."""
    (part,) = (one for one in message.walk() if one.get_content_type() == f"text/{kind}")
    return part


def body_of(message: Message, kind: str = "plain") -> str:
    payload = part_of(message, kind).get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


def test_a_mail_carries_the_fields_of_the_contract() -> None:
    message = parsed()
    assert message["From"] == "Shop <orders@shop.example>"
    assert message["To"] == "orders@acme.example"
    assert str(make_header(decode_header(message["Subject"]))) == "Bestellung A-1001: Versandfrist läuft ab"
    assert message["Date"] == "Wed, 25 Nov 2026 09:15:00 +0000"
    assert message["Message-ID"] == "<k3v9.abcdefghijklmnopqrst@shop.example>"
    assert message["Reply-To"] == "reply+abcdefghij0123456789abcdef@replies.shop.example"
    assert message["X-Postbote-Template"] == "reminder-ship"
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert part_of(message).get_content_charset() == part_of(message, "html").get_content_charset() == "utf-8"


@pytest.mark.parametrize("template", ["order", "inquiry", "relay"])
def test_a_mail_that_a_person_might_have_written_is_not_called_automatic(template: str) -> None:
    message = parsed(a_mail(template, plain=True))
    assert message["Auto-Submitted"] is None
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"


def test_no_mail_has_blind_copies_or_the_marks_of_a_list() -> None:
    names = {name.lower() for name in parsed().keys()}  # noqa: SIM118 - a Message is no mapping
    assert not names & {"bcc", "cc", "sender", "precedence"}
    assert not any(name.startswith("list-") for name in names)


@pytest.mark.parametrize("template", sorted(SAMPLES))
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_read_from_the_bytes_is_what_was_rendered(template: str, language: str) -> None:
    for data in SAMPLES[template]:
        written = composed(a_mail(template, data, language=language))
        message = message_from_bytes(written.content)
        assert body_of(message) == written.text
        assert str(make_header(decode_header(message["Subject"]))) == written.subject


def test_every_line_ends_with_crlf_and_is_short_ascii() -> None:
    content = composed(a_mail("order")).content
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    assert all(len(line) <= 78 for line in content.split(b"\r\n"))
    assert content.isascii()
    assert content.endswith(b"\r\n")


def relay_of(text: str) -> SendMail:
    return a_mail("relay", {**SAMPLES["relay"][0], "text": text})


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("plain", "quoted-printable"),
        ("日本語の文章です。" * 60, "base64"),
        ("Grüße aus dem Lager. " * 30, "quoted-printable"),
    ],
)
def test_the_shorter_encoding_is_used(text: str, encoding: str) -> None:
    message = parsed(relay_of(text))
    assert part_of(message)["Content-Transfer-Encoding"] == encoding
    assert text.replace(" ", "") in body_of(message).replace("\n| ", "").replace(" ", "")


def test_a_body_of_short_ascii_lines_is_sent_as_it_is() -> None:
    plain = compile_templates(changed("templates/operator/en.txt", "Subject: x\n\nshort\n"))
    assert isinstance(plain, Templates)
    content = compose(a_mail("operator", language="en"), letterhead(), plain).content
    assert b"Content-Transfer-Encoding: 7bit\r\n" in content
    assert b"\r\n\r\nshort\r\n\r\n--" in content


@pytest.mark.parametrize("line", ["From here", ".", "..", "trailing ", "x" * 1200])
def test_lines_that_servers_change_are_protected(line: str) -> None:
    fragile = compile_templates(changed("templates/operator/en.txt", f"Subject: x\n\nfirst\n{line}\nlast\n"))
    assert isinstance(fragile, Templates)
    written = compose(a_mail("operator", language="en"), letterhead(), fragile)
    raw = written.content.partition(b"\r\n\r\n")[2]
    assert not re.search(rb"^(From |\.\r?$)|[ \t]\r$", raw, re.MULTILINE)
    assert max(map(len, raw.split(b"\r\n"))) <= 76
    assert body_of(message_from_bytes(written.content)) == f"first\n{line}\nlast\n"


def test_the_speaker_of_a_relayed_mail_is_named_over_our_own_address() -> None:
    message = parsed(a_mail("relay", plain=True, speaker="Nova Handels GmbH"))
    assert message["From"] == "Nova Handels GmbH via Shop <orders@shop.example>"


def test_a_speaker_with_an_address_for_a_name_does_not_change_the_sender() -> None:
    message = parsed(a_mail("relay", speaker="ceo@bank.example, x <y@z.example>"))
    assert [address for _, address in getaddresses([message["From"]])] == ["orders@shop.example"]


def test_a_mailbox_without_a_name_is_only_its_address() -> None:
    assert parsed(from_="orders@shop.example")["From"] == "orders@shop.example"


def test_threading_fields_are_never_encoded_and_fold_at_blanks() -> None:
    ids = tuple(f"{'x' * 90}{n}@mail.outlook.example" for n in range(6))
    content = composed(a_mail("answer", answers=ids[-1], references=ids)).content.decode("ascii")
    assert f"In-Reply-To: <{ids[-1]}>\r\n" in content
    references = re.search(r"^References: ((?:.*\r\n )*.*)\r\n", content, re.MULTILINE)
    assert references
    assert references[1].split("\r\n ") == [f"<{one}>" for one in ids]


def test_the_answered_mail_is_the_last_reference() -> None:
    assert parsed(a_mail("answer", answers="b@x", references=("a@x",)))["References"] == "<a@x> <b@x>"


def test_a_long_thread_keeps_its_first_and_latest_references() -> None:
    ids = tuple(f"{n}@x" for n in range(100))
    kept = parsed(a_mail("answer", answers="99@x", references=ids))["References"].split()
    assert len(kept) == 20
    assert (kept[0], kept[-1]) == ("<0@x>", "<99@x>")


def test_a_foreign_message_id_that_cannot_be_written_is_left_out() -> None:
    message = parsed(a_mail("answer", answers="a\r\nBcc: x@y.example", references=("good@x", "b ad@x")))
    assert message["In-Reply-To"] is None
    assert message["References"] == "<good@x>"


def test_a_recipient_with_an_international_domain_is_written_in_ascii() -> None:
    written = composed(a_mail(to="info@müller.example"))
    assert written.recipient == message_from_bytes(written.content)["To"] == "info@xn--mller-kva.example"


@pytest.mark.parametrize("to", ["", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "x <a@b.example>"])
def test_a_recipient_that_is_not_one_address_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="mail"):
        composed(a_mail(to=to))


def test_a_mail_that_reads_back_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "unstructured", lambda _value, _used: "x\r\nBcc: victim@x.example")
    with pytest.raises(ValueError, match="not the intended"):
        composed()


def test_a_recipient_that_reads_back_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "address", lambda text: f"{text}, victim@x.example")
    with pytest.raises(ValueError, match="not the intended"):
        composed()


def test_the_same_mail_is_the_same_bytes() -> None:
    assert composed().content == composed().content


def same_fields(mail: SendMail, from_: str = "Shop <orders@shop.example>") -> None:
    content = compose(mail, letterhead(from_), shipped()).content
    for message in (message_from_bytes(content), message_from_bytes(content, policy=SMTP)):
        expected = sorted([*ALWAYS, *([] if mail.plain else ["Auto-Submitted"])])
        assert sorted(message.keys()) == expected
        assert not message.defects
        assert [address for _, address in getaddresses([str(message["To"])])] == ["orders@acme.example"]
        assert [address for _, address in getaddresses([str(message["From"])])] == ["orders@shop.example"]
        unfolded = (str(value).replace("\r\n ", " ") for value in message.values())
        assert all("\n" not in str(make_header(decode_header(value))) for value in unfolded)


def filled(data: Json, text: str) -> Json:
    """The data with every string that is not chosen from a list replaced."""
    if isinstance(data, dict):
        fixed = {"unit_price", "total", "shipping_price", "placed_at", "paid_at", "ship_by", "due", "currency", "state"}
        return {name: value if name in fixed else filled(value, text) for name, value in data.items()}
    if isinstance(data, list):
        return [filled(one, text) for one in data]
    return text if isinstance(data, str) else data


@given(text=NASTY)
def test_no_text_in_any_field_changes_header_fields_or_recipients(text: str) -> None:
    for template in (
        "order",
        "order-correction",
        "answer",
        "reminder-imei",
        "inquiry",
        "relay",
        "operator",
        "forwarded",
    ):
        same_fields(a_mail(template, filled(SAMPLES[template][0], text), plain=template == "order"))


@given(speaker=NASTY, name=NASTY)
def test_no_display_name_changes_header_fields_or_recipients(speaker: str, name: str) -> None:
    name = name.replace("<", "").replace(">", "").replace('"', "")
    same_fields(a_mail("relay", speaker=speaker), f"{name} <orders@shop.example>")


@given(subject=NASTY)
def test_no_subject_of_theirs_changes_header_fields_or_recipients(subject: str) -> None:
    same_fields(a_mail("answer", {**SAMPLES["answer"][0], "subject_of": subject}))


@given(ids=st.lists(NASTY, max_size=4), answered=NASTY)
def test_no_message_id_of_theirs_adds_a_field(ids: list[str], answered: str) -> None:
    message = parsed(a_mail("answer", answers=answered, references=tuple(ids)))
    assert set(message.keys()) - {"In-Reply-To", "References"} == {*ALWAYS, "Auto-Submitted"}


@given(text=st.text(max_size=300))
def test_every_body_comes_back_from_its_encoding(text: str) -> None:
    written = composed(relay_of(text))
    assert body_of(message_from_bytes(written.content)) == written.text
