"""The shipped rules: each file right by its own examples, and what they make of sentences they have never seen."""

from functools import cache
from pathlib import Path

import pytest

from daemon.domain.deadline import DeadlineKind
from daemon.domain.partner import Role
from daemon.rules.carriers import recognise, tracking_url
from daemon.rules.conditions import judge
from daemon.rules.entries import entries
from daemon.rules.loader import load
from daemon.rules.replies import About
from daemon.rules.reply_files import ReplyEntry
from daemon.rules.rulebook import Rulebook
from tests.support.believed import believed_rules

ROOT = Path(__file__).parents[2]
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "rules").rglob("*"))
    if path.is_file()
}
REPLIES = [name for name in TEXTS if name.startswith("rules/replies/")]


@cache
def _book() -> Rulebook:
    return believed_rules({name: text for name, text in TEXTS.items() if name.startswith("rules/partners/")})


_WITHOUT_EFFECT = {"nothing", "unclear", "not_shipped", "came_back", "partial"}


def _meant(about: About, text: str) -> set[str]:
    """What a text says that takes effect or must be answered."""
    return {"accepted" if one == "will_ship" else one for one in _said(about, text)} - _WITHOUT_EFFECT


def _said(about: About, text: str) -> set[str]:
    hits, _ = judge(text, about, _book())
    return {str(hit.action.say or hit.action.problem) for hit in hits}


@pytest.mark.timeout(300)
def test_every_shipped_rule_file_is_right() -> None:
    found = load(TEXTS)
    assert isinstance(found, Rulebook), "\n".join(f"{one.file}:{one.line}: {one.problem}" for one in found)
    assert found.replies


def test_the_example_partners_are_one_of_each_role_and_complete() -> None:
    partners = [partner for partner in _book().partners if partner.id.startswith("example-")]
    assert {partner.role for partner in partners} == set(Role)
    assert all(address.endswith(".example") for partner in partners for address in partner.email)
    merchant = next(partner for partner in partners if partner.role is Role.MERCHANT)
    assert merchant.contact is not None
    assert merchant.contact.missing == ()
    assert any(partner.warehouses for partner in partners if partner.role is Role.FULFILLER)


def test_every_kind_of_deadline_has_its_entry() -> None:
    assert {rule.kind for rule in _book().deadlines} == set(DeadlineKind)


def test_every_template_of_a_ring_is_shipped() -> None:
    for rule in _book().deadlines:
        for ring in rule.rings:
            assert ring.template is None or (ROOT / "templates" / ring.template).is_dir(), ring.template


