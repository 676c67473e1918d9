"""Who wants no more mail: what stops, what goes on, and how it is taken back."""

import pytest

from tests.support.workspace import Workspace, body, order_file, order_row

NOON = "2026-11-25T12:00:00+01:00"
_MONTH = ("2026-12-01T06:30:00+01:00", "2027-01-01T06:30:00+01:00")


def run(sandbox: Workspace) -> None:
    """Two orders and a stock list of acme's."""
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002")))
    sandbox.drop("sellers/acme", "stock.csv", "Artikelnummer;Bestand\nIP13-128;5\n")
    sandbox.run_once()


def to_acme(sandbox: Workspace) -> list[str]:
    return [str(mail["X-Postbote-Template"]) for mail in sandbox.mails() if mail["To"] == "orders@acme.example"]


def test_who_wants_no_more_mail_hears_only_of_his_other_orders(sandbox: Workspace) -> None:
    run(sandbox)
    sandbox.reply(sandbox.mails("order")[0], "Bitte schicken Sie uns keine Mails mehr.")
    sandbox.run_once(NOON)
    assert "Daran und an Bestandslisten wird nicht mehr erinnert" in body(sandbox.mail("operator"))
    foreseen = [one["mail"]["template"] for one in sandbox.ask("forecast") if one["mail"]]
    assert "reminder-stock" not in foreseen
    steps = {one["kind"]: one["next"] for one in sandbox.ask("status", "--owed") if one["about"] == "acme"}
    assert steps == {"stock": "Die Frist gilt dann als versäumt."}
    sandbox.run_once(_MONTH[0])
    assert to_acme(sandbox) == ["order", "order", "reminder-ship"]
    assert list((sandbox.home / "outbox/sellers/acme").glob("quality-*.csv"))
    told = sandbox.ask("remind", "acme", "--by", "anna", "--why", "er ruft an")
    assert told == {"reminded_again": ["A-1001", "acme"]}
    assert sandbox.refuse("remind", "acme", "--why", "noch einmal").status == 1
    sandbox.drop("sellers/acme", "stock-2.csv", "Artikelnummer;Bestand\nIP13-128;4\n")
    for at in ("2026-12-02T09:00:00+01:00", "2026-12-04T13:00:00+01:00", _MONTH[1]):
        sandbox.run_once(at)
    assert {"reminder-stock", "quality-report"} <= set(to_acme(sandbox))


def test_who_wants_no_figures_gets_none_and_no_reminder_of_his_lists(sandbox: Workspace) -> None:
    run(sandbox)
    sandbox.run_once(_MONTH[0])
    (report,) = (mail for mail in sandbox.mails("quality-report") if mail["To"] == "orders@acme.example")
    sandbox.reply(report, "Bitte nehmen Sie uns aus dem Verteiler.")
    sandbox.run_once("2026-12-01T09:00:00+01:00")
    assert sandbox.ask("held") == []
    assert "acme möchte keine Mails mehr" in body(sandbox.mails("operator")[-1])
    before = to_acme(sandbox)
    sandbox.drop("sellers/acme", "stock-2.csv", "Artikelnummer;Bestand\nIP13-128;4\n")
    sandbox.run_once("2026-12-02T09:00:00+01:00")
    sandbox.run_once(_MONTH[1])
    assert "reminder-ship" in to_acme(sandbox)[len(before) :]
    assert not {"reminder-stock", "quality-report", "quality-warning"} & set(to_acme(sandbox)[len(before) :])


@pytest.mark.parametrize(
    "words",
    [
        "Geht morgen raus. Bitte keine Erinnerungen mehr.",
        "Ships tomorrow. No more reminders please.",
        "Ships tomorrow. No more mail please.",
        "La commande part demain. Plus de rappels, merci.",
        "Gaat morgen weg. Geen herinneringen meer a.u.b.",
        "Parte domani. Niente più solleciti, grazie.",
        "Sale mañana. No más recordatorios, por favor.",
        "Wychodzi jutro. Proszę nie przypominać więcej.",
    ],
)
def test_a_wish_beside_a_promise_is_heard_and_told_to_no_buyer_as_a_shortage(sandbox: Workspace, words: str) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.reply(sandbox.mail("order"), words)
    sandbox.run_once(NOON)
    order = sandbox.order()
    assert (order["no_reminders_since"], order["problems"], sandbox.ask("held")) == (NOON, [], [])


def test_a_fulfiller_who_agrees_and_wants_no_more_reminders_gets_none(sandbox: Workspace) -> None:
    sandbox.drop("merchants/nova", "ask.csv", "fulfiller,warehouse,text\nnordlager,NL-HH1,Wir suchen ein Lager.\n")
    sandbox.run_once()
    sandbox.reply(
        sandbox.mail("inquiry"), "Der Vertrag ist unterschrieben. Bitte schicken Sie uns keine Erinnerungen mehr."
    )
    sandbox.run_once(NOON)
    (inquiry,) = sandbox.ask("inquiries")
    assert inquiry["state"] == "contract_agreed"
    sandbox.run_once("2026-12-03T12:00:00+01:00")
    assert sandbox.mails("reminder-confirm") == []
