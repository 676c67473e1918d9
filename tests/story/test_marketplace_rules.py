"""Rules of the marketplace that are seen only over days or in a configuration of their own."""

import pytest

from tests.support.builders import DHL_NUMBER, IMEI_A
from tests.support.workspace import ORDER_COLUMNS, Workspace, body, order_file, order_row


def place(sandbox: Workspace, **changes: str) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(**changes)))
    sandbox.run_once()


def configure(sandbox: Workspace, old: str, new: str) -> None:
    config = sandbox.home / "config.yaml"
    text = config.read_text()
    assert old in text
    config.write_text(text.replace(old, new))


def states(sandbox: Workspace) -> dict[str, str]:
    return {one["kind"]: one["state"] for one in sandbox.order()["deadlines"]}


def track(sandbox: Workspace, day: str) -> None:
    rows = "Bestellnummer;Versanddienst;Sendungsnummer;Versanddatum;IMEI\n"
    sandbox.drop("sellers/acme", "tracking.csv", f"{rows}A-1001;DHL;{DHL_NUMBER};{day};{IMEI_A}\n")


def test_a_number_that_comes_after_the_day_of_dispatch_is_recorded_as_late(sandbox: Workspace) -> None:
    place(sandbox)
    track(sandbox, "26.11.2026")
    sandbox.run_once("2026-11-27T08:00:00+01:00")
    order = sandbox.order()
    assert order["shipments"][0]["shipped_on"] == "2026-11-26"
    assert any("erst nach dem Versandtag" in entry["what"] for entry in order["history"])
    figure = next(
        one for one in sandbox.ask("report", "quality", "--seller", "acme") if one["metric"] == "tracking_same_day"
    )
    assert (figure["numerator"], figure["denominator"]) == (0, 1)


def test_todays_dispatch_is_of_the_day_that_the_seller_sees_on_his_wall(sandbox: Workspace) -> None:
    """Half an hour after midnight in Berlin it is still yesterday in UTC, which clocks and mail servers count in."""
    sandbox.clock = "2026-11-26T23:30:00+00:00"
    place(sandbox, placed_at="2026-11-26T23:20:00+00:00", paid_at="2026-11-26T23:20:00+00:00")
    sandbox.reply(sandbox.mail("order"), f"Geht heute mit DHL raus, {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-26T23:40:00+00:00")
    assert sandbox.order()["shipments"][0]["shipped_on"] == "2026-11-27"


def test_a_mail_that_was_long_on_its_way_means_its_own_today(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), f"Geht heute mit DHL raus, {DHL_NUMBER}, IMEI {IMEI_A}.")
    sandbox.run_once("2026-11-27T09:00:00+01:00")
    assert sandbox.order()["shipments"][0]["shipped_on"] == "2026-11-25"


def test_a_correction_on_a_later_day_leaves_a_good_entry_good(sandbox: Workspace) -> None:
    place(sandbox)
    track(sandbox, "25.11.2026")
    sandbox.run_once("2026-11-25T18:00:00+01:00")
    sandbox.clock = "2026-11-27T09:00:00+01:00"
    other = "00340433836442636597"
    sandbox.ask("record", "A-1001", "--carrier", "dhl", "--tracking", other, "--replace", DHL_NUMBER)
    assert sandbox.order()["shipments"][0]["tracking_number"] == other
    figure = next(
        one for one in sandbox.ask("report", "quality", "--seller", "acme") if one["metric"] == "tracking_same_day"
    )
    assert (figure["numerator"], figure["denominator"]) == (1, 1)


def test_only_the_whole_payment_releases_an_order(sandbox: Workspace) -> None:
    place(sandbox, paid_at="")
    part = "order_id,paid_at,paid_amount\nA-1001,2026-11-25T11:00:00+01:00,{}\n"
    sandbox.drop("orders", "part.csv", part.format("100.00"))
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    order = sandbox.order()
    assert (order["state"], order["paid_amount"], order["total"]) == ("awaiting_payment", "100.00", "299.00")
    assert "Erst 100,00 € von 299,00 € sind bezahlt." in {one["what"] for one in order["history"]}
    for words in (("order", "A-1001"), ("orders",)):
        said = sandbox.command(*words, "--at", str(sandbox.clock)).out
        assert "100.00 von 299.00" in " ".join(said.split())
    assert sandbox.mails("order") == []
    sandbox.drop("orders", "rest.csv", part.format("299.00"))
    sandbox.run_once("2026-11-25T13:00:00+01:00")
    assert sandbox.order()["state"] == "released"
    assert " von 299.00" not in sandbox.command("order", "A-1001", "--at", str(sandbox.clock)).out
    assert len(sandbox.mails("order")) == 1


