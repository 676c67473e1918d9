"""What the documentation names exists, and what exists is named in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from daemon.cli import COMMANDS, group
from daemon.config import Config, load_config

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "daemon" / "README.md"])
_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TYPED = re.compile(r"^(?:\$ )?\S*\bpostbote ([a-z]+)([^\n|;&#]*)", re.MULTILINE)
_INLINE = re.compile(r"`postbote ([a-z]+)([^`\n]*)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def calls() -> Iterator[tuple[str, str, str]]:
    """Each call of a command in the documentation: the page, the command, the rest of the call."""
    for page in PAGES:
        text = page.read_text("utf-8") if page.exists() else ""
        typed = [found for block in _FENCED.findall(text) for found in _TYPED.finditer(block)]
        for found in (*typed, *_INLINE.finditer(_FENCED.sub("", text))):
            yield page.name, found[1], found[2]


def command_of(name: str) -> click.Command | None:
    return group.get_command(click.Context(group), name)


def keys_of(model: type[BaseModel]) -> Iterator[str]:
    """Every key that may stand in a part of config.yaml, as it is written there."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _models(field.annotation):
            yield from keys_of(inner)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def test_every_call_in_the_documentation_is_one_that_exists() -> None:
    wrong = [
        f"{page}: postbote {name}{rest}"
        for page, name, rest in calls()
        if (command := command_of(name)) is None
        or not set(_OPTION.findall(rest)) <= {"--help", *(one for param in command.params for one in param.opts)}
    ]
    assert wrong == []


def test_every_command_is_in_the_documentation() -> None:
    assert set(COMMANDS) <= {name for _, name, _ in calls()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    command = command_of(name)
    assert command is not None
    assert command.name == name
    assert command.help
    undescribed = [param.name for param in command.params if isinstance(param, click.Option) and not param.help]
    assert undescribed == []


@pytest.mark.parametrize("key", sorted(set(keys_of(Config))))
def test_every_config_key_is_in_the_documentation(key: str) -> None:
    pages = [*PAGES, ROOT / "config.yaml"]
    assert any(re.search(rf"\b{key}:|`{key}`", page.read_text("utf-8")) for page in pages if page.exists())


def test_the_repository_is_a_workspace_whose_config_is_right() -> None:
    assert not load_config(ROOT, {}).sandbox
