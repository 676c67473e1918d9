"""Builds the whole house from a workspace's files, and opens it for the commands."""

import logging
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from daemon.app import doors, files
from daemon.app.files import check_mistakes
from daemon.config import Bounces, Config, SendBySmtp, load_config, policy_of
from daemon.domain.effect import TellOperator
from daemon.domain.reason import Reason, reason
from daemon.domain.stimulus import Person
from daemon.edges.folder_names import move_to_failed
from daemon.engine.ahead import AheadReader
from daemon.engine.attempt import Attempt
from daemon.engine.awaiting import Awaiting
from daemon.engine.backtest import Backtest
from daemon.engine.brakes import Brakes
from daemon.engine.commands import Commands
from daemon.engine.dispatcher import Dispatcher
from daemon.engine.editions import Editions
from daemon.engine.foresight import Foresight
from daemon.engine.going_live import GoingLive
from daemon.engine.health import Health
from daemon.engine.hearing import Hearing
from daemon.engine.holding import Holding
from daemon.engine.intake import Intake
from daemon.engine.operator import OperatorDesk
from daemon.engine.owners import own_name, take_over
from daemon.engine.ports import Clock, Source
from daemon.engine.premises import Premises
from daemon.engine.previews import preview
from daemon.engine.privacy import Privacy, Retention
from daemon.engine.queries import Queries
from daemon.engine.reader import ChildReader
from daemon.engine.reports import Reports
from daemon.engine.rounds import Rounds
from daemon.engine.saying import Saying
from daemon.engine.stationery import Stationery
from daemon.engine.supervisor import Loop, Supervisor, only_one
from daemon.engine.ticker import Ticker
from daemon.engine.tokens import Tokens, load_keys
from daemon.engine.trust import trusted
from daemon.engine.views import BacktestView, ExplainView, RereadView, RunCounts
from daemon.engine.worker import Worker
from daemon.errors import AlreadyRunningError, ConfigError, UnknownIdError, UsageError
from daemon.store import arrivals, outbox
from daemon.store.database import Database
from daemon.writing.templates import Rendered

if TYPE_CHECKING:
    from daemon.app.probe import Probe

__all__ = ["House", "check_mistakes"]

log = logging.getLogger(__name__)


