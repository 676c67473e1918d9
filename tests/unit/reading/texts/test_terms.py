"""A yes to another price, and a number that is said to be another person's."""

import pytest

from daemon.domain.finding import Evidence, Finding, Parcel, Said, Statement
from daemon.domain.identifiers import TrackingNumber
from daemon.reading.texts.terms import other_people, other_prices
from tests.unit.reading.sample import DHL_NUMBER

OURS = ("Zoë Kanari\nEinzelpreis: 1.299,00 €\nVersandkosten: 0,00 €",)


def _yes(text: str) -> list[Finding]:
    evidence = Evidence(where="mail text, line 1", text=text)
    return [Said(evidence=evidence, statement=Statement.ACCEPTED, rule="yes")]


@pytest.mark.parametrize("text", ["Ok, 1350 Euro.", "Confirmed at €1,350.00", "Bestätigt: 1.350,- EUR", "129,90 € ok"])
def test_a_yes_to_another_price_is_none(text: str) -> None:
    (one,) = other_prices(_yes(text), text, OURS)
    assert isinstance(one, Said)
    assert one.statement is Statement.UNCLEAR


@pytest.mark.parametrize(
    "text", ["Ok.", "Ok, 1299 Euro.", "Confirmed, €1,299.00", "Netto 1.091,60 EUR, gesamt 1.299,00 EUR"]
)
def test_a_yes_to_our_price_is_one(text: str) -> None:
    assert other_prices(_yes(text), text, OURS) == []
    assert other_prices(_yes("Ok, 5 Euro."), "Ok, 5 Euro.", ()) == []


@pytest.mark.parametrize(
    "text", ["für Frau Meier: N", "N to Mr Doe", "N (Bestellung Meier)", "N pour Mme Petit", "N voor mevrouw Wit"]
)
def test_a_number_beside_a_stranger_holds_its_mail(text: str) -> None:
    parcel = Parcel(evidence=Evidence(where="mail text, line 1", text=text), number=TrackingNumber(DHL_NUMBER))
    assert len(other_people([parcel], text, OURS)) == 1


@pytest.mark.parametrize("text", ["für Frau Kanari: N", "Herr Meier hat N abgegeben", "N für Sie"])
def test_a_number_beside_its_buyer_or_whoever_packed_it_does_not(text: str) -> None:
    parcel = Parcel(evidence=Evidence(where="mail text, line 1", text=text), number=TrackingNumber(DHL_NUMBER))
    assert other_people([parcel], text, OURS) == []
