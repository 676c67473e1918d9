"""When a mail that could not be handed over is tried again, and when that is given up."""

from datetime import datetime, timedelta

GIVE_UP_AFTER = timedelta(days=5)
_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=4)
_AWAY = timedelta(minutes=1)


def next_try(now: datetime, attempts: int, wait: timedelta | None) -> datetime:
    """1, 2, 4 … minutes and at most 4 hours after the given number of failed attempts; longer where the server asks."""
    pause = min(_FIRST * (1 << min(max(attempts - 1, 0), 20)), _LONGEST)
    return now + max(pause, wait or timedelta(0))


def when_ours(now: datetime, wait: timedelta | None) -> datetime:
    """For trouble that is not about this mail: soon, since it may be over at any moment."""
    return now + max(_AWAY, wait or timedelta(0))


def is_over(now: datetime, first_try: datetime) -> bool:
    """Whether a mail has been tried long enough."""
    return now - first_try >= GIVE_UP_AFTER
