"""Many leads by two processes: what comes out is what one process reads and writes, whatever becomes of the other."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from time import sleep

import numpy as np
import pytest

from core.features import values_of
from core.leads import Interaction, LeadHistory
from core.sample import generate
from core.scoring import Score
from core.scoring.contributions_json import contributions_json
from core.scoring.explain import largest_first
from core.scoring.own_column import OwnColumn
from core.services.center import CommandCenter
from core.services.scores.batches import score_batch
from core.services.scores.reading import reader as reading
from core.services.scores.reading.reader import (
    COMMAND,
    FEWEST,
    Reader,
    can_read_beside,
    features_of,
    written_meanwhile,
)
from core.services.scores.reading.words import READY, Row, to_read
from tests.realtime.waiting import alive, until
from tests.scoring.made import explained
from tests.services.made import told

pytestmark = pytest.mark.skipif(not can_read_beside(), reason="needs a second core, and sockets that can be handed on")
NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
PREAMBLE = "import socket, sys, time; server = socket.socket(fileno=sys.stdin.fileno()); server.sendall(bytes(4)); "
SILENT = PREAMBLE + "time.sleep(60)"
LENGTH = "(112).to_bytes(4, 'little')"
ANSWERS = PREAMBLE + f"server.recv(1 << 20); server.sendall({LENGTH} + b'\\0\\0\\x80?' * 28); "  # 28 times 1.0
AT_ONE_ROW = ANSWERS + "time.sleep(60)"
HALF_A_ROW = f"server.sendall({LENGTH} + bytes(50)); "
AT_ONE_ROW_AND_A_HALF = ANSWERS + HALF_A_ROW + "server.shutdown(socket.SHUT_WR); time.sleep(60)"


@pytest.fixture(scope="module")
def histories() -> list[LeadHistory]:
    """100 leads of the sample, each with a text that is too long to be remembered: it is read anew each time."""
    return [wordier(made.history, 40) for made in generate(100, 11, NOON)]


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader(restart_s=0.0)
    yield reader
    reader.close()


def alone(histories: Sequence[LeadHistory]) -> list[Row]:
    return [values_of(history, NOON) for history in histories]


def same(rows: Sequence[Row], others: Sequence[Row]) -> bool:
    return np.array_equal(np.stack(rows), np.stack(others))


def helped(reader: Reader, histories: Sequence[LeadHistory]) -> list[Row]:
    """The features, once the other process has read some of them."""
    found: list[list[Row]] = []

    def read() -> bool:
        before = reader.rows_read
        found.append(reader.features(histories, NOON))
        return reader.rows_read > before

    until(read)
    return found[-1]


def running(reader: Reader, histories: Sequence[LeadHistory]) -> int:
    """The other process, once it has read."""
    helped(reader, histories)
    assert reader.pid is not None
    return reader.pid


def test_two_processes_read_what_one_reads(reader: Reader, histories: list[LeadHistory]) -> None:
    expected = alone(histories)
    assert same(reader.features(histories, NOON), expected)  # it is being started
    assert same(helped(reader, histories), expected)
    for size in (1, 2, 3, 7, 99):
        assert same(reader.features(histories[:size], NOON), expected[:size])


def test_a_killed_process_costs_nothing_but_its_help_and_is_started_again(
    reader: Reader, histories: list[LeadHistory]
) -> None:
    first = running(reader, histories)
    os.kill(first, signal.SIGKILL)
    assert same(reader.features(histories, NOON), alone(histories))
    assert same(helped(reader, histories), alone(histories))
    assert reader.pid not in (None, first)


def test_nothing_is_left_of_a_process_that_ended_though_nobody_asks_again(
    reader: Reader, histories: list[LeadHistory]
) -> None:
    pid = running(reader, histories)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))


@pytest.mark.parametrize(("program", "comes"), [(SILENT, 0), ("pass", 0), (AT_ONE_ROW_AND_A_HALF, 1), (AT_ONE_ROW, 1)])
def test_whatever_the_other_does_all_is_read(program: str, comes: int, histories: list[LeadHistory]) -> None:
    reader = Reader([sys.executable, "-c", program], restart_s=0.0)
    expected = differing(alone(histories))
    try:
        for _ in range(20):
            assert same(differing(reader.features(histories, NOON)), expected)
            if reader.rows_read:
                break
            sleep(0.05)
        assert reader.rows_read == comes
    finally:
        reader.close()


def differing(rows: Sequence[Row]) -> list[Row]:
    """Without the rows at the place of which a process above may answer ones."""
    return [*rows[:50], *rows[51:]]


@pytest.mark.parametrize("repeated", [1, 400])
def test_a_process_that_halts_is_given_up_and_another_started(
    repeated: int, reader: Reader, histories: list[LeadHistory], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may halt with a request that its socket holds, or before one that is larger."""
    pid = running(reader, histories)
    os.kill(pid, signal.SIGSTOP)
    wordy = [wordier(history, repeated) for history in histories]
    with monkeypatch.context() as impatient:
        impatient.setattr(reading, "STUCK_S", 0.2)
        assert same(reader.features(wordy, NOON), alone(wordy))
        until(lambda: same(reader.features(histories, NOON), alone(histories)) and reader.pid != pid)
    assert same(helped(reader, histories), alone(histories))


