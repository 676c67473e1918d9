"""Whatever stands in a mail: it is read, twice the same, nothing is made up, and nothing comes out of a quote."""

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.domain.finding import DeviceNamed, Parcel
from daemon.reading.links import unwrapped_links
from daemon.reading.mails.html import html_to_text
from daemon.reading.mails.quoting import new_text
from tests.unit.reading.sample import DHL_NUMBER, DHL_OTHER, IMEI, IMEI_TWO, UPS_NUMBER, context, eml, reading_of

ATTRIBUTIONS = st.sampled_from(
    [
        "Am 25.11.2026 um 10:00 schrieb Shop <o@shop.example>:",
        "On Wed, Nov 25, 2026 at 10:00 AM Shop <o@shop.example> wrote:",
        "Le mer. 25 nov. 2026 à 10:00, Shop <o@shop.example> a écrit :",
        "śr., 25 lis 2026 o 10:00 Shop <o@shop.example> napisał(a):",
        "Il 25/11/2026 10:00, Shop <o@shop.example> ha scritto:",
        "El 25/11/2026 a las 10:00, Shop <o@shop.example> escribió:",
        "Op 25-11-2026 om 10:00 schreef Shop <o@shop.example>:",
        "Von: Shop <o@shop.example>\nGesendet: Mittwoch\nAn: Acme\nBetreff: Bestellung\n",
        "De : Shop <o@shop.example>\nEnvoyé : mercredi\nÀ : Acme\nObjet : Commande\n",
        "-----Original Message-----",
        "-------- Ursprüngliche Nachricht --------",
        '<div id="appendonsend"></div>',
        '<blockquote type="cite">',
    ]
)
QUOTED = st.lists(
    st.sampled_from(
        [
            f"Sendungsnummer: {DHL_NUMBER}",
            f"IMEI {IMEI}",
            f"DHL {DHL_OTHER}, UPS {UPS_NUMBER}",
            f"Pos. 1: IMEI1 {IMEI} / IMEI2 {IMEI_TWO}",
            f"https://www.dhl.de/?piececode={DHL_NUMBER}",
            "Bitte versenden Sie die Bestellung A-1001.",
            "",
        ]
    ),
    min_size=1,
    max_size=8,
)
SAID = st.sampled_from(["", "ok", "Wird heute verschickt.", "Danke,\n\nMit freundlichen Grüßen\nAcme", "siehe unten"])
PIECES = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<br>", "<b>", "<td>", "<tr>", "<table>", "</table>", "<div style='color:#fff'>", "</div>"]
    )
    | st.text("ab1 \n<&;é", max_size=8),
    max_size=30,
).map("".join)


def values(raw: bytes) -> list[str]:
    found = reading_of(raw, context("A-1001", ours=("Bitte versenden Sie die Bestellung A-1001.",))).findings
    return [
        str(one.number if isinstance(one, Parcel) else one.imei)
        for one in found
        if isinstance(one, Parcel | DeviceNamed)
    ]


@settings(max_examples=200, deadline=None)
@given(SAID, ATTRIBUTIONS, QUOTED, st.booleans())
def test_a_value_that_stands_only_in_a_quote_is_never_taken(
    said: str, attribution: str, quoted: list[str], marked: bool
) -> None:
    page = attribution.startswith("<")
    lines = [f"<p>{line}</p>" if page else f"> {line}" if marked else line for line in quoted]
    body = "\n".join([f"<p>{said}</p>" if page else said, "", attribution, *lines])
    kind = "text/html; charset=utf-8" if page else "text/plain; charset=utf-8"
    assert values(eml(body.replace("\n", "\r\n"), kind=kind)) == []


@settings(max_examples=200, deadline=None)
@given(SAID, st.lists(st.sampled_from([DHL_NUMBER, DHL_OTHER, UPS_NUMBER]), max_size=3, unique=True), QUOTED)
def test_a_value_beside_a_quote_is_the_only_one_taken(said: str, numbers: list[str], quoted: list[str]) -> None:
    own = "\n".join(f"Sendungsnummer {number}" for number in numbers)
    quote = "\n".join(f"> {line}" for line in quoted)
    body = f"{said}\n{own}\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n{quote}"
    assert values(eml(body.replace("\n", "\r\n"))) == numbers


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=3))
def test_what_is_new_was_in_the_mail(text: str, ours: list[str]) -> None:
    new = new_text(text, ours)
    assert new == new_text(text, ours)
    whole = " ".join(text.split())
    assert all(" ".join(line.split()) in whole for line in new.split("\n"))
    assert new_text(new, ()) == new_text(new_text(new, ()), ())


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_a_page_shows_nothing_that_is_not_in_it(page: str) -> None:
    text = html_to_text(page)
    assert text == html_to_text(page)
    assert {sign for sign in text if sign.isalnum()} <= {sign for sign in page if sign.isalnum()} | set(
        "OriginalMessage"
    )


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100), st.text("abc%/_-*;:=&?#[]@.", max_size=60))
def test_any_link_is_unwrapped_or_left(text: str, tail: str) -> None:
    for head in (
        "https://x.safelinks.protection.outlook.com/?url=",
        "https://urldefense.com/v3/__",
        "https://urldefense.proofpoint.com/v2/url?u=",
    ):
        unwrapped_links(f"{text} {head}{tail}")
