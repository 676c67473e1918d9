"""The order flow with PostgreSQL in place of the file, across a restart, with other commands beside the daemon."""

from concurrent.futures import ThreadPoolExecutor

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.daemon import running_daemon
from tests.support.town import ACME, BUYER, SHIPPED, Town
from tests.support.waiting import wait_until
from tests.support.workspace import Workspace, order_file, order_row


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


def test_a_buyer_is_shown_and_forgotten_on_postgresql_too(sandbox: Workspace, postgres: str) -> None:
    config = sandbox.home / "config.yaml"
    config.write_text(config.read_text().replace("sqlite:///state/postbote.db", postgres))
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002")))
    sandbox.run_once()
    sandbox.reply(sandbox.mails("order")[0], f"Heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.reply(sandbox.mails("order")[0], "Ist das Paket bei Zoë Kanari, Ringstraße 5, angekommen?")
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert len(sandbox.ask("export", "--buyer", "zoe@buyer.example")["arrivals"]) == 3
    view = sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    (held,) = sandbox.ask("held")
    assert (view["erased"], view["kept"], view["waiting"]) == (["A-1001"], ["A-1002"], [held["id"]])
    sandbox.ask("discard", held["id"], "--why", "geklärt")
    sandbox.ask("cancel", "A-1002")
    for day in ("2026-11-25T14:00:00+01:00", "2026-11-26T10:00:00+01:00", "2026-11-27T10:00:00+01:00"):
        sandbox.run_once(day)
    assert sandbox.refuse("export", "--buyer", "zoe@buyer.example").status == 1
    taken = [path for path in (sandbox.home / "inbox").rglob("*") if path.is_file()]
    assert not any("Kanari" in path.read_text("utf-8", "replace") for path in taken)
