"""Under which name a taken file lies, in `done/DATE` or `failed/DATE`, and how its path is written down."""

import os
import unicodedata
from collections.abc import Collection
from pathlib import Path

_LONGEST = 255
"""Bytes that a file name may have on the usual file systems."""


def shown(name: str) -> str:
    r"""A file's name as it can be kept and shown: bytes that are no text, and control characters, become `\x..`."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        _escaped(character) if unicodedata.category(character)[0] == "C" else character for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def free_name(name: str, folders: Collection[Path]) -> str:
    """The name, with `-N` before its ending when one of the folders holds it already."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    number, candidate = 0, _fitted(stem, dot + ending)
    while any(os.path.lexists(folder / candidate) for folder in folders):
        number += 1
        candidate = _fitted(stem, f"-{number}{dot}{ending}")
    return candidate


def _fitted(stem: str, ending: str) -> str:
    room = max(1, _LONGEST - len(ending.encode()))
    return stem.encode()[:room].decode("utf-8", "ignore") + ending


def written(home: Path, path: Path) -> str:
    """A path as an arrival keeps it: relative to the workspace, absolute for folders elsewhere."""
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


def move_to_failed(home: Path, path: str) -> str:
    """Move a file of which nothing could be read from `done/DATE` to `failed/DATE`; where it lies now."""
    place = home / path
    if place.parent.parent.name != "done":
        return path
    goal = place.parent.parent.parent / "failed" / place.parent.name
    if not place.exists():
        moved = goal / place.name
        return written(home, moved) if moved.exists() else path
    goal.mkdir(parents=True, exist_ok=True)
    target = goal / free_name(place.name, [goal])
    place.rename(target)
    sync(goal)
    sync(place.parent)
    return written(home, target)


def sync(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
