"""The `mail` section of `config.yaml`: who we write as, how mail leaves, by which doors it comes in."""

from email.utils import parseaddr
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, SecretStr, ValidationInfo, field_validator, model_validator

from daemon.config.kinds import ADDRESS, Domain, Listen, Mailbox, Port, Section, Url, loopback


class Tls(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Grant(StrEnum):
    REFRESH = "refresh"
    CLIENT = "client"
    DEVICE = "device"


class OAuth(Section):
    """OAuth2 instead of a password, by XOAUTH2. `device_url`: where `login` asks, if that is not known anyway."""

    token_url: Url
    device_url: Url | None = None
    client_id: str
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    grant: Grant = Grant.REFRESH
    scope: str | None = None

    @model_validator(mode="after")
    def _grant_has_its_secret(self) -> Self:
        if self.grant is Grant.REFRESH and not self.refresh_token:
            raise ValueError("`grant: refresh` needs a refresh_token")
        if self.grant is Grant.CLIENT and not self.client_secret:
            raise ValueError("`grant: client` needs a client_secret")
        return self


class Login(Section):
    """How to reach a mail server and who we are there."""

    host: str
    port: Port
    tls: Tls
    user: str | None = None
    password: SecretStr | None = None
    oauth: OAuth | None = None

    @field_validator("tls")
    @classmethod
    def _plain_text_stays_here(cls, tls: Tls, info: ValidationInfo) -> Tls:
        if tls is Tls.NONE and not loopback(info.data.get("host", "localhost")):
            raise ValueError("none is for this machine only; use tls or starttls")
        return tls

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> Self:
        if self.password and self.oauth:
            raise ValueError("either password or oauth, not both")
        if bool(self.user) != bool(self.password or self.oauth):
            raise ValueError("user goes with password or oauth")
        return self


class SendByFolder(Section):
    via: Literal["folder"]


class SendBySmtp(Login):
    via: Literal["smtp"]
    port: Port = 587
    tls: Tls = Tls.STARTTLS
    connections: Annotated[int, Field(ge=1, le=50)] = 2
    per_minute: PositiveInt | None = None


class ReceiveByListening(Section):
    """`cert` and `key` are files; with them STARTTLS is offered."""

    via: Literal["smtp", "lmtp"]
    listen: Listen
    cert: str | None = None
    key: str | None = None
    authserv_id: str | None = None

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> Self:
        if bool(self.cert) != bool(self.key):
            raise ValueError("cert and key go together")
        return self

    @property
    def address(self) -> tuple[str, int]:
        """Host and port; an IPv6 host without its brackets."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class Take(StrEnum):
    OURS = "ours"
    ALL = "all"


class ReceiveByImap(Login):
    via: Literal["imap"]
    port: Port = 993
    tls: Tls = Tls.TLS
    user: str
    folder: str = "INBOX"
    done: str = "Processed"
    junk: str | None = None
    take: Take = Take.OURS
    authserv_id: str | None = None

    @property
    def account(self) -> str:
        """The mailbox's name among the sources."""
        return f"imap:{self.user}@{self.host}/{self.folder}"


class Bounces(StrEnum):
    TOKEN = "token"  # noqa: S105 - the word of the contract, no password
    ACCOUNT = "account"


class MailSection(Section):
    """`reply_to` is the whole pattern with `{token}` in it; without it and `reply_domain`, plus addresses of `from`.

    `imprint` stands below every mail: who writes, as the law wants it of business mail.
    """

    from_: Mailbox = Field(alias="from")
    reply_domain: Domain | None = None
    reply_to: str | None = None
    bounces: Bounces = Bounces.TOKEN
    imprint: str = ""
    send: Annotated[SendByFolder | SendBySmtp, Field(discriminator="via")]
    receive: tuple[Annotated[ReceiveByListening | ReceiveByImap, Field(discriminator="via")], ...] = ()

    @field_validator("reply_to")
    @classmethod
    def _pattern_holds_the_token(cls, pattern: str | None) -> str | None:
        if pattern is not None and not (pattern.count("{token}") == 1 and ADDRESS.fullmatch(pattern)):
            raise ValueError("must be an address with {token} in it, such as box+{token}@shop.example")
        return pattern

    @model_validator(mode="after")
    def _one_way_to_reply(self) -> Self:
        if self.reply_domain and self.reply_to:
            raise ValueError("either reply_domain or reply_to, not both")
        return self

    @property
    def address(self) -> str:
        """The bare address that we write from."""
        return parseaddr(self.from_)[1]

    @property
    def reply_pattern(self) -> str:
        """The Reply-To address with `{token}` where the token goes."""
        local, _, domain = self.address.rpartition("@")
        return self.reply_to or (
            f"reply+{{token}}@{self.reply_domain}" if self.reply_domain else f"{local}+{{token}}@{domain}"
        )
