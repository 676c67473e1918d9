"""What a person puts right by hand: a number, a part of a file, and what a buyer hears of it."""

from tests.support.builders import DHL_NUMBER, IMEI_A, OTHER_DHL_NUMBER
from tests.support.workspace import Workspace, body, order_file, order_row

THIRD = "00340434278055040641"


def correct(sandbox: Workspace, old: str, new: str) -> None:
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", new, "--replace", old, "--why", "vertippt")


def test_a_buyer_is_told_which_number_holds_no_more_if_he_has_heard_of_it(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", DHL_NUMBER, "--imei", IMEI_A)
    correct(sandbox, DHL_NUMBER, OTHER_DHL_NUMBER)
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    told = body(sandbox.mail("buyer-shipped"))
    assert OTHER_DHL_NUMBER in told
    assert DHL_NUMBER not in told
    correct(sandbox, OTHER_DHL_NUMBER, THIRD)
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    again = body(sandbox.mails("buyer-shipped")[-1])
    assert f"Die Sendungsnummer {OTHER_DHL_NUMBER} aus unserer früheren E-Mail gilt nicht mehr" in again
    assert f"Sendungsnummer: {THIRD}" in again


def test_what_one_way_has_said_changes_nothing_by_another_and_a_contradiction_waits(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.reply(sandbox.mail("order"), f"Ging heute mit DHL raus, Sendungsnummer {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-25T11:00:00+01:00")
    before = sandbox.order()
    header = "Bestellnummer;Versanddienst;Sendungsnummer;IMEI\n"
    sandbox.drop("sellers/acme", "same.csv", f"{header}A-1001;DHL;{DHL_NUMBER};{IMEI_A}\n")
    sandbox.drop("sellers/acme", "other.csv", f"{header}A-1001;DHL;{OTHER_DHL_NUMBER};\n")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert ";unchanged;" in sandbox.receipt("sellers/acme", "same.csv")[1]
    assert ";held;" in sandbox.receipt("sellers/acme", "other.csv")[1]
    parcel = ("record", "A-1001", "--carrier", "dhl", "--tracking")
    assert "nicht schon erfasst" in sandbox.refuse(*parcel, DHL_NUMBER).err
    assert DHL_NUMBER in sandbox.refuse(*parcel, OTHER_DHL_NUMBER).err
    after = sandbox.order()
    assert (after["shipments"], after["history"]) == (before["shipments"], before["history"])


def test_of_a_file_with_a_foreign_row_the_others_are_released_together(sandbox: Workspace) -> None:
    rows = [order_row(order_id="A-1001"), order_row(order_id="A-1002"), order_row(order_id="B-2", seller="bolt")]
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once()
    held = ("A-1001;DHL;00340433836442636598", "A-1002;DHL;00340434161094045269", f"B-2;DHL;{THIRD}")
    sandbox.drop("sellers/acme", "t.csv", "\n".join(("Bestellnummer;Versanddienst;Sendungsnummer", *held)))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    (one,) = sandbox.ask("held")
    refused = sandbox.command("release", one["id"], "--at", str(sandbox.clock)).out
    assert f"postbote release {one['id']} --only N" in " ".join(refused.split())
    sandbox.ask("release", one["id"], "--only", "1", "--only", "2", "--why", "Etikett gesehen")
    assert {order["order"]: order["state"] for order in sandbox.ask("orders")} == {
        "A-1001": "shipped",
        "A-1002": "shipped",
        "B-2": "released",
    }


def test_a_finding_keeps_its_number_beside_one_that_means_nothing(sandbox: Workspace) -> None:
    rows = [order_row(order_id=f"A-{number}") for number in (1001, 1002, 1003)]
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once()
    numbers = ("A-1001;DHL;NULL", "A-1002;DHL;00340433836442636598", "A-1003;DHL;00340434161094045269")
    sandbox.drop("sellers/acme", "t.csv", "\n".join(("Bestellnummer;Versanddienst;Sendungsnummer", *numbers)))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    (one,) = sandbox.ask("held")
    found = [finding["value"] for finding in sandbox.ask("explain", one["id"])["findings"]]
    number = found.index("00340433836442636598") + 1
    sandbox.ask("release", one["id"], "--only", str(number))
    states = {order["order"]: order["state"] for order in sandbox.ask("orders")}
    assert states == {"A-1001": "released", "A-1002": "shipped", "A-1003": "released"}


def test_a_history_names_no_keys_of_our_own(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    shown = sandbox.command("order", "A-1001", "--at", str(sandbox.clock)).out
    assert "Gemailt: Bestellung zum Versand" in shown
    assert "order:a-1001" not in shown
