"""The commands on a sandbox: what they print, what their JSON holds, how they end."""

import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from daemon.cli import group
from tests.support import warm
from tests.support.believed import believed_workspace

ORDERS = """\
order_id,placed_at,paid_at,market,currency,seller,buyer_name,buyer_email,buyer_phone,ship_name,ship_street,ship_postcode,\
ship_city,ship_country,line_id,sku,title,quantity,unit_price,shipping_price,category,cellular,handling_days,hs_code,origin
A-1,2026-12-01T08:05:00+01:00,2026-12-01T08:06:00+01:00,de-DE,EUR,example-seller,Kim Muster,kim@buyer.example,,\
Kim Muster,Beispielallee 5,50667,Köln,DE,1,PH-128,Phone 128 GB,1,349.00,0.00,smartphone,yes,1,8517.13,VN
"""
STRANGER = """\
From: somebody@far.example
To: orders@shop.example
Subject: Order A-1
Message-ID: <1@far.example>
Date: Tue, 01 Dec 2026 09:00:00 +0100
Content-Type: text/plain; charset=utf-8

A-1 was sent today with DHL, 00340434161094042557.
"""
MORNING = "2026-12-01T09:10:00+01:00"
NOON = "2026-12-01T12:00:00+01:00"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose rules and templates count as tried; only to be copied."""
    return believed_workspace(tmp_path_factory.mktemp("tried") / "shop")


@pytest.fixture
def home(tried: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own in which nothing has happened."""
    return shutil.copytree(tried, tmp_path / "shop")


