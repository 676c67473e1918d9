"""A small house in a temporary folder: a real database, rules from the builders, a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from daemon.engine.editions import Editions
from daemon.engine.intake import Intake
from daemon.engine.premises import Premises
from daemon.engine.tokens import Tokens
from daemon.store.database import Database
from tests.support.builders import POLICY, RULEBOOK, WEDNESDAY

KEY = b"k" * 32


@dataclass
class StandingClock:
    now: datetime = field(default=WEDNESDAY)

    def __call__(self) -> datetime:
        return self.now

    def go(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def premises(tmp_path: Path, clock: StandingClock) -> Iterator[Premises]:
    database = Database(f"sqlite:///{tmp_path}/state/postbote.db")
    database.prepare()
    editions = Editions(tmp_path / "state" / "rules", lambda _files, _last: RULEBOOK)
    editions.adopt({})
    yield Premises(
        home=tmp_path,
        database=database,
        clock=clock,
        tokens=Tokens([KEY], "reply+{token}@replies.shop.example"),
        editions=editions,
        policy=POLICY,
        owner="test",
    )
    database.close()


@pytest.fixture
def intake(premises: Premises) -> Iterator[Intake]:
    desk = Intake(premises)
    yield desk
    desk.stop()
