"""An order by real mail servers: Postfix carries every mail, Dovecot keeps it, the daemon runs as a process."""

import pytest

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.daemon import running_daemon
from tests.support.town import ACME, BOLT, BUYER, SHIPPED, SHOP, Town
from tests.support.waiting import wait_until
from tests.support.workspace import body


def test_an_order_goes_out_by_starttls_and_the_answer_comes_in_by_imap(town: Town) -> None:
    with running_daemon(town.shop.home):
        town.place()
        town.answer(town.gets(ACME, "order"), SHIPPED)
        # Within seconds: it waits in IDLE, the next poll would be minutes away.
        told = town.gets(BUYER, "buyer-shipped", within=15.0)
        assert DHL_NUMBER in body(told)
        order = town.shop.order()
        assert (order["state"], order["complete"]) == ("shipped", True)
        assert order["lines"][0]["imeis"] == [IMEI_A]
        wait_until(lambda: town.mails(SHOP, folder="Processed"))
        assert town.mails(SHOP) == []
        assert town.shop.ask("status")["problems"] == []
    assert [one["X-Postbote-Template"] for one in town.mails(ACME)] == ["order"]


def test_another_seller_and_buyer_are_written_to_in_their_language(town: Town) -> None:
    with running_daemon(town.shop.home):
        town.place(seller="bolt", market="en-GB", currency="GBP", ship_country="GB", ship_postcode="N1 9GU")
        order = town.gets(BOLT, "order")
        assert "Please ship it by" in body(order)
        town.answer(order, f"Shipped today with DHL, tracking number {DHL_NUMBER}, IMEI {IMEI_A}.")
        told = town.gets(BUYER, "buyer-shipped")
        assert "Hello" in body(told)
        assert "Guten Tag" not in body(told)
        assert town.shop.order()["state"] == "shipped"


def test_no_mail_leaves_by_a_server_whose_certificate_is_not_trusted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    town.place()
    once = town.shop.refuse("run", "--once")
    assert once.json["sent"] == 0
    assert town.mails(ACME) == []
    said = {one["name"]: one["said"] for one in town.shop.refuse("doctor").json}
    assert "certificate" in said["sending"]
    assert any("certificate" in what for name, what in said.items() if name.startswith("imap:"))
