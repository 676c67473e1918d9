"""The same answer on top of our mail, as the programs of seven languages quote it."""

import time

import pytest

from daemon.reading.mails.quoting import new_text

NUMBER = "00340434161094042557"
OURS = (
    "Guten Tag Acme,\n\nbitte versenden Sie die Bestellung A-1001 bis Freitag und nennen Sie uns die Nummer.\n\n"
    f"Pos. 1: IP13-128 Telefon 128 GB, Menge 2\nZuletzt gemeldet: {NUMBER}\n\nVielen Dank\nIhr Shop"
)
MARKED = "\n".join("> " + line for line in OURS.split("\n"))
ANSWER = "Ist heute raus."

ATTRIBUTIONS = [
    "Am 25.11.2026 um 10:00 schrieb Shop <orders@shop.example>:",
    "Am Mi., 25. Nov. 2026 um 10:00 Uhr schrieb Shop <\norders@shop.example>:",
    "Shop <orders@shop.example> schrieb am Mi., 25. Nov. 2026, 10:00:",
    "Am Mittwoch, 25. November 2026 um 10:00:00 MEZ hat Shop <orders@shop.example> Folgendes geschrieben:",
    "Shop <orders@shop.example> hat am 25.11.2026 10:00 CET geschrieben:",
    "Zitat von Shop <orders@shop.example>:",
    "25.11.2026 10:00 (Europe/Berlin) - Shop schrieb:",
    "On Wed, Nov 25, 2026 at 10:00:00AM +0100, Shop wrote:",
    "On Wed, Nov 25, 2026 at 10:00 AM Shop <orders@shop.example>\nwrote:",
    "On Wednesday, November 25, 2026 at 10:00:00 AM GMT+1, Shop <orders@shop.example> wrote:",
    "On 25 Nov 2026, at 10:00, Shop <orders@shop.example> wrote:",
    "Shop wrote on 25/11/2026 10:00:",
    "Quoting Shop <orders@shop.example>:",
    "2026-11-25 10:00 - Shop wrote:",
    "Le mer. 25 nov. 2026 à 10:00, Shop <orders@shop.example> a écrit :",
    "Le 25/11/2026 à 10:00, Shop a écrit :",
    "Le mercredi 25 novembre 2026 à 10:00:00 UTC+1, Shop <orders@shop.example> a écrit\u00a0:",
    "W dniu 25.11.2026 o 10:00, Shop pisze:",
    "śr., 25 lis 2026 o 10:00 Shop <orders@shop.example> napisał(a):",
    "Dnia 25 listopada 2026 10:00 Shop <orders@shop.example> napisał(a):",
    "Wiadomość napisana przez Shop <orders@shop.example> w dniu 25 lis 2026, o godz. 10:00:",
    "Użytkownik Shop <orders@shop.example> napisał:",
    "Il giorno mer 25 nov 2026 alle ore 10:00 Shop <orders@shop.example> ha scritto:",
    "Il 25/11/2026 10:00, Shop ha scritto:",
    "Il mercoledì 25 novembre 2026 alle ore 10:00:00 CET, Shop <orders@shop.example> ha scritto:",
    "El mié, 25 nov 2026 a las 10:00, Shop (<orders@shop.example>) escribió:",
    "El 25/11/2026 a las 10:00, Shop escribió:",
    "Op wo 25 nov 2026 om 10:00 schreef Shop <orders@shop.example>:",
    "Op 25-11-2026 om 10:00 schreef Shop:",
    "Op 25 nov. 2026 om 10:00 heeft Shop <orders@shop.example> het volgende geschreven:",
    '>>> "Shop" <orders@shop.example> 25.11.2026 10:00 >>>',
]

