"""A real Postfix on loopback: it takes any mail, hands it to Dovecot, and lets nothing leave the machine."""

import contextlib
import os
import shutil
import smtplib
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest

from tests.support.dovecot import Dovecot, free_ports
from tests.support.waiting import wait_until

_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.towns.example
mydestination =
mynetworks = 127.0.0.0/8
transport_maps = inline:{{
  {{ replies.example = lmtp:inet:127.0.0.1:{listener} }},
  {{ refusing.example = lmtp:inet:127.0.0.1:{refusing} }} }}
default_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_host_lookup = native
relayhost =
smtpd_tls_security_level = may
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_authenticated_header = yes
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{ unknown.example = 550 5.1.1 User unknown }} }}, permit_mynetworks, reject
smtpd_forbid_bare_newline = yes
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
queue_run_delay = 5s
minimal_backoff_time = 2s
maximal_backoff_time = 5s
alias_maps =
alias_database =
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    """Mail to `replies.example` it hands over by LMTP at the port `listener`, to `refusing.example` at `refusing`.

    To `unknown.example` it takes none.
    """

    home: Path
    port: int
    listener: int
    refusing: int
    context: ssl.SSLContext

    def send(self, mail: EmailMessage, sender: str | None = None) -> None:
        """Hand a mail over, by STARTTLS, to all that it names."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
            client.starttls(context=self.context)
            client.send_message(mail, sender if sender is not None else parseaddr(str(mail["From"]))[1])

    def reload(self) -> None:
        """Begin anew with what is kept open, such as the connection to the server that knows the passwords."""
        _postfix(self.home, "reload")


@contextlib.contextmanager
def running_postfix(dovecot: Dovecot, sasl: int) -> Iterator[Postfix]:
    """Start one that shows Dovecot's certificate and asks Dovecot at the port `sasl` about logins; only root may."""
    why = None
    if shutil.which("postfix") is None:
        why = "Postfix is not installed (Debian: postfix)"
    elif os.geteuid() != 0:
        why = "Postfix runs as root only"
    if why is not None:
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    # Postfix's own users must be able to get there.
    home = Path(tempfile.mkdtemp(prefix="postfix-"))
    home.chmod(0o755)
    try:
        server = _configured(home, dovecot, sasl)
        _postfix(home, "start")
        try:
            wait_until(lambda: _greets(server.port), within=20.0)
            yield server
        finally:
            _postfix(home, "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _configured(home: Path, dovecot: Dovecot, sasl: int) -> Postfix:
    port, listener, refusing = free_ports(3)
    for name in ("etc", "spool", "data"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    cert, key = dovecot.home / "cert.pem", dovecot.home / "key.pem"
    main = _MAIN.format(
        home=home, lmtp=dovecot.lmtp, cert=cert, key=key, sasl=sasl, listener=listener, refusing=refusing
    )
    (home / "etc/main.cf").write_text(main)
    (home / "etc/master.cf").write_text(_MASTER.format(port=port))
    return Postfix(home, port, listener, refusing, dovecot.context)


def _postfix(home: Path, what: str) -> None:
    # No pipes: the server would inherit them and keep them open.
    quiet = subprocess.DEVNULL
    subprocess.run(["postfix", "-c", home / "etc", what], check=True, stdout=quiet, stderr=quiet, timeout=30)


def _greets(port: int) -> bool:
    with contextlib.suppress(OSError, smtplib.SMTPException), smtplib.SMTP("127.0.0.1", port, timeout=5):
        return True
    return False
