"""An inquiry from the first mail to the warehouse that appears at the merchant."""

from tests.support.workspace import Workspace, body


def ask(sandbox: Workspace) -> str:
    text = sandbox.home / "text.txt"
    text.write_text("Wir suchen ein Lager für 400 Paletten. {{ 7*7 }}\n")
    made = sandbox.ask(
        "inquire", "--merchant", "nova", "--fulfiller", "nordlager", "--warehouse", "NL-HH1", "--text-file", str(text)
    )
    assert made["state"] == "sent"
    sandbox.run_once()
    return str(made["inquiry"])


def test_an_inquiry_becomes_a_relationship_by_mail_alone(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    mail = sandbox.mail("inquiry")
    assert mail["To"] == "anfragen@nordlager.example"
    for needed in (
        "Nova Handels GmbH",
        "Ada Beispiel",
        "+49 30 5550101",
        "Musterweg 1",
        "10115",
        "Berlin",
        "{{ 7*7 }}",
    ):
        assert needed in body(mail)
    steps = [
        ("Guten Tag, welche Artikelmaße haben Ihre Produkte?", "in_contact", "2026-11-26T09:00:00+01:00"),
        (
            "Anbei unsere Konditionen und unser Angebot zu den Lagergebühren.",
            "negotiating",
            "2026-11-27T09:00:00+01:00",
        ),
        ("Der Vertrag ist unterschrieben.", "contract_agreed", "2026-11-30T09:00:00+01:00"),
        ("Hiermit bestätigen wir die Zusammenarbeit.", "active", "2026-12-01T09:00:00+01:00"),
    ]
    for text, state, at in steps:
        sandbox.reply(mail, text)
        sandbox.run_once(at)
        assert sandbox.ask("inquiry", inquiry)["state"] == state, text
    told = [body(one) for one in sandbox.mails("inquiry-status")]
    assert "gemeldet" in told[0]
    assert not any("interessiert" in one["what"] for one in sandbox.ask("inquiry", inquiry)["history"])
    assert not any("interessiert" in one for one in told)
    relayed = sandbox.mails("inquiry-status")
    assert sandbox.mails("relay") == []
    assert [str(one["To"]) for one in relayed] == ["einkauf@nova.example"] * 4
    assert str(sandbox.mail("inquiry-active")["To"]) == "anfragen@nordlager.example"
    assert "Artikelmaße" in body(relayed[0])
    assert "anfragen@nordlager.example" not in str(relayed[0]["From"])
    assert "Auto-Submitted" not in relayed[0]
    sandbox.clock = "2026-12-02T09:00:00+01:00"
    sandbox.ask("sync", "--merchant", "nova")
    sandbox.run_once()
    (warehouse,) = (sandbox.home / "outbox/merchants/nova").glob("warehouse-*.csv")
    assert "NL-HH1" in warehouse.read_text()
    listed = (sandbox.home / "outbox/merchants/nova/inquiries.csv").read_text("utf-8-sig")
    for text in (warehouse.read_text("utf-8-sig"), listed):
        assert "2026-12-01T09:00:00+01:00" in text
    sandbox.ask("sync", "--merchant", "nova")
    sandbox.run_once()
    assert len(list((sandbox.home / "outbox/merchants/nova").glob("warehouse-*.csv"))) == 1
    (row,) = sandbox.ask("inquiries", "--merchant", "nova")
    assert row["state"] == "active"


def test_a_refusal_declines(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Leider haben wir keine Kapazität und müssen absagen.")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "declined"


def test_the_merchants_answer_reaches_the_fulfiller(sandbox: Workspace) -> None:
    ask(sandbox)
    sandbox.reply(sandbox.mail("inquiry"), "Welche Maße haben Ihre Paletten?")
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    sandbox.reply(sandbox.mail("inquiry-status"), "120 mal 80 Zentimeter.")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    answer = sandbox.mail("relay")
    assert answer["To"] == "anfragen@nordlager.example"
    assert "120 mal 80" in body(answer)


def test_silence_is_reminded_and_expires(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    sandbox.run_once("2026-11-30T12:00:00+01:00")
    assert sandbox.mails("reminder-inquiry")
    sandbox.run_once("2026-12-20T12:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "expired"
    assert sandbox.mails("inquiry-status")


def test_an_out_of_office_answer_moves_nothing(sandbox: Workspace) -> None:
    inquiry = ask(sandbox)
    name = sandbox.reply(
        sandbox.mail("inquiry"), "Ich bin bis 3.12. nicht im Büro und bestätige den Eingang Ihrer Mail."
    )
    path = sandbox.home / "inbox/mail" / name
    path.write_bytes(b"Auto-Submitted: auto-replied\r\n" + path.read_bytes())
    sandbox.run_once("2026-11-26T09:00:00+01:00")
    assert sandbox.ask("inquiry", inquiry)["state"] == "sent"
