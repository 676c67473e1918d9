"""Consent to a mail account that wants OAuth2."""

import os

import click

from daemon.cli.call import Call, call_options


@click.command("login")
@click.argument("account")
@call_options
def login_command(call: Call, account: str) -> None:
    """Give consent to ACCOUNT (its user in config.yaml) by a code that you type in a browser.

    The consent is kept in state/; a running daemon uses it at its next login.
    """
    from daemon.app.consents import login
    from daemon.config import load_config

    login(load_config(call.home, os.environ), call.home, account, _show)
    call.answer({"account": account, "consent": True}, lambda _: click.echo(f"The consent to {account} is kept."))


def _show(page: str, code: str) -> None:
    click.echo(f"Open {page} and type the code {code}; waiting …", err=True)
