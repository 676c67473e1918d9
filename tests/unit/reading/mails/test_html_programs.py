"""The same answer on top of our mail, in the HTML that mail programs make."""

import time

import pytest

from daemon.reading.mails.html import html_to_text
from daemon.reading.mails.quoting import new_text
from daemon.reading.mails.structured import named_parcels

NUMBER = "00340434161094042557"
ANSWER = "Ist heute raus."
OURS_LINES = (
    "Guten Tag Acme,",
    "bitte versenden Sie die Bestellung A-1001 bis Freitag.",
    f"Zuletzt gemeldet: {NUMBER}",
    "Vielen Dank, Ihr Shop",
)
OURS = "\n".join(OURS_LINES)
DIVS = "".join(f"<div>{line}</div>" for line in OURS_LINES)
PARAGRAPHS = "".join(f'<p class="MsoNormal">{line}</p>' for line in OURS_LINES)
HEAD = "<b>Von:</b> Shop &lt;o@shop.example&gt;<br><b>Gesendet:</b> Mi<br><b>An:</b> Acme<br><b>Betreff:</b> B A-1001"

PROGRAMS = {
    "gmail": '<div dir="ltr">{answer}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
    'class="gmail_attr">Am Mi., 25. Nov. 2026 um 10:00 Uhr schrieb Shop &lt;<a href="mailto:o@shop.example">o@shop.'
    'example</a>&gt;:<br></div><blockquote class="gmail_quote" style="margin:0">{divs}</blockquote></div>',
    "gmail forward": '<div>{answer}</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message '
    "---------<br>Von: Shop<br></div>{divs}</div>",
    "apple": '<html><body>{answer}<br><div><br><blockquote type="cite"><div>Am 25.11.2026 um 10:00 schrieb'
    " Shop &lt;o@shop"
    '.example&gt;:</div><br class="Apple-interchange-newline"><div>{divs}</div></blockquote></div></body></html>',
    "iphone": '<div dir="ltr">{answer}</div><div dir="ltr"><br></div><div dir="ltr">Von meinem iPhone gesendet</div>'
    '<div dir="ltr"><br><blockquote type="cite">Am 25.11.2026 um 10:00 schrieb Shop:<br><br></blockquote></div>'
    '<blockquote type="cite"><div dir="ltr">{divs}</div></blockquote>',
    "thunderbird": '<p>{answer}</p><div class="moz-cite-prefix">Am 25.11.2026 um 10:00 schrieb Shop:<br></div>'
    '<blockquote type="cite" cite="mid:o1@shop.example">{divs}</blockquote>',
    "roundcube": '<p>{answer}</p><p id="reply-intro">Am 2026-11-25 10:00, schrieb Shop:</p>'
    '<blockquote type="cite" style="padding: 0 0.4em">{divs}</blockquote>',
    "outlook desktop": '<div class="WordSection1"><p class="MsoNormal">{answer}</p><p class="MsoNormal">&nbsp;</p><div>'
    '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{head}</p>'
    "</div></div><p class=MsoNormal>&nbsp;</p>{paragraphs}</div>",
    "outlook desktop, unknown language": '<div class="WordSection1"><p class="MsoNormal">{answer}</p><div><div style="'
    'border:none;border-top:solid #B5C4DF 1.0pt"><p class="MsoNormal"><b>Frå:</b> Shop<br><b>Sendt:</b> ons.<br>'
    "<b>Til:</b> Acme<br><b>Emne:</b> B</p></div></div>{paragraphs}</div>",
    "outlook web": '<div class="elementToProof">{answer}</div><div id="appendonsend"></div><hr tabindex="-1" '
    'style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{head}</font>'
    "<div>&nbsp;</div></div><div>{divs}</div>",
    "outlook mobile": '<div>{answer}</div><div id="ms-outlook-mobile-signature"><div><br></div>Holen Sie sich <a href="'
    'https://aka.ms/AAb9ysg">Outlook für Android</a></div><hr style="display:inline-block;width:98%"><div '
    'id="divRplyFwdMsg" dir="ltr">{head}<div>&nbsp;</div></div>{divs}',
    "new outlook": '<div>{answer}</div><div id="mail-editor-reference-message-container"><div class="ms-outlook-mobile-'
    'reference-message">{head}</div>{divs}</div>',
    "gmx": '<div style="font-family: Verdana"><div>{answer}</div><div name="quote" style="margin:10px 5px 5px 10px; '
    'border-left:2px solid #C3D9E5;"><div style="margin:0 0 10px 0;">{head}</div><div'
    ' name="quoted-content">{divs}</div>'
    "</div></div>",
    "web.de without its mark": "<div><div>{answer}</div><div>&nbsp;</div><div>{head}</div><div>{divs}</div></div>",
    "yahoo": '<div class="ydp1">{answer}</div><div id="ydp2yahoo_quoted_77" class="ydp2yahoo_quoted'
    ' yahoo_quoted"><div>Am '
    "Mittwoch, 25. November 2026 um 10:00:00 MEZ hat Shop Folgendes geschrieben:</div>{divs}</div>",
    "notes": '<font size=2 face="sans-serif">{answer}</font><br><br><br><table><tr><td>Von:</td><td>Shop'
    " &lt;o@shop.example"
    "&gt;</td></tr><tr><td>An:</td><td>Acme</td></tr><tr><td>Datum:</td><td>25.11.2026 10:00</td></tr><tr><td>Betreff:"
    "</td><td>B A-1001</td></tr></table><hr>{divs}",
    "proton": '<div>{answer}</div><div class="protonmail_quote">Am Mittwoch, den 25. November 2026 um 10:00,'
    " schrieb Shop:"
    '<br><blockquote class="protonmail_quote" type="cite">{divs}</blockquote></div>',
    "zimbra": '<div>{answer}</div><hr id="zwchr"><div><b>Von: </b>"Shop"<br><b>An: </b>Acme<br><b>Betreff: </b>B</div>'
    "<div>{divs}</div>",
    "samsung": "<div>{answer}</div><div><br></div><div>-------- Ursprüngliche Nachricht"
    " --------</div><div>Von: Shop </div>"
    "<div>Datum: 25.11.26  10:00  (GMT+01:00) </div><div>An: Acme </div><div>Betreff: B </div>{divs}",
    "plain blockquote": "<p>{answer}</p><p>Am 25.11.2026 um 10:00 schrieb Shop &lt;o@shop.example&gt;:</p><blockquote>"
    "{divs}</blockquote>",
    "a bar beside the quote": "<p>{answer}</p><p>среда, 25 ноября 2026, 10:00 +03:00 от Shop &lt;o@shop.example&gt;:"
    "</p><blockquote style='border-left:1px solid #0857A6'>{divs}</blockquote>",
    "no mark at all": "<p>{answer}</p>{divs}",
}


