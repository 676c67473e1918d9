"""Who is no person, by fields and in the words of seven languages; and who is one all the same."""

import pytest

from daemon.domain.document import Automatic
from daemon.domain.finding import Undelivered
from daemon.reading.mails import notice_words, quote_words
from tests.unit.reading.sample import DHL_NUMBER, context, eml, mail_of, reading_of


@pytest.mark.parametrize("table", [*vars(notice_words).values(), *vars(quote_words).values()])
def test_no_word_of_a_table_is_a_mere_letter(table: object) -> None:
    if isinstance(table, tuple | frozenset):
        assert all(len(word) > 2 and word == word.lower() for word in table)


ABSENCES = {
    "de": "Guten Tag,\nich bin bis einschließlich 4. Dezember nicht im Büro. In dringenden Fällen: Tel. 0231 5550170.\n"
    "Ja, ich bestätige den Eingang Ihrer E-Mail.",
    "de forwarded": "Ich bin derzeit im Urlaub. Ihre E-Mail wird nicht weitergeleitet.",
    "en": "Thank you for your message. I am out of the office until 4 December. For urgent matters write to Tom.",
    "en leave": "I am on annual leave and will be back on Monday.",
    "fr": "Bonjour, je suis absent du bureau jusqu'au 4 décembre. En cas d'urgence, contactez mon collègue.",
    "pl": "Dzień dobry, jestem nieobecny do 4 grudnia. W pilnych sprawach proszę o kontakt z biurem.",
    "it": "Buongiorno, sono fuori ufficio fino al 4 dicembre. Per urgenze contattare il magazzino.",
    "es": "Hola, estaré ausente hasta el 4 de diciembre. En caso de urgencia escriba a Tomás.",
    "fr closed": "Nos bureaux sont fermés jusqu'au 30 novembre. Votre message sera lu à notre retour.",
    "nl": "Ik ben afwezig tot 4 december. In dringende gevallen kunt u mijn collega bellen.",
}
SUBJECTS = [
    "Automatische Antwort: Bestellung A-1001",
    "AW: Abwesenheitsnotiz: Bestellung",
    "Automatic reply: Order A-1001",
    "Auto: Order",
    "Réponse automatique : Commande A-1001",
    "Odpowiedź automatyczna: Zamówienie",
    "Risposta automatica: Ordine",
    "Respuesta automática: Pedido",
    "Automatisch antwoord: Bestelling",
    "Auto-Antwort: Bestellung A-1001",
]
TICKETS = {
    "de": "Ihre Anfrage ist bei uns eingegangen. Ihre Ticketnummer lautet 4711. Wir melden uns.",
    "en": "We have received your request. A support ticket (#4711) was opened for you.",
    "fr": "Votre demande a bien été enregistrée, numéro de dossier 4711.",
    "pl": "Otrzymaliśmy Państwa zgłoszenie. Numer zgłoszenia: 4711.",
    "it": "Abbiamo ricevuto la tua richiesta. Questo è un messaggio automatico.",
    "es": "Hemos recibido su mensaje. Este es un mensaje automático.",
    "nl": "We hebben uw bericht ontvangen. Dit is een automatisch bericht.",
    "de thanks": "Vielen Dank für Ihre Nachricht. Diese Antwort wurde automatisch erzeugt, wir melden uns.",
    "en thanks": "Thank you for contacting us. This is an automated response, a ticket was opened.",
    "fr thanks": "Merci pour votre message. Ceci est une réponse automatique.",
    "pl thanks": "Dziękujemy za kontakt. Wiadomość wygenerowana automatycznie.",
    "de hours": "Ihre Mail erreicht uns außerhalb der Geschäftszeiten. (automatische Nachricht)",
}
RECEIPTS = ["Gelesen: Bestellung", "Read: Order", "Lu : Commande", "Letto: Ordine", "Leído: Pedido", "Gelezen: Order"]
REACTIONS = [
    "Jens Pohl hat auf Ihre Nachricht reagiert: \U0001f44d",
    "\U0001f44d\n\nTom Barrow reacted via Gmail",
    "Marie a réagi à votre message : \U0001f44d",
    "Piotr zareagował na Twoją wiadomość",
]


@pytest.mark.parametrize("language", ABSENCES)
def test_an_absence_is_told_by_its_words_alone(language: str) -> None:
    assert mail_of(eml(ABSENCES[language])).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_automatic_reply_is_told_by_its_subject(subject: str) -> None:
    assert mail_of(eml("bestätigt", f"Subject: {subject}")).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize("language", TICKETS)
def test_a_ticket_system_confirms_no_order(language: str) -> None:
    assert mail_of(eml(TICKETS[language])).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize("subject", RECEIPTS)
def test_a_read_receipt_is_told_by_its_subject(subject: str) -> None:
    assert mail_of(eml("Ihre Nachricht wurde gelesen.", f"Subject: {subject}")).automatic is Automatic.RECEIPT


@pytest.mark.parametrize("subject", ["Delivered: A-1001", "Zugestellt: A-1001", "Remis : A-1001"])
def test_news_of_a_parcel_are_no_receipt(subject: str) -> None:
    assert mail_of(eml(f"DHL {DHL_NUMBER}", f"Subject: {subject}")).automatic is None


@pytest.mark.parametrize("text", REACTIONS)
def test_a_reaction_is_no_answer(text: str) -> None:
    assert mail_of(eml(text)).automatic is Automatic.REACTION


