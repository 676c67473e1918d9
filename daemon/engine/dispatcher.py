"""Sends what is due: marked and rendered before anything leaves, settled by what the server said."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from threading import Thread

from msgspec.structs import replace
from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

from daemon.deciding import outcome
from daemon.domain.effect import Effect, SendMail, TellOperator, WriteFile, WriteInquiries, WriteReceipt
from daemon.domain.identifiers import MessageId
from daemon.domain.reason import reason
from daemon.domain.values import Value
from daemon.engine import retry, sending
from daemon.engine.brakes import OPERATOR, Brakes
from daemon.engine.ports import FilesOut, MailOut, Outcome, OutcomeKind, OutgoingMail
from daemon.engine.premises import Premises
from daemon.engine.stationery import Stationery
from daemon.store import commit, departures, outbox, snapshots
from daemon.store.departures import Settled
from daemon.store.outbox import OutboxKind, OutboxState, Queued

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=30)
_LOOK_FOR_LOST = timedelta(minutes=1)
_AGAIN = timedelta(hours=1)
_FILES = 20


class Sent(Value, frozen=True, kw_only=True):
    """`sent` and `failed` count mails; `moved` counts everything that was settled."""

    sent: int = 0
    failed: int = 0
    moved: int = 0


class Dispatcher:
    """`step` sends one batch; it may be called again at once while it says that something moved."""

    def __init__(
        self,
        premises: Premises,
        stationery: Stationery,
        mail_out: MailOut,
        files_out: FilesOut,
        *,
        brakes: Brakes,
    ) -> None:
        self._premises = premises
        self._stationery = stationery
        self._mail_out = mail_out
        self._renewed: MailOut | None = None
        self._files_out = files_out
        self._brakes = brakes
        self._looked_for_lost: datetime | None = None
        self._flying = 0
        self._landed: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
        self._unsettled: list[tuple[str, Outcome]] = []

    def recover(self) -> int:
        """Queue again what was in flight when the last run died, or waits for another password."""
        database, now = self._premises.database, self._premises.clock()
        with database.writing() as connection:
            sending.try_again(connection, now)
            return departures.recover(connection, now, shared=database.shared, owner=self._premises.owner)

    def use(self, mail_out: MailOut) -> None:
        """Send by another door from the next step on, because its secrets have changed."""
        self._renewed = mail_out

    def close(self) -> None:
        """Let go of the connections."""
        self._mail_out.close()

    def step(self) -> Sent:
        """Send what is due, as far as the brakes allow; first write down what trouble has kept from being written."""
        if self._flying:
            return self._land()
        if self._renewed is not None:
            self._mail_out.close()
            self._mail_out, self._renewed = self._renewed, None
            with self._premises.database.writing() as connection:
                sending.try_again(connection, self._premises.clock())
        files = self._write_files()
        mails = self._claim()
        return _sum(files, self._send(mails) if mails else Sent())

    # Mails

    def _claim(self) -> list[OutgoingMail]:
        now = self._premises.clock()
        with self._premises.database.writing() as connection:
            self._find_lost(connection, now)
            allowance = self._brakes.allowance(connection, now)
            room = min(allowance.mails, max(4, 4 * self._mail_out.connections))
            if room <= 0:
                return []
            departures.collapse(connection)
            due = departures.due(
                connection,
                now,
                room,
                kinds=[OutboxKind.MAIL],
                paused_partners=allowance.paused,
                only_template=allowance.only_template,
            )
            ready = [self._ready(connection, one, now) for one in due]
            return [one for one in ready if one is not None]

    def _find_lost(self, connection: Connection, now: datetime) -> None:
        """Now and then queue what nobody is sending any more; we are not, as nothing of ours is flying now."""
        premises, last = self._premises, self._looked_for_lost
        if last is None or abs(now - last) >= _LOOK_FOR_LOST:
            departures.recover(connection, now, shared=premises.database.shared, owner=premises.owner)
            self._looked_for_lost = now

    def _ready(self, connection: Connection, queued: Queued, now: datetime) -> OutgoingMail | None:
        effect = queued.effect
        if not isinstance(effect, SendMail):
            return None
        if queued.content is None:
            try:
                with connection.begin_nested():
                    composed = self._stationery.mail(connection, queued, effect, now)
                    queued = replace(queued, content=composed.content, recipient=composed.recipient)
                    departures.keep_content(connection, queued, composed.subject, composed.text)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not stop the others
                log.warning("mail %s cannot be written: %s", queued.key, type(error).__name__)
                departures.postpone(connection, queued.key, now + _AGAIN, "cannot be written")
                self._tell_unwritable(connection, queued.key, effect, now)
                return None
        departures.mark_in_flight(connection, queued, self._premises.owner, now, _LEASE)
        return OutgoingMail(
            key=queued.key,
            message_id=MessageId(queued.message_id or ""),
            sender=self._stationery.sender(queued),
            recipient=queued.recipient or "",
            content=queued.content or b"",
        )

    def _send(self, mails: Sequence[OutgoingMail]) -> Sent:
        """By threads that nobody waits for at the end: a relay may keep one for minutes before it says anything."""
        waiting: SimpleQueue[OutgoingMail] = SimpleQueue()
        for mail in mails:
            waiting.put(mail)
        self._flying = len(mails)
        for _ in range(min(max(1, self._mail_out.connections), len(mails))):
            Thread(target=self._fly, args=(waiting, self._landed), name="send", daemon=True).start()
        return self._land()

    def _land(self) -> Sent:
        """Wait for all that is flying; an outcome is forgotten only once it is written down."""
        total = Sent()
        while self._flying:
            if not self._unsettled:
                self._unsettled.append(self._landed.get())
            while not self._landed.empty():
                self._unsettled.append(self._landed.get())
            total = _sum(total, self._settle(self._unsettled))
            self._flying -= len(self._unsettled)
            self._unsettled.clear()
        return total

    def _fly(self, waiting: "SimpleQueue[OutgoingMail]", landed: "SimpleQueue[tuple[str, Outcome]]") -> None:
        with suppress(Empty):
            while True:
                mail = waiting.get_nowait()
                landed.put((mail.key, self._outcome(mail)))

    def _outcome(self, mail: OutgoingMail) -> Outcome:
        try:
            return self._mail_out.send(mail)
        except Exception as error:  # noqa: BLE001 - it may have left all the same
            log.error("sending failed in an unforeseen way: %s", type(error).__name__)  # noqa: TRY400 - no contents
            return Outcome(kind=OutcomeKind.UNKNOWN, reply=type(error).__name__)

    def _settle(self, outcomes: Sequence[tuple[str, Outcome]]) -> Sent:
        now = self._premises.clock()
        total = Sent()
        with self._premises.database.writing() as connection:
            for key, said in outcomes:
                queued = outbox.get(connection, key)
                if queued is None or queued.state is OutboxState.SENT:
                    continue
                settled = _settled(queued, said, now)
                departures.settle(connection, [settled])
                self._follow(connection, queued, settled, now)
                delivered = settled.state is OutboxState.SENT
                total = _sum(total, Sent(sent=int(delivered), failed=int(not delivered), moved=1))
            sending.note(connection, [said for _, said in outcomes], self._premises.names, now)
        return total

    def _follow(self, connection: Connection, queued: Queued, settled: Settled, now: datetime) -> None:
        """What becomes true because a mail has been handed over, or never will be."""
        mail = queued.effect
        if not isinstance(mail, SendMail) or mail.template == OPERATOR or settled.state is OutboxState.QUEUED:
            return
        premises = self._premises
        rulebook, policy = premises.editions.current, premises.policy
        try:
            with connection.begin_nested():
                snapshot = snapshots.load(connection, outcome.lookup(mail))
                if settled.state is OutboxState.SENT:
                    decision = outcome.sent(mail, settled.reply, snapshot, rulebook, policy, now)
                else:
                    decision = outcome.refused(mail, settled.reply, snapshot, rulebook, policy, now)
                commit.write(connection, decision, premises.names, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # The mail has left; that must be written down whatever else fails.
            log.exception("what follows from mail %s could not be written", queued.key)

    def _tell_unwritable(self, connection: Connection, key: str, mail: SendMail, now: datetime) -> None:
        if mail.template == OPERATOR:
            return
        said = reason("mail_unwritable", template=mail.template)
        line = TellOperator(key=f"unwritable:{key}", reason=said, about=mail.about)
        outbox.queue(connection, [line], self._premises.names, now)

    # Files

    def _write_files(self) -> Sent:
        """Outside a writing transaction, as a long receipt takes its time; writing one again changes nothing."""
        now = self._premises.clock()
        with self._premises.database.reading() as connection:
            allowance = self._brakes.files(connection)
            if allowance is None:
                return Sent()
            kinds = [OutboxKind.FILE, OutboxKind.RECEIPT]
            due = departures.due(connection, now, _FILES, kinds=kinds, paused_partners=allowance.paused)
            settled = [self._written(connection, one, now) for one in due]
        if settled:
            with self._premises.database.writing() as connection:
                departures.settle(connection, settled)
        return Sent(moved=len(settled))

    def _written(self, connection: Connection, queued: Queued, now: datetime) -> Settled:
        try:
            path = self._write(connection, queued, queued.effect)
        except (OperationalError, InterfaceError):
            raise
        except OSError as error:
            again = retry.next_try(now, queued.attempts + 1, None)
            return Settled(key=queued.key, state=OutboxState.QUEUED, reply=error.strerror or "", next_try=again)
        except Exception:
            log.exception("file %s cannot be written", queued.key)
            return Settled(key=queued.key, state=OutboxState.QUEUED, reply="cannot be written", next_try=now + _AGAIN)
        return Settled(key=queued.key, state=OutboxState.SENT, reply=path, sent_at=now)

    def _write(self, connection: Connection, queued: Queued, effect: Effect) -> str:
        stationery, files_out = self._stationery, self._files_out
        match effect:
            case WriteReceipt():
                return files_out.write(effect.party, *stationery.receipt(connection, effect))
            case WriteFile():
                return files_out.write(effect.party, *stationery.file(queued, effect))
            case WriteInquiries():
                return files_out.renew(effect.party, *stationery.inquiries(connection, effect))
            case _:
                raise TypeError(queued.kind)


def _settled(queued: Queued, said: Outcome, now: datetime) -> Settled:
    if said.kind is OutcomeKind.DELIVERED:
        return Settled(key=queued.key, state=OutboxState.SENT, reply=said.reply, sent_at=now)
    over = retry.is_over(now, queued.first_try or now) and not said.ours
    if said.kind is OutcomeKind.REFUSED or over:
        return Settled(key=queued.key, state=OutboxState.REFUSED, reply=said.reply)
    again = retry.when_ours(now, said.wait) if said.ours else retry.next_try(now, queued.attempts + 1, said.wait)
    return Settled(
        key=queued.key,
        state=OutboxState.QUEUED,
        reply=said.reply,
        next_try=again,
        counts=not said.ours,
        unsure=said.kind is OutcomeKind.UNKNOWN,
    )


def _sum(one: Sent, other: Sent) -> Sent:
    return Sent(sent=one.sent + other.sent, failed=one.failed + other.failed, moved=one.moved + other.moved)
