"""The command line itself: help, exit statuses, and that no traceback reaches a user."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daemon.app.files import KEPT_RULES
from daemon.cli import COMMANDS, group
from daemon.cli.call import Call
from daemon.cli.trouble import say
from daemon.cli.workspace import make_workspace
from daemon.config import FILE
from daemon.errors import PostboteError
from tests.support.believed import believed_workspace

HEAVY = ("sqlalchemy", "pydantic", "rich", "lxml", "jinja2", "aiosmtpd", "holidays")

UNNEEDED = (
    *("aiosmtpd", "alembic", "apscheduler", "babel", "daemon.reading.read", "daemon.rules.loader", "holidays"),
    *("imapclient", "jinja2", "lxml", "openpyxl", "pebble", "re2", "rich", "selectolax", "urllib.request", "watchdog"),
    "sqlalchemy.dialects.postgresql",
)
"""What `status` can do without, once its rules have been tried."""


def postbote(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def test_help_lists_every_command() -> None:
    said = postbote("--help")
    assert said.exit_code == 0
    assert all(f"  {name} " in said.stdout for name in COMMANDS)


def test_help_loads_nothing_heavy() -> None:
    script = f"import sys, daemon.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_a_command_loads_only_what_it_needs(tmp_path: Path) -> None:
    believed_workspace(tmp_path / "shop")
    command = ["status", "--json", "--home", str(tmp_path / "shop")]
    assert postbote(*command).exit_code == 0
    script = (
        "import sys, daemon.cli; daemon.cli.group(sys.argv[1:], standalone_mode=False);"
        f"print([name for name in {UNNEEDED!r} if name in sys.modules], file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", script, *command], capture_output=True, text=True, check=True)
    assert said.stderr == "[]\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_within_80_columns(name: str) -> None:
    said = postbote(name, "--help")
    assert said.exit_code == 0
    assert max(map(len, said.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"init", "demo"}))
def test_every_command_takes_a_home(name: str) -> None:
    assert "--home" in postbote(name, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("chekc",),
        ("order",),
        ("orders", "--colour"),
        ("orders", "--at", "yesterday"),
        ("orders", "--at", "2026-12-01T09:00:00"),
        ("record", "A-1"),
        ("record", "A-1", "--until", "2026-12-01", "--imei", "1"),
        ("record", "A-1", "--carrier", "dhl", "--imei", "1"),
        ("record", "A-1", "--problem", "weather"),
        ("record", "A-1", "--problem", "delay", "--until", "tomorrow"),
        ("record", "A-1", "--until", "2026-12-01"),
        ("record", "A-1", "--imei", "1", "--imei", "2", "--replace", "3"),
        ("record", "A-1", "--tracking", "1", "--imei", "2", "--replace", "3"),
        ("inquiry", "I-1", "--set", "active"),
        ("inquiry", "I-1", "--set", "asleep", "--why", "x"),
        ("inquire", "--merchant", "m", "--fulfiller", "f", "--text-file", "absent"),
        ("release",),
        ("reread",),
        ("reread", "a", "--all"),
        ("backtest", "--since", "yesterday"),
        ("backtest", "--rules", "absent"),
        ("schema", __file__),
        ("release", "a", "b", "--only", "1"),
        ("run", "--at", "2026-12-01T09:00:00+01:00"),
        ("try", __file__, "--as", "somebody"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(arguments: tuple[str, ...]) -> None:
    said = postbote(*arguments)
    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.strip()


def test_a_mistyped_command_is_recognised() -> None:
    assert "Did you mean 'status'?" in postbote("statsu").stderr


@pytest.mark.parametrize("name", ["orders", "held", "status", "doctor"])
def test_a_wrong_config_ends_with_2_and_each_mistake(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.yaml").write_text("operator: nobody\ncolour: red\n", "utf-8")
    said = postbote(name, "--home", str(tmp_path))
    assert (said.exit_code, said.stdout) == (2, "")
    assert "config.yaml:1: `operator`: must be a mail address" in said.stderr
    assert "config.yaml:2: `colour`: unknown key" in said.stderr


def test_a_folder_without_workspace_ends_with_2(tmp_path: Path) -> None:
    said = postbote("orders", "--home", str(tmp_path))
    assert said.exit_code == 2
    assert "postbote init" in said.stderr


def test_the_clock_can_be_set_in_a_sandbox_only(tmp_path: Path) -> None:
    make_workspace(tmp_path / "shop", sandbox=False)
    said = postbote("orders", "--home", str(tmp_path / "shop"), "--at", "2026-12-01T09:00:00+01:00")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "sandbox" in said.stderr


def test_what_nobody_expected_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTBOTE_DEBUG", raising=False)
    assert say(ValueError("first\nsecond")) == 1
    assert capsys.readouterr().err == "postbote: ValueError: first second (POSTBOTE_DEBUG=1 shows where)\n"


def test_the_traceback_is_there_for_who_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTBOTE_DEBUG", "1")
    say(ValueError("x"))
    assert "ValueError: x" in capsys.readouterr().err.splitlines()[0]


def test_a_full_disk_is_named() -> None:
    assert say(OSError(28, "No space left on device", "state/postbote.db")) == 1


def test_a_first_start_says_at_a_terminal_that_it_takes_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said_on_opening() -> str:
        with pytest.raises(PostboteError), Call(tmp_path, None, json=False).house():
            pass
        return capsys.readouterr().err

    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert said_on_opening() == ""
    (tmp_path / FILE).write_text("language: 7\n")
    assert said_on_opening().startswith("First start here")
    (tmp_path / KEPT_RULES).mkdir(parents=True)
    assert said_on_opening() == ""