def test_what_is_left_after_a_line_was_canceled_leaves_once_it_is_paid_and_asks_for_nothing_else(
    sandbox: Workspace,
) -> None:
    to_zurich = {"market": "de-CH", "ship_postcode": "8001", "ship_city": "Zürich", "ship_country": "CH"}
    case = {"line_id": "2", "sku": "CASE", "category": "case", "cellular": "no", "quantity": "2", "unit_price": "20.00"}
    declared = {"hs_code": "3926.90", "origin": "DE"}
    rows = (order_row(**to_zurich, handling_days="1"), order_row(**to_zurich, **case, **declared))
    paid = "".join(f"{row},100.00\n" for row in rows)
    sandbox.drop("orders", "orders.csv", f"{ORDER_COLUMNS},paid_amount\n{paid}")
    sandbox.run_once()
    assert sandbox.order()["state"] == "awaiting_payment"
    sandbox.ask("cancel", "A-1001", "--line", "1")
    sandbox.run_once("2026-11-25T10:30:00+01:00")
    order = sandbox.order()
    assert (order["state"], order["total"], order["ship_by"][:10]) == ("released", "40.00", "2026-11-27")
    assert [one["kind"] for one in order["deadlines"]] == ["ship"]
    assert "Gesamtbetrag: 40,00 €" in body(sandbox.mail("order"))
    assert "Position 1" not in body(sandbox.mail("order"))


def test_an_order_that_lacks_what_a_label_needs_goes_nowhere_and_the_operator_is_told(sandbox: Workspace) -> None:
    place(sandbox, ship_postcode="")
    assert sandbox.mails("order") == []
    assert "ship_postcode" in sandbox.receipt("orders", "orders.csv")[1]
    assert len(sandbox.mails("operator")) == 1


@pytest.mark.parametrize(
    ("market", "country", "page"),
    [
        ("de-DE", "DE", "dhl.de/de/"),
        ("de-AT", "AT", "dhl.com/at-de/"),
        ("it-IT", "IT", "/it-it/"),
        ("en-IE", "IE", "/en/"),
    ],
)
def test_the_tracking_link_speaks_the_language_of_the_market(
    sandbox: Workspace, market: str, country: str, page: str
) -> None:
    place(sandbox, market=market, ship_country=country)
    track(sandbox, "25.11.2026")
    sandbox.run_once("2026-11-25T18:00:00+01:00")
    assert page in sandbox.order()["shipments"][0]["tracking_url"]
    assert page in body(sandbox.mail("buyer-shipped"))


def test_a_link_in_another_language_says_so(sandbox: Workspace) -> None:
    place(sandbox, market="hu-HU", ship_country="HU")
    track(sandbox, "25.11.2026")
    sandbox.run_once("2026-11-25T18:00:00+01:00")
    assert "another language" in body(sandbox.mail("buyer-shipped"))


def test_a_shipping_price_is_worth_a_word(sandbox: Workspace) -> None:
    place(sandbox, shipping_price="4.90")
    assert "4,90 €" in body(sandbox.mail("operator"))


def test_where_automatic_mail_is_forbidden_the_operator_tells_the_buyer_and_says_so(sandbox: Workspace) -> None:
    configure(sandbox, "buyer_mails: send", "buyer_mails: operator")
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    notice = sandbox.mail("buyer-out-of-stock")
    assert notice["To"] == "ops@shop.example"
    assert states(sandbox)["buyer_notice"] == "open"
    for needed in (
        "zoe@buyer.example",
        "26. November 2026, 12:00",
        "postbote record A-1001 --buyer-told",
        "| Guten Tag",
    ):
        assert needed in body(notice)
    history = [entry["what"] for entry in sandbox.order()["history"]]
    assert not any(what.startswith("Gemailt: Nachricht an den Käufer") for what in history)
    assert any("er weiß es erst, wenn Sie es ihm sagen" in what for what in history)
    sandbox.ask("record", "A-1001", "--buyer-told", "--by", "anna")
    assert states(sandbox)["buyer_notice"] == "met"
    assert sandbox.order()["problems"][0]["buyer_notified_at"]


