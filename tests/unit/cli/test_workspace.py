"""`postbote init`: a workspace that works at once, and nothing overwritten."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from daemon.cli import group
from daemon.config import load_config


def init(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(group, ["init", *arguments])
    return result.exit_code, result.output


def test_a_new_workspace_has_all_that_the_starter_files_hold(tmp_path: Path) -> None:
    assert init(str(tmp_path / "shop"))[0] == 0
    made = tmp_path / "shop"
    assert not load_config(made, {}).sandbox
    assert list((made / "rules" / "carriers").glob("*.yaml"))
    assert (made / "templates" / "order" / "de.txt").is_file()
    assert (made / "schemas" / "replies.json").is_file()
    for party in ("orders", "sellers", "fulfillers", "merchants", "mail"):
        assert (made / "inbox" / party).is_dir()


def test_a_sandbox_needs_no_editing(tmp_path: Path) -> None:
    assert init(str(tmp_path / "play"), "--sandbox")[0] == 0
    assert load_config(tmp_path / "play", {}).sandbox


def test_the_current_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert init()[0] == 0
    assert (tmp_path / "config.yaml").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    code, said = init(str(tmp_path))
    assert code == 1
    assert "has a rules already; nothing was changed" in said
    assert os.listdir(tmp_path) == ["rules"]  # noqa: PTH208


def test_the_keys_and_the_database_are_kept_out_of_git(tmp_path: Path) -> None:
    init(str(tmp_path / "shop"))
    assert (tmp_path / "shop" / ".gitignore").read_text("utf-8") == "state/\n"
