"""What waits while the thread works is worked on together next, and every asker gets an answer or an error."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait

import pytest

from core.together import Together, Waiting, of_thread


class Doubling:
    """Doubles numbers once it may; remembers which it got together. Zero breaks it."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, waiting: Sequence[Waiting[int, int]]) -> None:
        self.begun.set()
        self.go.wait(5)
        self.batches.append([number for number, _ in waiting])
        for number, told in waiting:
            if number == 0:
                raise ZeroDivisionError
            told.set_result(2 * number)


def ask(together: Together[int, int], number: int) -> Future[int]:
    told = together.ask(number)
    assert told is not None
    return told


def test_what_waits_is_worked_on_together_up_to_the_most() -> None:
    work = Doubling()
    together = Together("doubling", 3, work)
    first = ask(together, 1)
    assert work.begun.wait(5)
    rest = [ask(together, number) for number in range(2, 7)]
    work.go.set()
    assert [told.result(5) for told in [first, *rest]] == [2, 4, 6, 8, 10, 12]
    assert work.batches == [[1], [2, 3, 4], [5, 6]]
    together.close()


def test_a_fault_reaches_all_who_have_no_answer_yet_and_the_thread_outlives_it() -> None:
    work = Doubling()
    together = Together("doubling", 9, work)
    first = ask(together, 1)
    assert work.begun.wait(5)
    good, bad, behind = (ask(together, number) for number in (2, 0, 3))
    work.go.set()
    wait([first, good, bad, behind], 5)
    assert (first.result(), good.result()) == (2, 4)
    for told in (bad, behind):
        with pytest.raises(ZeroDivisionError):
            told.result()
    assert ask(together, 4).result(5) == 8
    together.close()


def test_what_was_given_up_is_left_out_and_closing_works_on_what_waits() -> None:
    work = Doubling()
    together = Together("doubling", 9, work)
    ask(together, 1)
    assert work.begun.wait(5)
    given_up, kept = ask(together, 2), ask(together, 3)
    assert given_up.cancel()
    work.go.set()
    together.close()
    together.close()
    assert kept.result(0) == 6
    assert work.batches == [[1], [3]]
    assert together.ask(4) is None


def test_what_another_thread_makes_is_awaited_with_its_error() -> None:
    async def waited() -> tuple[int, str, int]:
        future: Future[int] = Future()
        threading.Timer(0.02, future.set_result, [7]).start()
        failing: Future[int] = Future()
        threading.Timer(0.02, failing.set_exception, [ValueError("no")]).start()
        made = await of_thread(future)
        with pytest.raises(ValueError, match="no") as told:
            await of_thread(failing)
        return made, str(told.value), await of_thread(future)  # which is done already

    assert asyncio.run(waited()) == (7, "no", 7)


def test_who_gives_up_waiting_cancels_nothing() -> None:
    future: Future[int] = Future()

    async def waited() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(of_thread(future), 0.01)
        future.set_result(1)  # wakes whoever gave up: nobody
        await asyncio.sleep(0)

    asyncio.run(waited())
    assert future.result() == 1
    late: Future[int] = Future()
    loop = asyncio.new_event_loop()
    task = loop.create_task(of_thread(late))
    loop.run_until_complete(asyncio.sleep(0))
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    late.set_result(2)  # its loop is gone
    assert late.result() == 2
