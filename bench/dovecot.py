"""A real Dovecot on loopback: IMAP and LMTP, on request with Sieve rules; any user, password `secret`."""

import contextlib
import getpass
import grp
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.measures import MissingError
from bench.workshop import BrokenError, Workshop, answers, free_ports, program, wait_for

PASSWORD = "secret"  # noqa: S105 - of a server that lives for a minute on loopback

_SIEVE = "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"
_CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {inner}
default_internal_group = {inner_group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:{home}/mail/%u
mail_home = {home}/mail/%u
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
  client_limit = 1000
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  process_limit = 100
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
lda_mailbox_autocreate = yes
protocol lmtp {{
  mail_plugins = {plugins}
  postmaster_address = postmaster@localhost
}}
plugin {{
  sieve = file:{home}/rules.sieve
  sieve_extensions = +regex
}}
"""
_WORDS = ("confirm", "deliver", "order", "track", "thank", "delay", "cancel", "invoice", "stock", "price")


@dataclass(frozen=True)
class Dovecot:
    home: Path
    imap: int
    lmtp: int
    uid: int
    gid: int

    def fill(self, user: str, mails: list[bytes]) -> None:
        """A mailbox that holds exactly these, as if they had been delivered."""
        folder = self.home / "mail" / user
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("cur", "new", "tmp"):
            (folder / name).mkdir(parents=True)
        for number, mail in enumerate(mails):
            file = folder / "cur" / f"{1_760_000_000 + number}.M{number}P1.bench,S={len(mail)}:2,"
            file.write_bytes(mail)
            os.chown(file, self.uid, self.gid)
        for one in (folder, *folder.iterdir()):
            os.chown(one, self.uid, self.gid)

    def check_filed(self, user: str, folder: str) -> None:
        """A filter that files nothing would be a cheap one."""
        if not any((self.home / "mail" / user / f".{folder}" / "new").iterdir()):
            raise BrokenError("the Sieve rules did not file the mails")


@contextlib.contextmanager
def running_dovecot(shop: Workshop, *, sieve_rules: int = 0) -> Iterator[Dovecot]:
    """Start one in the workshop; it is gone after the block."""
    if not program("dovecot"):
        raise MissingError("Dovecot is not installed (Debian: dovecot-imapd dovecot-lmtpd)")
    if sieve_rules and not Path(_SIEVE).exists():
        raise MissingError("Sieve is not installed (Debian: dovecot-sieve)")
    # Its sockets' paths may have 107 bytes.
    server = _configured(shop.folder / "d", sieve_rules)
    quiet = subprocess.DEVNULL
    command = ["dovecot", "-c", str(server.home / "dovecot.conf")]
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, timeout=20)
    master = server.home / "run/master.pid"
    try:
        wait_for(lambda: answers(server.imap) and answers(server.lmtp), "Dovecot")
        yield server
    finally:
        os.kill(int(master.read_text()), signal.SIGTERM)
        wait_for(lambda: not master.exists(), "Dovecot's end")


def _configured(home: Path, sieve_rules: int) -> Dovecot:
    imap, lmtp = free_ports(2)
    is_root = os.geteuid() == 0
    owner = pwd.getpwnam("mail") if is_root else pwd.getpwuid(os.geteuid())
    for name in ("run", "mail", "state"):
        (home / name).mkdir(parents=True)
    os.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    me, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
    (home / "dovecot.conf").write_text(
        _CONFIG.format(
            home=home,
            inner="dovecot" if is_root else me,
            inner_group="dovecot" if is_root else group,
            login="dovenull" if is_root else me,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            imap=imap,
            lmtp=lmtp,
            password=PASSWORD,
            plugins="sieve" if sieve_rules else "",
        )
    )
    if sieve_rules:
        (home / "rules.sieve").write_text(_sieve(sieve_rules))
        # Compiled beforehand, as its user may not write beside it.
        subprocess.run(
            ["sievec", "-c", home / "dovecot.conf", home / "rules.sieve"], check=True, capture_output=True, timeout=20
        )
        for file in home.glob("rules.*"):
            file.chmod(0o644)
    return Dovecot(home=home, imap=imap, lmtp=lmtp, uid=owner.pw_uid, gid=owner.pw_gid)


def _sieve(rules: int) -> str:
    """Half of them look at the subject, half at the text; the last one hits."""
    lines = ['require ["fileinto", "regex", "body", "mailbox"];']
    for number in range(rules - 1):
        word = _WORDS[number % len(_WORDS)]
        test = (
            f'header :regex "subject" "{word}(s|ed|ing)? +[A-Z]{{1,2}}-?{number}X"'
            if number % 2
            else f'body :text :regex "{word}(s|ed|ing)? +(on|by|until) +[A-Z]{{1,2}}-?{number}X"'
        )
        lines.append(f'if {test} {{ fileinto :create "r{number}"; stop; }}')
    lines.append('if body :text :regex "We confirm it" { fileinto :create "confirmed"; stop; }')
    return "\n".join(lines) + "\n"
