"""The order flow with PostgreSQL in place of the file, across a restart, with other commands beside the daemon."""

from concurrent.futures import ThreadPoolExecutor

from tests.support.daemon import running_daemon
from tests.support.town import ACME, BUYER, SHIPPED, Town
from tests.support.waiting import wait_until


def test_an_order_survives_a_restart_on_postgresql(town: Town, postgres: str) -> None:
    town.configure(database=postgres)
    home = town.shop.home
    with running_daemon(home):
        town.place()
        order = town.gets(ACME, "order")
    town.answer(order, SHIPPED)
    with running_daemon(home):
        town.gets(BUYER, "buyer-shipped")
        with ThreadPoolExecutor(2) as threads:
            one, listed = threads.map(lambda words: town.shop.ask(*words), [("order", "A-1001"), ("orders",)])
        assert (one["state"], one["complete"]) == ("shipped", True)
        assert [each["order"] for each in listed] == ["A-1001"]
        assert town.shop.ask("status")["problems"] == []
    assert not list(home.glob("state/*.db"))
    assert len(town.mails(ACME, "order")) == len(town.mails(BUYER, "buyer-shipped")) == 1


def test_two_commands_change_the_same_workspace_beside_the_daemon(town: Town, postgres: str) -> None:
    town.configure(database=postgres)
    with running_daemon(town.shop.home):
        town.place()
        town.place(order_id="A-1002", buyer_email="second@buyer.example")
        wait_until(lambda: len(town.mails(ACME, "order")) == 2, within=30.0)
        canceling = [("cancel", "A-1001", "--why", "changed his mind"), ("cancel", "A-1002", "--why", "paid twice")]
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda words: town.shop.ask(*words), canceling))
        assert [each["state"] for each in town.shop.ask("orders")] == ["canceled", "canceled"]
