"""Tries the real world, one thing after the other, for `doctor`."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from daemon.app import doors
from daemon.app.round_trip import RoundTrip
from daemon.config import Config, ReceiveByImap, ReceiveByListening, SendBySmtp
from daemon.domain.values import Value
from daemon.engine.intake import RESERVE, Intake
from daemon.engine.ports import Clock, MailOut
from daemon.engine.saying import Saying
from daemon.engine.tokens import Tokens
from daemon.store.database import Database

if TYPE_CHECKING:
    from daemon.edges.imap_in import Mailbox

_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
_SECONDS = 3
_NO_IMPRINT = "mails end with no more than the sender; put `imprint` below `mail` in config.yaml"
_MIB = 1024 * 1024


class Probe(Value, frozen=True, kw_only=True):
    """One thing that was tried; `said` is what was found, and what to do when it is wrong."""

    name: str
    ok: bool
    said: str


def probe(
    config: Config,
    home: Path,
    database: Database,
    mail_out: MailOut,
    desk: Intake,
    tokens: Tokens,
    clock: Clock,
    saying: Saying,
) -> list[Probe]:
    """Everything that only shows once it is used."""
    found = [
        _tried("database", lambda: _database(database)),
        _tried("disk", lambda: _disk(home)),
        _tried("clock", lambda: _clock(clock)),
        *(_tried(f"folder {name}", partial(_folder, home / name)) for name in ("inbox", "outbox", "state")),
        *(_tried(f"folder {path}", partial(_folder, home / path)) for path in _elsewhere(config)),
        _tried("sending", mail_out.check),
        Probe(name="imprint", ok=True, said="works" if config.mail.imprint.strip() else _NO_IMPRINT),
    ]
    for one in config.receive:
        if isinstance(one, ReceiveByImap):
            found.append(_tried(one.account, partial(_mailbox, doors.mailbox(one, home, desk, clock), saying)))
        else:
            found.append(_tried(f"{one.via} {one.listen}", partial(_listener, one)))
    if isinstance(config.send, SendBySmtp) and config.receive and all(one.ok for one in found):
        mailboxes = [doors.mailbox(one, home, desk, clock) for one in config.receive if isinstance(one, ReceiveByImap)]
        trip = RoundTrip(mail_out, mailboxes, desk, tokens, clock, address=config.mail.address)
        found += [_tried("round trip to From", trip.to_from), _tried("round trip to Reply-To", trip.to_reply_to)]
    return found


def _elsewhere(config: Config) -> list[str]:
    """The folders that partners have elsewhere."""
    return [path for one in config.folders.values() for path in (one.in_, one.out) if path]


def _tried(name: str, trial: Callable[[], str | None]) -> Probe:
    """A trial gives None when all is well, else what is wrong."""
    try:
        wrong = trial()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        wrong = f"{type(error).__name__}: {error}" if isinstance(error, OSError) else type(error).__name__
    return Probe(name=name, ok=wrong is None, said=wrong or "works")


def _database(database: Database) -> str | None:
    with database.reading() as connection:
        if database.shared:
            connection.execute(sa.text("SELECT 1"))
            return None
        said = connection.execute(sa.text("PRAGMA quick_check")).scalar()
    return None if said == "ok" else f"the database is damaged ({said}); restore the last backup"


def _disk(home: Path) -> str | None:
    free = doors.free_space(home)
    return None if free > RESERVE else f"only {free // _MIB} MiB are free; below {RESERVE // _MIB} nothing is taken in"


def _clock(clock: Clock) -> str | None:
    return None if clock() > _EARLIEST else "the clock stands in the past; set it before deadlines are counted"


def _folder(folder: Path) -> str | None:
    if not folder.is_dir():
        return f"{folder.name}/ is missing; make it"
    trial = folder / f".trial-{os.getpid()}"
    trial.touch()
    trial.unlink()
    return None


def _mailbox(mailbox: "Mailbox", saying: Saying) -> str | None:
    wrong = mailbox.check()
    return saying.say(wrong) if wrong else None


def _listener(one: ReceiveByListening) -> str | None:
    host, port = one.address
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.settimeout(_SECONDS)
        if trial.connect_ex((host, port)) == 0:
            return None
        trial.close()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((host, port))
    return None
