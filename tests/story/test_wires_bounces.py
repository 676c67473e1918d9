"""Genuine bounces: a partner's mail server knows no such user, and Postfix tells us so."""

from collections.abc import Iterator

import pytest

from tests.support.daemon import running_daemon
from tests.support.lmtp import refusing_lmtp
from tests.support.town import ACME, NORD, NOVA, OPERATOR, SHIPPED, SHOP, PostOffice, Town
from tests.support.waiting import wait_until
from tests.support.workspace import body


@pytest.fixture(scope="module", autouse=True)
def refusing(office: PostOffice) -> Iterator[None]:
    with refusing_lmtp(office.postfix.refusing):
        yield


def test_a_bounced_order_mail_waits_for_a_person_and_the_operator_is_told(town: Town) -> None:
    town.move(ACME, "orders@refusing.example")
    with running_daemon(town.shop.home):
        town.place()
        notice = town.gets(OPERATOR, "operator")
        assert "A-1001" in body(notice)
        (held,) = town.shop.ask("held")
        assert held["about"] == "A-1001"
        assert held["reasons"]
        assert town.shop.order()["state"] == "released"
        (bounce,) = town.mails(SHOP, folder="Processed")
        assert bounce.get_content_type() == "multipart/report"


def test_an_inquiry_that_bounces_is_undeliverable_and_the_merchant_hears_of_it(town: Town) -> None:
    town.move(NORD, "anfragen@refusing.example")
    with running_daemon(town.shop.home):
        inquiry = town.inquire()
        town.gets(NOVA, "inquiry-status")
        assert town.shop.ask("inquiry", inquiry)["state"] == "undeliverable"
        wait_until(lambda: town.mails(SHOP, folder="Processed"))


def test_what_the_server_refused_at_once_leaves_once_more_when_the_address_is_mended(town: Town) -> None:
    town.move(ACME, "orders@unknown.example")
    with running_daemon(town.shop.home):
        town.place()
        assert "postbote resend A-1001" in body(town.gets(OPERATOR, "operator"))
        order = town.shop.order()
        assert order["state"] == "released"
        assert any("550" in one["what"] for one in order["history"])
        partners = town.shop.home / "rules/partners/ours.yaml"
        partners.write_text(partners.read_text().replace("orders@unknown.example", town.local(ACME)))
        town.shop.ask("resend", "A-1001", "--by", "anna", "--why", "Adresse berichtigt")
        order_mail = town.gets(ACME, "order")
        town.answer(order_mail, SHIPPED)
        wait_until(lambda: town.shop.order()["state"] == "shipped")
        assert [str(one["Message-ID"]) for one in town.mails(ACME, "order")] == [str(order_mail["Message-ID"])]
        assert town.shop.refuse("resend", "A-1001").status == 1
