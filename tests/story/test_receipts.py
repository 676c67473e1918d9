"""A table is answered row by row, by folder and by mail, and its sender may send only the rows he corrected."""

import csv
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default as modern

from tests.support.workspace import Workspace, order_file, order_row

_HEAD = "order_id;tracking_number;carrier"
_RIGHT, _WRONG, _CORRECTED = (
    "A-1001;00340434161094042557;DHL",
    "A-1002;00340434161094042565;DHL",
    "A-1002;00340434161094042564;DHL",
)


def _with_orders(sandbox: Workspace) -> None:
    rows = [order_row(order_id=one, cellular="no", category="other") for one in ("A-1001", "A-1002")]
    sandbox.drop("orders", "shop.csv", order_file(*rows))
    sandbox.run_once()


def _mail(ours: Message, name: str, table: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Acme <orders@acme.example>"
    mail["To"] = str(ours["Reply-To"])
    mail["Subject"] = "Sendungen"
    mail["In-Reply-To"] = str(ours["Message-ID"])
    mail["Date"] = "Wed, 25 Nov 2026 11:00:00 +0100"
    mail["Message-ID"] = f"<{name}@acme.example>"
    mail.set_content("Anbei unsere Sendungen.")
    mail.add_attachment(table.encode(), maintype="text", subtype="csv", filename=f"{name}.csv")
    return mail.as_bytes()


def _numbers(sandbox: Workspace) -> list[list[str]]:
    return [[one["tracking_number"] for one in sandbox.order(number)["shipments"]] for number in ("A-1001", "A-1002")]


def test_a_table_in_a_mail_comes_back_in_the_answer_and_only_the_corrected_row_is_sent_again(
    sandbox: Workspace,
) -> None:
    _with_orders(sandbox)
    ours = sandbox.mails("order")[0]
    sandbox.drop("mail", "first.eml", _mail(ours, "sendungen", f"{_HEAD}\n{_RIGHT}\n{_WRONG}\n"))
    sandbox.run_once()
    assert _numbers(sandbox) == [["00340434161094042557"], []]

    answer = message_from_bytes(sandbox.mail("answer").as_bytes(), policy=modern)
    assert answer["In-Reply-To"] == "<sendungen@acme.example>"
    assert isinstance(answer, EmailMessage)
    assert answer.get_body(("plain",)) is not None
    (receipt,) = answer.iter_attachments()
    assert receipt.get_filename() == "sendungen.csv.receipt.csv"
    rows = list(csv.DictReader(receipt.get_content().removeprefix("\ufeff").splitlines(), delimiter=";"))
    assert [(one["order_id"], one["postbote_result"]) for one in rows] == [("A-1001", "taken"), ("A-1002", "held")]
    assert rows[1]["postbote_value"] == "00340434161094042565"
    assert rows[1]["postbote_hint"]

    sandbox.drop("mail", "second.eml", _mail(ours, "korrigiert", f"{_HEAD}\n{_CORRECTED}\n"))
    sandbox.run_once()
    assert _numbers(sandbox) == [["00340434161094042557"], ["00340434161094042564"]]
    assert len(sandbox.mails("answer")) == 1
    assert len(sandbox.mails("buyer-shipped")) == 2


def test_the_receipt_itself_may_be_corrected_and_dropped_again(sandbox: Workspace) -> None:
    _with_orders(sandbox)
    sandbox.drop("sellers/acme", "sendungen.csv", f"{_HEAD}\n{_RIGHT}\n{_WRONG}\n")
    sandbox.run_once()
    lines = sandbox.receipt("sellers/acme", "sendungen.csv")
    assert [line.split(";")[3] for line in lines] == ["postbote_result", "taken", "held"]

    sandbox.drop("sellers/acme", "sendungen-neu.csv", "\n".join(lines).replace("042565", "042564"))
    sandbox.run_once()
    assert _numbers(sandbox) == [["00340434161094042557"], ["00340434161094042564"]]
    again = [line.split(";")[3] for line in sandbox.receipt("sellers/acme", "sendungen-neu.csv")]
    assert again == ["postbote_result", "unchanged", "taken"]
    assert len(sandbox.mails("buyer-shipped")) == 2


def test_what_is_read_again_gets_a_receipt_of_its_own(sandbox: Workspace) -> None:
    _with_orders(sandbox)
    sandbox.drop("sellers/acme", "fremd.csv", "Vorgang;Kiste;Frachtbrief\nA-1001;7;00340434161094042557\n")
    sandbox.run_once()
    (held,) = sandbox.ask("held")
    draft = sandbox.ask("explain", held["id"])["documents"][0]["draft"]
    assert "format: fremd" in draft
    (sandbox.home / "rules/formats/fremd.yaml").write_text(
        "format: fremd\nfor: [sellers]\nkind: table\ngives: dispatch\n"
        "columns: {order: [Vorgang], tracking: [Frachtbrief]}\nneeds: [order, tracking]\nknown_by: [Frachtbrief]\n"
        'sample: "Vorgang;Kiste;Frachtbrief\\nX1;1;00340434161094042557\\n"\n'
        'expect: [{kind: parcel, order: X1, value: "00340434161094042557"}]\n'
    )
    sandbox.ask("reread", held["id"], "--by", "anna")
    sandbox.run_once()
    assert _numbers(sandbox)[0] == ["00340434161094042557"]
    assert sandbox.receipt("sellers/acme", "fremd.csv")[0].endswith("postbote_hint")
    names = sorted(path.name for path in (sandbox.home / "outbox/sellers/acme").iterdir())
    assert names == ["fremd.csv.receipt.2.csv", "fremd.csv.receipt.csv"]
