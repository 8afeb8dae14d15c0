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

from core.benchmark.load import BATCH, Load, Plan, Seen
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


@dataclass(frozen=True, slots=True)
class _Part:
    """What is measured in a round, and what is told of all rounds.

    ``first`` is asked once before and not counted: what a server loads for it in the background is then there.
    """

    measure: Callable[[Load, Plan], Awaitable[Seen]]
    told: Callable[[Seen, Plan], list[_Row]]
    first: Callable[[Load], Awaitable[Seen]] | None = None


def _one_client(seen: Seen, _plan: Plan) -> list[_Row]:
    return [
        ("one_client_p50", "ms", seen.percentile(50), 3.0),
        ("one_client_p95", "ms", seen.percentile(95), 6.0),
        ("one_client_errors", "", seen.errors, 0.0),
    ]


def _crowd(seen: Seen, plan: Plan) -> list[_Row]:
    name = f"{plan.clients}_clients"
    return [
        (f"{name}_rate", PER_SECOND, seen.answers_per_s, 400.0),
        (f"{name}_p50", "ms", seen.percentile(50), None),
        (f"{name}_p99", "ms", seen.percentile(99), 400.0),
        (f"{name}_errors", "", seen.errors, 0.0),
        (f"{name}_server_cpu", "ms", seen.server_cpu_ms, None),
        (f"{name}_generator_cpu_share", "", seen.generator_cpu_share, None),
    ]


def _again(seen: Seen, _plan: Plan) -> list[_Row]:
    return [("cache_hit_p50", "ms", seen.percentile(50), 2.0), ("cache_hit_errors", "", seen.errors, 0.0)]


def _batches(seen: Seen, _plan: Plan) -> list[_Row]:
    return [(f"batch_{BATCH}_p50", "ms", seen.percentile(50), 60.0), (f"batch_{BATCH}_errors", "", seen.errors, 0.0)]


def _listener(seen: Seen, _plan: Plan) -> list[_Row]:
    return [
        ("post_to_socket_p50", "ms", seen.percentile(50), None),
        ("post_to_socket_p95", "ms", seen.percentile(95), 20.0),
        ("post_to_socket_lost", "", seen.errors, 0.0),
    ]


def _health(seen: Seen, _plan: Plan) -> list[_Row]:
    return [("health_p95", "ms", seen.percentile(95), 10.0), ("health_errors", "", seen.errors, 0.0)]


_PARTS: Final = (
    _Part(lambda load, plan: load.one_client(plan.requests), _one_client),
    _Part(lambda load, plan: load.crowd(plan.clients, plan.seconds), _crowd),
    _Part(lambda load, plan: load.again(plan.requests, plan.settle_s), _again),
    _Part(lambda load, plan: load.batches(plan.batches), _batches, first=lambda load: load.batches(1)),
    _Part(lambda load, plan: load.to_a_listener(plan.requests), _listener),
    _Part(lambda load, plan: load.health(plan.requests), _health),
)


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


async def _measured(loads: list[Load], plan: Plan) -> AsyncIterator[Figure]:
    for load in loads:
        await load.warm(plan.warm_s)
    for part in _PARTS:
        seen = [Seen() for _ in loads]
        if part.first is not None:
            for load in loads:
                await part.first(load)
            await asyncio.sleep(plan.warm_s)
        for _ in range(plan.rounds):
            for load, so_far in zip(loads, seen, strict=True):
                await asyncio.sleep(plan.settle_s)
                so_far.add(await part.measure(load, plan.of_one_round))
        ours, *theirs = [part.told(so_far, plan) for so_far in seen]
        other = {name: value for name, _, value, _ in (theirs[0] if theirs else ())}
        for name, unit, value, goal in ours:
            yield Figure(name, unit, value, other.get(name), goal)