HEADS = {
    "outlook de": "Von: Shop <o@shop.example>\nGesendet: Mittwoch, 25. November 2026\nAn: Acme\nBetreff: B A-1001",
    "outlook en": "From: Shop <o@shop.example>\nSent: Wednesday, 25 November 2026 10:00\nTo: Acme\nSubject: Order",
    "outlook fr": "De : Shop <o@shop.example>\nEnvoyé : mercredi 25 novembre 2026\nÀ : Acme\nObjet : Commande",
    "outlook pl": "Od: Shop <o@shop.example>\nWysłano: środa, 25 listopada 2026\nDo: Acme\nTemat: Zamówienie",
    "outlook it": "Da: Shop <o@shop.example>\nInviato: mercoledì 25 novembre 2026\nA: Acme\nOggetto: Ordine",
    "outlook es": "De: Shop <o@shop.example>\nEnviado el: miércoles, 25 de noviembre\nPara: Acme\nAsunto: Pedido",
    "outlook nl": "Van: Shop <o@shop.example>\nVerzonden: woensdag 25 november 2026\nAan: Acme\nOnderwerp: Order",
    "outlook mac": "Von: Shop <o@shop.example>\nDatum: Mittwoch, 25. November 2026 um 10:00\nAn: Acme\nBetreff: B",
    "mobile": "________________________________\nVon: Shop <o@shop.example>\nGesendet: Mi\nAn: Acme\nBetreff: B",
    "bold": "*Von:* Shop <o@shop.example>\n*Gesendet:* Mittwoch\n*An:* Acme\n*Betreff:* Bestellung",
    "gmx": 'Gesendet: Mittwoch, 25. November 2026 um 10:00 Uhr\nVon: "Shop" <o@shop.example>\nAn: acme\nBetreff: B',
    "t-online": "-----Original-Nachricht-----\nBetreff: Bestellung\nDatum: 2026-11-25T10:00\nVon: Shop\nAn: Acme",
    "t-online without its line": "Betreff: Bestellung\nDatum: 2026-11-25\nVon: Shop <o@shop.example>\nAn: Acme",
    "notes": "Von:\tShop <o@shop.example>\nAn:\tAcme\nDatum:\t25.11.2026 10:00\nBetreff:\tBestellung A-1001",
    "notes web": "-----Shop <o@shop.example> schrieb: -----\nAn: Acme\nVon: Shop\nDatum: 25.11.2026 10:00\nBetreff: B",
    "notes forward": "----- Weitergeleitet von Max Muster/Acme am 25.11.2026 10:00 -----",
    "samsung": "-------- Ursprüngliche Nachricht --------\nVon: Shop\nDatum: 25.11.26 10:00\nAn: A\nBetreff: B",
    "thunderbird forward": "-------- Weitergeleitete Nachricht --------\nBetreff: B\nDatum: Mi\nVon: Shop\nAn: Acme",
    "gmail forward": "---------- Forwarded message ---------\nVon: Shop\nDate: Mi\nSubject: B\nTo: Acme",
    "apple forward": "Anfang der weitergeleiteten Nachricht:\n\nVon: Shop\nBetreff: B\nDatum: 25. Nov\nAn: Acme",
    "old en": "-----Original Message-----\nFrom: Shop\nSent: Wednesday\nTo: Acme\nSubject: Order",
    "old fr": "-----Message d\u2019origine-----\nDe : Shop\nEnvoyé : mercredi\nÀ : Acme\nObjet : Commande",
    "old pl": "-----Wiadomość oryginalna-----\nOd: Shop\nWysłano: środa",
    "old it": "-----Messaggio originale-----\nDa: Shop\nInviato: mercoledì",
    "old es": "-----Mensaje original-----\nDe: Shop\nEnviado: miércoles",
    "old nl": "-----Oorspronkelijk bericht-----\nVan: Shop\nVerzonden: woensdag",
    "outlook sv": "Från: Shop <o@shop.example>\nSkickat: den 25 november 2026\nTill: Acme\nÄmne: Order",
    "outlook cs": "Od: Shop <o@shop.example>\nOdesláno: středa 25. listopadu 2026\nKomu: Acme\nPředmět: B",
    "ticket de": "## Bitte antworten Sie oberhalb dieser Zeile ##",
    "ticket en": "-- Please type your reply above this line --",
}

