"""`config.yaml` to a frozen Config, or every mistake in it at once with file and line."""

from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, PositiveInt, field_validator, model_validator

from daemon.config.kinds import Address, ClockTime, Database, Locale, Party, Section, Span, Timezone, Url
from daemon.config.mail import (
    Bounces,
    Grant,
    Login,
    MailSection,
    OAuth,
    ReceiveByImap,
    ReceiveByListening,
    SendByFolder,
    SendBySmtp,
    Take,
    Tls,
)
from daemon.config.variables import Variables
from daemon.domain.policy import BusinessHours, BuyerMails, ClockStart, Policy, TimeUnit
from daemon.errors import ConfigError, Mistake
from daemon.rules import strict_yaml
from daemon.rules.models import check

__all__ = [
    "Bounces",
    "Config",
    "Grant",
    "Login",
    "OAuth",
    "ReceiveByImap",
    "ReceiveByListening",
    "Retention",
    "SendByFolder",
    "SendBySmtp",
    "Take",
    "Tls",
    "load_config",
    "policy_of",
]

FILE = "config.yaml"


class Folder(Section):
    """A partner's folders elsewhere; a missing one stays below `inbox/` or `outbox/`."""

    in_: str | None = Field(default=None, alias="in")
    out: str | None = None
    poll: Span = timedelta(seconds=15)


class Alert(Section):
    """A way to reach the operator that is not mail; `{text}` stands for what happened."""

    command: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("either command or url")
        return self


class Limits(Section):
    """`silent_after` is how long a source may go without having been read before `status` complains."""

    mails_per_hour: PositiveInt = 2000
    silent_after: Span = timedelta(hours=1)


class StandardDelivery(Section):
    starts: ClockStart = ClockStart.RECEIVED
    unit: TimeUnit = TimeUnit.WORKING_DAYS
    cut_off: ClockTime | None = None

    @model_validator(mode="after")
    def _cut_off_needs_days(self) -> Self:
        if self.cut_off and self.unit.is_of_hours:
            raise ValueError("`cut_off` goes with days and working days; hours count from the moment itself")
        return self