@pytest.mark.parametrize("name", REPLIES)
def test_every_reply_rule_has_examples_that_hit_and_that_miss(name: str) -> None:
    found, _ = entries(name, TEXTS[name], ReplyEntry)
    assert found
    for entry in found:
        meant = {example.then == "nothing" for example in entry.value.examples}
        assert meant == {True, False}, entry.value.rule


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # taken on
        ("Bestellung bestätigt.", {"accepted"}),
        ("Guten Morgen,\n\nhiermit bestätige ich Ihnen den Auftrag.\n\nViele Grüße", {"accepted"}),
        ("Ok, danke!", {"accepted"}),
        ("Ok.", {"accepted"}),
        ("Geht klar, wir versenden morgen.", {"accepted"}),
        ("Die Bestellung wird morgen bearbeitet.", {"accepted"}),
        ("Order is confirmed.", {"accepted"}),
        ("Thanks, we will ship tomorrow.", {"accepted"}),
        ("We'll dispatch it on Friday.", {"accepted"}),
        ("Auftragsbestätigung anbei.", {"accepted"}),
        # not taken on
        ("Wir bestätigen den Eingang Ihrer E-Mail.", set()),
        ("Das können wir so nicht bestätigen.", set()),
        ("Die Menge ist nicht wie bestätigt.", set()),
        ("Die Bestellung wird bestätigt, sobald Ware da ist.", set()),
        ("Wir können den Auftrag noch nicht bestätigen.", set()),
        ("We have not confirmed anything.", set()),
        ("This will be confirmed later.", set()),
        ("I can't confirm the order.", set()),
        ("Bitte bestätigen Sie den Preis.", {"question"}),
        # shipped
        ("Das Gerät wurde gestern verschickt.", {"shipped"}),
        ("Paket ist heute raus.", {"shipped"}),
        ("Heute raus mit DHL.", {"shipped"}),
        ("Versendet mit DPD, Nummer 01015026003653C.", {"shipped"}),
        ("Die Ware haben wir heute Morgen an DHL übergeben.", {"shipped"}),
        ("Shipped today via UPS.", {"shipped"}),
        ("We have dispatched your order.", {"shipped"}),
        ("The parcel is on its way.", {"shipped"}),
        ("Position 1: heute mit DHL Paket versendet, Sendungsnummer 00340434161094042557", {"shipped"}),
        # not shipped
        ("Geht heute hoffentlich raus.", set()),
        ("Das Gerät geht morgen raus.", {"accepted"}),
        ("Wird morgen versendet.", {"accepted"}),
        ("Das Paket wurde nicht verschickt.", set()),
        ("Das Paket konnte nicht versendet werden.", set()),
        ("Sobald das Paket versendet wurde, melden wir uns.", set()),
        ("It has not been shipped yet.", set()),
        ("As soon as it is shipped we will tell you.", set()),
        ("Ist das Paket schon versendet?", {"question"}),
        # out of stock
        ("Leider ist der Artikel nicht vorrätig.", {"out_of_stock"}),
        ("Das iPhone ist bei uns zurzeit leider nicht\nauf Lager.", {"out_of_stock"}),
        ("Das Modell ist ausverkauft.", {"out_of_stock"}),
        ("Das Gerät ist nicht mehr verfügbar.", {"out_of_stock"}),
        ("Sorry, sold out.", {"out_of_stock"}),
        ("The item is currently not in stock.", {"out_of_stock"}),
        ("Erst ab 12.12.2026 wieder lieferbar.", {"out_of_stock"}),
        ("Ist wieder auf Lager.", set()),
        ("Der Artikel ist nicht ausverkauft.", set()),
        ("Falls der Artikel nicht lieferbar ist, melden wir uns.", set()),
        # delay
        ("Der Versand verzögert sich um zwei Tage.", {"delay"}),
        ("Die Lieferung verspätet sich leider.", {"delay"}),
        ("Das Paket geht erst am Montag raus.", {"delay"}),
        ("Wir können erst nächste Woche liefern.", {"delay"}),
        ("Bestellung bestätigt, geht aber erst Freitag raus.", {"accepted", "delay"}),
        ("There is a delay, we expect the phones on Friday.", {"delay"}),
        ("The shipment is delayed.", {"delay"}),
        ("Sorry for the delay in replying.", set()),
        ("Entschuldigung für die späte Rückmeldung.", set()),
        ("Alles ohne Verspätung.", set()),
        # declined
        ("Wir können diese Bestellung leider nicht annehmen.", {"declined"}),
        ("Wir lehnen den Auftrag ab.", {"declined"}),
        ("We have to reject this order.", {"declined"}),
        ("We are unable to fulfil this order.", {"declined"}),
        # address and customs
        ("Die Anschrift ist leider nicht vollständig.", {"address"}),
        ("Bei dieser Adresse fehlt die Hausnummer.", {"address"}),
        ("The shipping address seems wrong.", {"address"}),
        ("Das Paket hängt beim Zoll.", {"customs"}),
        ("Customs documents are missing.", {"customs"}),
        # questions and the rest
        ("Soll die Rechnung ins Paket?", {"question"}),
        ("Bitte teilen Sie uns die Telefonnummer mit.", {"question"}),
        ("Could you send the phone number of the buyer", {"question"}),
        ("Bei Rückfragen stehen wir gern zur Verfügung.", set()),
        ("Haben Sie noch Fragen?", set()),
        ("Korrektur zur Sendungsnummer.", {"correction"}),
        ("Please ignore the wrong tracking number.", {"correction"}),
        ("Bitte keine weiteren Mails an diese Adresse.", {"no_more_mail"}),
        ("Vielen Dank und freundliche Grüße\nErika Beispiel\nTel. 030 123", set()),
        # near misses
        ("Die Stornierung bestätigen wir.", set()),
        ("We confirm that the item is out of stock.", {"out_of_stock"}),
        ("Unter Vorbehalt bestätigt.", set()),
        ("Das Paket müsste heute raus sein.", set()),
        ("Kein Problem, geht heute raus.", {"accepted"}),
        ("Versand erfolgt morgen.", {"accepted"}),
        ("Der Versand erfolgte heute.", {"shipped"}),
        ("Die Sendung ging gestern an DHL.", {"shipped"}),
        ("Wird nicht vor Montag verschickt.", {"delay"}),
        ("The order can't be shipped until Monday.", {"delay"}),
        ("We don\u2019t have it in stock.", {"out_of_stock"}),
        ("Die Adresse stimmt nicht.", {"address"}),
        ("Wir haben Ihre Bestellung erhalten und versenden sie morgen.", {"accepted"}),
        # several at once
        ("Bestellung bestätigt. Die Uhr ist leider nicht lieferbar.", {"accepted", "out_of_stock"}),
        ("Danke, bestätigt. Welche Farbe?", {"accepted", "question"}),
    ],
)
def test_what_a_seller_says_about_an_order(text: str, meant: set[str]) -> None:
    assert _meant("order", text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ja, gerne.", {"accepted"}),
        ("Ja gerne, wir melden uns.", {"accepted"}),
        ("Guten Tag,\n\nwir haben großes Interesse.", {"accepted"}),
        ("We are interested.", {"accepted"}),
        ("Yes, happy to help.", {"accepted"}),
        ("Vielen Dank für Ihr Interesse an unserem Lager.", set()),
        ("Leider nicht.", {"declined"}),
        ("Leider haben wir keine Kapazität mehr.", {"declined"}),
        ("Wir müssen Ihnen absagen.", {"declined"}),
        ("Unfortunately we are unable to take new customers.", {"declined"}),
        ("We are not interested.", {"declined"}),
        ("Ich habe Sie leider nicht erreicht.", set()),
        ("Wie viele Sendungen haben Sie im Monat?", {"question"}),
        ("Können Sie uns die Maße mitteilen.", {"question"}),
        ("Unsere Konditionen finden Sie im Anhang.", {"negotiating"}),
        ("Gern senden wir Ihnen ein Angebot.", {"negotiating"}),
        ("Attached is our price list.", {"negotiating"}),
        ("Der Vertrag ist unterschrieben.", {"contract_agreed"}),
        ("Anbei der unterschriebene Vertrag.", {"contract_agreed"}),
        ("The contract is signed.", {"contract_agreed"}),
        ("Der Vertrag ist nicht unterschrieben.", set()),
        ("Der Vertrag wird morgen unterschrieben.", set()),
        ("Please return the signed contract.", set()),
        ("Hiermit bestätigen wir die Zusammenarbeit.", {"confirmed"}),
        ("We confirm the collaboration.", {"confirmed"}),
        (
            "Der Vertrag ist unterschrieben. Hiermit bestätigen wir die Zusammenarbeit.",
            {"contract_agreed", "confirmed"},
        ),
        ("Wir bestätigen den Erhalt Ihrer Anfrage.", set()),
        ("Wir können die Zusammenarbeit nicht bestätigen.", set()),
        ("Ja, wir haben Interesse, aber keine freien Kapazitäten vor März.", set()),
        ("Unser Kollege ist leider nicht im Haus.", set()),
        ("We have signed the contract and confirm the cooperation.", {"contract_agreed", "confirmed"}),
        ("We will confirm the collaboration next week.", set()),
        ("Die Zusammenarbeit wird bestätigt, wenn der Vertrag da ist.", set()),
    ],
)
def test_what_a_fulfiller_says_about_an_inquiry(text: str, meant: set[str]) -> None:
    assert _meant("inquiry", text) == meant