def test_a_reaction_is_told_by_its_field() -> None:
    assert mail_of(eml("ok", "X-MS-Reactions: thumbsup")).automatic is Automatic.REACTION


def calendar(method: str) -> bytes:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nJens hat zugesagt.\r\n"
        f"--b\r\nContent-Type: text/calendar; method={method}\r\n\r\nBEGIN:VCALENDAR\r\n--b--\r\n"
    )
    return eml(body, kind="multipart/alternative; boundary=b")


def test_a_calendar_reply_is_no_answer_but_an_invitation_is_a_persons() -> None:
    assert mail_of(calendar("REPLY")).automatic is Automatic.CALENDAR
    assert mail_of(calendar("REQUEST")).automatic is None


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin morgen nicht im Büro, das Paket geht Montag raus.",
        "Wir haben Ihre Bestellung erhalten und bestätigen sie.",
        f"Unser Lager ist im Urlaub, in dringenden Fällen anrufen. Sendungsnummer {DHL_NUMBER}",
        f"We have received your request, ticket 12. It left today, {DHL_NUMBER}.",
        "Read it, will do.",
        "I will be back on Monday with the tracking number.",
        "Der Kunde war nicht erreichbar.",
        "Vielen Dank für Ihre Nachricht, wir bestätigen die Bestellung.",
        "Thank you for your email, we accept the order.",
        "Unsere Warenwirtschaft hat den Auftrag automatisch übernommen, wir bestätigen ihn.",
    ],
)
def test_a_person_is_not_taken_for_a_machine(text: str) -> None:
    assert mail_of(eml(text)).automatic is None


QMAIL = (
    "Hi. This is the qmail-send program at mx.acme.example.\r\nI'm afraid I wasn't able to deliver your message to the "
    "following addresses.\r\n\r\n<lager@acme.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <>\r\nMessage-ID: <ours1@shop.example>\r\n"
    "Subject: Bestellung verzögert\r\n"
)
LATE = (
    "Delivery to the following recipient has been delayed:\r\n\r\n    lager@acme.example\r\n\r\n"
    "The mail system will keep trying for 4 days.\r\n\r\nMessage-ID: <ours1@shop.example>\r\n"
)


def robot(text: str, subject: str, *fields: str) -> bytes:
    head = ["From: MAILER-DAEMON@mx.acme.example", "To: b+1@shop.example", f"Subject: {subject}", *fields]
    return ("\r\n".join([*head, "", text])).encode()


@pytest.mark.parametrize(
    ("raw", "permanent"),
    [
        (robot(QMAIL, "failure notice"), True),
        (robot(LATE, "Delivery Status Notification (Delay)", "X-Failed-Recipients: lager@acme.example"), False),
        (robot("lager@acme.example: unknown user", "Undelivered Mail Returned to Sender"), True),
        (robot("lager@acme.example existiert nicht", "Unzustellbar: Bestellung"), True),
        (robot("lager@acme.example, 550 5.1.1", "Non remis : Commande"), True),
        (robot("lager@acme.example 550", "Mancato recapito: Ordine"), True),
        (robot("lager@acme.example 550", "No se puede entregar: Pedido"), True),
        (robot("lager@acme.example 550", "Nie można dostarczyć: Zamówienie"), True),
        (robot("lager@acme.example 550", "Onbestelbaar: Bestelling"), True),
    ],
)
def test_a_bounce_in_words_names_whom_it_did_not_reach(raw: bytes, permanent: bool) -> None:
    (notice,) = [one for one in reading_of(raw).findings if isinstance(one, Undelivered)]
    assert (notice.recipient, notice.permanent) == ("lager@acme.example", permanent)
    assert mail_of(raw).automatic is (Automatic.BOUNCE if permanent else Automatic.DELAYED)


def test_what_is_given_back_of_our_mail_does_not_make_a_loss_a_delay() -> None:
    (notice,) = [one for one in reading_of(robot(QMAIL, "failure notice")).findings if isinstance(one, Undelivered)]
    assert (notice.permanent, notice.status, notice.message) == (True, "5.1.1", "ours1@shop.example")


def test_a_bounce_that_answers_our_mail_names_it() -> None:
    raw = robot("lager@acme.example: 550", "Undeliverable: x", "In-Reply-To: <ours1@shop.example>")
    (notice,) = [one for one in reading_of(raw).findings if isinstance(one, Undelivered)]
    assert notice.message == "ours1@shop.example"


def test_a_report_whose_recipients_are_unreadable_is_a_bounce_and_no_receipt() -> None:
    body = "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: x\r\n\r\nAction: failed\r\n\r\n--b--\r\n"
    raw = eml(body, kind="multipart/report; report-type=delivery-status; boundary=b")
    assert mail_of(raw, context()).automatic is Automatic.BOUNCE


def test_who_is_closed_and_tells_when_it_leaves_is_read() -> None:
    said = (
        "Unser Büro ist geschlossen bis 30.11., das Galaxy geht erst am 1.12. raus. In dringenden Fällen: 0231 555017."
    )
    assert mail_of(eml(said)).automatic is None


def test_a_ticket_number_of_the_subject_keeps_no_acknowledgement_back() -> None:
    said = "Vielen Dank für Ihre Nachricht. Wir haben sie unter der Nummer 2026112510004417 erfasst."
    filed = eml(said, "Subject: [Ticket#2026112510004417] Re: Bestellung")
    assert mail_of(filed).automatic is Automatic.AUTO_REPLY
    assert mail_of(eml(said)).automatic is None