class Business(Section):
    """The hours of a working day in which somebody is there, for clocks that count `working hours`."""

    opens: ClockTime = time(9)
    closes: ClockTime = time(17)

    @model_validator(mode="after")
    def _opens_first(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("`opens` must be before `closes`")
        return self


class Acks(StrEnum):
    TROUBLE = "trouble"
    ALL = "all"


class Confirm(StrEnum):
    AFTER_CONTRACT = "after_contract"
    DIRECT = "direct"


class Handshake(StrEnum):
    ONE_SIDED = "one_sided"
    TWO_SIDED = "two_sided"


class Inquiries(Section):
    """`handshake`: who confirms before a relationship is active; without `show_contact` both know only our address."""

    confirm: Confirm = Confirm.AFTER_CONTRACT
    handshake: Handshake = Handshake.ONE_SIDED
    show_contact: bool = True


class Sync(Section):
    every: Span = timedelta(minutes=15)


class Rules(Section):
    """With `backtest`, changed rules that read the kept arrivals of that time differently wait until accepted."""

    backtest: Span | None = None


class Retention(Section):
    """How long each kind of data is kept once it is over, before it is erased.

    `arrivals`: mails and files that came in, with what was read of them. `sent`: mails and files of ours. `buyers`: the
    person in an order that has ended.
    """

    arrivals: Span = timedelta(days=730)
    sent: Span = timedelta(days=730)
    buyers: Span = timedelta(days=730)


class Config(Section):
    """How this installation is wired. In a sandbox no mail server is used, whatever `mail` says."""

    sandbox: bool = False
    go_live: AwareDatetime | None = None
    database: Database = "sqlite:///state/postbote.db"
    locale: Locale = "de-DE"
    timezone: Timezone = "Europe/Berlin"
    operator: Address
    alert: Alert | None = None
    digest: ClockTime | None = None
    mail: MailSection
    folders: dict[Party, Folder] = {}
    limits: Limits = Limits()
    buyer_mails: BuyerMails = BuyerMails.SEND
    standard_delivery: StandardDelivery = StandardDelivery()
    business_hours: Business = Business()
    acks: Acks = Acks.TROUBLE
    inquiries: Inquiries = Inquiries()
    sync: Sync = Sync()
    rules: Rules = Rules()
    retention: Retention = Retention()

    @field_validator("folders")
    @classmethod
    def _folder_has_one_speaker(cls, folders: dict[str, Folder]) -> dict[str, Folder]:
        """The folder says who speaks, so two parties cannot drop into the same one."""
        owners: dict[str, str] = {}
        for party, folder in folders.items():
            if folder.in_ and (other := owners.setdefault(folder.in_.rstrip("/"), party)) != party:
                raise ValueError(f"{other} and {party} have the same `in` folder")
        return folders

    @property
    def send(self) -> SendByFolder | SendBySmtp:
        """How mail leaves."""
        return SendByFolder(via="folder") if self.sandbox else self.mail.send

    @property
    def receive(self) -> tuple[ReceiveByListening | ReceiveByImap, ...]:
        """The doors by which mail comes in, besides `inbox/mail/`."""
        return () if self.sandbox else self.mail.receive

    def database_url(self, home: Path) -> str:
        """The database's address, a SQLite file's path taken from the workspace."""
        kind, file = self.database.split(":///", 1) if self.database.startswith("sqlite") else ("", "")
        return f"{kind}:///{home.absolute() / file}" if kind else self.database


def policy_of(config: Config) -> Policy:
    """The part that decisions look at."""
    mail = config.mail
    mailboxes = (one.user for one in mail.receive if isinstance(one, ReceiveByImap) and "@" in one.user)
    reply = mail.reply_pattern.replace("+{token}", "").replace("{token}", "reply")
    return Policy(
        operator=config.operator,
        locale=config.locale,
        timezone=config.timezone,
        go_live=config.go_live,
        clock_start=config.standard_delivery.starts,
        clock_unit=config.standard_delivery.unit,
        cut_off=config.standard_delivery.cut_off,
        business_hours=BusinessHours(opens=config.business_hours.opens, closes=config.business_hours.closes),
        buyer_mails=config.buyer_mails,
        ack_all=config.acks is Acks.ALL,
        direct_confirmation=config.inquiries.confirm is Confirm.DIRECT,
        two_sided_handshake=config.inquiries.handshake is Handshake.TWO_SIDED,
        show_contact=config.inquiries.show_contact,
        own_addresses=tuple(dict.fromkeys((mail.address, reply, *mailboxes))),
    )


def load_config(home: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of a workspace; ConfigError carries every mistake in it."""
    try:
        text = (home / FILE).read_text("utf-8")
    except FileNotFoundError:
        problem = f"there is no {FILE} in {home}; `postbote init DIR` makes a workspace, --home DIR names one"
        raise ConfigError([Mistake(file=FILE, line=1, problem=problem)]) from None
    except (OSError, UnicodeDecodeError) as error:
        problem = "not UTF-8" if isinstance(error, UnicodeDecodeError) else f"cannot be read: {error.strerror}"
        raise ConfigError([Mistake(file=FILE, line=1, problem=problem)]) from None
    value, lines, mistakes = strict_yaml.read(FILE, text)
    if value is None and mistakes:
        raise ConfigError(mistakes)
    variables = Variables(FILE, home, environ, lines)
    config, more = check(FILE, variables.fill({} if value is None else value), lines, Config)
    troubled = {one.line for one in variables.mistakes}
    found = [*mistakes, *variables.mistakes, *(one for one in more if one.line not in troubled)]
    if config is None or found:
        raise ConfigError(sorted(found, key=lambda one: one.line))
    return config