def new(page: str, answer: str = ANSWER) -> str:
    html = page.format(answer=answer, divs=DIVS, paragraphs=PARAGRAPHS, head=HEAD)
    return new_text(html_to_text(html), (OURS,))


@pytest.mark.parametrize("program", PROGRAMS)
def test_only_the_answer_is_new(program: str) -> None:
    assert new(PROGRAMS[program]) == ANSWER


@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != "no mark at all"])
def test_the_quote_is_told_even_where_our_mail_is_not_known(program: str) -> None:
    html = PROGRAMS[program].format(answer=ANSWER, divs=DIVS, paragraphs=PARAGRAPHS, head=HEAD)
    assert new_text(html_to_text(html), ()) == ANSWER


@pytest.mark.parametrize("program", ["outlook desktop", "outlook web", "new outlook", "samsung", "zimbra"])
def test_an_answer_within_a_quote_without_marks_is_kept(program: str) -> None:
    within = DIVS.replace("Freitag.</div>", "Freitag.</div><div>geht schon morgen raus</div>")
    paragraphs = PARAGRAPHS.replace("Freitag.</p>", 'Freitag.</p><p class="MsoNormal">geht schon morgen raus</p>')
    html = PROGRAMS[program].format(answer="siehe unten", divs=within, paragraphs=paragraphs, head=HEAD)
    assert new_text(html_to_text(html), (OURS,)) == "siehe unten\n\ngeht schon morgen raus"


def test_answers_between_quotes_are_kept() -> None:
    cite = "<blockquote type=cite>{}</blockquote>"
    html = f"<p>Am 25.11.2026 um 10:00 schrieb Shop:</p>{cite.format('Nummer?')}<p>1</p>{cite.format('IMEI?')}<p>2</p>"
    assert new_text(html_to_text(html), ()) == "1\n\n2"