@pytest.mark.parametrize(
    ("number", "declared", "host", "carrier", "code"),
    [
        ("00340434161094042557", None, None, "dhl", None),
        ("JJD000390007882731904", None, None, "dhl", None),
        ("RB482716351DE", None, None, "dhl", None),
        ("1Z999AA10123456784", "ups", None, "ups", None),
        ("01015026003653C", None, None, "dpd", None),
        ("01015026003653", "DPD", None, "dpd", None),
        ("01015026003653", None, "tracking.dpd.de", "dpd", None),
        ("09133131530724", "Hermes", None, "hermes", None),
        ("201298452277", None, None, None, "carrier_ambiguous"),
        ("504182763504", "GLS", None, "gls", None),
        ("794826153078", "FedEx", None, "fedex", None),
        ("09133131530724", None, None, None, "carrier_ambiguous"),
        ("00340434161094042550", "DHL", None, None, "check_digit_wrong"),
        ("1Z999AA10123456784", "DPD", None, None, "carrier_mismatch"),
    ],
)
def test_whose_number_it_is(
    number: str, declared: str | None, host: str | None, carrier: str | None, code: str | None
) -> None:
    found = recognise(number, _book().carriers, declared, host)
    assert (found.carrier.id if found.ok and found.carrier else None, found.code) == (carrier, code)


@pytest.mark.parametrize("market", ["de-DE", "de-AT", "it-IT", "fr-FR", "pl-PL", "hu-HU", "en-IE"])
def test_every_carrier_has_a_link_for_every_market(market: str) -> None:
    for carrier in _book().carriers:
        link = tracking_url(carrier, "123", market)
        assert link is not None, carrier.id
        assert "123" in link