class House:
    """One workspace, opened: builds its parts, runs them, and hands them to the commands."""

    def __init__(self, home: Path, config: Config, clock: Clock) -> None:
        self.home = home
        self.config = config
        self._clock = clock
        self._database = Database(config.database_url(home))
        self._database.prepare()
        self._rules_seen = files.fingerprint(home)
        self._templates = files.templates(home)
        editions = Editions(home / files.KEPT_RULES, files.tried_rules)
        # Rules that are to be tried before they go live are tried by `run` alone; until then the last set is in force.
        if config.rules.backtest is None or not editions.adopt_last_good():
            files.adopt(editions, home)
        editions.trust(trusted(self._database))
        tokens = Tokens(load_keys(home / "state" / "key"), config.mail.reply_pattern)
        self._premises = Premises(
            home=home,
            database=self._database,
            clock=clock,
            tokens=tokens,
            editions=editions,
            policy=policy_of(config),
            owner=own_name(),
            wake=self._wake,
        )
        self._stationery = Stationery(
            templates=lambda: self._templates,
            tokens=tokens,
            from_=config.mail.from_,
            imprint=config.mail.imprint or config.mail.from_,
            bounce_sender=None if config.mail.bounces is Bounces.TOKEN else config.mail.address,
        )
        self._intake = Intake(self._premises)
        self._reader = ChildReader(home / files.KEPT_RULES)
        self._loops: list[Loop] = []
        self._sources: list[Source] = []
        self._build()

    def _build(self) -> None:
        premises, config = self._premises, self.config
        mailboxes = doors.mailbox_names(config)
        self._hearing = Hearing(mailboxes, doors.listener_names(config))
        self._mail_out = doors.mail_out(config, self.home, self._clock)
        saying = self.saying = Saying(premises, self._stationery)
        ticker = Ticker(premises, self._hearing, sync_every=config.sync.every)
        send = config.send
        self._dispatcher = Dispatcher(
            premises,
            self._stationery,
            self._mail_out,
            doors.files_out(config, self.home),
            brakes=Brakes(
                premises.names,
                mails_per_hour=config.limits.mails_per_hour,
                per_minute=send.per_minute if isinstance(send, SendBySmtp) else None,
            ),
        )
        worker = Worker(premises, AheadReader(self._reader), lambda path: move_to_failed(self.home, path))
        operator = OperatorDesk(premises, self._stationery, doors.alert(config))
        self.queries = Queries(premises, saying)
        self.commands = Commands(premises, saying, ticker)
        self.holding = Holding(premises, saying)
        self._backtest = Backtest(premises, self._reader, saying)
        self._going_live = GoingLive(premises, self._backtest, config.rules.backtest)
        self._accepted_seen = self._going_live.accepted()
        self.health = Health(premises, saying, expected=mailboxes, silent_after=config.limits.silent_after)
        self.reports = Reports(premises, self.health, digest_at=config.digest)
        self.foresight = Foresight(premises, saying, self.reports)
        kept = config.retention
        retention = Retention(arrivals=kept.arrivals, sent=kept.sent, buyers=kept.buyers)
        self.privacy = Privacy(premises, saying, retention, doors.places(config, self.home))
        jobs = (ticker, Awaiting(premises), operator, self.reports, self.privacy)
        self._rounds = Rounds(self._intake, worker, ticker, jobs, self._dispatcher)

    @classmethod
    def open(cls, home: Path, at: datetime | None = None) -> Self:
        """Open a workspace; `at` is the clock for this call, in a sandbox. ConfigError says what is wrong."""
        config = load_config(home, os.environ)
        if at is not None and not config.sandbox:
            raise UsageError("--at works in a sandbox only")
        return cls(home.absolute(), config, (lambda: at) if at is not None else _now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back."""
        self._intake.stop()
        self._rounds.close()
        self._reader.close()
        self._dispatcher.close()
        self._database.close()

    # Running

    def run_once(self) -> RunCounts:
        """Take in all that waits, decide, ring, run jobs, send, until nothing moves."""
        with self._alone():
            take_over(self._premises)
            self._dispatcher.recover()
            self._try_changed_rules()
            self._make_folders()
            sources = doors.sources(self.config, self.home, self._intake, self._clock)
            listeners = doors.listener_names(self.config)
            return self._rounds.until_nothing_moves([one for one in sources if one.name not in listeners])

    def run(self, ready: Callable[[], None] = lambda: None) -> int:
        """The daemon, in the foreground, until a signal asks it to stop; the exit status."""
        with self._alone():
            take_over(self._premises)
            self._dispatcher.recover()
            self._try_changed_rules()
            self._make_folders()
            with self._database.reading() as connection:
                self._hearing.begin(connection, self._clock())
            rounds = self._rounds
            dispatcher = Loop("dispatcher", rounds.send_step, 1.0, self._trouble)
            worker = Loop("worker", rounds.decide_step, 1.0, self._trouble, then=dispatcher.wake)
            ticker = Loop("ticker", rounds.ring_step, 1.0, self._trouble, then=dispatcher.wake)
            self._loops += [worker, ticker, dispatcher]
            self._sources = doors.sources(self.config, self.home, self._intake, self._clock)
            supervisor = Supervisor(
                self._sources,
                self._loops,
                reload=self._reload,
                changed=self._changed,
                trouble=self._trouble,
            )
            supervisor.run(ready)
        return 0

    def _alone(self) -> AbstractContextManager[None]:
        return nullcontext() if self._database.shared else only_one(self.home / "state" / "lock")

    def _wake(self) -> None:
        """Something has been taken in: the worker has to look, and who follows from it is woken by the worker."""
        for loop in self._loops[:1]:
            loop.wake()

    def _trouble(self, part: str, what: str) -> None:
        """A part is in trouble, or died and runs again: the operator hears of it once a day."""
        said = reason("part_in_trouble", part=part, what=what) if what else reason("part_died", part=part)
        self._tell(f"part:{part}:{self._clock().date()}", said)

    def _tell(self, key: str, what: Reason) -> None:
        with self._database.writing() as connection:
            outbox.queue(connection, [TellOperator(key=key, reason=what)], self._premises.names, self._clock())

    def _make_folders(self) -> None:
        """Nobody should have to make the folder that he is told to drop his files into."""
        partners = [one.party for one in self._premises.editions.current.partners]
        elsewhere = [party for party, one in self.config.folders.items() if one.in_]
        files.make_inbox(self.home, [party for party in partners if party not in elsewhere])

    # Rules and templates

    def _changed(self) -> bool:
        self._premises.editions.trust(trusted(self._database))
        seen = (files.fingerprint(self.home), self._going_live.accepted())
        return seen != (self._rules_seen, self._accepted_seen)

    def _try_changed_rules(self) -> None:
        """At the start: rules that were changed in the meantime go live if they may."""
        if self.config.rules.backtest is not None:
            with suppress(ConfigError):
                self._going_live.put_in_force(files.prepared(self._premises.editions, self.home))

    def _reload(self) -> None:
        """Put changed rules, templates and secrets in force; with any mistake the last good ones stay in force."""
        self._rules_seen, self._accepted_seen = files.fingerprint(self.home), self._going_live.accepted()
        try:
            self.config = load_config(self.home, os.environ)
            self._dispatcher.use(doors.mail_out(self.config, self.home, self._clock))
            doors.renew_logins(self.config, self.home, self._sources)
            self._going_live = GoingLive(self._premises, self._backtest, self.config.rules.backtest)
            templates = files.templates(self.home)
            in_force = self._going_live.put_in_force(files.prepared(self._premises.editions, self.home))
            self._templates = templates
            self._make_folders()
        except ConfigError as error:
            log.error("the rules were not reloaded: %s", error)  # noqa: TRY400 - a person's mistake has no traceback
            mistake = str(error.mistakes[0])
            self._tell(f"rules:{self._clock().isoformat()}", reason("rules_not_reloaded", mistake=mistake))
        else:
            log.info("rules and templates were reloaded" if in_force else "the changed rules wait to be accepted")

    # What needs more than one part of the house

    def attempt(self, file: Path, party: str | None) -> ExplainView:
        """Read and decide a file or .eml as if it arrived now, changing nothing; by the rules as they stand there."""
        editions = self._premises.editions
        rules = editions.current.hash
        with suppress(ConfigError):
            rules = files.prepared(editions, self.home)
        return Attempt(self._premises, self._reader, self.saying).view(file.name, file.read_bytes(), party, rules)

    def original(self, id_: str) -> bytes:
        """The bytes of an arrival as they came in; UnknownIdError when they are not kept."""
        with self._database.reading() as connection:
            stored, raw = arrivals.get(connection, id_), arrivals.raw(connection, id_)
        path = self.home / stored.arrival.path if stored and stored.arrival.path else None
        if raw is None and path and path.is_file():
            raw = path.read_bytes()
        if raw is None:
            raise UnknownIdError(id_)
        return raw

    def backtest(
        self, since: timedelta, folder: Path | None, told: Callable[[int, int], None] = lambda _done, _all: None
    ) -> BacktestView:
        """Decide kept arrivals again with the rules of a folder (default: the workspace's), changing nothing."""
        editions = self._premises.editions
        rules = files.prepared_from(editions, folder) if folder else files.prepared(editions, self.home)
        return self._backtest.run(rules, self._clock() - since, told=told)

    def accept_rules(self) -> None:
        """Put the workspace's rules in force, whatever they read differently."""
        rules = files.prepared(self._premises.editions, self.home)
        self._going_live.accept(rules)
        self._going_live.put_in_force(rules)

    def preview(self, template: str, language: str | None, order: str | None) -> Rendered:
        """Render a template with made-up data, or with an order's."""
        return preview(self._premises, self._templates, template, language, order)

    def probe(self) -> "list[Probe]":
        """Try the real world."""
        from daemon.app.probe import probe  # noqa: PLC0415 - only `doctor` needs it

        tokens = self._premises.tokens
        return probe(self.config, self.home, self._database, self._mail_out, self._intake, tokens, self._clock)

    def reread(self, ids: Sequence[str], person: Person) -> list[RereadView]:
        """Decide held arrivals again; beside a running daemon it is the daemon that does."""
        chosen = self.holding.reread(ids, person)
        with suppress(AlreadyRunningError), self._alone():
            self._rounds.decide_waiting()
        return self.holding.states(chosen)


def _now() -> datetime:
    return datetime.now(UTC)
