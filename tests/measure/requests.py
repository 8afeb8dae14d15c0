"""CPU time that each thread of a server takes for a request: ``python -m tests.measure.requests [--json]``.

Unlike the clock's, these figures hold on a machine that does other work as well. Linux only.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from core.benchmark.load import Load, Seen
from core.benchmark.load_leads import Leads
from core.benchmark.load_server import serving

SERVER = "tests.measure.named_server"
WARM_S = 6.0
TIMES = {"one client": 400, "50 clients": 2_000, "answer from the cache": 400, "batch of 100": 15, "health": 200}
_NUMBER = re.compile(r"[\s_-]*\d+$")


def used_us(process_id: int) -> dict[tuple[str, str], int]:
    """CPU time of each thread so far, in microseconds, by the thread's number and its name without one."""
    used = {}
    for task in Path(f"/proc/{process_id}/task").iterdir():
        try:
            name, spent_ns = (task / "comm").read_text(), (task / "schedstat").read_text().split()[0]
        except OSError:
            continue  # it has ended
        used[task.name, _NUMBER.sub("", name.strip())] = int(spent_ns) // 1000
    return used


def spent_us(process_id: int, before: dict[tuple[str, str], int]) -> Counter[str]:
    """CPU time since ``before`` by thread's name; what a thread used that has ended is not in it."""
    spent: Counter[str] = Counter()
    for thread, us in used_us(process_id).items():
        spent[thread[1]] += us - before.get(thread, 0)
    return spent


async def crowd(load: Load, requests: int) -> Seen:
    """50 clients, until about so many answers were given."""
    seen = Seen()
    while len(seen.times_ms) < requests and not seen.errors:
        seen.add(await load.crowd(50, 1.0))
    return seen


async def measure(load: Load, process_id: int) -> None:
    """Print a table for each kind of request."""
    await load.warm(WARM_S)
    parts: dict[str, Callable[[int], Awaitable[Seen]]] = {
        "one client": load.one_client,
        "50 clients": lambda requests: crowd(load, requests),
        "answer from the cache": load.again,
        "batch of 100": load.batches,
        "health": load.health,
    }
    for name, part in parts.items():
        before = used_us(process_id)
        seen = await part(TIMES[name])
        await asyncio.sleep(0.3)  # what follows the last answer
        spent = spent_us(process_id, before)
        n = len(seen.times_ms)
        print(f"\n{name}: {n} answers, {seen.errors} errors, p50 {seen.percentile(50):.2f} ms, ", end="")
        print(f"p95 {seen.percentile(95):.2f} ms (by the clock), {spent.total() / max(n, 1):,.0f} us of CPU each")
        for thread, us in spent.most_common(8):
            print(f"  {thread:<16} {us / max(n, 1):>8,.0f}")


def main() -> None:
    """Measure a server on a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="jorge-requests-") as room, serving(Path(room), SERVER) as server:
        asyncio.run(measure(Load(server, Leads()), server.process_id))


if __name__ == "__main__":
    main()
