"""Parts of the house on a real SQLite store and the repository's own rules, without the rest of it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.letters import SELLER, SHOP
from bench.workshop import ROOT, BrokenError
from daemon.app.files import read_files
from daemon.domain.policy import Policy
from daemon.engine.editions import Editions
from daemon.engine.intake import Intake
from daemon.engine.ports import Clock
from daemon.engine.premises import Premises
from daemon.engine.tokens import Tokens, load_keys
from daemon.rules.loader import load
from daemon.store.database import Database

PARTNER = f"""\
- id: bench-seller
  role: seller
  name: Muster Mobil GmbH
  email: [{SELLER}]
  language: de
  market: de-DE
  timezone: Europe/Berlin
"""


def now() -> datetime:
    return datetime.now(UTC)


@contextlib.contextmanager
def premises(home: Path, clock: Clock = now) -> Iterator[Premises]:
    """What every part works with; `state/postbote.db` below the home may be there already."""
    database = Database(f"sqlite:///{home}/state/postbote.db")
    database.prepare()
    editions = Editions(home / "state/rules", lambda files, _: load(files))
    files = read_files(ROOT, "rules")
    if mistakes := editions.adopt({**files, "rules/partners/bench.yaml": PARTNER}):
        raise BrokenError(f"the rules have mistakes: {mistakes[0]}")
    try:
        yield Premises(
            home=home,
            database=database,
            clock=clock,
            tokens=Tokens(load_keys(home / "state/key"), "reply+{token}@shop.example"),
            editions=editions,
            policy=Policy(operator="ops@shop.example", own_addresses=(SHOP,)),
            owner="bench",
        )
    finally:
        database.close()


@contextlib.contextmanager
def front_desk(home: Path) -> Iterator[Intake]:
    """It makes durable what it is given; nobody decides about it."""
    with premises(home) as place:
        desk = Intake(place)
        try:
            yield desk
        finally:
            desk.stop()
