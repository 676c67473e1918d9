"""SIGKILL in the middle of a long file: the next daemon goes on where the last one stood, and no row counts twice."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.fault.verdict import Books
from tests.support.running import Running, running
from tests.support.waiting import wait_until
from tests.support.workspace import PARTNERS, Workspace, order_file, order_row

_ORDERS = 6000
_KILLS = 3
_CONFIG = """\
operator: ops@shop.example
limits: {mails_per_hour: 1000000}
mail:
  from: Shop <orders@shop.example>
  send: {via: folder}
"""
_UNDER_WAY = "SELECT coalesce(max(rows_done), 0) FROM arrival WHERE state = 'new'"


def _table(numbers: Sequence[str]) -> str:
    return order_file(*(order_row(order_id=number, paid_at="") for number in numbers))


def _tree(numbers: Sequence[str]) -> str:
    """The same as XML, with so much beside it that it is too long to be held at once."""
    orders = "".join(
        f"<tBestellung><cBestellNr>{number}</cBestellNr><cWaehrung>EUR</cWaehrung><cVerkaeufer>acme</cVerkaeufer>"
        "<dErstellt>2026-11-23T09:00:00+01:00</dErstellt>"
        "<tkunde><cName>Ida Muster</cName><cMail>ida@buyer.example</cMail></tkunde>"
        "<tbestellpos><cName>Phone 13</cName><cArtNr>IP13-128</cArtNr><fVKPreis>449.00</fVKPreis><nAnzahl>1</nAnzahl>"
        f"</tbestellpos><tlieferadresse><cName>Ida Muster</cName><cStrasse>Beispielweg 4</cStrasse><cPLZ>10115</cPLZ>"
        f"<cOrt>Berlin</cOrt><cISO>DE</cISO></tlieferadresse><!--{'- ' * 1000}--></tBestellung>\n"
        for number in numbers
    )
    return f"<tBestellungen>{orders}</tBestellungen>"


@pytest.mark.parametrize(
    ("name", "column", "content"), [("long.csv", "order_id", _table), ("long.xml", "cBestellNr", _tree)]
)
def test_a_file_in_whose_midst_the_daemon_is_killed_is_taken_whole_and_once(
    tmp_path: Path, name: str, column: str, content: Callable[[Sequence[str]], str]
) -> None:
    home = tmp_path / "shop"
    Workspace(home, clock=None).init()
    (home / "rules/partners/ours.yaml").write_text(PARTNERS)
    (home / "config.yaml").write_text(_CONFIG)
    numbers = [f"L-{number:05d}" for number in range(_ORDERS)]
    (home / "inbox/orders" / name).write_text(content(numbers))
    receipt = home / f"outbox/orders/{name}.receipt.csv"
    books = Books(home)

    stood = [_killed_midway(home, name, tmp_path / f"run-{number}.log", books, number) for number in range(_KILLS)]

    assert stood == sorted(stood)
    with running(home, tmp_path / "last.log") as run:
        wait_until(lambda: books.is_drained() and receipt.exists(), 60)
        assert "Traceback" not in run.said
    assert [number for (number,) in books.ask("SELECT number FROM orders ORDER BY number")] == numbers
    placed = "SELECT count(*) FROM history WHERE subject LIKE 'order:l-%' GROUP BY subject, what"
    assert {count for (count,) in books.ask(placed)} == {1}
    with receipt.open(encoding="utf-8-sig", newline="") as file:
        answered = [(row[column], row["postbote_result"]) for row in csv.DictReader(file)]
    assert answered == [(number, "taken") for number in numbers]


def _killed_midway(home: Path, name: str, log: Path, books: Books, kills: int) -> int:
    """Kill a daemon once it has decided a part more than the last one; how many rows it had decided."""
    run = Running(home, log)
    try:
        run.until_ready()
        wait_until(lambda: books.number(_UNDER_WAY) > kills * 1000, 30)
        run.kill()
        wait_until(lambda: not run.relatives(), 15)
    finally:
        run.end()
    done = books.number(_UNDER_WAY)
    assert 0 < done < _ORDERS
    (shown,) = Workspace(home, clock=None).command("status", "--json").json["underway"]
    assert (shown["name"], shown["rows"]) == (name, done)
    assert abs(shown["percent"] - 100 * done / _ORDERS) <= 1
    return done
