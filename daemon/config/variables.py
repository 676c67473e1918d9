"""Fills in `${POSTBOTE_X}` from the environment, or from the file that `POSTBOTE_X_FILE` names."""

import re
from collections.abc import Mapping
from pathlib import Path

from daemon.domain.values import Json
from daemon.errors import Mistake
from daemon.rules.mistakes import Lines
from daemon.rules.mistakes import Path as Place

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_OURS = re.compile(r"POSTBOTE_[A-Z0-9_]+")


class Variables:
    """Puts the values of environment variables, and of the files they name, into what was written."""

    def __init__(self, file: str, home: Path, environ: Mapping[str, str], lines: Lines) -> None:
        self.file = file
        self.home = home
        self.environ = environ
        self.lines = lines
        self.mistakes: list[Mistake] = []

    def fill(self, value: Json, at: Place = ()) -> Json:
        """The value with all variables filled in; `mistakes` holds those that are not set."""
        if isinstance(value, dict):
            return {key: self.fill(one, (*at, key)) for key, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one, (*at, place)) for place, one in enumerate(value)]
        if not isinstance(value, str) or "${" not in value:
            return value
        filled = _VARIABLE.sub(lambda found: self._value(found[1], at), value)
        if _VARIABLE.fullmatch(value) and re.fullmatch(r"0|[1-9][0-9]{0,8}", filled):
            # A whole number from outside may be a port as well as a password; noted, it can become either.
            self.lines.note(at, self.lines.of(at), written=filled)
            return int(filled)
        return filled

    def _value(self, name: str, at: Place) -> str:
        if not _OURS.fullmatch(name):
            return self._missing(at, f"${{{name}}}: only variables that begin with POSTBOTE_ are filled in")
        if name in self.environ:
            return self.environ[name]
        file = self.environ.get(f"{name}_FILE")
        if file is None:
            return self._missing(at, f"${{{name}}}: neither {name} nor {name}_FILE is set in the environment")
        try:
            return (self.home / file).read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError):
            return self._missing(at, f"${{{name}}}: the file that {name}_FILE names cannot be read")

    def _missing(self, at: Place, problem: str) -> str:
        self.mistakes.append(Mistake(file=self.file, line=self.lines.of(at), problem=problem))
        return ""
