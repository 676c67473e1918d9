"""Whose an order is where its file says it by a name, or not at all."""

from typing import Any

import msgspec
import pytest

from daemon.domain.finding import OrderRow, Reading
from daemon.reading.tables.whose import owned
from daemon.rules.rulebook import Rulebook
from tests.support.builders import ACME, BOLT, NORD, NOVA, RULEBOOK, evidence


def fields(party: str, *rows: dict[str, str], rulebook: Rulebook = RULEBOOK) -> list[dict[str, str]]:
    findings = tuple(OrderRow(evidence=evidence(2), order=one.get("order_id"), fields=one) for one in rows)
    found: Any = owned(Reading(documents=(), findings=findings), party, rulebook).findings
    return [{key: value for key, value in one.fields.items() if value} for one in found]


def partners(*some: Any) -> Rulebook:
    return msgspec.structs.replace(RULEBOOK, partners=some)


def test_a_partner_may_be_called_by_his_name() -> None:
    (found,) = fields("orders", {"order_id": "A", "seller": "ACME  Mobile GmbH", "fulfiller": "nobody"})
    assert found == {"order_id": "A", "seller": "acme", "fulfiller": "nobody"}
    namesake = msgspec.structs.replace(BOLT, name=ACME.name)
    (found,) = fields("orders", {"order_id": "A", "seller": ACME.name}, rulebook=partners(ACME, namesake))
    assert found["seller"] == ACME.name


def test_an_order_that_names_nobody_is_of_the_only_one_whom_it_can_mean() -> None:
    example = msgspec.structs.replace(BOLT, id="example-seller")
    rows = ({"order_id": "A"}, {"order_id": "A", "sku": "2"}, {"order_id": "B", "merchant": "x"}, {"sku": "3"})
    first, second, third, last = fields("orders", *rows, rulebook=partners(ACME, NORD, example))
    assert (first["seller"], second["seller"]) == ("acme", "acme")
    assert "seller" not in third
    assert last == {"sku": "3"}
    assert fields("orders", {"order_id": "A"}, rulebook=partners(NOVA, NORD)) == [{"order_id": "A", "merchant": "nova"}]


@pytest.mark.parametrize("known", [(ACME, BOLT), (ACME, NOVA), (NORD,)])
def test_where_several_could_be_meant_nobody_is(known: tuple[Any, ...]) -> None:
    assert fields("orders", {"order_id": "A"}, rulebook=partners(*known)) == [{"order_id": "A"}]


@pytest.mark.parametrize("supplier", ["", "nova", "Nordlager Logistik GmbH"])
def test_an_order_in_a_merchants_folder_is_his_and_its_supplier_his_fulfiller(supplier: str) -> None:
    (found,) = fields("merchants/nova", {"order_id": "A", "seller": supplier})
    fulfiller = {"fulfiller": "nordlager"} if supplier.startswith("Nord") else {}
    assert found == {"order_id": "A", "merchant": "nova"} | fulfiller


def test_a_merchant_who_names_another_is_not_corrected() -> None:
    (found,) = fields("merchants/nova", {"order_id": "A", "merchant": "other", "seller": "acme"})
    assert (found["merchant"], found["fulfiller"]) == ("other", "acme")