def test_the_proof_of_a_notice_is_kept(sandbox: Workspace) -> None:
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    told = next(one for one in sandbox.order()["history"] if "an den Käufer" in one["what"])
    assert told["at"] == "2026-11-25T12:00:00+01:00"
    assert ".eml" in told["what"]
    (kept,) = [
        one for one in sandbox.ask("export", "--buyer", "zoe@buyer.example")["mails"] if "stock" in one["template"]
    ]
    assert (kept["recipient"], kept["sent_at"]) == ("zoe@buyer.example", "2026-11-25T12:00:00+01:00")
    assert kept["text"]


def test_what_is_ordered_after_the_cut_off_has_a_day_more(sandbox: Workspace) -> None:
    configure(
        sandbox, "{starts: received, unit: working_days}", '{starts: received, unit: working_days, cut_off: "08:00"}'
    )
    place(sandbox)
    assert sandbox.order()["ship_by"] == "2026-11-30T23:59:59+01:00"


def test_the_ladder_ends_with_a_proposal_to_cancel(sandbox: Workspace) -> None:
    place(sandbox)
    for day in ("26", "27", "28", "29", "30"):
        sandbox.run_once(f"2026-11-{day}T23:59:59+01:00")
    for december in range(1, 6):
        sandbox.run_once(f"2026-12-0{december}T00:10:00+01:00")
    operator = "\n".join(body(mail) for mail in sandbox.mails("operator"))
    assert "postbote cancel A-1001" in operator
    copies = [mail for mail in sandbox.mails("reminder-ship") if mail["To"] == "ops@shop.example"]
    assert len(copies) == 1
    assert str(copies[0]["Subject"]).startswith("Kopie: Bestellung A-1001")
    assert "diese Erinnerung ging an Acme Mobile GmbH und als Kopie an Sie" in body(copies[0])
    assert "| zur Bestellung A-1001 fehlt uns die Sendungsnummer" in body(copies[0])
    told = [one["what"] for one in sandbox.order()["history"]]
    assert sum(one.startswith("Gemailt: Kopie einer Erinnerung") for one in told) == 1
    sandbox.ask("cancel", "A-1001", "--by", "anna", "--why", "nothing came")
    sandbox.run_once()
    assert sandbox.order()["state"] == "canceled"
    assert len(sandbox.mails("buyer-canceled")) == 1
    assert len(sandbox.mails("order-canceled")) == 1


def test_the_offer_with_the_shortest_standard_delivery_time_counts(sandbox: Workspace) -> None:
    rows = (
        order_row(handling_days="5"),
        order_row(line_id="2", sku="CASE", category="accessory", cellular="no", handling_days="1"),
    )
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once()
    assert sandbox.order()["ship_by"] == "2026-11-26T23:59:59+01:00"


def test_what_is_passed_on_comes_in_the_operators_language_with_the_words_in_the_buyers(sandbox: Workspace) -> None:
    configure(sandbox, "buyer_mails: send", "buyer_mails: operator")
    configure(sandbox, "locale: de-DE", "locale: en-GB")
    place(sandbox)
    track(sandbox, "25.11.2026")
    sandbox.run_once("2026-11-25T18:00:00+01:00")
    mail = sandbox.mail("buyer-shipped")
    assert mail["Subject"] == "Order A-1001: message for the buyer"
    assert "Please pass it on" in body(mail)
    assert "| Guten Tag Zoë Kanari," in body(mail)
    assert "--buyer-told" not in body(mail)
    sandbox.run_once("2026-11-26T07:01:00+01:00")
    assert "message passed on to the operator: 1" in body(sandbox.mail("digest"))
    sandbox.ask("forget", "--buyer", "zoe@buyer.example")
    sandbox.command("sync", "--at", "2026-11-26T07:02:00+01:00")
    database = b"".join(path.read_bytes() for path in (sandbox.home / "state").glob("postbote.db*"))
    assert b"zoe@buyer.example" not in database


