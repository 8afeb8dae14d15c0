"""The circuit, with a clock that the test moves."""

from __future__ import annotations

import pytest

from core.escalation.circuit import Circuit
from core.leads import utc_now


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Circuit:
    """A circuit that opens after three failures, for 60 s, and is open now."""
    circuit = Circuit(failures_to_open=3, open_s=60.0, clock=clock)
    for _ in range(3):
        assert circuit.wait_s() is None
        circuit.failed()
    return circuit


def test_it_opens_after_failures_in_a_row_only() -> None:
    circuit = Circuit(failures_to_open=3, clock=Clock())
    for _ in range(2):
        circuit.failed()
    circuit.worked()
    for _ in range(2):
        circuit.failed()
    assert (circuit.state.state, circuit.wait_s()) == ("closed", None)
    circuit.failed()
    assert circuit.state.state == "open"


def test_while_it_is_open_it_says_how_long() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += 45
    assert circuit.wait_s() == 15
    assert circuit.state.state == "open"
    until = circuit.state.open_until
    assert until is not None
    assert (until - utc_now()).total_seconds() == pytest.approx(15, abs=5)


def test_after_its_time_one_may_try_and_the_others_wait() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += 60
    assert circuit.wait_s() is None
    assert circuit.wait_s() == 60
    circuit.worked()
    assert (circuit.wait_s(), circuit.state.state) == (None, "closed")


def test_a_try_that_fails_opens_it_again() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += 60
    assert circuit.wait_s() is None
    circuit.failed()
    assert circuit.wait_s() == 60


def test_a_try_that_was_given_up_lets_another_try() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += 60
    assert circuit.wait_s() is None
    circuit.given_up()
    assert circuit.wait_s() is None


def test_a_service_that_asks_for_a_pause_gets_it_at_once_but_not_for_more_than_an_hour() -> None:
    clock = Clock()
    circuit = Circuit(clock=clock)
    circuit.failed(retry_after_s=300)
    assert circuit.wait_s() == 300
    circuit.failed(retry_after_s=86_400)
    assert circuit.wait_s() == 3_600
