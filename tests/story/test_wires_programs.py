"""Genuine mail programs answer our genuine mails: what they quote and how they thread is theirs, not ours."""

from pathlib import Path

import pytest

from tests.fault.verdict import Books
from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.daemon import running_daemon
from tests.support.programs import Desk
from tests.support.town import ACME, BUYER, SHIPPED, SHOP, Town
from tests.support.waiting import wait_until
from tests.support.workspace import body


@pytest.mark.parametrize("program", ["s-nail", "mutt"])
def test_an_order_is_answered_by_a_mail_program_that_quotes_in_its_own_way(
    town: Town, tmp_path: Path, program: str
) -> None:
    with running_daemon(town.shop.home):
        town.place()
        desk = Desk(tmp_path, town.gets(ACME, "order"), town.local(ACME), town.office.postfix.port)
        desk.answer(program, SHIPPED)
        wait_until(lambda: town.mails(SHOP, folder="Processed"), within=30.0)
        wait_until(Books(town.shop.home).is_drained)
        assert town.shop.ask("held") == []
        order = town.shop.order()
    assert (order["state"], order["complete"], order["lines"][0]["imeis"]) == ("shipped", True, [IMEI_A])
    assert [one["tracking_number"] for one in order["shipments"]] == [DHL_NUMBER]
    assert DHL_NUMBER in body(town.gets(BUYER, "buyer-shipped"))
    # What was read is what the program made, our own words among it.
    (came,) = town.mails(SHOP, folder="Processed")
    assert "zum Versand freigegeben" in body(came)
    assert came["In-Reply-To"]
