"""An inquiry by real mail servers, from the first mail to the warehouse at the merchant."""

from tests.support.daemon import running_daemon
from tests.support.town import NORD, NOVA, Town
from tests.support.waiting import wait_until
from tests.support.workspace import body


def test_an_inquiry_becomes_active_by_mail_and_the_sync_writes_the_warehouse(town: Town) -> None:
    with running_daemon(town.shop.home):
        inquiry = town.inquire()
        mail = town.gets(NORD, "inquiry")
        assert "400 Paletten" in body(mail)
        assert "Ada Beispiel" in body(mail)
        town.answer(mail, "Welche Artikelmaße haben Ihre Produkte?")
        question = town.gets(NOVA, "inquiry-status")
        assert "Artikelmaße" in body(question)
        assert town.local(NORD) not in str(question["From"])
        town.answer(question, "60 mal 40 Zentimeter, höchstens 12 Kilogramm.")
        assert "60 mal 40" in body(town.gets(NORD, "relay"))
        town.answer(mail, "Der Vertrag ist unterschrieben, hiermit bestätigen wir die Zusammenarbeit.")
        wait_until(lambda: town.shop.ask("inquiry", inquiry)["state"] == "active", within=30.0)
        view = town.shop.ask("inquiry", inquiry)
        assert view["state"] == "active"
        assert view["active_since"]
        town.shop.ask("sync", "--merchant", "nova")
        folder = town.shop.home / "outbox/merchants/nova"
        wait_until(lambda: list(folder.glob("warehouse-*.csv")), within=20.0)
        (warehouse,) = folder.glob("warehouse-*.csv")
        assert "NL-HH1,Hamburg 1,DE" in warehouse.read_text()
        (row,) = town.shop.ask("inquiries", "--merchant", "nova")
        assert row["state"] == "active"
