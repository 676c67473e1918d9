"""Mails ourselves and waits for it: a wrong address, relay or mailbox shows before a partner answers."""

import time
from collections.abc import Sequence
from email.utils import format_datetime

from daemon.domain.arrival import Envelope
from daemon.domain.reason import Reason, reason
from daemon.engine.intake import Intake
from daemon.engine.ports import Clock, MailOut, OutcomeKind, OutgoingMail, Source
from daemon.engine.tokens import Tokens
from daemon.reading.mails.glance import glance

_PATIENCE = 60.0
_BETWEEN = 2.0


class RoundTrip:
    """`sources` are asked while waiting; a listener is up only while `postbote run` is, which shares our database."""

    def __init__(
        self,
        mail_out: MailOut,
        sources: Sequence[Source],
        intake: Intake,
        tokens: Tokens,
        clock: Clock,
        *,
        address: str,
    ) -> None:
        self._mail_out = mail_out
        self._sources = sources
        self._intake = intake
        self._tokens = tokens
        self._clock = clock
        self._address = address

    def to_from(self) -> Reason | None:
        """Whether a mail to our From address comes back to us; None when it does, else what is wrong."""
        return self._try(self._address)

    def to_reply_to(self) -> Reason | None:
        """The same for the address that partners answer to."""
        return self._try(self._reply_to())

    def _reply_to(self) -> str:
        return self._tokens.reply_address(self._tokens.conversation_id("doctor"))

    def _try(self, recipient: str) -> Reason | None:
        mail = self._mail(recipient)
        said = self._mail_out.send(mail)
        if said.kind is not OutcomeKind.DELIVERED:
            return reason("probe_mail_refused", address=recipient, why=said.reply)
        identity = f"mail:{glance(mail.content, Envelope()).identity}"
        end = time.monotonic() + _PATIENCE
        while not self._intake.is_claimed(identity):
            if time.monotonic() > end:
                return reason("probe_mail_lost", address=recipient, seconds=f"{_PATIENCE:.0f}")
            for source in self._sources:
                source.poll()
            time.sleep(_BETWEEN)
        return None

    def _mail(self, recipient: str) -> OutgoingMail:
        now = self._clock()
        message_id = self._tokens.message_id(f"doctor:{recipient}:{now.isoformat()}")
        # The token in Cc has it recognised as ours in a mailbox that people use too.
        head = (
            f"From: {self._address}",
            f"To: {recipient}",
            f"Cc: {self._reply_to()}",
            f"Subject: postbote doctor {now.isoformat(timespec='seconds')}",
            f"Date: {format_datetime(now)}",
            f"Message-ID: <{message_id}>",
            "Auto-Submitted: auto-generated",
            "X-Postbote-Template: doctor",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii",
        )
        content = "\r\n".join((*head, "", "This mail tries the way to ourselves. Nobody needs to read it.", ""))
        return OutgoingMail(
            key=f"doctor:{recipient}",
            message_id=message_id,
            sender=self._address,
            recipient=recipient,
            content=content.encode("ascii", errors="replace"),
        )
