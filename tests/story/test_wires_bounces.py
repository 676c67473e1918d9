"""Genuine bounces: a partner's mail server knows no such user, and Postfix tells us so."""

from collections.abc import Iterator

import pytest

from tests.support.daemon import running_daemon
from tests.support.lmtp import refusing_lmtp
from tests.support.town import ACME, NORD, NOVA, OPERATOR, SHOP, PostOffice, Town
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
