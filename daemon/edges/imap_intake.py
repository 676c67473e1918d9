"""One pass over one folder of a mailbox: what is new is made durable, then moved away; nothing is decided by flags."""

from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.domain.arrival import ArrivalKind, Envelope, Incoming
from daemon.domain.identifiers import MessageId
from daemon.domain.reason import Reason, reason
from daemon.domain.values import Value
from daemon.edges.imap_session import Session, uid_set, uids_of
from daemon.engine.ports import Clock, Cursor, FrontDesk

LARGEST = 25 * 1024 * 1024
PORTION_BYTES = 16 * 1024 * 1024
KEYWORD = "$Postbote"

_SENDERS = ("From", "Sender", "Reply-To")
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_REFERENCES = ("In-Reply-To", "References")
_HEADERS = f"BODY.PEEK[HEADER.FIELDS ({' '.join((*_SENDERS, *_RECIPIENTS, *_REFERENCES, 'Subject')).upper()})]"
TRIES = 5
"""So often one message may break the fetch, or the connection, before it is left in the mailbox."""

_HEADER_LIMIT = 64 * 1024


class Position(Value, frozen=True, kw_only=True):
    """Up to which UID a folder was read, and which messages are taken in but perhaps not yet moved away."""

    validity: int = 0
    last: int = 0
    moving: tuple[int, ...] = ()

    @classmethod
    def parsed(cls, text: str | None) -> "Position":
        validity, _, rest = (text or "").partition("/")
        last, _, moving = rest.partition("/")
        if not validity.isdecimal() or not last.isdecimal():
            return cls()
        return cls(validity=int(validity), last=int(last), moving=tuple(uids_of(moving)))

    def __str__(self) -> str:
        return f"{self.validity}/{self.last}/{uid_set(self.moving)}"


