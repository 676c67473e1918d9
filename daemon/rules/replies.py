"""A rule about what a mail may mean, as its file under `rules/replies` says it."""

from typing import Literal

from daemon.domain.values import Value
from daemon.rules.actions import Action

About = Literal["order", "inquiry", "any"]


class ReplyRule(Value, frozen=True, kw_only=True):
    """`says` are patterns of which one must be found in a sentence that none of `unless` is found in.

    A rule that counts `otherwise` is asked only about sentences that no other rule hits. A `courtesy` asks something
    only in a mail that tells of trouble: "It goes on Monday, is that all right?" An `aside` knows all of its sentence,
    of which no other rule is heard.
    """

    rule: str
    about: About
    says: tuple[str, ...]
    unless: tuple[str, ...] = ()
    then: Action
    otherwise: bool = False
    courtesy: bool = False
    aside: bool = False
