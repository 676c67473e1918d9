"""A mistake in a template, with its place, as `postbote check` prints it."""

from daemon.domain.values import Value


class Mistake(Value, frozen=True, kw_only=True):
    file: str
    line: int
    problem: str
