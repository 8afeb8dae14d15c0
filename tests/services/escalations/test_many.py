"""Many escalations at a Claude that often fails, and a kill in the middle: answered or explained, none twice."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from core.escalation.fake import Plan, running_fake
from core.services.center import CommandCenter
from core.store import Store
from core.store.opinions import Status
from core.store.opinions.queue import LOST
from core.store.opinions.schema import opinions
from tests.services.escalations.conftest import desk, scores_hash, settled, unsure, until, with_claude

ROOT = Path(__file__).parents[3]
FAILURES = ("500", "529", "429", "wrong_schema", "cut", "refusal")


def one_in_five(calls: int, seed: int = 5) -> list[str]:
    """A fifth of the calls fails, in six ways."""
    dice = random.Random(seed)
    return [dice.choice(FAILURES) if dice.random() < 0.2 else "success" for _ in range(calls)]


def rows_of(store: Store) -> list[tuple[str, str, str | None, int, int]]:
    with store.database.read() as connection:
        found = connection.execute(select(opinions))
        return [(row.lead_id, row.status, row.error, row.tries, row.cost_micro_usd or 0) for row in found]


def answers_by_lead(store: Store) -> Counter[str]:
    return Counter(lead_id for lead_id, status, *_ in rows_of(store) if status == Status.ANSWERED)


def ready_again(store: Store) -> None:
    """Let no row wait for its time: a minute of rest would make the test as long."""
    with store.database.write() as connection:
        connection.execute(update(opinions).values(not_before=None))


@pytest.fixture
def plan() -> Plan:
    return Plan(modes=one_in_five(2_000))


def test_two_hundred_escalations_at_a_claude_that_fails_every_fifth_call(asking: CommandCenter) -> None:
    names = [f"lead_{number}" for number in range(200)]
    unsure(asking, *names)
    before = scores_hash(asking.store)
    budget = 10**6 * asking.settings.jorge_claude_daily_budget_usd
    with desk(asking, at_once=8):

        def done() -> bool:
            ready_again(asking.store)
            assert asking.store.opinions.spending().day_micro_usd <= budget
            return settled(asking.store, 200)

        until(done, 180)
    rows = rows_of(asking.store)
    assert sorted(lead_id for lead_id, *_ in rows) == sorted(names)
    assert all(error for _, status, error, *_ in rows if status != Status.ANSWERED)
    assert max(answers_by_lead(asking.store).values()) == 1
    assert sum(cost for *_, cost in rows) == asking.store.opinions.spending().day_micro_usd
    assert scores_hash(asking.store) == before


CHILD = """
import sys, time
from pathlib import Path
from core.services.center import CommandCenter
from core.services.escalations.desk import EscalationDesk
from tests.services.escalations.conftest import with_claude
center = CommandCenter(with_claude(Path(sys.argv[1]), sys.argv[2]), Path(sys.argv[3]))
EscalationDesk(center, look_s=0.05).start()
time.sleep(120)
"""


def killed_in_the_middle(folder: Path, address: str, models_dir: Path, store: Store, answers: int) -> None:
    """Run a desk in a process of its own, and kill it once ``answers`` are there and calls are in flight."""
    command: Sequence[str] = [sys.executable, "-c", CHILD, str(folder), address, str(models_dir)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        until(
            lambda: store.opinions.count(Status.ANSWERED) >= answers and store.opinions.count(Status.ASKED) > 0,
            90,
        )
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)


def test_a_desk_that_is_killed_asks_nobody_twice_and_loses_nobody(tmp_path: Path, models_dir: Path) -> None:
    plan = Plan(default="slow", drip_s=0.005)  # an answer takes a third of a second: calls are in flight at the kill
    folder = tmp_path / "data"
    with running_fake(plan) as address, CommandCenter(with_claude(folder, address), models_dir) as center:
        names = [f"lead_{number}" for number in range(30)]
        unsure(center, *names)
        before = scores_hash(center.store)
        killed_in_the_middle(folder, address, models_dir, center.store, answers=5)
        in_flight = center.store.opinions.count(Status.ASKED)
        assert in_flight > 0
        with desk(center) as running:
            until(lambda: center.store.opinions.count(Status.WAITING) == 0)
            until(lambda: center.store.opinions.count(Status.ASKED) == in_flight)
            running._lease = running._lease * 0  # minutes have passed
            until(lambda: settled(center.store, 30))
        rows = rows_of(center.store)
        assert sorted(lead_id for lead_id, *_ in rows) == sorted(names)
        assert [error for _, status, error, *_ in rows if status == Status.FAILED] == [LOST] * in_flight
        assert all(tries == 1 for *_, tries, _ in rows)
        assert max(Counter(whom(request.body) for request in plan.asked).values()) == 1
        assert sum(cost for *_, cost in rows) == center.store.opinions.spending().day_micro_usd
        assert scores_hash(center.store) == before


def whom(body: bytes) -> str:
    """The question of a request; each lead of these tests says a sentence of its own."""
    return json.dumps(json.loads(body)["messages"])


def test_the_books_agree_with_the_rows(asking: CommandCenter) -> None:
    unsure(asking, *(f"lead_{number}" for number in range(10)))
    with desk(asking):
        until(lambda: ready_again(asking.store) or settled(asking.store, 10))  # type: ignore[func-returns-value]
    with asking.store.database.read() as connection:
        total = connection.execute(select(func.sum(opinions.c.cost_micro_usd))).scalar_one()
    assert total == asking.store.opinions.spending().month_micro_usd
