from datetime import timedelta

from daemon.engine import retry
from tests.support.builders import WEDNESDAY as NOW


def test_the_pause_doubles_from_a_minute_to_four_hours() -> None:
    minutes = [(retry.next_try(NOW, attempts, None) - NOW).total_seconds() / 60 for attempts in range(1, 11)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]


def test_a_server_may_ask_for_a_longer_pause_but_not_for_a_shorter_one() -> None:
    assert retry.next_try(NOW, 1, timedelta(minutes=30)) == NOW + timedelta(minutes=30)
    assert retry.next_try(NOW, 8, timedelta(seconds=1)) == NOW + timedelta(minutes=128)


def test_after_five_days_it_is_given_up() -> None:
    assert not retry.is_over(NOW + timedelta(days=4, hours=23), NOW)
    assert retry.is_over(NOW + timedelta(days=5), NOW)
