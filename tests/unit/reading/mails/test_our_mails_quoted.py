"""The mails that this house really sends, quoted by every program: whatever is answered, only the answer is new."""

import textwrap
from collections.abc import Callable

import pytest

from daemon.reading.mails.contents import Contents
from daemon.reading.mails.headers import parse_headers
from daemon.reading.mails.html import html_to_text
from daemon.reading.mails.quoting import new_text
from daemon.reading.mails.spoken import spoken
from daemon.writing.html import html_of
from tests.golden.situations import situation
from tests.unit.reading.mails.test_html_programs import HEAD, PROGRAMS
from tests.unit.reading.mails.test_quoting_programs import ATTRIBUTIONS, HEADS

SITUATIONS = ["two-phones", "accessory-en", "imei-asked", "inquiry", "phone-fr", "phone-pl"]
SENT = {name: situation(name).answered for name in SITUATIONS}
ANSWERS = [
    "geht heute mit DHL raus, 2 Pakete, Nr. 00340434278055040641 und 00340434584220885260",
    "Bestätigt.\n\nMit freundlichen Grüßen\nJens Pohl\nVersand",
    "A-1006: DHL 00340434493698451191, IMEI 353328115633644\nA-1007: folgt Montag\n\nViele Grüße",
]
BETWEEN = "Das hier steht dazwischen."


def wrapped(text: str) -> list[list[str]]:
    return [textwrap.wrap(line, 70) or [""] for line in text.split("\n")]


PLAIN: dict[str, Callable[[str], str]] = {
    "as it was": lambda ours: ours,
    "wrapped": lambda ours: "\n".join(piece for line in wrapped(ours) for piece in line),
}
MARKED: dict[str, Callable[[str], str]] = {
    "as it was": lambda ours: "\n".join(f"> {line}" for line in ours.split("\n")),
    "wrapped": lambda ours: "\n".join(f"> {piece}" for line in wrapped(ours) for piece in line),
    "wrapped without marks": lambda ours: "\n".join("\n".join([f"> {line[0]}", *line[1:]]) for line in wrapped(ours)),
}


def same(new: str, answer: str) -> bool:
    return new.split() == answer.split()


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_in_html(name: str, answer: str, program: str) -> None:
    ours = SENT[name]
    lines = "".join(f"<div>{line or '<br>'}</div>" for line in answer.split("\n"))
    page = html_of(ours[0], "Betreff", "de")
    body = page[page.index("<div") : page.index("</body>")]
    html = PROGRAMS[program].format(answer=lines, divs=body, paragraphs=body, head=HEAD)
    assert same(new_text(html_to_text(html), ours), answer)


def alone(html: str, ours: tuple[str, ...]) -> str:
    return spoken(Contents(headers=parse_headers(b""), html=[html]), ours).new


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != "inquiry"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_in_html_alone_and_answered_between_our_lines(name: str, program: str) -> None:
    ours = SENT[name]
    page = html_of(ours[0], "Betreff", "de")
    body = page[page.index("<div") : page.index("</body>")]
    html = PROGRAMS[program].format(answer="<div>Siehe unten.</div>", divs=body, paragraphs=body, head=HEAD)
    assert same(alone(html, ours), "Siehe unten.")
    middle = body.index("<p style", len(body) // 2)
    within = f"{body[:middle]}<p>{BETWEEN}</p>{body[middle:]}"
    html = PROGRAMS[program].format(answer="<div>Siehe unten.</div>", divs=within, paragraphs=within, head=HEAD)
    assert same(alone(html, ours), f"Siehe unten. {BETWEEN}")


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("form", PLAIN)
@pytest.mark.parametrize("program", HEADS)
def test_below_the_head_of_our_mail(name: str, form: str, program: str) -> None:
    ours = SENT[name]
    for answer in ANSWERS:
        assert same(new_text(f"{answer}\n\n{HEADS[program]}\n\n{PLAIN[form](ours[0])}", ours), answer)


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("form", MARKED)
@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_below_an_attribution(name: str, form: str, attribution: str) -> None:
    ours = SENT[name]
    for answer in ANSWERS:
        assert same(new_text(f"{answer}\n\n{attribution}\n\n{MARKED[form](ours[0])}", ours), answer)


@pytest.mark.parametrize("name", SITUATIONS)
@pytest.mark.parametrize("program", HEADS)
def test_between_and_below_our_lines(name: str, program: str) -> None:
    ours = SENT[name]
    lines = ours[0].split("\n")
    middle = next(at for at in range(len(lines) // 2, len(lines)) if lines[at].strip()) + 1
    within = "\n".join([*lines[:middle], "", BETWEEN, "", *lines[middle:]])
    assert same(new_text(f"ok\n\n{HEADS[program]}\n\n{within}", ours), f"ok {BETWEEN}")
    assert same(new_text(f"{HEADS[program]}\n\n{ours[0]}\n\n{ANSWERS[0]}", ours), ANSWERS[0])
