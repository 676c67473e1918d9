"""A real Dovecot on loopback with odd ports; every user name is a fresh mailbox with the password `secret`."""

import contextlib
import getpass
import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.support.waiting import wait_until

PASSWORD = "secret"

_CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {login_user}
first_valid_uid = 0
mail_location = maildir:{home}/mail/%u
mail_home = {home}/mail/%u/home
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
auth_failure_delay = 0
mail_max_userip_connections = 20
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u/home allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
"""


@dataclass(frozen=True)
class Dovecot:
    home: Path
    imap: int
    imaps: int
    lmtp: int

    def start(self) -> None:
        # No pipes: the server would inherit them and keep them open.
        quiet = subprocess.DEVNULL
        subprocess.run(
            ["dovecot", "-c", self.home / "dovecot.conf"], check=True, stdout=quiet, stderr=quiet, timeout=20
        )
        wait_until(lambda: _answers(self.imap) and _answers(self.lmtp))

    @property
    def is_running(self) -> bool:
        return (self.home / "run/master.pid").exists()

    def stop(self) -> None:
        """End it; mailboxes stay, so that it may be started again on the same ports."""
        pid_file = self.home / "run/master.pid"
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
        wait_until(lambda: not pid_file.exists() and all(map(_is_free, (self.imap, self.imaps, self.lmtp))))

    @property
    def context(self) -> ssl.SSLContext:
        """Trusts this server's certificate, and nothing else."""
        return ssl.create_default_context(cafile=str(self.home / "cert.pem"))

    def deliver(self, user: str, *mails: bytes) -> None:
        """Hand mails over by LMTP, as a mail server would."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            for mail in mails:
                client.sendmail("sender@example.org", [user], mail)

    @contextlib.contextmanager
    def client(self, user: str, folder: str | None = "INBOX") -> Iterator[IMAPClient]:
        """Another program that reads the same mailbox."""
        with IMAPClient("127.0.0.1", port=self.imap, ssl=False, timeout=10) as client:
            client.login(user, PASSWORD)
            if folder is not None:
                client.select_folder(folder)
            yield client

    def kick(self, user: str) -> None:
        """Close a user's connections, as a server does now and then; fails when there is none."""
        command = ["doveadm", "-c", str(self.home / "dovecot.conf"), "kick", user]
        subprocess.run(command, check=True, capture_output=True, timeout=20)

    def count(self, user: str, folder: str) -> int:
        with self.client(user, None) as client:
            return int(client.folder_status(folder, ["MESSAGES"])[b"MESSAGES"])


@contextlib.contextmanager
def running_dovecot(more: Callable[[Path], str] = lambda _: "") -> Iterator[Dovecot]:
    """Start one; without the program the test is skipped, but never where CI promises that it is there.

    `more` makes, in the server's home, what is added to its configuration.
    """
    if shutil.which("dovecot") is None:
        if os.environ.get("CI"):
            pytest.fail("Dovecot is not installed")
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd dovecot-lmtpd)")
    # A short path that other users may enter: Dovecot's workers are not root, and its sockets allow 107 bytes.
    home = Path(tempfile.mkdtemp(prefix="dovecot-"))
    home.chmod(0o755)
    try:
        server = _configured(home, more)
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _configured(home: Path, more: Callable[[Path], str]) -> Dovecot:
    imap, imaps, lmtp = free_ports(3)
    is_root = os.geteuid() == 0
    me, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    owner = pwd.getpwnam("mail") if is_root else pwd.getpwuid(os.geteuid())
    for name in ("run", "mail", "state"):
        (home / name).mkdir()
    if is_root:
        os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    _certify(home)
    config = _CONFIG.format(
        home=home,
        user="dovecot" if is_root else me,
        group="dovecot" if is_root else group,
        login_user="dovenull" if is_root else me,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        imap=imap,
        imaps=imaps,
        lmtp=lmtp,
    )
    (home / "dovecot.conf").write_text(config + more(home))
    return Dovecot(home=home, imap=imap, imaps=imaps, lmtp=lmtp)


def _certify(home: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    command += ["-keyout", str(home / "key.pem"), "-out", str(home / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def _is_free(port: int) -> bool:
    """Whether a server could listen there, which is later than the end of the one that did."""
    with contextlib.suppress(OSError), socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(("127.0.0.1", port))
        return True
    return False


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError, imaplib.IMAP4.error), socket.create_connection(("127.0.0.1", port), 1) as sock:
        return bool(sock.recv(1))
    return False
