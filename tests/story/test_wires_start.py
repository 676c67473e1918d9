"""A safe start beside what was there before, and a start after the house stood still."""

from datetime import UTC, datetime, timedelta

from tests.support.daemon import running_daemon
from tests.support.town import ACME, BUYER, OPERATOR, SHOP, Town
from tests.support.waiting import wait_until
from tests.support.workspace import Workspace, order_file, order_row


def test_what_is_older_than_go_live_is_recorded_in_silence(town: Town) -> None:
    now = datetime.now(UTC)
    town.configure(go_live=(now - timedelta(days=1)).isoformat(timespec="seconds"))
    old = town.letter(ACME, SHOP, "Bestellung A-0900", "Bestellung A-0900: leider nicht mehr lieferbar.")
    with town.office.dovecot.client(town.local(SHOP)) as client:
        client.append("INBOX", old.as_bytes(), msg_time=now - timedelta(days=2))
    before = (now - timedelta(days=3)).isoformat(timespec="seconds")
    town.place(order_id="A-0900", placed_at=before, paid_at=before)
    with running_daemon(town.shop.home):
        wait_until(lambda: len(town.mails(SHOP, folder="Processed")) == 1, within=20.0)
        town.place()
        town.gets(ACME, "order")
        # What lay there before the start is looked at twice a second apart, what comes later at once.
        wait_until(lambda: [one["order"] for one in town.shop.ask("orders")] == ["A-1001", "A-0900"], within=20.0)
        order = town.shop.order("A-0900")
        assert (order["deadlines"], order["problems"], order["held"]) == ([], [], [])
        assert town.shop.ask("held") == []
    assert len(town.mails(ACME)) == 1
    assert town.mails(BUYER) == town.mails(OPERATOR) == []


def test_after_a_standstill_the_seller_is_reminded_once(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    # Four bells and the missed deadline lie in between.
    sandbox.run_once("2026-12-10T09:00:00+01:00")
    assert len(sandbox.mails("reminder-ship")) == 1
    assert len(sandbox.mails("buyer-delay")) == 1
    assert len(sandbox.mails("operator")) == 1