HIDDEN = [
    '<div style="display: none">{}</div>',
    '<span style="VISIBILITY:hidden">{}</span>',
    '<span style="font-size:0">{}</span>',
    '<span style="font-size: 1px; color: #fff">{}</span>',
    '<span style="color:white">{}</span>',
    '<span style="color: rgb(255, 255, 255)">{}</span>',
    '<font color="#FFFFFF">{}</font>',
    '<div style="opacity:0">{}</div>',
    '<div style="max-height:0;overflow:hidden">{}</div>',
    '<div style="mso-hide:all">{}</div>',
    "<div hidden>{}</div>",
    "<style>.x {{ display : none }}</style><p class=x>{}</p>",
    "<!-- {} -->",
    "<template>{}</template>",
    "<noscript>{}</noscript>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert html_to_text(f"<p>{ANSWER}</p>{hidden.format(NUMBER)}") == ANSWER


@pytest.mark.parametrize(
    "seen",
    [
        '<a style="background:#0a0;color:#fff">{}</a>',
        '<table><tr><td bgcolor="#003366"><font color="white">{}</font></td></tr></table>',
        '<p style="font-size:0.9em">{}</p>',
        '<p style="font-size:10px">{}</p>',
        '<p style="opacity:0.8">{}</p>',
        "<style>@media print {{ .x {{ display: none }} }}</style><p class=x>{}</p>",
    ],
)
def test_what_a_reader_sees_is_read(seen: str) -> None:
    assert html_to_text(seen.format(NUMBER)) == NUMBER


def test_an_outlook_table_with_paragraphs_in_its_cells_keeps_its_rows() -> None:
    cell = '<td><p class="MsoNormal">{}<o:p></o:p></p></td>'
    rows = "".join(
        f"<tr>{cell.format(order)}{cell.format(number)}</tr>" for order, number in [("A-1", "11"), ("A-2", "22")]
    )
    assert html_to_text(f"<table>{rows}</table>") == "A-1  11\nA-2  22"


def test_a_table_that_only_places_a_letter_keeps_its_lines() -> None:
    letter = "<p>Guten Tag,</p><p>Paket 1<br>Paket 2</p>"
    html = f"<table><tr><td><table><tr><td>{letter}</td></tr></table></td></tr></table>"
    assert html_to_text(html) == "Guten Tag,\n\nPaket 1\nPaket 2"


def test_an_empty_cell_keeps_its_place() -> None:
    assert html_to_text("<table><tr><td>A-1</td><td></td><td>11</td></tr></table>") == "A-1  -  11"


def test_lines_in_a_cell_stand_side_by_side() -> None:
    assert html_to_text("<table><tr><td>A-1</td><td>11<br>22</td></tr></table>") == "A-1  11, 22"


def test_lines_and_paragraphs_stay_as_a_reader_sees_them() -> None:
    html = (
        "<div>1<br></div><div>2</div><div><br></div><p>3</p><p>4<br>5</p><pre>6\n7</pre><ul><li>8</li><li>9</li></ul>"
    )
    assert html_to_text(html) == "1\n2\n\n3\n\n4\n5\n\n6\n7\n8\n9"


@pytest.mark.parametrize(
    "page", ["<body hidden>x", "<html hidden><body style='display:none'>x", "<body class=gmail_attr>x"]
)
def test_a_page_that_hides_itself_as_a_whole_is_read(page: str) -> None:
    assert html_to_text(page) == "x"


HOSTILE = [
    "<style>" + "/*" * 40000 + "</style>",
    "<style>" + "@a" * 40000 + "</style>",
    "<style>" + "@a{" * 30000 + "</style>",
    "<style>" + "{" * 60000 + "</style>",
    "<style>" + "a" * 100000 + "</style>",
    "<style>" + "* " * 100 + "{display:none}</style>" + "<b>" * 4000,
    "<style>" + "".join(f".a{n}{{display:none}}" for n in range(3000)) + "</style>" + "<p class=a1>" * 2000,
    "<p style='color:#fff'>" * 10000,
    "<b style='color:white'>" * 3900,
    "<table><tr><td>a<td>b" * 9000,
    "<blockquote type=cite>x</blockquote>y" * 6000,
    "<a href='https://x/1'>" * 10000,
    "<pre>" + "\n" * 200000,
    "<br>" * 60000,
    "<script type=application/ld+json>" * 7000,
    "<div style='border-top:solid'>a:b:c:d</div>" * 5000,
    "<tr><td>1<td>2" * 10000,
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_no_page_takes_long(page: str) -> None:
    began = time.process_time()
    assert isinstance(html_to_text(page), str)
    named_parcels(page)
    assert time.process_time() - began < 1
