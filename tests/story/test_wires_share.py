"""What an operator wires besides mail: a partner's share, and the brakes."""

from pathlib import Path

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.daemon import running_daemon
from tests.support.town import ACME, BUYER, Town
from tests.support.waiting import wait_until

TRACKING = f"Bestellnummer;Versanddienst;Sendungsnummer;IMEI\nA-1001;DHL;{DHL_NUMBER};{IMEI_A}\n"


def test_a_partners_share_elsewhere_is_read_and_answered(town: Town, tmp_path: Path) -> None:
    there = {"in": tmp_path / "share/in", "out": tmp_path / "share/out"}
    for folder in there.values():
        folder.mkdir(parents=True)
    shares = {name: str(folder) for name, folder in there.items()}
    town.configure(folders={"sellers/acme": shares | {"poll": "1s"}})
    with running_daemon(town.shop.home):
        town.place()
        town.gets(ACME, "order")
        (there["in"] / "track.csv").write_text(TRACKING)
        town.gets(BUYER, "buyer-shipped")
        receipt = there["out"] / "track.csv.receipt.csv"
        wait_until(receipt.exists)
        assert f"A-1001;DHL;{DHL_NUMBER};{IMEI_A};taken;" in receipt.read_text("utf-8-sig")
        assert town.shop.order()["complete"]
    assert not list(there["in"].glob("*.csv"))
    assert [one.name for one in (there["in"] / "done").rglob("*.csv")] == ["track.csv"]


def test_while_sending_is_paused_intake_goes_on(town: Town) -> None:
    with running_daemon(town.shop.home):
        town.shop.ask("pause")
        town.place()
        wait_until(lambda: list((town.shop.home / "inbox/orders/done").rglob("*.csv")), within=20.0)
        wait_until(lambda: town.shop.ask("status")["queues"].get("queued", 0) > 0, within=20.0)
        assert town.mails(ACME) == []
        assert town.shop.ask("status")["paused"] == ["all"]
        town.shop.ask("resume")
        town.gets(ACME, "order")
