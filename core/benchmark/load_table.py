"""The table of a load: every figure of ours beside the same server's with scikit-learn and shap doing the scoring."""

from __future__ import annotations

import asyncio
import importlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from core.benchmark.load import BATCH, Load, Plan
from core.benchmark.load_leads import Leads
from core.benchmark.load_server import ORACLE, OURS, serving

PER_SECOND: Final = "1/s"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; ``ratio`` is how many times as good ours is. ``goal`` is what it should at least or at most be."""

    work: str
    unit: str
    ours: float | None
    theirs: float | None = None
    goal: float | None = None

    @property
    def ratio(self) -> float | None:
        """Theirs over ours; for a rate, ours over theirs. None when one of them is missing or 0.

        >>> Figure("one_client_p50", "ms", 2.0, 9.0).ratio, Figure("clients_rate", "1/s", 600.0, 100.0).ratio
        (4.5, 6.0)
        """
        if not self.ours or not self.theirs or not self.unit:
            return None
        return self.ours / self.theirs if self.unit == PER_SECOND else self.theirs / self.ours

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one.

        >>> Figure("clients_errors", "", 0.0, goal=0.0).met, Figure("clients_rate", "1/s", 399.0, goal=400.0).met
        (True, False)
        """
        if self.goal is None or self.ours is None:
            return None
        return self.ours >= self.goal if self.unit == PER_SECOND else self.ours <= self.goal

    def to_json(self) -> dict[str, Any]:
        """Plain values for the wire."""
        return asdict(self) | {"ratio": self.ratio, "met": self.met}


# Name, unit, value, goal; ``None`` for the value means that it is not known here.
_Row = tuple[str, str, float | None, float | None]
_Part = Callable[[Load, Plan], Awaitable[list[_Row]]]


async def _one_client(load: Load, plan: Plan) -> list[_Row]:
    seen = await load.one_client(plan.requests)
    return [
        ("one_client_p50", "ms", seen.percentile(50), 3.0),
        ("one_client_p95", "ms", seen.percentile(95), 6.0),
        ("one_client_errors", "", seen.errors, 0.0),
    ]


async def _crowd(load: Load, plan: Plan) -> list[_Row]:
    crowd = await load.crowd(plan.clients, plan.seconds)
    name = f"{plan.clients}_clients"
    return [
        (f"{name}_rate", PER_SECOND, crowd.answers_per_s, 400.0),
        (f"{name}_p50", "ms", crowd.seen.percentile(50), None),
        (f"{name}_p99", "ms", crowd.seen.percentile(99), 400.0),
        (f"{name}_errors", "", crowd.seen.errors, 0.0),
        (f"{name}_server_cpu", "ms", crowd.server_cpu_ms, None),
        (f"{name}_generator_cpu_share", "", crowd.generator_cpu_share, None),
    ]


async def _again(load: Load, plan: Plan) -> list[_Row]:
    seen = await load.again(plan.requests, plan.settle_s)
    return [("cache_hit_p50", "ms", seen.percentile(50), 2.0), ("cache_hit_errors", "", seen.errors, 0.0)]


async def _batches(load: Load, plan: Plan) -> list[_Row]:
    seen = await load.batches(plan.batches)
    return [(f"batch_{BATCH}_p50", "ms", seen.percentile(50), 60.0), (f"batch_{BATCH}_errors", "", seen.errors, 0.0)]


async def _listener(load: Load, plan: Plan) -> list[_Row]:
    seen = await load.to_a_listener(plan.requests)
    return [
        ("post_to_socket_p50", "ms", seen.percentile(50), None),
        ("post_to_socket_p95", "ms", seen.percentile(95), 20.0),
        ("post_to_socket_lost", "", seen.errors, 0.0),
    ]


async def _health(load: Load, plan: Plan) -> list[_Row]:
    seen = await load.health(plan.requests)
    return [("health_p95", "ms", seen.percentile(95), 10.0), ("health_errors", "", seen.errors, 0.0)]


_PARTS: Final[tuple[_Part, ...]] = (_one_client, _crowd, _again, _batches, _listener, _health)


def figures(plan: Plan, show: Callable[[Figure], None], *, against_oracle: bool = True) -> list[Figure]:
    """Measure every part, in turn on our server and on the one with the oracle; ``show`` gets each figure at once.

    The servers run on folders that are thrown away. Raises Unavailable when one does not start.
    """
    found: list[Figure] = []

    async def measure(loads: list[Load]) -> None:
        async for figure in _measured(loads, plan):
            found.append(figure)
            show(figure)

    with _loads((OURS, ORACLE) if against_oracle else (OURS,)) as loads, _runner() as runner:
        runner.run(measure(loads))
    return found


@contextmanager
def _loads(modules: tuple[str, ...]) -> Iterator[list[Load]]:
    leads = Leads()
    with ExitStack() as stack:
        rooms = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jorge-load-"))) for _ in modules]
        servers = [stack.enter_context(serving(room, module)) for room, module in zip(rooms, modules, strict=True)]
        yield [Load(server, leads) for server in servers]


def _runner() -> asyncio.Runner:
    """A runner of the quickest loop that is installed: the clients must not be what is slow."""
    try:
        return asyncio.Runner(loop_factory=importlib.import_module("uvloop").new_event_loop)
    except ImportError:
        return asyncio.Runner()


async def _settled(part: _Part, load: Load, plan: Plan) -> list[_Row]:
    await asyncio.sleep(plan.settle_s)
    return await part(load, plan)


async def _measured(loads: list[Load], plan: Plan) -> AsyncIterator[Figure]:
    for load in loads:
        await load.warm(plan.warm_s)
    for part in _PARTS:
        ours, *theirs = [await _settled(part, load, plan) for load in loads]
        other = {name: value for name, _, value, _ in (theirs[0] if theirs else ())}
        for name, unit, value, goal in ours:
            yield Figure(name, unit, value, other.get(name), goal)
