"""A disk that keeps only what was synced: what lies there when the power goes after so many steps of a journal.

Contents are kept by a sync of the file, names by a sync of their folder; folders themselves are taken as kept.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.journal import Step


@dataclass
class _File:
    kept: bytearray = field(default_factory=bytearray)
    waiting: list[Step] = field(default_factory=list)

    def after(self, steps: Iterable[Step]) -> bytearray:
        content = bytearray(self.kept)
        for step in steps:
            if step.what == "t":
                del content[step.offset :]
            content.extend(bytes(max(0, step.offset - len(content))))
            content[step.offset : step.offset + len(step.data)] = step.data
        return content


class Disk:
    """It begins with the files of a folder, all of them kept; the journal knows them below `home`."""

    def __init__(self, begun: Path, home: Path) -> None:
        self._home = home
        found = [path for path in begun.rglob("*") if path.is_file()]
        files = {str(home / path.relative_to(begun)): _File(bytearray(path.read_bytes())) for path in found}
        self._names = dict(files)
        self._kept_names = dict(files)

    def take(self, step: Step) -> None:
        """What a journal says has been done."""
        match step.what:
            case "w" | "t":
                self._names.setdefault(step.path, _File()).waiting.append(step)
            case "r":
                self._names[step.other] = self._names.pop(step.path)
            case "l":
                self._names[step.other] = self._names[step.path]
            case "u":
                self._names.pop(step.path, None)
            case "s":
                self._sync(step.path)
            case _:
                pass  # what is said on a line leaves nothing on the disk

    def _sync(self, path: str) -> None:
        if file := self._names.get(path):
            file.kept, file.waiting = file.after(file.waiting), []
            return
        for name in [one for one in self._kept_names if str(Path(one).parent) == path]:
            del self._kept_names[name]
        self._kept_names.update({name: one for name, one in self._names.items() if str(Path(name).parent) == path})

    def cut(self, goal: Path, chance: random.Random) -> None:
        """Write what is left to another folder: of what was not synced nothing, or names alone, or some of it."""
        names, some = chance.choice([(self._kept_names, 0.0), (self._names, 0.0), (self._names, 0.5)])
        for folder in [path for path in self._home.rglob("*") if path.is_dir()]:
            (goal / folder.relative_to(self._home)).mkdir(parents=True, exist_ok=True)
        written: dict[int, Path] = {}
        for name, file in names.items():
            path = goal / Path(name).relative_to(self._home)
            path.parent.mkdir(parents=True, exist_ok=True)
            if (first := written.setdefault(id(file), path)) != path:
                path.hardlink_to(first)  # renamed, and only one of the two folders was kept
            else:
                path.write_bytes(file.after(step for step in file.waiting if chance.random() < some))
