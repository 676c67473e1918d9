"""Sends mail by SMTP to one relay, on connections that are kept open and shared by the sending threads."""

import smtplib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from daemon.edges.smtp_dialog import Answer, Dialog
from daemon.edges.smtp_relay import LineDownError, Relay
from daemon.engine.ports import Outcome, OutcomeKind, OutgoingMail

_MAILS_AT_MOST = 100
_AGE_AT_MOST = 300.0
_IDLE_UNASKED = 30.0


@dataclass
class _Line:
    dialog: Dialog
    opened_at: float
    used_at: float


class SmtpMailOut:
    """A `MailOut` by SMTP. `connections` is how many threads are meant to send at once."""

    def __init__(self, relay: Relay, *, connections: int = 2, clock: Callable[[], float] = time.monotonic) -> None:
        self.connections = connections
        self._relay = relay
        self._clock = clock
        self._lock = threading.Lock()
        self._idle: list[_Line] = []

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand over one mail; never raises for what a server or network can do."""
        line = self._kept()
        if line is not None:
            answer = self._attempt(line, mail)
            # A server may give up a kept connection at any time; that says nothing about a fresh one.
            if not answer.ours:
                return _outcome(answer)
        try:
            line = self._fresh()
        except LineDownError as error:
            return Outcome(kind=OutcomeKind.DEFERRED, reply=error.words, ours=True, login=error.login)
        return _outcome(self._attempt(line, mail))

    def check(self) -> str | None:
        """Log in without sending; None when it works, else what is wrong."""
        try:
            dialog = self._fresh().dialog
        except LineDownError as error:
            return str(error)
        works = dialog.alive()
        dialog.quit()
        return None if works else f"{self._relay.host} accepts the login but then does not answer"

    def close(self) -> None:
        with self._lock:
            lines, self._idle = self._idle, []
        for line in lines:
            line.dialog.quit()

    def _attempt(self, line: _Line, mail: OutgoingMail) -> Answer:
        try:
            answer = line.dialog.send(mail)
        except (OSError, smtplib.SMTPException):
            answer = Answer(
                OutcomeKind.DEFERRED, "the connection broke before the mail was out", usable=False, ours=True
            )
        if answer.usable:
            line.used_at = self._clock()
            with self._lock:
                self._idle.append(line)
        else:
            line.dialog.close()
        return answer

    def _fresh(self) -> _Line:
        dialog = Dialog(self._relay)
        now = self._clock()
        return _Line(dialog=dialog, opened_at=now, used_at=now)

    def _kept(self) -> _Line | None:
        """The connection used last that can be used again; those that cannot are closed."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                line = self._idle.pop()
            if self._good(line):
                return line
            line.dialog.quit()

    def _good(self, line: _Line) -> bool:
        now = self._clock()
        if line.dialog.mails >= _MAILS_AT_MOST or now - line.opened_at > _AGE_AT_MOST:
            return False
        return now - line.used_at <= _IDLE_UNASKED or line.dialog.alive()


def _outcome(answer: Answer) -> Outcome:
    return Outcome(kind=answer.kind, reply=answer.reply, ours=answer.ours)
