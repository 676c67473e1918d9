"""A held queue of 200 at eight in the morning, cleared group by group with a handful of commands."""

import time
from typing import Any

import pytest

from tests.support.workspace import Workspace, order_file, order_row

COLLEAGUES, QUESTIONS, SLANG, STRANGERS = 90, 30, 20, 60
MORNING = "2026-11-26T08:00:00+01:00"
RULE = """\
rule: in-hand
about: order
when: {says: ['im suppentopf']}
then: {say: accepted}
examples:
  - {says: 'Ist im Suppentopf.', then: {say: accepted}}
  - {says: 'Ist gewesen.', then: nothing}
"""
WHO = ("--by", "anna", "--why", "morning round")


def dhl_number(count: int) -> str:
    """A DHL parcel number of its own, its check digit right."""
    digits = f"003404341610940{count:04d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-weighted % 10}"


@pytest.fixture
def full(sandbox: Workspace) -> Workspace:
    """A workspace in which 200 mails wait for a person."""
    count = COLLEAGUES + QUESTIONS + SLANG
    rows = [order_row(order_id=f"A-{2000 + place}", cellular="no", category="other") for place in range(count)]
    sandbox.drop("orders", "shop.csv", order_file(*rows))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    ours = sorted(sandbox.mails("order"), key=lambda mail: str(mail["Subject"]))
    for place, mail in enumerate(ours):
        if place < COLLEAGUES:
            text = f"Heute mit DHL verschickt, Sendungsnummer {dhl_number(place)}."
            sandbox.reply(mail, text, sender="lager@acme.example")
        elif place < COLLEAGUES + QUESTIONS:
            sandbox.reply(mail, f"Welche Farbe soll es sein? (Frage {place})")
        else:
            sandbox.reply(mail, "Ist schon im Suppentopf.")
    for place in range(STRANGERS):
        sandbox.reply(ours[0], f"Bestes Angebot Nr. {place}!", sender="werbung@far.example", token=False, quote=False)
    counts = sandbox.run_once("2026-11-25T17:00:00+01:00")
    sandbox.clock = MORNING
    assert counts["taken_in"] == COLLEAGUES + QUESTIONS + SLANG + STRANGERS
    return sandbox


def test_a_full_queue_is_cleared_with_a_handful_of_commands(full: Workspace, record_property: Any) -> None:
    waiting = len(full.ask("held"))
    began = time.monotonic()
    groups = {one["sender"]: one for one in full.ask("held", "--group")}
    colleague = groups["lager@acme.example"]
    assert (colleague["count"], colleague["codes"], colleague["releasable"]) == (COLLEAGUES, ["unlisted_sender"], 90)
    ran = full.command(*colleague["release"].split()[1:], "--trust-sender", *WHO, "--json", "--at", MORNING)
    assert ran.status == 0, ran.err
    assert f"{COLLEAGUES} von {COLLEAGUES}" in ran.err
    assert {one["released"] for one in ran.json} == {True}
    full.ask(*groups["werbung@far.example"]["discard"].split()[1:], *WHO)
    (full.home / "rules/replies/in-hand.yaml").write_text(RULE)
    read_again = full.ask("reread", "--all", *WHO)
    assert [one["state"] for one in read_again].count("done") == SLANG
    [questions] = full.ask("held", "--group")
    assert (questions["count"], questions["codes"]) == (QUESTIONS, ["partner_question"])
    full.ask(*questions["discard"].split()[1:], *WHO)
    took = time.monotonic() - began
    record_property("figures", f"{waiting} held, {len(groups)} groups: cleared in {took:.1f} s")
    assert full.ask("held") == []
    assert took < 60
    shipped = full.order("A-2000")
    assert shipped["state"] == "shipped"
    assert any(one["because"].endswith("released by cli:anna: morning round") for one in shipped["history"])
    acknowledged = full.order(f"A-{2000 + COLLEAGUES + QUESTIONS}")
    assert acknowledged["state"] == "acknowledged"
    assert "cli:anna: morning round" in {one["because"] for one in acknowledged["history"]}


def test_a_new_colleague_is_trusted_once_and_can_be_distrusted(sandbox: Workspace) -> None:
    sandbox.drop("orders", "shop.csv", order_file(order_row(), order_row(order_id="A-1002"), order_row(order_id="B-3")))
    sandbox.run_once()
    first, second, third = sandbox.mails("order")
    sandbox.reply(first, f"Verschickt mit DHL {dhl_number(1)}", sender="Neu <neu@acme.example>")
    sandbox.run_once(MORNING)
    [held] = sandbox.ask("held")
    sandbox.ask("release", held["id"], "--trust-sender", *WHO)
    sandbox.reply(second, f"Verschickt mit DHL {dhl_number(2)}", sender="Neu <neu@acme.example>")
    assert sandbox.run_once()["held"] == 0
    assert "neu@acme.example may speak for acme" in sandbox.command("check").err
    assert "cli:anna: morning round" in sandbox.ask("explain", held["id"])["trusted"]
    sandbox.ask("trusted", "--forget", "neu@acme.example", *WHO)
    sandbox.reply(third, f"Verschickt mit DHL {dhl_number(3)}", sender="Neu <neu@acme.example>")
    assert sandbox.run_once()["held"] == 1
    assert sandbox.ask("trusted") == []
    assert len(sandbox.ask("explain", held["id"])["history"]) == 3


def test_a_buyer_is_never_trusted_to_speak_for_a_seller(sandbox: Workspace) -> None:
    sandbox.drop("orders", "shop.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.reply(sandbox.mail("order"), f"Verschickt mit DHL {dhl_number(1)}", sender="zoe@buyer.example")
    sandbox.run_once(MORNING)
    [held] = sandbox.ask("held")
    [view] = sandbox.refuse("release", held["id"], "--trust-sender", *WHO).json
    assert (view["released"], sandbox.order()["state"]) == (False, "released")


def test_a_group_to_which_mail_has_come_is_not_released_unseen(full: Workspace) -> None:
    [seen] = [one for one in full.ask("held", "--group") if one["sender"] == "werbung@far.example"]
    full.reply(full.mails("order")[0], "Noch ein Angebot!", sender="werbung@far.example", token=False, quote=False)
    full.run_once(MORNING)
    refused = full.refuse("discard", seen["id"], *WHO)
    assert (refused.status, refused.out) == (1, "")
    assert len(full.ask("held", "--group")) >= 1
