"""Leads through nginx and through the lead stream while a replica is killed, and what became of each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import httpx2
from sqlalchemy import func, select

from core.leads import LeadHistory
from core.sample import stream
from core.services.center import CommandCenter
from core.services.scores.wire import to_request
from core.services.worker import enqueue_leads
from core.store.schema import scores
from tests.deploy.checks import Checks
from tests.deploy.listener import Listener
from tests.deploy.machine import Machine, answers, wait_until
from tests.services.centers import settings_in

POSTED, QUEUED, CLIENTS = 1_200, 300, 8
TOLD_WITHIN_S = 30.0


class Poster:
    """Posts leads from several clients at once, each over a kept connection."""

    def __init__(self, machine: Machine, token: str) -> None:
        self._url = f"{machine.url}/api/v1/ml/score"
        self._lock = threading.Lock()
        self._clients = threading.local()
        self._trust, self._headers = machine.trust, {"Authorization": f"Bearer {token}"}
        self.statuses: Counter[int] = Counter()
        self.acknowledged: list[str] = []

    def post(self, history: LeadHistory) -> None:
        """Post one, once: what is not acknowledged is not tried again."""
        if not hasattr(self._clients, "own"):
            self._clients.own = httpx2.Client(verify=self._trust, trust_env=False, timeout=30)
        try:
            status = self._clients.own.post(self._url, json=to_request(history), headers=self._headers).status_code
        except httpx2.HTTPError:
            status = 0
        with self._lock:
            self.statuses[status] += 1
            if status == 200:
                self.acknowledged.append(history.lead.lead_id)


def load(machine: Machine, checks: Checks) -> None:
    """In the middle a replica is killed, later it is started again; then every lead is looked for."""
    token = machine.jorge("token", "--role", "manager")
    listeners = [Listener(machine, token).start() for _ in range(3)]  # nginx gives each another replica
    poster = Poster(machine, token)
    leads = list(islice(stream(11), POSTED + QUEUED))
    settings = settings_in(
        machine.folder / "operator", jorge_database_url=machine.database_url, jorge_redis_url=machine.redis_url
    )
    with CommandCenter(settings) as center:
        enqueue_leads(center, leads[POSTED:])
        began = time.monotonic()
        _post_and_kill(machine, poster, leads[:POSTED])
        took = time.monotonic() - began
        wait_until(lambda: answers(f"http://127.0.0.1:{machine.ports['api-2']}/api/v1/ml/health"), "api-2 again")
        expected = [*poster.acknowledged, *(history.lead.lead_id for history in leads[POSTED:])]
        _wait_for(listeners, expected)
        for listener in listeners:
            listener.close()
        stored = _stored(center)
    share = len(poster.acknowledged) / POSTED
    checks.hold("the load went through", share > 0.98, f"{dict(poster.statuses)} in {took:.0f} s")
    lost = sum(not stored[lead_id] for lead_id in expected)
    checks.hold("every acknowledged and every queued lead is stored", not lost, f"{len(expected)} leads, {lost} lost")
    twice = sum(n > 1 for n in stored.values())
    checks.hold("none is stored twice", not twice, str(twice))
    untold = sum(not listener.told[lead_id] for listener in listeners for lead_id in expected)
    checks.hold("the feed told of each on every WebSocket", not untold, f"{untold} untold")
    told_twice = sum(n > 1 for listener in listeners for n in listener.told.values())
    checks.hold("and of none twice", not told_twice, str(told_twice))
    connected = [listener.connected for listener in listeners]
    checks.hold("the one of the killed replica was cut and came back", max(connected) > 1, str(connected))


def _post_and_kill(machine: Machine, poster: Poster, leads: Sequence[LeadHistory]) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = [pool.submit(poster.post, history) for history in leads]
        wait_until(lambda: sum(poster.statuses.values()) >= len(leads) // 3, "a third of the load")
        machine.kill("api-2")
        wait_until(lambda: sum(poster.statuses.values()) >= 2 * len(leads) // 3, "two thirds of the load")
        machine.start_server("api-2")
        for one in done:
            one.result()


def _wait_for(listeners: Sequence[Listener], expected: Sequence[str]) -> None:
    deadline = time.monotonic() + TOLD_WITHIN_S
    while time.monotonic() < deadline and not all(
        listener.told[lead_id] for listener in listeners for lead_id in expected
    ):
        time.sleep(0.2)


def _stored(center: CommandCenter) -> Counter[str]:
    with center.store.database.read() as connection:
        query = select(scores.c.lead_id, func.count()).group_by(scores.c.lead_id)
        return Counter(dict(connection.execute(query).tuples().all()))
