"""How far each source has been read, what troubles it, and the few switches that hold for all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, RowMapping

from daemon.domain.identifiers import PartnerId
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value
from daemon.store.codec import decode, encode
from daemon.store.database import insert_missing, upsert
from daemon.store.schema import control, period, source

_LEFT_ALONE = "left-alone:"


class SourceRow(Value, frozen=True, kw_only=True):
    """What is known of a source. `read_until`: it holds nothing older than this that we have not taken in."""

    name: str
    cursor: str | None = None
    last_input: datetime | None = None
    last_success: datetime | None = None
    read_until: datetime | None = None
    trouble: Reason | None = None
    trouble_since: datetime | None = None
    login: bool = False
    told_at: datetime | None = None


def _write(connection: Connection, name: str, values: dict[str, Any]) -> None:
    if not connection.execute(source.update().where(source.c.name == name).values(values)).rowcount:
        insert_missing(connection, source, [{"name": name}])
        connection.execute(source.update().where(source.c.name == name).values(values))


def move_cursor(connection: Connection, name: str, position: str) -> None:
    """The source has been read up to there."""
    _write(connection, name, {"cursor": position})


def note_input(connection: Connection, name: str, now: datetime) -> None:
    """Something came in by this source."""
    _write(connection, name, {"last_input": now})


def seen(connection: Connection, name: str, now: datetime, until: datetime) -> None:
    """The source was read successfully and holds nothing older than `until`; its trouble is over."""
    _write(
        connection,
        name,
        {
            "last_success": now,
            "read_until": until,
            "trouble": None,
            "trouble_since": None,
            "login": False,
            "told_at": None,
        },
    )


def trouble(connection: Connection, name: str, what: Reason, now: datetime, *, login: bool) -> bool:
    """The source could not be read; whether the operator still has to be told of it."""
    row = get(connection, name)
    since = row.trouble_since if row and row.trouble_since else now
    told = row.told_at if row else None
    values = {"trouble": encode(what).decode(), "trouble_since": since, "login": login, "told_at": told or now}
    _write(connection, name, values)
    return told is None


def get(connection: Connection, name: str) -> SourceRow | None:
    """One source."""
    row = connection.execute(sa.select(source).where(source.c.name == name)).mappings().first()
    return _of_row(row) if row else None


def listed(connection: Connection, names: Sequence[str] | None = None) -> list[SourceRow]:
    """All sources, or those named."""
    wanted = sa.select(source).order_by(source.c.name)
    if names is not None:
        wanted = wanted.where(source.c.name.in_(names))
    return [_of_row(row) for row in connection.execute(wanted).mappings()]


def _of_row(row: RowMapping) -> SourceRow:
    return SourceRow(**{**row, "trouble": _told(row["name"], row["trouble"])})


def _told(name: str, what: str | None) -> Reason | None:
    """An older postbote kept English words there, until the source is well again."""
    if what is None:
        return None
    return decode(what.encode(), Reason) if what.startswith("{") else reason("source_trouble", source=name, what=what)


def begin_period(connection: Connection, job: str, which: str, now: datetime) -> bool:
    """Whether this period of a job is ours to run: it is exactly once, whoever asks."""
    there = connection.execute(sa.select(period.c.job).where(period.c.job == job, period.c.period == which)).first()
    if there:
        return False
    connection.execute(period.insert().values(job=job, period=which, ran_at=now))
    return True


def has_begun(connection: Connection, job: str, which: str) -> bool:
    """Whether somebody has begun this period of a job."""
    wanted = sa.select(period.c.job).where(period.c.job == job, period.c.period == which)
    return connection.execute(wanted).first() is not None


def has_run(connection: Connection, job: str) -> bool:
    """Whether a job has ever begun a period."""
    return connection.execute(sa.select(period.c.job).where(period.c.job == job).limit(1)).first() is not None


def get_control(connection: Connection, key: str) -> str | None:
    """A switch, or None when it is not set."""
    found: str | None = connection.execute(sa.select(control.c.value).where(control.c.key == key)).scalar()
    return found


def controls(connection: Connection, prefix: str = "") -> dict[str, str]:
    """All switches whose name begins so."""
    rows = connection.execute(sa.select(control).where(control.c.key.startswith(prefix, autoescape=True)))
    return {row.key: row.value for row in rows}


def set_control(connection: Connection, key: str, value: str | None) -> None:
    """Set a switch, or take it away."""
    if value is None:
        connection.execute(control.delete().where(control.c.key == key))
    else:
        upsert(connection, control, [{"key": key, "value": value}])


def leave_alone(connection: Connection, partners: Sequence[PartnerId], again: Sequence[PartnerId]) -> None:
    """Note who wants no more mail that is about no order or inquiry, and who wants it again."""
    for one in partners:
        set_control(connection, _LEFT_ALONE + one, "")
    for one in again:
        set_control(connection, _LEFT_ALONE + one, None)


def left_alone(connection: Connection) -> frozenset[PartnerId]:
    """The partners who want no more mail that is about no order or inquiry."""
    return frozenset(PartnerId(key.removeprefix(_LEFT_ALONE)) for key in controls(connection, _LEFT_ALONE))
