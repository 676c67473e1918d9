"""Makes the edges of a configuration: by what mail and files come in and leave; loads none that is not used."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.config import Config, Login, ReceiveByImap, ReceiveByListening, SendBySmtp
from daemon.domain.arrival import ArrivalKind
from daemon.edges.folder_out import FolderFilesOut, FolderMailOut
from daemon.edges.folder_scan import FolderSpec, inbox_folders
from daemon.engine.ports import Clock, FilesOut, FrontDesk, MailOut, Source
from daemon.engine.privacy import Places

if TYPE_CHECKING:
    from daemon.edges.imap_in import Mailbox
    from daemon.edges.imap_session import Account
    from daemon.edges.oauth import TokenSource


def mailbox_names(config: Config) -> tuple[str, ...]:
    """The names of all sources of mail except the folder."""
    return tuple(_name(one) for one in config.receive)


def listener_names(config: Config) -> tuple[str, ...]:
    """The names of those that only listen."""
    return tuple(_name(one) for one in config.receive if isinstance(one, ReceiveByListening))


def _name(one: ReceiveByListening | ReceiveByImap) -> str:
    return one.account if isinstance(one, ReceiveByImap) else f"{one.via}:{one.listen}"


def sources(config: Config, home: Path, desk: FrontDesk, clock: Clock) -> list[Source]:
    """Everything by which something comes in."""
    from daemon.edges.folder_in import Folders  # noqa: PLC0415 - only a run takes something in

    folders = Folders(home, lambda: _folders(config, home), desk, clock)
    return [folders, *(_receiver(one, home, desk, clock) for one in config.receive)]


def renew_logins(config: Config, home: Path, opened: Sequence[Source]) -> None:
    """Let the mailboxes that are open log in as the configuration says now."""
    configured = {one.account: one for one in config.receive if isinstance(one, ReceiveByImap)}
    if not configured:
        return
    from daemon.edges.imap_in import Mailbox  # noqa: PLC0415 - loaded only where it is configured

    for source in opened:
        if isinstance(source, Mailbox) and source.name in configured:
            source.renew(_account(configured[source.name], home))


def _receiver(one: ReceiveByListening | ReceiveByImap, home: Path, desk: FrontDesk, clock: Clock) -> Source:
    if isinstance(one, ReceiveByImap):
        return mailbox(one, home, desk, clock)
    import ssl  # noqa: PLC0415 - loaded only where it is configured

    from daemon.edges.smtp_in import SmtpListener  # noqa: PLC0415

    host, port = one.address
    tls = None
    if one.cert and one.key:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(home / one.cert, home / one.key)
    return SmtpListener(
        name=_name(one),
        host=host,
        port=port,
        desk=desk,
        clock=clock,
        lmtp=one.via == "lmtp",
        tls=tls,
        authserv_id=one.authserv_id,
    )


def mailbox(one: ReceiveByImap, home: Path, desk: FrontDesk, clock: Clock) -> "Mailbox":
    """The reader of one mailbox."""
    from daemon.edges.imap_in import Mailbox  # noqa: PLC0415 - loaded only where it is configured

    return Mailbox(
        one.account,
        _account(one, home),
        desk,
        clock,
        folder=one.folder,
        done=one.done,
        junk=one.junk,
        take=one.take.value,
        authserv_id=one.authserv_id,
    )


def _account(one: ReceiveByImap, home: Path) -> "Account":
    from daemon.edges.imap_session import Account  # noqa: PLC0415 - loaded only where it is configured

    secret = one.password
    return Account(
        host=one.host,
        port=one.port,
        tls=one.tls.value,
        user=one.user,
        password=secret.get_secret_value if secret else None,
        tokens=_tokens(one, home),
    )


def _tokens(one: Login, home: Path) -> "TokenSource | None":
    """The access tokens of a login that goes by OAuth2."""
    if one.oauth is None:
        return None
    from daemon.app.consents import tokens  # noqa: PLC0415 - loaded only where it is configured

    return tokens(one.oauth, one.user or "", home)


def mail_out(config: Config, home: Path, clock: Clock) -> MailOut:
    """The one door by which mail leaves."""
    send = config.send
    if not isinstance(send, SendBySmtp):
        return FolderMailOut(folder=home / "outbox" / "mail", clock=clock)
    from daemon.edges.smtp_out import SmtpMailOut  # noqa: PLC0415 - loaded only where it is configured
    from daemon.edges.smtp_relay import Relay  # noqa: PLC0415

    relay = Relay(
        host=send.host,
        port=send.port,
        tls=send.tls.value,
        user=send.user,
        password=send.password.get_secret_value() if send.password else None,
        tokens=_tokens(send, home),
    )
    return SmtpMailOut(relay, connections=send.connections)


def files_out(config: Config, home: Path) -> FilesOut:
    """The one door by which files leave."""
    elsewhere = {party: home / one.out for party, one in config.folders.items() if one.out}
    return FolderFilesOut(workspace=home, elsewhere=elsewhere)


def _folders(config: Config, home: Path) -> list[FolderSpec]:
    elsewhere = [
        FolderSpec(party=party, path=home / one.in_, kind=ArrivalKind.FILE, poll=one.poll.total_seconds())
        for party, one in config.folders.items()
        if one.in_
    ]
    moved = {one.party for one in elsewhere}
    return [*(one for one in inbox_folders(home) if one.party not in moved), *elsewhere]


def places(config: Config, home: Path) -> Places:
    """Where what came in lies besides the database."""
    return Places(
        folders=(home / "inbox", *(home / one.in_ for one in config.folders.values() if one.in_)),
        mailboxes=frozenset(
            name
            for one in config.receive
            if isinstance(one, ReceiveByImap)
            for name in (one.account, f"{one.account}/junk")
        ),
    )


def alert(config: Config) -> Callable[[str], None] | None:
    """The way to the operator that is not mail, if there is one."""
    if config.alert is None or config.sandbox:
        return None
    from daemon.edges.alert_out import by_command, by_url  # noqa: PLC0415 - loaded only where it is configured

    return by_command(config.alert.command) if config.alert.command else by_url(config.alert.url or "")


def free_space(home: Path) -> int:
    """How many bytes are free where the workspace lies."""
    return shutil.disk_usage(home).free
