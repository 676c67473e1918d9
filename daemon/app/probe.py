"""Tries the real world, one thing after the other, for `doctor`."""

import os
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from daemon.app import doors
from daemon.app.round_trip import RoundTrip
from daemon.config import Config, ReceiveByImap, ReceiveByListening, SendBySmtp
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value
from daemon.engine.intake import RESERVE, Intake
from daemon.engine.ports import Clock, MailOut
from daemon.engine.tokens import Tokens
from daemon.store.database import Database

_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
_SECONDS = 3
_WORKS = reason("probe_works")
_MIB = 1024 * 1024


class Probe(Value, frozen=True, kw_only=True):
    """One thing that was tried; `said` is what was found, and what to do when it is wrong."""

    name: str
    ok: bool
    said: Reason


def probe(
    config: Config,
    home: Path,
    database: Database,
    mail_out: MailOut,
    desk: Intake,
    tokens: Tokens,
    clock: Clock,
) -> list[Probe]:
    """Everything that only shows once it is used."""
    found = [
        _tried("database", lambda: _database(database)),
        _tried("disk", lambda: _disk(home)),
        _tried("clock", lambda: _clock(clock)),
        *(_tried(f"folder {name}", partial(_folder, home / name)) for name in ("inbox", "outbox", "state")),
        *(_tried(f"folder {path}", partial(_folder, home / path)) for path in _elsewhere(config)),
        _tried("sending", lambda: _sending(mail_out)),
        Probe(name="imprint", ok=True, said=_WORKS if config.mail.imprint.strip() else reason("probe_no_imprint")),
    ]
    for one in config.receive:
        if isinstance(one, ReceiveByImap):
            found.append(_tried(one.account, doors.mailbox(one, home, desk, clock).check))
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


def _tried(name: str, trial: Callable[[], Reason | None]) -> Probe:
    """A trial gives None when all is well, else what is wrong."""
    try:
        wrong = trial()
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the answer
        wrong = reason("probe_failed", why=str(error) if isinstance(error, OSError) else type(error).__name__)
    return Probe(name=name, ok=wrong is None, said=wrong or _WORKS)


def _sending(mail_out: MailOut) -> Reason | None:
    wrong = mail_out.check()
    return reason("probe_sending_fails", why=wrong) if wrong else None


def _database(database: Database) -> Reason | None:
    with database.reading() as connection:
        if database.shared:
            connection.execute(sa.text("SELECT 1"))
            return None
        said = connection.execute(sa.text("PRAGMA quick_check")).scalar()
    return None if said == "ok" else reason("probe_database_damaged", why=said)


def _disk(home: Path) -> Reason | None:
    free = doors.free_space(home)
    return None if free > RESERVE else reason("probe_disk_full", free=free // _MIB, least=RESERVE // _MIB)


def _clock(clock: Clock) -> Reason | None:
    return None if clock() > _EARLIEST else reason("probe_clock_behind")


def _folder(folder: Path) -> Reason | None:
    if not folder.is_dir():
        return reason("probe_no_folder", path=folder.name)
    trial = folder / f".trial-{os.getpid()}"
    trial.touch()
    trial.unlink()
    return None


def _listener(one: ReceiveByListening) -> Reason | None:
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
