"""Quality figures as a table, by mail and as a file; and what the operator is told each morning."""

import csv

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import Workspace, body, order_file, order_row


def place(sandbox: Workspace, count: int) -> None:
    rows = [order_row(order_id=f"A-{number}") for number in range(1001, 1001 + count)]
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once("2026-11-25T10:00:00+01:00")


def figure(sandbox: Workspace, metric: str, seller: str | None = "acme") -> tuple[int, int, str]:
    found = [one for one in sandbox.ask("report", "quality") if (one["metric"], one["seller"]) == (metric, seller)]
    return found[0]["numerator"], found[0]["denominator"], found[0]["state"]


def test_the_figures_count_what_happened(sandbox: Workspace) -> None:
    place(sandbox, 11)
    sandbox.reply(sandbox.mails("order")[0], f"Heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    sandbox.run_once("2026-11-30T12:00:00+01:00")
    assert figure(sandbox, "late_dispatch_rate") == (10, 11, "breached")
    assert figure(sandbox, "late_dispatch_rate", None) == (10, 11, "breached")
    assert figure(sandbox, "valid_tracking_rate") == (1, 1, "too_few")
    assert figure(sandbox, "imei_completeness") == (1, 1, "too_few")
    assert {one["seller"] for one in sandbox.ask("report", "quality", "--seller", "acme")} == {"acme"}


def test_a_report_for_a_stranger_is_refused(sandbox: Workspace) -> None:
    ran = sandbox.refuse("report", "quality", "--seller", "nobody")
    assert (ran.status, ran.out) == (1, "")


def test_the_month_is_reported_once_by_mail_and_as_a_file(sandbox: Workspace) -> None:
    place(sandbox, 11)
    for at in ("2026-11-30T12:00:00+01:00", "2026-12-01T08:00:00+01:00", "2026-12-01T12:00:00+01:00"):
        sandbox.run_once(at)
    to = sorted(str(mail["To"]) for mail in sandbox.mails("quality-report"))
    assert to == ["ops@shop.example", "orders@acme.example"]
    (file,) = (sandbox.home / "outbox/sellers/acme").glob("quality-*.csv")
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    late = next(row for row in rows if row["metric"] == "late_dispatch_rate")
    assert (late["month"], late["numerator"], late["denominator"], late["state"]) == ("2026-11", "11", "11", "breached")


def test_a_seller_near_the_threshold_is_warned_once_a_month(sandbox: Workspace) -> None:
    place(sandbox, 11)
    for day in ("2026-11-28", "2026-11-29", "2026-11-30"):
        sandbox.run_once(f"{day}T12:00:00+01:00")
    warned = [mail for mail in sandbox.mails("quality-warning") if "Versand" in body(mail)]
    assert [str(mail["To"]) for mail in warned] == ["orders@acme.example"]


def test_what_the_months_report_has_said_is_not_warned_of_on_the_same_day(sandbox: Workspace) -> None:
    place(sandbox, 11)
    sandbox.run_once("2026-11-30T12:00:00+01:00")
    warned = len(sandbox.mails("quality-warning"))
    for at in ("2026-12-01T08:00:00+01:00", "2026-12-02T08:00:00+01:00"):
        sandbox.run_once(at)
    assert len(sandbox.mails("quality-report")) == 2
    assert len(sandbox.mails("quality-warning")) == warned


def test_what_worries_on_one_day_is_told_in_one_mail_and_a_later_worry_alone(sandbox: Workspace) -> None:
    place(sandbox, 11)
    sandbox.run_once("2026-11-28T12:00:00+01:00")
    first = body(sandbox.mail("quality-warning"))
    assert "verspäteter Versand" in first
    assert "Antwort binnen eines Tages" in first
    for number in (1001, 1002):
        sandbox.ask("cancel", f"A-{number}")
    sandbox.run_once("2026-11-29T12:00:00+01:00")
    (_, second) = (body(one) for one in sandbox.mails("quality-warning"))
    assert "Stornierungen" in second
    assert "Antwort binnen eines Tages" not in second


def test_the_operator_gets_a_digest_each_morning(sandbox: Workspace) -> None:
    place(sandbox, 1)
    sandbox.drop("sellers/acme", "tracking.csv", f"Bestellnummer;Versanddienst;Sendungsnummer\nX-9;DHL;{DHL_NUMBER}\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert sandbox.mails("digest") == []
    sandbox.run_once("2026-11-26T06:59:00+01:00")
    assert sandbox.mails("digest") == []
    sandbox.run_once("2026-11-26T07:01:00+01:00")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    digest = sandbox.mail("digest")
    assert digest["To"] == "ops@shop.example"
    assert "Zurückgehaltene Eingänge: 1." in body(digest)
    assert "Bestellung zum Versand: 1" in body(digest)


def test_a_buyer_who_is_just_being_told_does_not_count_as_one_who_knows_nothing(sandbox: Workspace) -> None:
    place(sandbox, 1)
    sandbox.run_once("2026-11-26T07:01:00+01:00")
    # Nothing ran in the night in which the deadline passed: the notice and the digest leave together.
    sandbox.run_once("2026-11-28T07:01:00+01:00")
    assert sandbox.mail("buyer-delay")
    assert "noch nichts wissen" not in body(sandbox.mails("digest")[-1])
    assert "Überschrittene Fristen: 1." in body(sandbox.mails("digest")[-1])


def test_the_operator_reads_of_all_and_of_those_whom_he_must_look_at(sandbox: Workspace) -> None:
    rows = [order_row(order_id=f"A-{number}") for number in range(1001, 1012)]
    sandbox.drop("orders", "orders.csv", order_file(*rows, order_row(order_id="B-2", seller="bolt", market="en-GB")))
    for at in ("2026-11-25T10:00:00+01:00", "2026-11-30T12:00:00+01:00", "2026-12-01T08:00:00+01:00"):
        sandbox.run_once(at)
    told = {str(mail["To"]): body(mail) for mail in sandbox.mails("quality-report")}
    assert "- Alle, verspäteter Versand: 100 % (12 von 12), Grenze höchstens 4 %" in told["ops@shop.example"]
    assert "- acme, verspäteter Versand" in told["ops@shop.example"]
    assert "bolt" not in told["ops@shop.example"]
    assert "- verspäteter Versand: 100 % (11 von 11)" in told["orders@acme.example"]
    assert "at most 4 %" in told["desk@bolt.example"]
