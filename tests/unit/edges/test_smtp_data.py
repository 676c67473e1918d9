import itertools

from hypothesis import given
from hypothesis import strategies as st

from daemon.edges.smtp_data import Content, Flaw


def collected(wire: bytes, cuts: list[int], size: int = 1000, line: int = 100) -> Content:
    content = Content(size, line)
    places = sorted({cut % (len(wire) + 1) for cut in cuts} | {0, len(wire)})
    for start, end in itertools.pairwise(places):
        if content.feed(wire[start:end]):
            content.rest += wire[end:]
            return content
    raise AssertionError("the end was not found")


lines = st.lists(st.text(alphabet="ab. ", max_size=20).map(str.encode), max_size=8)


@given(lines, st.lists(st.integers(0, 500), max_size=12))
def test_whatever_the_blocks_the_content_is_the_same(text: list[bytes], cuts: list[int]) -> None:
    stuffed = b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in text)
    content = collected(stuffed + b".\r\nQUIT\r\n", cuts)
    assert content.finished() == b"".join(line + b"\r\n" for line in text)
    assert content.rest == b"QUIT\r\n"
    assert content.flaw is None


def test_a_content_as_large_as_allowed_is_taken_and_a_byte_more_is_not() -> None:
    content = Content(10, 100)
    assert content.feed(b"12345678\r\n.\r\n")
    assert content.flaw is None
    assert content.finished() == b"12345678\r\n"
    over = Content(10, 100)
    assert over.feed(b"123456789\r\n.\r\n")
    assert over.flaw is Flaw.TOO_BIG


def test_a_line_as_long_as_allowed_is_taken_and_a_byte_more_is_not() -> None:
    content = Content(1000, 20)
    assert content.feed(b"a" * 18 + b"\r\n" + b"b" * 18 + b"\r\n.\r\n")
    assert content.flaw is None
    over = Content(1000, 20)
    assert over.feed(b"a" * 18 + b"\r\n" + b"b" * 19 + b"\r\n.\r\n")
    assert over.flaw is Flaw.LINE_TOO_LONG


def test_an_endless_line_is_given_up_and_forgotten_before_it_ends() -> None:
    content = Content(10**9, 1000)
    fed = 0
    while not content.feed(b"x" * 300):
        fed += 300
    assert fed <= 1200
    assert content.size == 0
