"""The few exceptions that are raised on purpose; what a person reads is their text, one line."""

from collections.abc import Sequence
from typing import ClassVar

from daemon.domain.reason import Reason
from daemon.domain.values import Value


class Mistake(Value, frozen=True, kw_only=True):
    """Something wrong in a file that a person wrote. `line` counts from 1; 0 when it is about the whole file."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        """The form that editors and terminals make a link of."""
        return f"{self.file}:{self.line}: {self.problem}" if self.line else f"{self.file}: {self.problem}"


class StaleError(Exception):
    """Something that was decided on has moved since; decide again."""


class PostboteError(Exception):
    """Something that a person has to know or do; the command ends with `exit_code`."""

    exit_code: ClassVar[int] = 1


class ConfigError(PostboteError):
    """The configuration or the rules cannot be used."""

    exit_code = 2

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(str(one) for one in mistakes))
        self.mistakes = tuple(mistakes)


class UsageError(PostboteError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class UnknownIdError(PostboteError):
    """Nothing is known under this id."""

    said: ClassVar[str] = "nothing is known under the id {}"

    def __init__(self, id_: str) -> None:
        super().__init__(self.said.format(id_))
        self.id = id_


class GroupGoneError(UnknownIdError):
    """A group stands for exactly the arrivals that were seen; since then some have come or have been settled."""

    said = "the group {} is no more, for mail has come or gone; `postbote held --group` shows those of now"


class RefusedError(PostboteError):
    """What was asked for is not possible, for the reason it carries."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class AlreadyRunningError(PostboteError):
    """Another run holds this workspace; it carries what its lock says about the holder."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"this workspace is already run by {holder}; stop that first")
        self.holder = holder


class UnusableDatabaseError(PostboteError):
    """The database cannot be opened; it carries what its driver says."""

    def __init__(self, said: str) -> None:
        super().__init__(f"the database cannot be opened: {said}")


class NewerDatabaseError(PostboteError):
    """The database was written by a newer version of postbote; it carries the version of the schema."""

    def __init__(self, version: str) -> None:
        super().__init__(f"the database was written by a newer postbote (schema {version}); install that version")
