"""What every part of the engine works with: the database, the clock, the rules in force, our own names."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from daemon.domain.policy import Policy
from daemon.engine.editions import Editions
from daemon.engine.ports import Clock
from daemon.engine.tokens import Tokens
from daemon.store.conversations import Names
from daemon.store.database import Database


@dataclass(frozen=True, kw_only=True)
class Premises:
    """`home` is the workspace; `owner` names this process in leases."""

    home: Path
    database: Database
    clock: Clock
    tokens: Tokens
    editions: Editions
    policy: Policy
    owner: str
    wake: Callable[[], None] = lambda: None

    @property
    def names(self) -> Names:
        return self.tokens.names

    @property
    def state(self) -> Path:
        return self.home / "state"
