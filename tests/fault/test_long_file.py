"""SIGKILL in the middle of a long file: the next daemon goes on where the last one stood, and no row counts twice."""

import csv
from pathlib import Path

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


def test_a_file_in_whose_midst_the_daemon_is_killed_is_taken_whole_and_once(tmp_path: Path) -> None:
    home = tmp_path / "shop"
    assert Workspace(home, clock=None).command("init", str(home), home=False).status == 0
    (home / "rules/partners/ours.yaml").write_text(PARTNERS)
    (home / "config.yaml").write_text(_CONFIG)
    numbers = [f"L-{number:05d}" for number in range(_ORDERS)]
    dropped = home / "inbox/orders/long.csv"
    dropped.write_text(order_file(*(order_row(order_id=number, paid_at="") for number in numbers)))
    books = Books(home)

    stood = [_killed_midway(home, tmp_path / f"run-{number}.log", books, number) for number in range(_KILLS)]

    assert stood == sorted(stood)
    with running(home, tmp_path / "last.log") as run:
        wait_until(lambda: books.is_drained() and (home / "outbox/orders/long.csv.receipt.csv").exists(), 60)
        assert "Traceback" not in run.said
    assert [number for (number,) in books.ask("SELECT number FROM orders ORDER BY number")] == numbers
    placed = "SELECT count(*) FROM history WHERE subject LIKE 'order:l-%' GROUP BY subject, what"
    assert {count for (count,) in books.ask(placed)} == {1}
    with (home / "outbox/orders/long.csv.receipt.csv").open(encoding="utf-8-sig", newline="") as file:
        answered = [(row["order_id"], row["postbote_result"]) for row in csv.DictReader(file)]
    assert answered == [(number, "taken") for number in numbers]


def _killed_midway(home: Path, log: Path, books: Books, kills: int) -> int:
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
    assert (shown["name"], shown["rows"]) == ("long.csv", done)
    assert abs(shown["percent"] - 100 * done / _ORDERS) <= 1
    return done
