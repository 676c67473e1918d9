"""Takes out of a mailbox what is erased here, and nothing else: what is not the same mail by its content stays."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.edges.imap_session import Session
from daemon.engine.ports import ErasedMail, FrontDesk

TRIES = 3
"""So often the server may fail over one mail before a person is told that it is still there."""

_TOGETHER = 50
_DAY = timedelta(days=1)


class Removal:
    """`sources` are the names under which mails of this mailbox came in, `folders` where they may lie now."""

    def __init__(self, sources: Sequence[str], folders: Sequence[str], desk: FrontDesk) -> None:
        self._sources = sources
        self._folders = folders
        self._desk = desk
        self._failures: Counter[str] = Counter()

    def go(self, session: Session) -> bool:
        """Remove what is to be removed; whether there was anything, so that another folder is selected now."""
        found = False
        for source in self._sources:
            mails = self._desk.erased(source)
            for start in range(0, len(mails), _TOGETHER):
                self._remove_some(session, source, mails[start : start + _TOGETHER])
            found = found or bool(mails)
        return found

    def _remove_some(self, session: Session, source: str, mails: Sequence[ErasedMail]) -> None:
        left = [one for one in mails if not self._is_gone(session, one)]
        self._desk.removed(source, [one for one in mails if one not in left], left)

    def _is_gone(self, session: Session, mail: ErasedMail) -> bool:
        if self._failures[mail.identity] >= TRIES:
            return False
        try:
            # In every folder, also where it cannot be removed from the first.
            return sum(self._remove(session, folder, mail) for folder in self._folders) == len(self._folders)
        except (OSError, IMAPClientAbortError):
            self._failures[mail.identity] += 1
            raise
        except (IMAPClientError, ValueError, LookupError, TypeError):
            return False

    def _remove(self, session: Session, folder: str, mail: ErasedMail) -> bool:
        if not session.has_folder(folder):
            return True
        session.select(folder)
        same = [uid for uid in self._candidates(session, mail) if self._is_same(session, uid, mail)]
        return not same or session.expunge(same)

    def _candidates(self, session: Session, mail: ErasedMail) -> list[int]:
        if mail.message_id is not None:
            return session.search("HEADER", "Message-ID", mail.message_id)
        # By the date of its receipt, which the server may tell in any time zone.
        since, before = (mail.received_at - _DAY).date(), (mail.received_at + 2 * _DAY).date()
        return session.search("SINCE", since, "BEFORE", before)

    def _is_same(self, session: Session, uid: int, mail: ErasedMail) -> bool:
        raw = session.fetch([uid], "BODY.PEEK[]").get(uid, {}).get(b"BODY[]")
        return isinstance(raw, bytes) and self._desk.identity(raw) == mail.identity
