"""Taking a mail apart: the same as the standard library says, and something for every mail that it chokes on."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.mails.contents import unpack
from daemon.reading.mails.parameters import described

_WORDS = st.text("aäöß€ .,-=>\n'\u2019Ж", max_size=80)
_NAMES = st.sampled_from(["liste.csv", "Größe 1.xlsx", "a;b.pdf", 'x"y.txt', "ein sehr langer Name " * 6 + ".pdf"])
_FILES = st.lists(st.tuples(_NAMES, st.binary(max_size=200)), max_size=3)
_ENCODINGS = st.sampled_from(["quoted-printable", "base64", "8bit"])
_POLICIES = st.sampled_from([policy.SMTP, policy.default])


@settings(max_examples=150, deadline=None)
@given(_WORDS, _WORDS, _FILES, _ENCODINGS, _POLICIES)
def test_an_ordinary_mail_is_taken_apart_as_the_standard_library_does(
    plain: str, page: str, files: list[tuple[str, bytes]], encoding: str, wire: policy.EmailPolicy
) -> None:
    mail = EmailMessage(policy=wire)
    mail["From"], mail["Subject"] = "Größe <a@b.example>", plain.replace("\n", " ")
    mail.set_content(plain, cte=encoding)
    mail.add_alternative(f"<p>{page}</p>", subtype="html", cte=encoding)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    raw = mail.as_bytes()
    theirs, ours = message_from_bytes(raw, policy=policy.default), unpack(raw)
    body, html = theirs.get_body(("plain",)), theirs.get_body(("html",))
    assert body is not None
    assert html is not None
    assert ours.headers.get("subject").split() == str(theirs["subject"]).split()
    assert "".join(ours.plain).split() == body.get_content().split()
    assert "".join(ours.html).split() == html.get_content().split()
    assert [(one.name, one.data) for one in ours.files] == [(name.strip(), data) for name, data in files]


@pytest.mark.parametrize(
    ("field", "kind", "name", "value"),
    [
        ("text/plain; charset=utf-8", "text/plain", "charset", "utf-8"),
        ('TEXT/Plain;CHARSET="UTF-8"; x=y', "text/plain", "charset", "UTF-8"),
        ("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.csv", "attachment", "filename", "Größe.csv"),
        ("attachment; filename*0=lis; filename*1=te.csv", "attachment", "filename", "liste.csv"),
        ("attachment; filename*1*=%9Fe.csv; filename*0*=utf-8''Gr%C3%B6%C3", "attachment", "filename", "Größe.csv"),
        ("attachment; filename*=iso-8859-1'de'Gr%F6%DFe", "attachment", "filename", "Größe"),
        ("attachment; filename==?utf-8?b?R3LDtsOfZQ==?=", "attachment", "filename", "Größe"),
        (r'attachment; filename="a\"b;c.csv"', "attachment", "filename", 'a"b;c.csv'),
        ("attachment; filename*0*=x''%ff; filename*=", "attachment", "filename", "\u00ff"),
        ("", "", "charset", ""),
        (";;;=", "", "charset", ""),
    ],
)
def test_parameters_are_read_however_they_are_written(field: str, kind: str, name: str, value: str) -> None:
    found = described(field.encode())
    assert (found.kind, found.get(name)) == (kind, value)


def multipart(body: str, boundary: str = "b") -> bytes:
    return f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{body}'.encode()


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("--b\n\n1\n--b\n\n2\n--b--\n", ["1", "2"]),
        ("preamble\n--b\n\n1\n--b--\nepilogue", ["1"]),
        ("--b\n\n1\n--b\n\n2", ["1", "2"]),
        ("--b  \r\n\r\n1\r\n--b--", ["1"]),
        ("--b\nkein Feld\n--b--", ["kein Feld"]),
        ("--b\nContent-Type: text/plain\n--b--", [""]),
        ("--b\n\n--bx\n--b--", ["--bx"]),
        ('--b\nContent-Type: multipart/mixed; boundary="bb"\n\n--bb\n\n1\n--bb--\n--b\n\n2\n--b--', ["1", "2"]),
        ('--b\nContent-Type: multipart/mixed; boundary="bb"\n\n--bb\n\n1\n--b\n\n2\n--b--', ["1", "2"]),
    ],
)
def test_boundaries_part_the_texts(body: str, texts: list[str]) -> None:
    assert unpack(multipart(body)).plain == texts


def test_a_boundary_that_begins_like_many_lines_is_no_way_to_spend_our_time() -> None:
    assert unpack(multipart("--bx\n" * 100_000)).trouble == "too_many_parts"


def test_a_multipart_without_parts_is_listed_as_a_file() -> None:
    assert [one.name for one in unpack(multipart("nichts")).files] == ["multipart.mixed"]


@pytest.mark.parametrize(
    ("data", "text"), [("YWJj", "abc"), ("YWJ", "ab"), ("Y W\nJj!", "abc"), ("YWJjZ", "abc"), ("", "")]
)
def test_broken_base64_costs_only_its_end(data: str, text: str) -> None:
    assert unpack(f"Content-Transfer-Encoding: base64\n\n{data}".encode()).plain == [text]


def test_a_letter_may_have_a_name_but_a_second_text_with_one_is_a_file() -> None:
    named = "--b\nContent-Type: text/plain; name=brief.txt\n\n"
    found = unpack(multipart(f"{named}1\n{named}2\n--b--"))
    assert (found.plain, [one.data for one in found.files]) == (["1"], [b"2"])
