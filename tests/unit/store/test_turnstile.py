"""Writers take their turn in the order in which they came."""

import threading

import pytest

from daemon.store.turnstile import Turnstile
from tests.support.waiting import wait_until


def test_whoever_has_waited_longest_is_next_even_if_the_holder_comes_back_at_once() -> None:
    turnstile = Turnstile()
    order: list[str] = []

    def pass_as(name: str) -> None:
        with turnstile.passing():
            order.append(name)

    with turnstile.passing():
        threads = []
        for name in ("first", "second"):
            threads.append(threading.Thread(target=pass_as, args=(name,)))
            threads[-1].start()
            wait_until(lambda: len(turnstile._waiting) == len(threads))
        assert turnstile.is_awaited
    pass_as("holder")
    for thread in threads:
        thread.join()
    assert order == ["first", "second", "holder"]
    assert not turnstile.is_awaited


def test_one_thread_cannot_pass_twice_and_wait_for_itself() -> None:
    turnstile = Turnstile()
    with turnstile.passing(), pytest.raises(RuntimeError), turnstile.passing():
        pass
    with turnstile.passing():
        assert not turnstile.is_awaited
