"""Consent by device code, against a token server on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daemon.app.consents import tokens
from daemon.cli import group
from daemon.cli.workspace import make_workspace
from daemon.config import ReceiveByImap, load_config
from tests.support.token_server import CLIENT, SECRET, TokenServer, running_token_server

USER = "orders@shop.example"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with running_token_server() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, server: TokenServer) -> Path:
    make_workspace(tmp_path / "shop", sandbox=False)
    oauth = f"{{token_url: '{server.token_url}', device_url: '{server.device_url}', client_id: {CLIENT}, "
    oauth += f"client_secret: {SECRET}, grant: device}}"
    (tmp_path / "shop/config.yaml").write_text(
        f"operator: ops@shop.example\nmail:\n  from: {USER}\n  send: {{via: folder}}\n  receive:\n"
        f"    - {{via: imap, host: imap.shop.example, user: {USER}, oauth: {oauth}}}\n"
    )
    return tmp_path / "shop"


def login(home: Path, account: str = USER) -> Result:
    return CliRunner().invoke(group, ["login", account, "--home", str(home), "--json"])


def test_the_consent_is_kept_and_gives_access_tokens(home: Path, server: TokenServer) -> None:
    server.pending.append("authorization_pending")
    said = login(home)
    assert said.exit_code == 0, said.stderr
    assert "/type and type the code WXYZ-1234" in said.stderr
    assert server.asks == 2
    [mailbox] = load_config(home, {}).mail.receive
    assert isinstance(mailbox, ReceiveByImap)
    assert mailbox.oauth
    assert server.owner(tokens(mailbox.oauth, USER, home).token()) == USER
    [kept] = (home / "state/oauth").glob("[!.]*")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_account_may_be_named_as_status_names_it(home: Path) -> None:
    assert login(home, f"imap:{USER}@imap.shop.example/INBOX").exit_code == 0


def test_a_refusal_is_told_and_nothing_is_kept(home: Path, server: TokenServer) -> None:
    server.pending.append("access_denied")
    said = login(home)
    assert (said.exit_code, said.stdout) == (1, "")
    assert "access_denied" in said.stderr
    assert not list(home.glob("state/oauth/[!.]*"))


def test_an_account_without_oauth_is_unknown(home: Path) -> None:
    said = login(home, "else@shop.example")
    assert (said.exit_code, said.stdout) == (1, "")
    assert f"those that have: {USER}" in said.stderr


def test_where_no_code_can_be_asked_for_says_what_to_give(home: Path, server: TokenServer) -> None:
    config = home / "config.yaml"
    config.write_text(config.read_text().replace(f"device_url: '{server.device_url}', ", ""))
    assert "give device_url" in login(home).stderr
