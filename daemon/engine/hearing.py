"""How far every source has been read, which decides whether a partner's silence may be judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon.domain.values import Value
from daemon.store import sources, undecided

_LATE = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)
_FIRST_READING = timedelta(minutes=1)
_MAIL_FOLDER = "folder:mail"
_FOLDER = "folder:"


class Heard(Value, frozen=True, kw_only=True):
    """Nothing received up to `until` is unknown to us (None: some mailbox was never read), except from `late` partners.

    `waiting_for` are the sources that keep the bells waiting; nobody is named before a run had time to read them once.
    """

    until: datetime | None
    late: tuple[str, ...] = ()
    waiting_for: tuple[str, ...] = ()


class Hearing:
    """`mailboxes` are the sources of mail, which every partner could have used; `listeners` those among them that only
    listen: what was sent to them while they were away comes again later.
    """

    def __init__(self, mailboxes: Sequence[str], listeners: Sequence[str] = ()) -> None:
        self._mailboxes = tuple(mailboxes)
        self._listeners = tuple(listeners)
        self._trusted_from: dict[str, datetime] = {}
        self._begun: datetime | None = None

    def begin(self, connection: Connection, now: datetime) -> None:
        """A run begins: a listener's silence counts once it has been up as long as it was away, an hour at most."""
        self._begun = now
        for name in self._listeners:
            row = sources.get(connection, name)
            away = now - row.last_success if row and row.last_success else timedelta(0)
            self._trusted_from[name] = now + min(max(away, timedelta(0)), _LONGEST_WAIT)

    def heard(self, connection: Connection, now: datetime) -> Heard:
        """How far we have heard everybody."""
        rows = {row.name: row.read_until for row in sources.listed(connection)}
        mail = {name: self._read_until(name, rows, now) for name in self._mailboxes}
        if _MAIL_FOLDER in rows:
            mail[_MAIL_FOLDER] = rows[_MAIL_FOLDER]
        folders = {name: until for name, until in rows.items() if name.startswith(_FOLDER) and "/" in name}
        late = {name for name, until in folders.items() if until is None or now - until > _LATE}
        known = [*mail.values(), *(until for name, until in folders.items() if name not in late)]
        waiting = undecided.oldest(connection)
        read = [*(one for one in known if one is not None), now, *([waiting] if waiting else [])]
        behind = [name for name, until in mail.items() if until is None or now - until > _LATE]
        is_early = self._begun is not None and abs(now - self._begun) < _FIRST_READING
        return Heard(
            until=None if None in known else min(read),
            late=tuple(sorted(name.rpartition("/")[2] for name in late)),
            waiting_for=() if is_early else tuple(sorted([*behind, *late])),
        )

    def _read_until(self, name: str, rows: Mapping[str, datetime | None], now: datetime) -> datetime | None:
        trusted = self._trusted_from.get(name)
        if name in self._listeners and (trusted is None or now < trusted):
            return None
        return rows.get(name)
