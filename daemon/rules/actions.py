"""What a reply rule concludes when its conditions hold."""

from daemon.domain.finding import Statement
from daemon.domain.problem import ProblemKind
from daemon.domain.values import Value


class Action(Value, frozen=True, kw_only=True):
    """Exactly one of a statement and a problem."""

    say: Statement | None = None
    problem: ProblemKind | None = None
