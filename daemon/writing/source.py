"""The text of a template and where it stands."""

from daemon.domain.values import Value


class Source(Value, frozen=True, kw_only=True):
    file: str
    text: str