def wordier(history: LeadHistory, repeated: int) -> LeadHistory:
    touch = Interaction(occurred_at=NOON, text=f"We like the garden, {history.lead.name}. " * repeated)
    return history.model_copy(update={"interactions": (*history.interactions, touch)})


def test_a_server_with_more_than_a_thousand_open_files_is_helped_too(histories: list[LeadHistory]) -> None:
    many = [os.dup(0) for _ in range(1_100)]
    reader = Reader(restart_s=0.0)
    try:
        assert same(helped(reader, histories), alone(histories))
    finally:
        reader.close()
        for number in many:
            os.close(number)


def test_a_lead_that_cannot_be_read_raises_here(reader: Reader, histories: list[LeadHistory]) -> None:
    helped(reader, histories)
    broken = told().model_copy(
        update={"interactions": (Interaction(occurred_at=NOON).model_copy(update={"occurred_at": "no moment"}),)}
    )

    def raised() -> bool:
        before = reader.rows_read
        with pytest.raises(TypeError, match="not supported between"):
            reader.features([*histories[:50], broken, *histories[51:]], NOON)
        return reader.rows_read > before

    until(raised)
    assert same(helped(reader, histories), alone(histories))


def test_one_caller_at_a_time_is_helped_and_nobody_waits(reader: Reader, histories: list[LeadHistory]) -> None:
    helped(reader, histories)
    expected, wrong, before = alone(histories), list[int](), reader.rows_read

    def read(shift: int) -> None:
        turned = [*histories[shift:], *histories[:shift]]
        for _ in range(10):
            if not same(reader.features(turned, NOON), [*expected[shift:], *expected[:shift]]):
                wrong.append(shift)

    threads = [threading.Thread(target=read, args=(shift,)) for shift in (0, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert reader.rows_read > before


def test_a_closed_reader_leaves_no_process_and_reads_alone(histories: list[LeadHistory]) -> None:
    reader = Reader(restart_s=0.0)
    pid = running(reader, histories)
    reader.close()
    assert not alive(pid)
    assert same(reader.features(histories, NOON), alone(histories))
    assert reader.pid is None


@pytest.fixture(scope="module")
def scores(histories: list[LeadHistory]) -> list[Score]:
    chance = np.random.default_rng(5)
    return [explained(row, chance.normal(scale=0.05, size=len(row))) for row in alone(histories)]


def texts(scores: Sequence[Score]) -> list[bytes]:
    return [
        contributions_json(score.features, score.contributions, largest_first(score.contributions)).encode()
        for score in scores
    ]


def written(reader: Reader, scores: Sequence[Score]) -> list[bytes]:
    """What the other process wrote, which had all the time that it wants."""
    with reader.writing(scores) as found:
        if reader.pid is not None:
            until(lambda: reader._beside is None or reader._beside.ended or reader._beside.answered() == len(scores))
    return found


def test_contributions_are_written_beside_as_they_would_be_here(
    reader: Reader, histories: list[LeadHistory], scores: list[Score]
) -> None:
    assert written(reader, scores) == []  # no process is started for it
    helped(reader, histories)
    for size in (100, 1, 37):
        assert written(reader, scores[:size]) == texts(scores[:size])
    assert reader.texts_written == 138
    assert same(helped(reader, histories), alone(histories))


def test_what_comes_late_is_never_taken_for_something_else(
    reader: Reader, histories: list[LeadHistory], scores: list[Score]
) -> None:
    """Nobody waits in the blocks, so some of the answers come while the next request is asked."""
    helped(reader, histories)
    expected, all_texts = alone(histories), texts(scores)
    for turn in range(30):
        shift = turn % 7
        assert same(reader.features(histories[shift:], NOON), expected[shift:])
        with reader.writing(scores[shift:]) as found:
            pass
        assert found == all_texts[shift : shift + len(found)]
    assert reader.texts_written > 0


def test_a_process_that_is_killed_or_halted_while_it_writes_costs_nothing_but_its_help(
    reader: Reader, histories: list[LeadHistory], scores: list[Score]
) -> None:
    pid = running(reader, histories)
    os.kill(pid, signal.SIGSTOP)
    with reader.writing(scores) as found:
        pass
    assert found == []
    os.kill(pid, signal.SIGCONT)
    assert same(helped(reader, histories), alone(histories))  # what it had to write came, and was thrown away
    with reader.writing(scores) as found:
        os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(pid))
    assert found == texts(scores)[: len(found)]
    assert same(helped(reader, histories), alone(histories))
    assert written(reader, scores) == texts(scores)


def test_requests_that_came_while_it_was_halted_are_worked_off(
    reader: Reader, histories: list[LeadHistory], scores: list[Score]
) -> None:
    pid = running(reader, histories)
    os.kill(pid, signal.SIGSTOP)
    assert same(reader.features(histories, NOON), alone(histories))
    for _ in range(3):
        with reader.writing(scores[:2]) as found:
            pass
        assert found == []
    os.kill(pid, signal.SIGCONT)
    assert same(helped(reader, histories), alone(histories))
    assert written(reader, scores) == texts(scores)
    assert reader.pid == pid


def test_who_works_with_it_alone_writes_and_an_error_in_the_block_lets_it_go(
    reader: Reader, histories: list[LeadHistory], scores: list[Score]
) -> None:
    helped(reader, histories)
    with pytest.raises(LookupError), reader.writing(scores), reader.writing(scores[:50]) as second:
        raise LookupError
    assert second == []
    assert written(reader, scores) == texts(scores)


def test_only_many_scores_of_a_server_are_written_beside_and_none_with_columns_of_their_own(
    center: CommandCenter, histories: list[LeadHistory], scores: list[Score]
) -> None:
    own = OwnColumn("Size", "number")
    with_own = explained(np.append(scores[0].features, 1.0).astype(np.float32), np.zeros(29), own)
    center.start_live()
    reader = center.reader
    assert reader is not None
    helped(reader, histories)
    for some, parallel in ((scores[: FEWEST - 1], True), (scores, False), ([*scores[1:], with_own], True)):
        with written_meanwhile(center, some, parallel=parallel) as found:
            sleep(0.05)
        assert found == []
    with written_meanwhile(center, scores) as found:
        until(lambda: reader._beside is None or reader._beside.answered() == len(scores))
    assert found == texts(scores)


@pytest.fixture
def program() -> Iterator[tuple[subprocess.Popen[bytes], socket.socket]]:
    """The other process, by itself."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(COMMAND, stdin=theirs.fileno())
    ours.settimeout(60)
    yield process, ours
    ours.close()
    process.kill()
    process.wait()


def test_it_ends_with_the_server(program: tuple[subprocess.Popen[bytes], socket.socket]) -> None:
    process, server = program
    assert server.recv(4) == READY
    server.close()
    assert process.wait(30) == 0


def test_it_ends_when_the_server_goes_in_the_middle(
    program: tuple[subprocess.Popen[bytes], socket.socket], histories: list[LeadHistory]
) -> None:
    process, server = program
    assert server.recv(4) == READY
    server.sendall(to_read(histories, NOON)[:-100])
    server.close()
    assert process.wait(30) == 0


def test_it_ends_when_nothing_is_asked_for_a_while() -> None:
    impatient = (
        "from core.services.scores.reading import process; process.QUIET_S = 0.05; raise SystemExit(process.main())"
    )
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ended = subprocess.run([sys.executable, "-c", impatient], stdin=theirs.fileno(), timeout=60, check=False)
        assert ended.returncode == 0
        assert ours.recv(9) == READY


def test_only_many_leads_of_a_server_are_read_beside(
    center: CommandCenter, histories: list[LeadHistory], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Counting(Reader):
        def features(self, histories: Sequence[LeadHistory], as_of: datetime) -> list[Row]:
            asked.append(len(histories))
            return super().features(histories, as_of)

    monkeypatch.setattr(reading, "Reader", Counting)
    features_of(center, histories, NOON)
    assert asked == []  # no server
    center.start_live()
    features_of(center, histories[: FEWEST - 1], NOON)
    features_of(center, histories, NOON, parallel=False)
    assert asked == []
    features_of(center, histories, NOON)
    score_batch(center, histories, via="api")
    score_batch(center, histories, via="api", parallel=False)
    assert asked == [100, 100]
