"""A notification that is too long to be held at once, and forbidden in its midst."""

from tests.story.test_held_queue import dhl_number
from tests.support.workspace import Workspace, order_file, order_row

PADDING = f"<!--{'x' * 1_500_000}-->\n"


def item(order: str, number: str) -> str:
    return (
        f"<DISPATCHNOTIFICATION_ITEM><ORDER_REFERENCE><ORDER_ID>{order}</ORDER_ID></ORDER_REFERENCE><LOGISTIC_DETAILS>"
        f"<PACKAGE_INFO><PACKAGE><PACKAGE_ID>{number}</PACKAGE_ID></PACKAGE></PACKAGE_INFO></LOGISTIC_DETAILS>"
        "</DISPATCHNOTIFICATION_ITEM>\n"
    )


def test_what_stands_before_a_forbidden_part_is_taken_and_the_file_waits_for_a_person(sandbox: Workspace) -> None:
    numbers = [f"A-{2000 + place}" for place in range(30)]
    rows = [order_row(order_id=one, cellular="no", category="other") for one in numbers]
    sandbox.drop("orders", "shop.csv", order_file(*rows))
    sandbox.run_once()
    items = [item(one, dhl_number(place)) for place, one in enumerate(numbers)]
    first, last = "".join(items[:20]), "".join(items[28:])
    padded = "".join(PADDING + one for one in items[20:28])
    notification = (
        f"<DISPATCHNOTIFICATION><DISPATCHNOTIFICATION_ITEM_LIST>{first}{padded}<!DOCTYPE x>{last}"
        "</DISPATCHNOTIFICATION_ITEM_LIST></DISPATCHNOTIFICATION>"
    )
    sandbox.drop("sellers/acme", "long.xml", notification)
    assert sandbox.run_once("2026-11-25T17:00:00+01:00")["held"] == 1
    states = [sandbox.order(one)["state"] for one in (numbers[0], numbers[26], numbers[28])]
    assert states == ["shipped", "shipped", "released"]
    [held] = sandbox.ask("held")
    assert "DTD" in " ".join(held["reasons"])
    assert (sandbox.home / "inbox/sellers/acme/done/2026-11-25/long.xml").exists()
