"""The door for a mailbox over IMAP: waits in IDLE, reads what is new, and comes back after every failure."""

import contextlib
import ssl
import threading
from collections.abc import Iterator
from typing import Literal

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.domain.reason import Reason, reason
from daemon.edges.imap_intake import TRIES, FolderIntake
from daemon.edges.imap_removal import Removal
from daemon.edges.imap_session import Account, LoginRefusedError, Session
from daemon.engine.ports import Clock, FrontDesk, NoRoomError

LONGEST_PAUSE = 300.0
_QUIET_FAILURES = 2
"""So many failed connections in a row are everyday life and nobody is told."""


class Mailbox:
    """One account. `take` is `ours` (only mail that concerns us, the rest stays untouched) or `all`."""

    def __init__(
        self,
        name: str,
        account: Account,
        desk: FrontDesk,
        clock: Clock,
        *,
        folder: str = "INBOX",
        done: str | None = None,
        junk: str | None = None,
        take: Literal["ours", "all"] = "ours",
        authserv_id: str | None = None,
        batch: int = 500,
        poll_every: float = 120.0,
        idle_renew: float = 300.0,
        first_pause: float = 1.0,
        login_pause: float = 600.0,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.name = name
        self._account = account
        self._desk = desk
        self._clock = clock
        self._context = context or ssl.create_default_context()
        self._poll_every = poll_every
        self._idle_renew = idle_renew
        self._first_pause = first_pause
        self._login_pause = login_pause
        self._folder, self._done, self._junk = folder, done, junk

        def intake(folder: str, source: str, *, ours_only: bool) -> FolderIntake:
            return FolderIntake(
                folder,
                source=source,
                desk=desk,
                clock=clock,
                done=done,
                ours_only=ours_only,
                authserv_id=authserv_id,
                batch=batch,
                is_quiet=source != name,
            )

        self._intake = intake(folder, name, ours_only=take == "ours")
        self._junk_intake = intake(junk, f"{name}/junk", ours_only=True) if junk else None
        names = (name, f"{name}/junk") if junk else (name,)
        folders = [one for one in dict.fromkeys((done, folder, junk)) if one]
        self._removal = Removal(names, folders, desk)
        self._stopped = threading.Event()
        self._renewed = threading.Event()
        self._session: Session | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the wait; whoever is in the middle of a batch gets a moment, then loses the connection."""
        self._stopped.set()
        self._renewed.set()
        if self._thread is None:
            return
        self._thread.join(3)
        if self._thread.is_alive() and self._session is not None:
            self._session.abort()
            self._thread.join(5)

    def renew(self, account: Account) -> None:
        """Log in like this from now on; at once, if the login was refused."""
        self._account = account
        self._renewed.set()

    def poll(self) -> int:
        """One full pass over a connection of its own."""
        try:
            return self._pass_over_breaks()
        except LoginRefusedError:
            self._report_login()
        except Exception as error:  # noqa: BLE001 - trouble with one mailbox must not stop the others
            self._desk.trouble(self.name, _told(error, self.name))
        return 0

    def _pass_over_breaks(self) -> int:
        """A message that breaks the connection must not keep the others from a run that ends after one pass."""
        broken = (ConnectionAbortedError, ConnectionResetError, IMAPClientAbortError)
        for _ in range(TRIES + 1):
            with contextlib.suppress(*broken), Session(self._account, self._context) as session:
                self._prepare(session)
                return self._pass(session)
        with Session(self._account, self._context) as session:
            self._prepare(session)
            return self._pass(session)

    def check(self) -> Reason | None:
        """Log in and open the folder without taking anything; None when it works, else what is wrong (for `doctor`)."""
        try:
            with Session(self._account, self._context) as session:
                if not session.has_folder(self._folder):
                    return reason("trouble_no_folder", source=self.name, folder=self._folder)
        except LoginRefusedError:
            return self._login_refused()
        except Exception as error:  # noqa: BLE001 - whatever it is, a person reads it as one sentence
            return _told(error, self.name)
        return None

    def _run(self) -> None:
        self._failures = 0
        while not self._stopped.is_set():
            self._renewed.clear()
            try:
                self._stay()
            except LoginRefusedError:
                self._report_login()
                if not self._stopped.is_set():
                    self._renewed.wait(self._login_pause)
            except Exception as error:  # noqa: BLE001 - a mailbox comes back after whatever happened to it
                self._pause_after(error)

    def _stay(self) -> None:
        """Connect, and read for as long as the connection holds."""
        with Session(self._account, self._context) as session:
            self._session = session
            self._prepare(session)
            while not self._stopped.is_set():
                self._pass(session)
                self._failures = 0
                if session.can_idle:
                    session.wait_for_news(self._idle_renew, self._stopped.is_set)
                else:
                    self._stopped.wait(self._poll_every)

    def _prepare(self, session: Session) -> None:
        if self._done is not None:
            session.ensure_folder(self._done)
        if self._junk is not None:
            with _forgiving():
                session.ensure_folder(self._junk)

    def _pass(self, session: Session) -> int:
        started = self._clock()
        taken = 0
        if self._junk_intake is not None:
            with _forgiving():
                taken = self._junk_intake.go(session)
        taken += self._intake.go(session)
        self._desk.seen(self.name, started)
        if self._removal.go(session):
            # It has selected other folders, and meanwhile something may have come.
            taken += self._intake.go(session)
        return taken

    def _pause_after(self, error: Exception) -> None:
        if self._stopped.is_set():
            return
        self._failures += 1
        if self._failures > _QUIET_FAILURES:
            self._desk.trouble(self.name, _told(error, self.name))
        self._stopped.wait(min(self._first_pause * 2 ** min(self._failures - 1, 16), LONGEST_PAUSE))

    def _report_login(self) -> None:
        self._desk.trouble(self.name, self._login_refused(), login=True)

    def _login_refused(self) -> Reason:
        return reason("trouble_login", source=self.name, host=self._account.host, user=self._account.user)


@contextlib.contextmanager
def _forgiving() -> Iterator[None]:
    """Let the server refuse what concerns junk alone; a connection that is gone is gone all the same."""
    try:
        yield
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return


def _told(error: Exception, source: str) -> Reason:
    """What went wrong in one sentence. A server's own words may hold anything, so they are not repeated."""
    if isinstance(error.__cause__, NoRoomError):
        return reason("trouble_no_room", source=source)
    if isinstance(error, ssl.SSLCertVerificationError):
        return reason("trouble_certificate", source=source, why=error.verify_message)
    if isinstance(error, TimeoutError):
        return reason("trouble_no_answer", source=source)
    if isinstance(error, OSError):
        return reason("trouble_unreachable", source=source, why=error.strerror or error)
    if isinstance(error, IMAPClientError):
        return reason("trouble_broken_off", source=source)
    return reason("trouble_not_taken", source=source)
