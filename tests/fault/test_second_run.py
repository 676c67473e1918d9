"""One `run` per workspace, what may be done beside it, and what signals and edits do to it."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builders import DHL_NUMBER
from tests.support.running import Running, free_port, running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, body, fresh_row, order_file

_CONFIG = """\
operator: ops@shop.example
mail:
  from: Shop <orders@shop.example>
  reply_domain: replies.shop.example
  send: {{via: folder}}
  receive: [{{via: smtp, listen: "127.0.0.1:{port}"}}]
"""
_RULE = """\
- rule: secret-word
  about: order
  when: {{says: ['abrakadabra']}}
  then: {{say: {what}}}
  examples: [{{says: 'abrakadabra', then: {{say: question}}}}]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """A workspace outside of a sandbox; its mail leaves into a folder."""
    made = Workspace(tmp_path / "shop", clock=None)
    made.init()
    (made.home / "config.yaml").write_text(_CONFIG.format(port=free_port()))
    (made.home / "rules/partners/ours.yaml").write_text(PARTNERS)
    return made


@pytest.fixture
def run(shop: Workspace, tmp_path: Path) -> Iterator[Running]:
    with running(shop.home, tmp_path / "run.log") as one:
        yield one
        assert "Traceback" not in one.said


def test_a_second_run_says_no_and_names_the_holder(shop: Workspace, run: Running) -> None:
    for words in (("run",), ("run", "--once")):
        second = shop.command(*words)
        assert second.status == 1
        assert second.out == ""
        assert f"process {run.pid}" in second.err
    assert run.is_ready()


def test_all_other_commands_work_beside_it_and_what_they_send_leaves_by_it(
    shop: Workspace, run: Running, tmp_path: Path
) -> None:
    shop.drop("orders", "orders.csv", order_file(fresh_row()))
    wait_until(lambda: shop.mails("order"))
    assert shop.order()["state"] == "released"
    shop.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--by", "anna")
    wait_until(lambda: shop.mails("buyer-shipped"))
    text = tmp_path / "text.txt"
    text.write_text("Was kostet die Lagerung?")
    shop.ask("inquire", "--merchant", "nova", "--fulfiller", "nordlager", "--text-file", str(text))
    wait_until(lambda: shop.mails("inquiry"))
    assert shop.ask("held") == []
    assert shop.command("check").status == 0
    assert shop.ask("status")["ok"]
    assert run.is_ready()


def test_paused_it_takes_in_but_sends_nothing_until_it_is_resumed(shop: Workspace, run: Running) -> None:
    shop.ask("pause")
    shop.drop("orders", "orders.csv", order_file(fresh_row()))
    wait_until(lambda: shop.ask("orders"))
    assert run.is_ready()
    assert shop.mails() == []
    shop.ask("resume")
    wait_until(lambda: shop.mails("order"))


def test_a_request_to_stop_drains_and_ends_well(shop: Workspace, run: Running) -> None:
    rows = [fresh_row(order_id=f"D-{number:03}") for number in range(100)]
    shop.drop("orders", "many.csv", order_file(*rows))
    wait_until(lambda: not (shop.home / "inbox/orders/many.csv").exists())
    asked = time.monotonic()
    assert run.terminate() == 0
    assert time.monotonic() - asked < 10
    once = shop.command("run", "--once")
    assert once.status == 0
    assert "dort hat niemand gehorcht" in " ".join(once.err.split())
    assert len(shop.ask("orders")) == 100
    assert len(shop.mails("order")) == 100


def test_a_hang_up_reloads_the_rules(shop: Workspace, run: Running) -> None:
    (shop.home / "rules/replies/ours.yaml").write_text(_RULE.format(what="question"))
    run.hang_up()
    wait_until(lambda: "were reloaded" in run.said, within=30.0)
    tried = shop.home / "mail.eml"
    tried.write_text("From: orders@acme.example\nTo: orders@shop.example\nSubject: x\n\nabrakadabra\n")
    assert "secret-word" in json.dumps(shop.ask("try", str(tried)))


def test_changed_partners_are_noticed_without_being_told(shop: Workspace, run: Running) -> None:
    shop.drop("orders", "late.csv", order_file(fresh_row(seller="late")))
    wait_until((shop.home / "outbox/orders/late.csv.receipt.csv").exists)
    late = PARTNERS.split("- id: bolt")[0].replace("acme", "late").replace("Acme", "Late")
    (shop.home / "rules/partners/late.yaml").write_text(late)
    wait_until(lambda: "were reloaded" in run.said, within=30.0)
    shop.drop("orders", "again.csv", order_file(fresh_row(seller="late")))
    wait_until(lambda: shop.mails("order"))
    assert shop.mail("order")["To"] == "orders@late.example"


def test_a_broken_edit_is_refused_with_its_reasons_and_the_last_good_set_stays(shop: Workspace, run: Running) -> None:
    (shop.home / "rules/replies/ours.yaml").write_text(_RULE.format(what="nonsense"))
    run.hang_up()
    wait_until(lambda: "were not reloaded" in run.said, within=30.0)
    assert "rules/replies/ours.yaml" in run.said
    # It goes on under the good rules: an order is still taken and mailed.
    shop.drop("orders", "orders.csv", order_file(fresh_row()))
    wait_until(lambda: shop.mails("order"))
    # The operator is told, with the place.
    wait_until(lambda: any("rules/replies/ours.yaml" in body(mail) for mail in shop.mails("operator")))
    assert shop.command("check").status == 2
    # A start finds the last good set as well.
    assert run.terminate() == 0
    once = shop.command("run", "--once")
    assert once.status == 0
    assert "last good" in once.err


def test_without_a_last_good_set_a_start_lists_the_mistakes(shop: Workspace) -> None:
    shutil.rmtree(shop.home / "state")
    # Nothing was tried before, and trying all rules takes long.
    for rules in (shop.home / "rules/replies").iterdir():
        rules.unlink()
    (shop.home / "rules/replies/ours.yaml").write_text(_RULE.format(what="nonsense"))
    for words in (("run",), ("run", "--once")):
        begun = shop.command(*words)
        assert begun.status == 2
        assert "rules/replies/ours.yaml:" in begun.err
