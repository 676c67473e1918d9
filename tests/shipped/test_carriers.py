"""Every number that the shipped carriers call right is taken from a hurried seller's answer, in every language."""

from collections.abc import Iterator
from datetime import date

import pytest
import yaml

from daemon.domain.document import Mail
from daemon.domain.finding import Doubt, Parcel
from daemon.reading.texts.text_findings import text_findings
from tests.support.believed import HOME
from tests.unit.reading.sample import context, shipped_rules

# GLS' Track-ID may be any word in capitals: from a text it is not taken.
_NOT_IN_TEXTS = {"ZK5Q8L2M"}
_ANSWERS = (
    "Hallo, Ware ist heute raus mit {carrier}, Nr. {number}\nGruß Tom",
    "Ihr Paket wurde heute an {carrier} übergeben. Sendungsnummer: {number}.",
    "{carrier}\n{number}",
    "Dispatched via {carrier} - {number}",
    "Bonjour, colis parti ce matin chez {carrier}, n° de suivi {number}. Cordialement",
    "Pacco affidato a {carrier}, numero di spedizione {number}, saluti",
    "Enviado hoy por {carrier}, nº de seguimiento {number}",
    "Vandaag verzonden met {carrier}, track & trace {number}",
    "Paczka nadana kurierem {carrier}: {number}",
)


def _numbers() -> Iterator[tuple[str, str, str]]:
    for path in sorted((HOME / "rules/carriers").glob("*.yaml")):
        carrier = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        for form in carrier["numbers"]:
            for number in set(form["valid"]) - _NOT_IN_TEXTS:
                for name in (carrier["name"], *carrier.get("aliases", ())):
                    yield carrier["carrier"], name, number


@pytest.mark.parametrize("answer", _ANSWERS)
def test_a_number_beside_its_carriers_name_is_that_carriers(answer: str) -> None:
    for carrier, name, number in _numbers():
        mail = Mail(sender="orders@acme.example", new_text=answer.format(carrier=name, number=number))
        found = text_findings(mail, context("A-1001"), shipped_rules(), date(2026, 11, 25))[0]
        parcels = [one.carrier for one in found if isinstance(one, Parcel)]
        assert parcels == [carrier], mail.new_text
        assert not [one for one in found if isinstance(one, Doubt)], mail.new_text
