"""Mail programs that people really use, driven as a person would: they open a mail, answer it with quotes, and send."""

import mailbox
import os
import pty
import shutil
import subprocess
import threading
from email.message import Message
from pathlib import Path

import pytest

_EDITOR = """\
#!/bin/sh
# Writes above what the program has quoted.
cat "{answer}" "$1" > "$1.new" && cat "$1.new" > "$1" && rm "$1.new"
"""
_MUTTRC = """\
set mbox_type=Maildir spoolfile="{inbox}" folder="{folder}" record="" postponed="" header_cache="" tmpdir="{folder}"
set from="{me}" realname="{name}" use_from=yes use_envelope_from=yes envelope_from_address="{me}" hidden_host=yes
set smtp_url="smtp://127.0.0.1:{port}" ssl_starttls=no ssl_force_tls=no
set editor="{editor}" edit_headers=no include=yes fast_reply=yes reply_to=yes autoedit=yes abort_unmodified=no
set quit=yes sort=date confirmappend=no wait_key=no beep=no charset=utf-8 send_charset="us-ascii:utf-8"
push "<first-entry><reply><send-message><quit>"
"""


class Desk:
    """A partner's computer, with one mail on it; `port` is where his mail goes out."""

    def __init__(self, folder: Path, mail: Message, me: str, port: int) -> None:
        self.folder = folder
        self.inbox = folder / "inbox"
        self.me = me
        self.port = port
        mailbox.Maildir(str(self.inbox), create=True).add(mail.as_bytes())

    def answer(self, program: str, text: str) -> None:
        """With one of `s-nail` and `mutt`."""
        {"s-nail": self._by_s_nail, "mutt": self._by_mutt}[program](text)

    def _by_s_nail(self, text: str) -> None:
        """Typed below what it quotes; it indents our mail by tabulators."""
        program = _program("s-nail")
        settings = (
            "v15-compat=yes",
            f"mta=smtp://127.0.0.1:{self.port}",
            "smtp-auth=none",
            "smtp-config=-all",
            f"from={self.me}",
            "hostname=partner.example",
            "quote",
            "reply-to-honour=yes",
            "ttycharset=utf-8",
            "sendwait",
        )
        flags = [word for setting in settings for word in ("-S", setting)]
        command = [program, "-#", "-:/", "-~", *flags, "-f", f"maildir://{self.inbox}"]
        typed = f"reply 1\n{text}\n~.\nquit\n"
        done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 0, (done.stdout, done.stderr)

    def _by_mutt(self, text: str) -> None:
        """On a terminal of its own, with an editor that writes above the quote."""
        program = _program("mutt")
        answer, editor, settings = (self.folder / name for name in ("answer", "editor", "muttrc"))
        answer.write_text(text)
        editor.write_text(_EDITOR.format(answer=answer))
        editor.chmod(0o755)
        words = {"inbox": self.inbox, "folder": self.folder, "me": self.me, "port": self.port, "editor": editor}
        settings.write_text(_MUTTRC.format(**words, name="Acme Versand"))
        on_terminal([program, "-n", "-F", str(settings), "-f", str(self.inbox)])


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed (Debian: {name})")
    return found


def on_terminal(command: list[str], within: float = 30.0) -> None:
    """Run a program that insists on a terminal; what it paints is thrown away unless it fails."""
    ours, theirs = pty.openpty()
    painted: list[bytes] = []

    def watch() -> None:
        try:
            while piece := os.read(ours, 4096):
                painted.append(piece)
        except OSError:
            return  # the terminal ends with the program

    environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as program:
        os.close(theirs)
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            status = program.wait(within)
        finally:
            program.kill()
        watcher.join(5)
    os.close(ours)
    assert status == 0, b"".join(painted).decode("utf-8", "replace")
