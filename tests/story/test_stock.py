"""A seller keeps his stock fresh, or is reminded to; an order for what is not there is a problem at once."""

from tests.support.workspace import Workspace, body, order_file, order_row


def report(sandbox: Workspace, at: str, level: str) -> None:
    sandbox.drop("sellers/acme", f"stock-{at[:10]}.csv", f"Artikelnummer;Bestand\nIP13-128;{level}\n")
    sandbox.run_once(at)


def test_an_order_that_arrives_while_the_last_list_says_0_is_a_problem(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "0")
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    order = sandbox.order()
    assert [one["kind"] for one in order["problems"]] == ["out_of_stock"]
    assert order["problems"][0]["buyer_notified_at"]
    assert len(sandbox.mails("buyer-out-of-stock")) == 1


def test_a_list_that_says_0_opens_no_problem_for_an_order_that_stands(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "1")
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    report(sandbox, "2026-11-26T09:00:00+01:00", "0")
    assert sandbox.order()["problems"] == []


def test_a_seller_who_stops_sending_lists_is_reminded(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "5")
    sandbox.run_once("2026-11-26T13:00:00+01:00")
    assert sandbox.mails("reminder-stock") == []
    sandbox.run_once("2026-11-27T13:00:00+01:00")
    assert sandbox.mail("reminder-stock")["To"] == "orders@acme.example"
    assert [one["kind"] for one in sandbox.ask("status", "--owed")] == ["stock"]
    report(sandbox, "2026-11-27T15:00:00+01:00", "4")
    (clock,) = sandbox.ask("status", "--owed")
    assert (clock["kind"], clock["late"], clock["since"]) == ("stock", False, "2026-11-27T15:00:00+01:00")


def test_the_order_mail_itself_says_that_the_last_list_had_none(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "0")
    sandbox.drop("orders", "orders.csv", order_file(order_row(), order_row(order_id="A-1002", sku="CASE")))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    said = {str(one["Subject"]): "keinen Bestand für IP13-128" in body(one) for one in sandbox.mails("order")}
    assert said == {"Bestellung A-1001: bitte versenden": True, "Bestellung A-1002: bitte versenden": False}


def test_an_order_that_is_paid_while_the_last_list_says_0_is_a_problem(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "1")
    sandbox.drop("orders", "orders.csv", order_file(order_row(paid_at="")))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    report(sandbox, "2026-11-26T09:00:00+01:00", "0")
    assert sandbox.order()["problems"] == []
    sandbox.drop("orders", "paid.csv", "order_id,paid_at\nA-1001,2026-11-26T10:00:00+01:00\n")
    sandbox.run_once("2026-11-26T10:00:00+01:00")
    (problem,) = sandbox.order()["problems"]
    assert (problem["kind"], problem["detected_at"]) == ("out_of_stock", "2026-11-26T10:00:00+01:00")
    assert "keinen Bestand für IP13-128" in body(sandbox.mail("order"))
    assert len(sandbox.mails("buyer-out-of-stock")) == 1


def test_what_a_list_let_fear_comes_to_a_person_once_the_seller_says_it_himself(sandbox: Workspace) -> None:
    report(sandbox, "2026-11-25T09:00:00+01:00", "0")
    sandbox.drop("orders", "orders.csv", order_file(order_row()))
    sandbox.run_once("2026-11-25T10:00:00+01:00")
    for hour in (12, 14):
        sandbox.reply(sandbox.mail("order"), "Leider ausverkauft, nicht mehr lieferbar.")
        sandbox.run_once(f"2026-11-25T{hour}:00:00+01:00")
    told = [body(one) for one in sandbox.mails("operator")]
    assert sum("postbote cancel A-1001" in one for one in told) == 1
    assert len(sandbox.mails("buyer-out-of-stock")) == 1
    assert sandbox.ask("held") == []


def test_stock_in_a_warehouse_that_nobody_knows_is_kept_and_told_once(sandbox: Workspace) -> None:
    for day in ("25", "26"):
        rows = "sku,warehouse,stock\nIP13-128,NL-HH1,5\nIP13-128,Hamburg 1,5\nIP13-128,NL-XX9,3\n"
        sandbox.drop("fulfillers/nordlager", f"stock-{day}.csv", rows)
        sandbox.run_once(f"2026-11-{day}T09:00:00+01:00")
    told = body(sandbox.mail("operator"))
    assert "nordlager meldet Bestand im Lager NL-XX9" in told
    assert "NL-HH1" not in told
    assert "Hamburg 1" not in told
