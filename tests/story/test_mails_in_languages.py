"""Mails in the reader's language, and none to who wants no more."""

from email.message import EmailMessage

from tests.support.builders import DHL_NUMBER
from tests.support.workspace import Workspace, body, order_file, order_row


def speak(sandbox: Workspace, language: str) -> None:
    """Let the seller, who comes first, speak another language."""
    partners = sandbox.home / "rules/partners/ours.yaml"
    partners.write_text(partners.read_text().replace("language: de", f"language: {language}", 1))


def test_a_polish_seller_and_a_polish_buyer_read_and_write_polish(sandbox: Workspace) -> None:
    speak(sandbox, "pl")
    sandbox.drop("orders", "orders.csv", order_file(order_row(market="pl-PL", category="accessory", cellular="no")))
    sandbox.run_once()
    order = sandbox.mail("order")
    assert order["Subject"] == "Zamówienie A-1001: do wysyłki"
    assert "Prosimy o wysyłkę najpóźniej" in body(order)
    assert isinstance(order, EmailMessage)
    page = order.get_body(("html",))
    assert page is not None
    assert '<html lang="pl">' in page.get_content()
    sandbox.reply(order, f"Dzień dobry, wysłano dzisiaj kurierem DHL, numer przesyłki {DHL_NUMBER}.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    shipped = sandbox.mail("buyer-shipped")
    assert shipped["Subject"] == "Zamówienie A-1001 jest w drodze"
    assert f"Numer przesyłki: {DHL_NUMBER}" in body(shipped)


def test_who_wants_no_more_mail_is_not_reminded_and_the_operator_is_told(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once()
    sandbox.reply(sandbox.mail("order"), "Wir möchten keine Erinnerungen mehr.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    assert any("keine Erinnerungen mehr" in entry["what"] for entry in sandbox.order()["history"])
    sandbox.run_once("2026-12-04T12:00:00+01:00")
    assert sandbox.mails("reminder-ship") == []
    assert sandbox.mails("buyer-delay")
    assert any("keine Mails mehr" in body(one) for one in sandbox.mails("operator"))