class FolderIntake:
    """Reads one folder, again and again over changing connections.

    `ours_only` leaves untouched what does not concern us; `done` is where taken mails go (None: they get a keyword).
    `is_quiet`: nobody is told of trouble with a single message (junk).
    """

    def __init__(
        self,
        folder: str,
        *,
        source: str,
        desk: FrontDesk,
        clock: Clock,
        done: str | None,
        ours_only: bool,
        authserv_id: str | None,
        batch: int,
        is_quiet: bool = False,
    ) -> None:
        self.folder = folder
        self._source = source
        self._desk = desk
        self._clock = clock
        self._done = done
        self._ours_only = ours_only
        self._envelope = Envelope(authserv_id=authserv_id)
        self._batch = batch
        self._is_quiet = is_quiet
        self._failures: dict[int, int] = {}
        self._validity = 0
        self._careful_until = 0
        self._position = Position()

    def go(self, session: Session) -> int:
        """Take in all that is new; the number of new arrivals."""
        validity = session.select(self.folder)
        self._position = Position.parsed(self._desk.cursor(self._source))
        if self._position.validity != validity:
            # UIDs mean other messages now. Everything is read again; the desk knows what it already has.
            self._position = Position(validity=validity)
        if self._validity != validity:
            self._validity, self._careful_until = validity, 0
            self._failures.clear()
        self._clear_away(session)
        uids = session.uids_after(self._position.last)
        taken = start = 0
        while start < len(uids):
            size = 1 if uids[start] <= self._careful_until else self._batch
            taken += self._take(session, uids[start : start + size])
            start += size
        return taken

    def _take(self, session: Session, uids: Sequence[int]) -> int:
        """Take in a window; when the server or its answer breaks on it, one by one, at last without the broken one."""
        try:
            portions = self._portions(session, uids)
            return sum(self._take_portion(session, portion, last) for portion, last in portions)
        except (OSError, IMAPClientError, ValueError, LookupError, AttributeError, TypeError) as error:
            return self._take_broken(session, uids, error)

    def _take_broken(self, session: Session, uids: Sequence[int], error: Exception) -> int:
        is_dead = _is_connection_lost(error)
        if len(uids) > 1:
            self._careful_until = uids[-1]
            if is_dead:
                raise ConnectionAbortedError("broken off over a batch") from error
            return sum(self._take(session, [uid]) for uid in uids if uid > self._position.last)
        uid = uids[0]
        self._failures[uid] = self._failures.get(uid, 0) + 1
        if self._failures[uid] >= TRIES:
            self._complain(reason("trouble_unfetched", source=self._source, uid=uid, folder=self.folder))
            self._accept([], uid, [])
        if is_dead:
            raise ConnectionAbortedError("broken off over a message") from error
        return self._take(session, [uid]) if self._failures[uid] < TRIES else 0

    def _portions(self, session: Session, uids: Sequence[int]) -> list[tuple[list[int], int]]:
        """What to fetch together, each with the UID up to which everything is dealt with once it is taken."""
        facts = session.fetch(uids, "RFC822.SIZE", "INTERNALDATE", *([_HEADERS] if self._ours_only else []))
        portions: list[tuple[list[int], int]] = [([], uids[0] - 1)]
        weight = 0
        for uid in sorted(facts):
            size = int(facts[uid].get(b"RFC822.SIZE", 0))
            if self._ours_only and not self._concerns_us(facts[uid]):
                continue
            if size > LARGEST:
                self._complain(reason("trouble_too_large", source=self._source, uid=uid, folder=self.folder))
                continue
            if portions[-1][0] and weight + size > PORTION_BYTES:
                portions[-1] = (portions[-1][0], portions[-1][0][-1])
                portions.append(([], uid))
                weight = 0
            portions[-1][0].append(uid)
            weight += size
        portions[-1] = (portions[-1][0], uids[-1])
        return portions

    def _concerns_us(self, facts: dict[bytes, Any]) -> bool:
        block = next((value for key, value in facts.items() if key.startswith(b"BODY[HEADER")), b"") or b""
        header = message_from_bytes(block[:_HEADER_LIMIT])
        addresses = [address for _, address in getaddresses(_values(header, *_SENDERS, *_RECIPIENTS)) if address]
        messages = [MessageId(part.strip("<>,")) for value in _values(header, *_REFERENCES) for part in value.split()]
        return self._desk.concerns_us(addresses, messages, " ".join(_values(header, "Subject")))

    def _take_portion(self, session: Session, uids: list[int], last: int) -> int:
        if not uids:
            return self._accept([], last, [])
        answers = session.fetch(uids, "BODY.PEEK[]", "INTERNALDATE")
        # What is missing was removed by somebody else meanwhile.
        incoming = [self._incoming(uid, answers[uid]) for uid in uids if uid in answers]
        taken = self._accept(incoming, last, uids)
        self._clear_away(session)
        return taken

    def _incoming(self, uid: int, facts: dict[bytes, Any]) -> Incoming:
        raw = facts[b"BODY[]"]
        if not isinstance(raw, bytes):
            raise ValueError("a message without content")  # noqa: TRY004 - the server's mistake, not ours
        now, arrived = self._clock(), facts.get(b"INTERNALDATE")
        is_dated = isinstance(arrived, datetime) and arrived.tzinfo is not None
        return Incoming(
            kind=ArrivalKind.MAIL,
            source=self._source,
            name=f"{self.folder}/{uid}",
            raw=raw,
            received_at=min(arrived, now) if is_dated and isinstance(arrived, datetime) else now,
            envelope=self._envelope,
        )

    def _accept(self, incoming: Sequence[Incoming], last: int, moving: Sequence[int]) -> int:
        position = Position(
            validity=self._position.validity,
            last=max(last, self._position.last),
            moving=tuple(sorted({*self._position.moving, *moving})),
        )
        try:
            acceptances = self._desk.accept(incoming, Cursor(source=self._source, position=str(position)))
        except Exception as error:
            raise _DeskError from error
        self._position = position
        return sum(not acceptance.known for acceptance in acceptances)

    def _clear_away(self, session: Session) -> None:
        """Move away what is durable. A failure costs only a tidy folder; it is tried again with the next pass."""
        if not self._position.moving:
            return
        try:
            if self._done is not None:
                session.move(self._position.moving, self._done)
            else:
                session.mark(self._position.moving, KEYWORD)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            to = self._done or KEYWORD
            self._complain(reason("trouble_not_moved", source=self._source, folder=self.folder, to=to))
            return
        self._position = Position(validity=self._position.validity, last=self._position.last)

    def _complain(self, what: Reason) -> None:
        if not self._is_quiet:
            self._desk.trouble(self._source, what)


class _DeskError(Exception):
    """The bytes could not be made durable; the mails stay in the mailbox and are tried again."""


def _is_connection_lost(error: Exception) -> bool:
    """Whether the connection is of no more use: the rest of an overlong line would be taken for answers."""
    return isinstance(error, (OSError, IMAPClientAbortError)) or "got more than" in str(error)


def _values(header: Message, *names: str) -> list[str]:
    return [str(value) for name in names for value in header.get_all(name, [])]