SIGNED = [
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Beziehen Sie Outlook für iOS<https://aka.ms/o0ukef>",
    "Outlook voor Android downloaden",
    "Sent from my iPhone",
    "Get Outlook for Android<https://aka.ms/AAb9ysg>",
    "Envoyé de mon iPhone",
    "Wysłane z iPhone'a",
    "Inviato da iPhone",
    "Enviado desde mi iPhone",
    "Verstuurd vanaf mijn iPhone",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_begins_a_marked_quote_whoever_wrote_it(attribution: str) -> None:
    assert new_text(f"{ANSWER}\n\n{attribution}\n\n{MARKED}", ()) == ANSWER


@pytest.mark.parametrize("attribution", [one for one in ATTRIBUTIONS if "@" in one])
def test_an_attribution_with_an_address_begins_a_quote_without_marks(attribution: str) -> None:
    assert new_text(f"{ANSWER}\n\n{attribution}\n\nirgendein Text {NUMBER}", ()) == ANSWER


@pytest.mark.parametrize("program", HEADS)
def test_the_head_of_another_mail_begins_a_quote(program: str) -> None:
    assert new_text(f"{ANSWER}\n\n{HEADS[program]}\n\nirgendein Text {NUMBER}", ()) == ANSWER


@pytest.mark.parametrize("program", HEADS)
def test_what_is_added_within_our_quoted_lines_is_kept(program: str) -> None:
    quote = OURS.replace("Menge 2\n", "Menge 2\nIMEI folgt morgen\n")
    assert new_text(f"siehe unten\n\n{HEADS[program]}\n\n{quote}", (OURS,)) == "siehe unten\n\nIMEI folgt morgen"


@pytest.mark.parametrize("line", SIGNED)
def test_a_program_that_signs_for_itself_says_nothing(line: str) -> None:
    assert new_text(f"{ANSWER}\n\n{line}\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n{MARKED}", ()) == ANSWER


def test_the_block_behind_the_two_dashes_is_no_answer() -> None:
    assert new_text(f"{ANSWER}\n-- \nAcme GmbH\nTel. 0231 5550170\nFragen? Rufen Sie an!\n\n{MARKED}", ()) == ANSWER


def test_a_signature_does_not_hide_the_answers_below_it() -> None:
    text = f"Hallo\n-- \nAcme\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n> Nummer?\n{NUMBER}\n> Danke"
    assert new_text(text, ()) == f"Hallo\n\n{NUMBER}"


def test_dashes_between_parts_of_a_text_are_no_signature() -> None:
    text = f"Paket 1\n--\n{NUMBER}\n--\nPaket 2"
    assert new_text(text, ()) == text


def test_an_answer_below_our_whole_mail_is_kept() -> None:
    head = HEADS["outlook de"]
    assert new_text(f"{head}\n\n{OURS}\n\nIst heute raus.\n\n{head}\n\nAltes {NUMBER}", (OURS,)) == "Ist heute raus."


def test_what_stands_below_a_part_of_our_mail_may_be_older() -> None:
    part = OURS.removesuffix("\nIhr Shop")
    assert new_text(f"ok\n\n{HEADS['outlook de']}\n\n{part}\n\nAltes {NUMBER}", (OURS,)) == "ok"


def test_an_answer_behind_our_words_on_the_same_line_is_kept() -> None:
    quote = OURS.replace("Menge 2", "Menge 2 -> ist raus")
    head = HEADS["outlook de"]
    assert new_text(f"siehe unten\n\n{head}\n\n{quote}", (OURS,)) == "siehe unten\n\n-> ist raus"


def test_the_rest_of_a_quoted_line_that_a_program_broke_is_not_new() -> None:
    long = "> bitte versenden Sie die Bestellung A-1001 bis Freitag und nennen Sie\nuns die Nummer."
    text = f"{ANSWER}\n\nAm 25.11.2026 um 10:00 schrieb Shop:\n> Guten Tag Acme,\n>\n{long}\n> Vielen Dank"
    assert new_text(text, (OURS,)) == ANSWER


BANNERS = [
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.",
    "[EXTERNAL]",
    "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte keine Links öffnen!",
    "Sie erhalten nicht oft eine E-Mail von shop@shop.example. Erfahren Sie, warum dies wichtig ist",
    "You don\u2019t often get email from shop@shop.example. Learn why this is important",
    "ATTENTION : ce message provient de l\u2019extérieur de l'entreprise. Ne cliquez pas !",
    "UWAGA: ta wiadomość pochodzi spoza organizacji.",
    "ATTENZIONE: questo messaggio proviene da un mittente esterno.",
    "PRECAUCIÓN: este correo procede de un remitente externo.",
    "LET OP: deze e-mail is afkomstig van buiten de organisatie.",
    "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
    "Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft. www.avast.com",
    "Merci de penser à l\u2019environnement avant d'imprimer ce message.",
    "Hinweise zum Datenschutz finden Sie unter www.acme.example/datenschutz",
]
NOTICES = [
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, bestätigen Sie bitte.",
    "This e-mail is confidential. If you are not the intended recipient, please confirm its deletion.",
    "Ce message est confidentiel. Si vous avez reçu ce message par erreur, merci de confirmer sa destruction.",
    "Wiadomość jest poufna. Jeżeli nie są Państwo zamierzonym adresatem, prosimy o potwierdzenie.",
    "Messaggio riservato. Se avete ricevuto questo messaggio per errore, siete pregati di confermare.",
    "Este mensaje es confidencial. Si ha recibido este mensaje por error, confirme su eliminación.",
    "Dit bericht is vertrouwelijk. Bent u niet de beoogde ontvanger, bevestig dan de verwijdering.",
]


@pytest.mark.parametrize("banner", BANNERS)
def test_a_banner_of_the_mail_server_is_not_new(banner: str) -> None:
    assert new_text(f"{banner}\n\n{ANSWER}\n", ()) == ANSWER


@pytest.mark.parametrize("banner", BANNERS)
def test_a_banner_right_above_the_answer_takes_nothing_of_it_away(banner: str) -> None:
    assert new_text(f"{banner}\n{ANSWER}\n", ()) == ANSWER


def test_a_banner_that_a_program_broke_goes_as_a_whole() -> None:
    banner = "CAUTION: This email originated from outside of the organization. Do not\nclick links or open attachments."
    assert new_text(f"{banner}\n{ANSWER}\n", ()) == ANSWER


def test_an_answer_in_an_unmarked_quote_may_bear_a_mark_of_its_own() -> None:
    quote = OURS.replace("Menge 2\n", "Menge 2\n>>> IMEI folgt\n")
    assert new_text(f"siehe unten\n\n{HEADS['outlook de']}\n\n{quote}", (OURS,)) == "siehe unten\n\nIMEI folgt"


LETTERHEADS = [
    "Tel. 0231 / 5550 17-0 · Fax 0231 / 5550 17-99",
    "Phone: +49 (0)231 5550170",
    "Tél. 03 88 12 34 56",
    "HRB 20417 AG Dortmund · USt-IdNr. DE129273398",
    "Sparkasse Dortmund · IBAN DE02 1203 0000 0000 2020 51 · BIC BYLADEM1001",
    "www.acme.example | lager@acme.example",
    "0231 5550170",
    "Direct +353 1 555 0199",
    "Bürozeiten Mo-Fr 8-16 Uhr",
]


@pytest.mark.parametrize("line", LETTERHEADS)
def test_the_letterhead_below_a_letter_is_no_answer(line: str) -> None:
    assert (
        new_text(f"{ANSWER}\n\nMit freundlichen Grüßen\nJens Pohl\n{line}", ())
        == f"{ANSWER}\n\nMit freundlichen Grüßen\nJens Pohl"
    )


@pytest.mark.parametrize(
    "line",
    [
        "PS: Nummer 00340434161094042557",
        f"https://www.dhl.de/?piececode={NUMBER}",
        "Bestätigt!",
        "Tel folgt 1Z999AA10123456784",
    ],
)
def test_what_else_stands_below_a_letter_is_kept(line: str) -> None:
    text = f"{ANSWER}\n\nViele Grüße\nJens\n\n{line}"
    assert new_text(text, ()) == text


@pytest.mark.parametrize("closing", ["Viele liebe Grüße", "LG", "Kind regards,", "Bien cordialement", "Z poważaniem"])
def test_a_letter_ends_in_many_ways(closing: str) -> None:
    assert new_text(f"{ANSWER}\n\n{closing}\nTel. 0231 5550170", ()) == f"{ANSWER}\n\n{closing}"


def test_a_telephone_within_a_letter_is_kept() -> None:
    text = "Bitte rufen Sie an: Tel. 0231 5550170\n\nViele Grüße"
    assert new_text(text, ()) == text


@pytest.mark.parametrize("notice", NOTICES)
def test_a_legal_notice_asks_nothing(notice: str) -> None:
    assert new_text(f"{ANSWER}\n\n{notice}", ()) == ANSWER


def test_a_paragraph_with_a_number_is_kept_whatever_else_it_says() -> None:
    text = f"{ANSWER}\n\nVertraulich, nur für den richtigen Adressaten: {NUMBER}\nvertraulich, irrtümlich erhalten"
    assert new_text(text, ()) == text


@pytest.mark.parametrize(
    "text",
    [
        "Am Montag geht es raus:\nPaket 1\nPaket 2",
        "On Monday we ship:\n1Z999AA10123456784",
        "Von: Lager Hamburg\nNach: Berlin\nPaket 1",
        "Sendungen vom 25.11.2026:\n00340434161094042557",
        "Das schrieb uns der Paketdienst am 25.11.2026 um 10:00:\nPaket beschädigt",
        "Datum: 25.11.2026\nBetreff: A-1001\nSendungsnummer: 00340434161094042557",
        "Mo 25.11.2026 10:00: abgeholt\nDi 26.11.2026: zugestellt",
    ],
)
def test_prose_is_not_mistaken_for_what_introduces_a_quote(text: str) -> None:
    assert new_text(text, (OURS.replace(NUMBER, ""),)) == text


ROWS = (
    "Guten Tag,\n\nBestellnummer: A-1001\nMarkt: de-DE\nVersand bis: Freitag\n\n- 1 Telefon\n- 1 Hülle\n\nVielen Dank"
)


@pytest.mark.parametrize(
    "quote",
    [
        ROWS,
        ROWS.replace("- ", "* "),
        ROWS.replace("- ", "").replace(": ", ":  "),
        ROWS.replace(": ", ":\n\n"),
        ROWS.replace(": ", ":\t").replace("- ", "\u2022\t"),
    ],
)
def test_our_mail_is_known_however_its_page_was_put_into_words(quote: str) -> None:
    within = quote.replace("Hülle", "Hülle\nHülle fehlt leider")
    head = HEADS["outlook de"]
    assert new_text(f"siehe unten\n\n{head}\n\n{within}", (ROWS,)) == "siehe unten\n\nHülle fehlt leider"


HOSTILE = [
    "On " * 60000,
    "\n" * 200000,
    "-" * 200000,
    "-a" * 100000,
    "Von: a\n" * 20000,
    "Am 1\n" * 20000,
    "a:\n" * 60000,
    "--\n" * 60000,
    "[external] a\n" * 15000,
    "vertraulich confidential\n\n" * 8000,
    "above this line\n" * 12000,
    "1 " * 120000,
    "outlook " * 30000,
    "> a\nb\n" * 30000,
    "<a@b " * 50000,
]


@pytest.mark.timeout(10)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    assert len(new_text(text, (OURS,))) <= len(text)
    assert time.process_time() - began < 1