@pytest.fixture(scope="module")
def once_ordered(tried: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has taken in one paid order; only to be copied."""
    home = shutil.copytree(tried, tmp_path_factory.mktemp("once") / "shop")
    (home / "inbox" / "orders" / "shop.csv").write_text(ORDERS, "utf-8")
    assert answer(home, "run", "--once")["decided"] == 1
    return home


@pytest.fixture
def ordered(once_ordered: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own that has taken in one paid order."""
    return shutil.copytree(once_ordered, tmp_path / "ordered")


class Said(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


def postbote(home: Path, *arguments: str, at: str = MORNING) -> Said:
    return Said(*warm.postbote([*arguments, "--home", str(home), "--at", at], dict(os.environ)))


def answer(home: Path, *arguments: str, at: str = MORNING) -> Any:
    """What a command says in JSON; it must end well."""
    said = postbote(home, *arguments, "--json", at=at)
    assert said.exit_code == 0, said.stderr
    return json.loads(said.stdout)


def hold(home: Path) -> str:
    """Let a stranger's mail be held; its id."""
    (home / "inbox" / "mail" / "1.eml").write_text(STRANGER, "utf-8")
    assert answer(home, "run", "--once", at=NOON)["held"] == 1
    [held] = answer(home, "held", at=NOON)
    return str(held["id"])


def test_a_fresh_workspace_has_nothing_to_show(home: Path) -> None:
    for command in ("orders", "inquiries", "held"):
        assert answer(home, command) == []
    assert "Noch keine Bestellungen" in postbote(home, "orders").stdout


def test_one_run_counts_what_it_did(home: Path) -> None:
    (home / "inbox" / "orders" / "shop.csv").write_text(ORDERS, "utf-8")
    counts = answer(home, "run", "--once")
    assert (counts["taken_in"], counts["decided"], counts["held"], counts["failed"]) == (1, 1, 0, 0)
    assert counts["sent"] >= 1


def test_an_order_is_listed_and_shown(ordered: Path) -> None:
    assert [one["order"] for one in answer(ordered, "orders")] == ["A-1"]
    order = answer(ordered, "order", "#a-1")
    assert (order["order"], order["state"]) == ("A-1", "released")
    assert order["missing"] == [{"what": "imei", "line": "1", "count": 1}]
    assert order["history"]


@pytest.mark.parametrize("arguments", [("orders",), ("order", "A-1"), ("status",), ("held",)])
def test_what_people_read_fits_80_columns(ordered: Path, arguments: tuple[str, ...]) -> None:
    assert max(map(len, postbote(ordered, *arguments).stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [("order", "A-9"), ("inquiry", "I-9"), ("explain", "nothing"), ("cancel", "A-9"), ("record", "A-9", "--imei", "1")],
)
def test_an_unknown_id_ends_with_1_and_an_empty_stdout(ordered: Path, arguments: tuple[str, ...]) -> None:
    said = postbote(ordered, *arguments, "--json")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith("postbote: ")


def test_what_is_recorded_by_hand_has_the_same_effects(ordered: Path) -> None:
    said = ("--carrier", "dhl", "--tracking", "00340434161094042557", "--by", "anna", "--why", "phone call")
    order = answer(ordered, "record", "A-1", *said, at=NOON)
    assert order["state"] == "shipped"
    assert not order["complete"]
    order = answer(ordered, "record", "A-1", "--imei", "352099001761481", at=NOON)
    assert order["complete"]


def test_a_wrong_number_is_replaced_by_hand_and_both_are_remembered(ordered: Path) -> None:
    answer(ordered, "record", "A-1", "--carrier", "dhl", "--tracking", "00340434161094042557", at=NOON)
    mended = ("--carrier", "dhl", "--tracking", "00340433836442636597", "--replace", "00340434161094042557")
    order = answer(ordered, "record", "A-1", *mended, "--by", "anna", "--why", "misread on the phone", at=NOON)
    assert [one["tracking_number"] for one in order["shipments"]] == ["00340433836442636597"]
    last = order["history"][-1]
    assert last["because"] == "cli:anna: misread on the phone"
    assert "00340434161094042557" in last["what"]
    assert "00340433836442636597" in last["what"]
    said = postbote(ordered, "record", "A-1", *mended, "--json", at=NOON)
    assert (said.exit_code, said.stdout) == (1, "")


def test_only_a_partner_of_the_order_can_have_said_it(ordered: Path) -> None:
    said = ("record", "A-1", "--imei", "352099001761481", "--from")
    assert postbote(ordered, *said, "example-fulfiller").exit_code == 1
    assert answer(ordered, *said, "example-seller", at=NOON)["missing"] == []


def test_who_is_no_partner_has_said_nothing(ordered: Path) -> None:
    said = postbote(ordered, "record", "A-1", "--imei", "352099001761481", "--from", "somebody")
    assert (said.exit_code, said.stderr) == (1, "postbote: nothing is known under the id somebody\n")


def test_a_new_date_in_the_past_is_refused(ordered: Path) -> None:
    delay = ("record", "A-1", "--problem", "delay", "--until")
    assert postbote(ordered, *delay, "2026-11-30", at=NOON).exit_code == 1
    assert answer(ordered, "order", "A-1")["problems"] == []
    assert answer(ordered, *delay, "2026-12-01", at=NOON)["problems"][0]["new_date"] == "2026-12-01"


def test_a_wrong_check_digit_is_refused_in_a_sentence(ordered: Path) -> None:
    said = postbote(ordered, "record", "A-1", "--imei", "352099001761482", "--json")
    assert (said.exit_code, said.stdout) == (1, "")
    assert "352099001761482" in said.stderr


def test_a_canceled_order_stays_canceled(ordered: Path) -> None:
    assert answer(ordered, "cancel", "A-1", at=NOON)["state"] == "canceled"


def test_an_inquiry_is_made_and_listed(home: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Haben Sie Platz für uns?", "utf-8")
    asked = ("--merchant", "example-merchant", "--fulfiller", "example-fulfiller", "--text-file", str(words))
    made = answer(home, "inquire", *asked)
    assert made["state"] == "sent"
    assert [one["inquiry"] for one in answer(home, "inquiries", "--merchant", "example-merchant")] == [made["inquiry"]]
    assert postbote(home, "inquiries", "--merchant", "example-other", "--json").exit_code == 1
    changed = answer(home, "inquiry", made["inquiry"], "--set", "withdrawn", "--why", "found another one", at=NOON)
    assert changed["state"] == "withdrawn"


def test_an_inquiry_of_nobody_is_refused(home: Path, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("Haben Sie Platz für uns?", "utf-8")
    asked = ("--merchant", "example-nobody", "--fulfiller", "example-fulfiller", "--text-file", str(words))
    said = postbote(home, "inquire", *asked, "--json")
    assert (said.exit_code, said.stdout) == (1, "")


def test_a_stranger_is_held_and_can_be_explained_and_discarded(ordered: Path) -> None:
    held = hold(ordered)
    assert answer(ordered, "order", "A-1", at=NOON)["state"] == "released"
    assert answer(ordered, "explain", held, at=NOON)["reasons"]
    assert held in postbote(ordered, "held", at=NOON).stdout
    answer(ordered, "discard", held, "--by", "anna", at=NOON)
    assert answer(ordered, "held", at=NOON) == []


def test_what_is_held_can_be_read_again_as_a_group_or_whole(ordered: Path) -> None:
    held = hold(ordered)
    [group] = answer(ordered, "held", "--group", at=NOON)
    assert (group["count"], group["ids"], group["sender"]) == (1, [held], "somebody@far.example")
    for words in ((group["id"],), (held,), ("--all",)):
        [again] = answer(ordered, "reread", *words, "--by", "anna", at=NOON)
        assert (again["id"], again["state"]) == (held, "held")
    assert "1 von somebody@far.example" in postbote(ordered, "held", "--group", at=NOON).stdout
    gone = postbote(ordered, "release", "g-00000000", "--json", at=NOON)
    assert (gone.exit_code, gone.stdout) == (1, "")


def test_a_group_that_was_settled_is_not_called_unknown(ordered: Path) -> None:
    hold(ordered)
    [group] = answer(ordered, "held", "--group", at=NOON)
    answer(ordered, "discard", group["id"], at=NOON)
    said = postbote(ordered, "discard", group["id"], at=NOON)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "held --group" in said.stderr


def test_a_dry_run_shows_what_a_release_would_do(ordered: Path) -> None:
    held = hold(ordered)
    [shown] = answer(ordered, "release", held, "--dry-run", at=NOON)
    assert shown["changes"]
    assert answer(ordered, "order", "A-1", at=NOON)["state"] == "released"
    answer(ordered, "release", held, at=NOON)
    assert answer(ordered, "order", "A-1", at=NOON)["state"] == "shipped"


def test_the_place_of_a_finding_is_told_in_the_operators_language_beside_the_one_that_programs_read(
    ordered: Path,
) -> None:
    arrival = hold(ordered)
    [parcel] = [one for one in answer(ordered, "explain", arrival)["findings"] if one["kind"] == "parcel"]
    assert (parcel["evidence"]["where"], parcel["evidence"]["place"]) == ("mail text, line 1", "Zeile 1")


def test_rules_that_say_nothing_of_a_mail_are_only_counted(ordered: Path) -> None:
    arrival = hold(ordered)
    silent = [one["rule"] for one in answer(ordered, "explain", arrival)["rules"] if not one["hit"]]
    shown = postbote(ordered, "explain", arrival).stdout
    assert len(silent) > 50
    assert "Regeln (--json zeigt sie)" in shown
    assert sum(f" {name}," in shown for name in silent) < 10


def test_a_file_that_is_tried_without_an_owner_says_as_what_it_was_read(ordered: Path, tmp_path: Path) -> None:
    file = tmp_path / "tracking.csv"
    file.write_text("order_id;tracking_number;carrier\nA-1;00340434161094042557;DHL\n", "utf-8")
    assert "--as sellers/ID" in postbote(ordered, "try", str(file)).stderr
    assert postbote(ordered, "try", str(file), "--as", "sellers/example-seller").stderr == ""


def test_trying_a_file_changes_nothing(ordered: Path, tmp_path: Path) -> None:
    file = tmp_path / "tracking.csv"
    file.write_text("order_id;tracking_number;carrier\nA-1;00340434161094042557;DHL\n", "utf-8")
    before = answer(ordered, "order", "A-1")
    view = answer(ordered, "try", str(file), "--as", "sellers/example-seller")
    assert [one["kind"] for one in view["findings"]] == ["parcel"]
    assert view["effects"]
    assert answer(ordered, "order", "A-1") == before
    assert file.exists()


def test_a_paused_house_takes_in_and_sends_nothing(home: Path) -> None:
    answer(home, "pause")
    (home / "inbox" / "orders" / "shop.csv").write_text(ORDERS, "utf-8")
    counts = answer(home, "run", "--once")
    assert (counts["decided"], counts["sent"]) == (1, 0)
    answer(home, "resume")
    assert answer(home, "run", "--once")["sent"] >= 1


def test_resume_ends_every_pause_and_resume_with_a_name_only_that(home: Path) -> None:
    for what in ("mail", "example-seller", "example-fulfiller"):
        answer(home, "pause", what)
    answer(home, "resume", "example-seller")
    assert set(answer(home, "status")["paused"]) == {"mail", "example-fulfiller"}
    answer(home, "resume")
    assert answer(home, "status")["paused"] == []
    assert postbote(home, "pause", "example-nobody").exit_code == 1


def test_nothing_is_synced_without_a_relationship(home: Path) -> None:
    assert answer(home, "sync") == []


def test_a_template_can_be_looked_at(ordered: Path) -> None:
    assert "A-1" in answer(ordered, "preview", "order", "--lang", "de", "--order", "A-1")["text"]
    assert answer(ordered, "preview", "buyer-delay", "--lang", "en")["subject"]
    assert postbote(ordered, "preview", "no-such-template").exit_code == 1
    assert postbote(ordered, "preview", "order", "--lang", "en").stderr == ""
    assert postbote(ordered, "preview", "order", "--lang", "xx").stderr == "order gibt es nicht in xx; dies ist en\n"


def test_a_right_workspace_passes_the_check(home: Path) -> None:
    assert answer(home, "check") == []


def test_the_check_tells_mistakes_of_all_files_at_once(home: Path) -> None:
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("colour: red\n")
    (home / "rules" / "carriers" / "mine.yaml").write_text("carrier: [", "utf-8")
    (home / "templates" / "order" / "de.txt").write_text("Subject: x\n\n{{ order.colour }}\n", "utf-8")
    said = CliRunner().invoke(group, ["check", "--home", str(home), "--json"])
    assert said.exit_code == 2
    mistakes = json.loads(said.stdout)
    assert {one["file"] for one in mistakes} >= {"config.yaml", "rules/carriers/mine.yaml", "templates/order/de.txt"}
    assert all(one["line"] >= 1 and one["problem"] for one in mistakes)


def test_a_reminder_without_a_template_is_a_mistake(home: Path) -> None:
    deadlines = home / "rules" / "deadlines.yaml"
    text = deadlines.read_text("utf-8").replace("template: reminder-ship}", "template: reminder-shpi}")
    deadlines.write_text(text, "utf-8")
    said = CliRunner().invoke(group, ["check", "--home", str(home), "--json"])
    [mistake] = json.loads(said.stdout)
    assert (said.exit_code, mistake["problem"]) == (2, "there is no template `reminder-shpi`")
    assert "template: reminder-shpi" in text.splitlines()[mistake["line"] - 1]


def test_the_doctor_finds_a_fresh_sandbox_well(home: Path) -> None:
    assert all(one["ok"] for one in answer(home, "doctor"))


def test_the_doctor_and_the_status_name_a_folder_elsewhere_that_is_missing(home: Path, tmp_path: Path) -> None:
    there, gone = tmp_path / "there", tmp_path / "gone"
    there.mkdir()
    with (home / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f"folders: {{sellers/example-seller: {{in: {gone}, out: {there}}}}}\n")
    said = postbote(home, "doctor")
    assert said.exit_code == 1
    assert f"FALSCH folder {gone}" in said.stdout
    assert f"gut    folder {there}" in said.stdout
    answer(home, "run", "--once")
    said = postbote(home, "status")
    assert said.exit_code == 1
    assert str(gone) in " ".join(said.stdout.splitlines()[-2:])


def test_the_doctor_warns_of_the_package_with_the_same_import_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.cli.doctor.version", lambda _: "3.1")
    said = CliRunner().invoke(group, ["doctor", "--home", str(home)])
    assert said.exit_code == 1
    assert "python-daemon" in said.stdout