@pytest.mark.parametrize("way", ["operator", "none"])
def test_while_the_buyer_does_not_know_the_seller_is_warned_first_then_the_operator(
    sandbox: Workspace, way: str
) -> None:
    configure(sandbox, "buyer_mails: send", f"buyer_mails: {way}")
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    told = len(sandbox.mails("operator"))
    sandbox.run_once("2026-11-26T00:01:00+01:00")
    warning = sandbox.mail("reminder-notice")
    assert warning["To"] == "orders@acme.example"
    assert "26. November 2026, 12:00" in body(warning)
    assert len(sandbox.mails("operator")) == told
    sandbox.run_once("2026-11-26T06:01:00+01:00")
    assert "in Gefahr: Nachricht an den Käufer zu A-1001" in body(sandbox.mails("operator")[-1])
    sandbox.run_once("2026-11-26T07:01:00+01:00")
    assert "noch nichts wissen: 1; der erste muss es bis Donnerstag, 26. November 2026, 12:00" in body(
        sandbox.mail("digest")
    )
    sandbox.run_once("2026-11-26T12:01:00+01:00")
    sandbox.run_once("2026-11-27T12:01:00+01:00")
    assert "hätte es bis" in body(sandbox.mails("reminder-notice")[-1])
    assert sandbox.ask("status")["overdue"] == 1
    sandbox.ask("record", "A-1001", "--buyer-told")
    assert sandbox.ask("status")["overdue"] == 0


def test_a_problem_that_is_over_because_the_goods_left_asks_for_no_notice_any_more(sandbox: Workspace) -> None:
    configure(sandbox, "buyer_mails: send", "buyer_mails: none")
    place(sandbox)
    sandbox.reply(sandbox.mail("order"), "Leider nicht mehr lieferbar.")
    sandbox.run_once("2026-11-25T12:00:00+01:00")
    track(sandbox, "25.11.2026")
    sandbox.run_once("2026-11-25T18:00:00+01:00")
    assert states(sandbox)["buyer_notice"] == "dropped"
    sandbox.run_once("2026-11-26T12:01:00+01:00")
    assert sandbox.mails("reminder-notice") == []


def test_in_the_night_that_has_an_hour_twice_the_cut_off_is_passed_the_first_time(sandbox: Workspace) -> None:
    configure(sandbox, "{starts: received, unit: working_days}", '{starts: received, unit: days, cut_off: "02:30"}')
    placed = {"A-1": "02:29:00+02:00", "A-2": "02:30:00+02:00", "A-3": "02:10:00+01:00", "A-4": "02:31:00+01:00"}
    rows = [
        order_row(order_id=order, placed_at=f"2027-10-31T{at}", paid_at=f"2027-10-31T{at}", handling_days="1")
        for order, at in placed.items()
    ]
    sandbox.drop("orders", "orders.csv", order_file(*rows))
    sandbox.run_once("2027-10-31T04:00:00+01:00")
    due = {one["order"]: one["ship_by"][:10] for one in sandbox.ask("orders")}
    assert due == {"A-1": "2027-11-01", "A-2": "2027-11-02", "A-3": "2027-11-02", "A-4": "2027-11-02"}


def test_an_order_that_is_paid_after_its_time_is_not_reminded_of_with_its_order_mail(sandbox: Workspace) -> None:
    sandbox.drop("orders", "orders.csv", order_file(order_row(paid_at="")))
    sandbox.run_once()
    sandbox.drop("orders", "paid.csv", "order_id,paid_at\nA-1001,2026-12-03T09:00:00+01:00\n")
    sandbox.run_once("2026-12-03T10:00:00+01:00")
    assert [len(sandbox.mails(one)) for one in ("order", "buyer-delay", "reminder-ship")] == [1, 1, 0]
    order = sandbox.order()
    assert [one["detected_at"] for one in order["problems"]] == ["2026-12-03T10:00:00+01:00"]
    notice = next(one for one in order["deadlines"] if one["kind"] == "buyer_notice")
    assert notice["state"] == "met"
    sandbox.run_once("2026-12-05T10:00:00+01:00")
    assert len(sandbox.mails("reminder-ship")) == 1
