"""Making a workspace, and checking the files that people edit in it."""

import os
import shutil
from pathlib import Path

import click

import daemon
from daemon.cli.call import Call, call_options, loaded, print_json
from daemon.cli.tables import remark
from daemon.cli.trouble import list_mistakes
from daemon.errors import ConfigError, PostboteError

_STARTER = ("config.yaml", "rules", "templates")
_SCHEMAS = "schemas"
_FOLDERS = ("inbox/orders", "inbox/sellers", "inbox/fulfillers", "inbox/merchants", "inbox/mail", "outbox", "state")


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sandbox", is_flag=True, help="One that needs no editing: no mail server is used, --at sets the clock.")
def init_command(folder: Path, sandbox: bool) -> None:
    """Make a workspace in DIR (default: the current folder)."""
    make_workspace(folder, sandbox=sandbox)
    click.echo(
        f"A workspace is in {folder}. Put your partners into {folder / 'rules' / 'partners'}, then: postbote check"
    )


def make_workspace(folder: Path, *, sandbox: bool) -> None:
    """Copy the starter files; nothing that is there already is touched."""
    there = [name for name in _STARTER if (folder / name).exists()]
    if there:
        raise PostboteError(f"{folder} has a {there[0]} already; nothing was changed")
    source = _starter()
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in ("rules", "templates"):
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    write_schemas(folder / _SCHEMAS)
    config = (source / "config.yaml").read_text("utf-8")
    (folder / "config.yaml").write_text(_sandboxed(config) if sandbox else config, "utf-8")
    if not (ignored := folder / ".gitignore").exists():
        ignored.write_text("state/\n", "utf-8")


def _sandboxed(config: str) -> str:
    before, line, after = config.partition("sandbox: false")
    if not line:
        raise PostboteError("the starter config.yaml has no line `sandbox: false`")
    return f"{before}sandbox: true{after}"


def _starter() -> Path:
    """The files that the wheel carries; in a source tree they are the repository's own workspace."""
    package = Path(daemon.__file__).parent
    carried = package / "starter"
    return carried if carried.is_dir() else package.parent


@click.command("schema")
@click.argument("folder", metavar="[DIR]", default=None, type=click.Path(file_okay=False, path_type=Path))
@call_options
def schema_command(call: Call, folder: Path | None) -> None:
    """Write a JSON Schema for every kind of YAML file (default: into the workspace's schemas/).

    Editors that know YAML complete and check by them; the starter files name theirs in the first line.
    """
    target = folder or call.home / _SCHEMAS
    written = write_schemas(target)
    call.answer([str(one) for one in written], lambda names: click.echo(f"{len(names)} schemas are in {target}"))


def write_schemas(folder: Path) -> list[Path]:
    """The schemas of this version of postbote; those of another version are overwritten."""
    from daemon.app.schemas import schemas

    folder.mkdir(parents=True, exist_ok=True)
    texts = schemas()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]


@click.command("check")
@click.option("--accept", is_flag=True, help="Put changed rules in force although they read kept arrivals differently.")
@call_options
def check_command(call: Call, accept: bool) -> None:
    """Check config, rules (with the examples inside them) and templates: every mistake at once.

    Remarks about what is right but worth knowing go to stderr.
    """
    from daemon.app import check_mistakes
    from daemon.app.remarks import remarks

    loaded()
    mistakes = check_mistakes(call.home, os.environ)
    if not mistakes:
        if accept:
            with call.house() as house:
                house.accept_rules()
        for one in remarks(call.home, os.environ):
            remark(one, "note: ")
    if call.json:
        print_json(mistakes)
    elif mistakes:
        list_mistakes(mistakes, err=False)
    else:
        click.echo("Config, rules and templates are right.")
    if mistakes:
        raise click.exceptions.Exit(ConfigError.exit_code)
