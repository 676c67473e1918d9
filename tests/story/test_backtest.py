"""Other rules are tried on what has come in before they decide anything."""

import shutil
from pathlib import Path

import pytest

from tests.story.test_held_queue import RULE
from tests.support.workspace import Workspace, body, order_file, order_row

EVENING = "2026-11-25T18:00:00+01:00"
NEXT_DAY = "2026-11-26T09:00:00+01:00"
HARMLESS = (
    RULE.replace("im suppentopf", "im schlepptau").replace("im Suppentopf", "im Schlepptau").replace("in-hand", "tow")
)


@pytest.fixture
def answered(sandbox: Workspace) -> Workspace:
    """Three orders, of whose answers one is understood, one is slang, and one comes tomorrow."""
    rows = [order_row(order_id=f"A-100{place}") for place in (1, 2, 3)]
    sandbox.drop("orders", "shop.csv", order_file(*rows))
    sandbox.run_once()
    first, second, _ = sandbox.mails("order")
    sandbox.reply(first, "Auftrag bestätigt.")
    sandbox.reply(second, "Ist schon im Suppentopf.")
    assert sandbox.run_once("2026-11-25T17:00:00+01:00")["held"] == 1
    sandbox.clock = EVENING
    return sandbox


def with_other_rules(sandbox: Workspace, folder: Path) -> str:
    shutil.copytree(sandbox.home / "rules", folder)
    (folder / "replies/in-hand.yaml").write_text(RULE)
    return str(folder)


def test_what_other_rules_would_read_differently_is_told_and_nothing_changes(
    answered: Workspace, tmp_path: Path
) -> None:
    before = [answered.order(f"A-100{place}") for place in (1, 2, 3)], answered.ask("held")
    view = answered.ask("backtest", "--rules", with_other_rules(answered, tmp_path / "other"))
    [one] = view["differences"]
    assert (view["tested"], view["different"], view["not_kept"]) == (3, 1, 0)
    assert (one["old"]["decision"], one["new"]["decision"]) == ("held", "done")
    assert one["new"]["findings"] == ["said: accepted"]
    assert one["old"]["reasons"]
    assert one["new"]["changes"]
    assert before == ([answered.order(f"A-100{place}") for place in (1, 2, 3)], answered.ask("held"))
    shown = answered.command("backtest", "--rules", str(tmp_path / "other"), "--at", EVENING).out
    assert "die anders gelesen würden: 1 von 3" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


def test_the_present_rules_read_everything_as_they_did(answered: Workspace) -> None:
    assert answered.ask("backtest", "--since", "2d")["different"] == 0
    assert answered.ask("backtest", "--since", "30m")["tested"] == 0


def test_rules_with_mistakes_are_not_tried(answered: Workspace, tmp_path: Path) -> None:
    folder = with_other_rules(answered, tmp_path / "other")
    (tmp_path / "other/replies/wrong.yaml").write_text("rule: [\n")
    refused = answered.refuse("backtest", "--rules", folder)
    assert (refused.status, refused.out) == (2, "")
    assert f"{folder}/replies/wrong.yaml:" in refused.err


def answer_third(sandbox: Workspace) -> bool:
    """Let the slang come again; whether it was understood."""
    sandbox.reply(sandbox.mails("order")[2], "Ist schon im Suppentopf.")
    return bool(sandbox.run_once(NEXT_DAY)["held"] == 0)


def test_rules_that_read_kept_arrivals_differently_wait_until_a_person_accepts_them(answered: Workspace) -> None:
    with (answered.home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("rules: {backtest: 30d}\n")
    (answered.home / "rules/replies/in-hand.yaml").write_text(RULE)
    assert not answer_third(answered)
    assert "would read 1 of 3 kept arrivals differently" in " ".join(answered.command("check").err.split())
    assert any("postbote check --accept" in " ".join(body(mail).split()) for mail in answered.mails("operator"))
    held = [one["id"] for one in answered.ask("held")]
    answered.ask("check", "--accept")
    assert "kept arrivals differently" not in answered.command("check").err
    assert {one["state"] for one in answered.ask("reread", *held, "--by", "anna")} == {"done"}


def test_rules_that_read_everything_as_before_go_live_at_once(answered: Workspace) -> None:
    with (answered.home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("rules: {backtest: 30d}\n")
    (answered.home / "rules/replies/tow.yaml").write_text(HARMLESS)
    answered.run_once(NEXT_DAY)
    answered.reply(answered.mails("order")[2], "Ist im Schlepptau.")
    assert answered.run_once()["held"] == 0


def test_without_that_wish_changed_rules_go_live_at_once(answered: Workspace) -> None:
    (answered.home / "rules/replies/in-hand.yaml").write_text(RULE)
    assert answer_third(answered)


def test_a_long_table_is_compared_to_its_last_row(sandbox: Workspace, tmp_path: Path) -> None:
    rows = [f"Z-{number:05d};1;unknown" for number in range(2500)]
    rows[2300] = "Z-02300;1;im Suppentopf"
    sandbox.drop("sellers/acme", "list.csv", "\n".join(("Bestellnummer;Position;Status", *rows, "")))
    sandbox.run_once()
    assert sandbox.ask("backtest")["different"] == 0
    folder = tmp_path / "other"
    shutil.copytree(sandbox.home / "rules", folder)
    columns = folder / "columns.yaml"
    columns.write_text(columns.read_text().replace("de: [angenommen,", "de: [im suppentopf, angenommen,"))
    view = sandbox.ask("backtest", "--rules", str(folder))
    [one] = view["differences"]
    assert (one["name"], view["tested"], view["different"]) == ("list.csv", 1, 1)
    assert one["excerpt"].startswith("Z-02000")
    gained = set(one["new"]["findings"]) - set(one["old"]["findings"])
    assert gained == {"said: accepted, 1, Z-02300"}
    assert one["old"]["decision"] == one["new"]["decision"] == "held"
