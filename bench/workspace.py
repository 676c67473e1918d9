"""A workspace with 200 reply rules and some orders, and the real `postbote run` on it."""

import contextlib
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path

from bench.desk import PARTNER
from bench.letters import SHOP, Thread
from bench.workshop import ROOT, Running, Workshop, module, wait_for

RULES = 200
READY = "inbox/orders/"

_FOLDERS = ("inbox/orders", "inbox/sellers/bench-seller", "inbox/mail", "outbox/mail", "state")
_CONFIG = """\
operator: ops@shop.example
database: sqlite:///state/postbote.db
limits: {{mails_per_hour: 1000000}}
mail:
  from: Shop <{shop}>
  send: {{via: folder}}
  receive: [{receive}]
"""
# Words that the letters hold as well, so that no rule can be passed over at a glance.
_WORDS = ("confirm", "deliver", "order", "track", "thank", "delay", "cancel", "invoice", "stock", "price")
_HEAD = (
    "order_id,placed_at,paid_at,market,currency,seller,buyer_name,buyer_email,buyer_phone,ship_name,ship_street,"
    "ship_postcode,ship_city,ship_country,line_id,sku,title,quantity,unit_price,shipping_price,category,cellular,"
    "handling_days,hs_code,origin"
)


@dataclass(frozen=True)
class Workspace:
    home: Path

    @property
    def database(self) -> Path:
        return self.home / "state" / "postbote.db"

    def number(self, question: str) -> int:
        """What the database says; read beside the running daemon."""
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return int(connection.execute(question).fetchone()[0])

    def undecided(self) -> int:
        return self.number("SELECT count(*) FROM arrival WHERE state = 'new'")

    def seconds_until_drained(self, since: float, *, at_most: float = 300.0) -> float:
        """From `since` (perf_counter) until everything that was taken in is decided and committed."""
        wait_for(lambda: self.undecided() == 0, "deciding what was taken in", seconds=at_most, every=0.02)
        return time.perf_counter() - since

    @contextlib.contextmanager
    def run(self, shop: Workshop, name: str = "postbote", env: Mapping[str, str] | None = None) -> Iterator[Running]:
        """`postbote run`, from when it says that it runs."""
        command = module("daemon", "run", "--home", self.home)
        with shop.running(name, command, ready=READY, env=env) as running:
            yield running

    def run_once(self) -> None:
        subprocess.run(
            module("daemon", "run", "--once", "--home", self.home), check=True, capture_output=True, cwd=ROOT
        )


def make_workspace(home: Path, *, receive: str = "", rules: int = RULES) -> Workspace:
    """The repository's own rules and templates, with as many reply rules as asked for."""
    for folder in _FOLDERS:
        (home / folder).mkdir(parents=True)
    shutil.copytree(ROOT / "rules", home / "rules")
    shutil.copytree(ROOT / "templates", home / "templates")
    (home / "config.yaml").write_text(_CONFIG.format(shop=SHOP, receive=receive), "utf-8")
    (home / "rules/partners/bench.yaml").write_text(PARTNER, "utf-8")
    present = sum(file.read_text("utf-8").count("- rule:") for file in (home / "rules/replies").glob("*.yaml"))
    written = "".join(_rule(number) for number in range(max(0, rules - present)))
    (home / "rules/replies/bench.yaml").write_text(written, "utf-8")
    return Workspace(home)


def _rule(number: int) -> str:
    word = _WORDS[number % len(_WORDS)]
    return f"""\
- rule: bench-{number}
  about: order
  when:
    says: ['\\b{word}(s|ed|ing)? +(on|by|until|number)? *[A-Z]{{1,2}}-?{number}X\\b', '\\b{word}.* in case {number}\\b']
    unless: ['\\?\\W*$', '\\bnot\\b']
  then: {{say: question}}
  examples: [{{says: 'We {word} it in case {number}.', then: {{say: question}}}}]
"""


def place_orders(workspace: Workspace, count: int) -> list[Thread]:
    """Orders that are on their way to the seller: what he answers, and by which Message-ID."""
    rows = "\n".join(_order(number) for number in range(count))
    (workspace.home / "inbox/orders/bench.csv").write_text(f"{_HEAD}\n{rows}\n", "utf-8")
    workspace.run_once()
    threads = [thread for file in (workspace.home / "outbox/mail").glob("*.eml") if (thread := _thread(file))]
    if len(threads) != count:
        raise AssertionError(f"{count} orders were placed, {len(threads)} were mailed")
    return threads


def _order(number: int) -> str:
    return (
        f"B-{number:05d},2026-11-20T09:00:00+01:00,2026-11-20T09:05:00+01:00,de-DE,EUR,bench-seller,Greta Muster,"
        f"greta@buyer.example,,Greta Muster,Lindenallee {number % 90 + 1},04109,Leipzig,DE,1,SKU-{number % 50},"
        f"Phone 13 128 GB,1,499.00,0.00,smartphone,yes,30,,"
    )


def _thread(file: Path) -> Thread | None:
    head = BytesHeaderParser().parsebytes(file.read_bytes())
    if head["X-Postbote-Template"] != "order":
        return None
    order = next(word for word in str(head["Subject"]).replace(":", " ").replace(",", " ").split() if word[:2] == "B-")
    return Thread(order=order, message=str(head["Message-ID"]).strip())
