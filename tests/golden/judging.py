"""Whether a case came out as its page says, or is one of those that are known not to yet."""

from pathlib import Path
from typing import Protocol

NOT_YET = frozenset(Path(__file__).with_name("not_yet.txt").read_text("utf-8").split())


class _Taken(Protocol):
    @property
    def values(self) -> frozenset[str]: ...


def judge(name: str, *, right: bool, taken: _Taken, wanted: _Taken) -> str | None:
    """What is wrong with how a case came out, or None.

    A case of `not_yet.txt` may be held too much, never taken wrongly; once it is right it must leave that list.
    """
    if name not in NOT_YET:
        return None if right else "is not read as its page says"
    if false := taken.values - wanted.values:
        return f"takes what nobody said: {', '.join(sorted(false))}"
    return "is read right now: take it out of not_yet.txt" if right else None
