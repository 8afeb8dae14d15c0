"""Dashboard sessions and posted leads for a long time: ``python -m tests.measure.soak [--minutes M] [--sessions N]``.

One server with its embedded Redis and the sample workspace. Each session opens page after page over Streamlit's own
WebSocket, every fifth also reads the live feed, and leads are posted at a steady rate. Printed: memory of each of the
server's processes by minute, Redis and the disk, the time of reruns and posts at the beginning and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Final

import httpx
from redis import Redis
from websockets.asyncio.client import connect

from core.scoring.warm import warm
from tests.browser.conftest import Server, jorge, serving
from tests.measure.bodies import resident_mb
from tests.measure.screens import VIEWS
from tests.measure.sessions import Session

OFTEN: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("live_scores", {}),
    ("live_scores", {}),
    ("leads", {}),
    ("leads", {"tier": "hot"}),
    ("lead", {}),
)
LOOKS_S: Final = (6.0, 14.0)  # at one page
READS_FEED: Final = 5  # every fifth session
AT_ONCE: Final = 100
GROWTH: Final = 1.10
SIXTHS: Final = 6  # the first sixth warms up, the second is the beginning, the last the end
TEXTS: Final = (
    "We are looking for 3 bedrooms in Hyde Park, under $600k, by May.",
    "Is the house on Oak Street still available? We are pre-approved for 450k.",
    "Just looking around, no hurry.",
    "Can we see it tomorrow? Cash, no inspection needed. What are the taxes?",
)


@dataclass
class Seen:
    """What was seen, each with the second in which it was; ``memory`` by the name of a process."""

    began: float = field(default_factory=time.monotonic)
    reruns: list[tuple[float, float]] = field(default_factory=list)
    renewals: list[tuple[float, float]] = field(default_factory=list)
    posts: list[tuple[float, float]] = field(default_factory=list)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    sizes: list[str] = field(default_factory=list)
    events: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    last_lead: str = ""
    used_s: float = 0.0

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.began


async def person(number: int, url: str, seconds: float, seen: Seen) -> None:
    """One who opens a page, looks at it while its parts renew themselves, and opens the next."""
    chance = random.Random(number)
    try:
        async with Session(url) as session:
            while seen.now < seconds:
                page, query = chance.choice(OFTEN if chance.random() < 0.6 else VIEWS)
                asked = {"id": seen.last_lead} if page == "lead" else query
                at = seen.now
                took = await session.open("" if page == "live_scores" else page, str(httpx.QueryParams(asked)))
                seen.reruns.append((at, took))
                renewed = await session.stay(min(chance.uniform(*LOOKS_S), max(0.0, seconds - seen.now)))
                seen.renewals += [(at, took) for took in renewed]
        seen.wrong += session.wrong
    except Exception as error:
        seen.wrong.append(f"session {number}: {type(error).__name__} {str(error)[:200]}")


async def reader(number: int, server: Server, seconds: float, seen: Seen) -> None:
    """One who reads the live feed, and counts the leads that it tells of."""
    address = server.url.replace("http", "ws", 1) + "/api/v1/ml/ws/live-scores"
    try:
        async with connect(
            address, additional_headers={"authorization": f"Bearer {server.token}"}, proxy=None, max_size=None
        ) as socket:
            await socket.send(json.dumps({"type": "subscribe", "events": ["lead_scored"]}))
            seen.events[number] = 0
            with suppress(TimeoutError):
                while (left := seconds + 5 - seen.now) > 0:
                    told = json.loads(await asyncio.wait_for(socket.recv(), left))
                    seen.events[number] += str(told.get("lead_id", "")).startswith("soak_")
    except Exception as error:
        seen.wrong.append(f"reader {number}: {type(error).__name__} {str(error)[:200]}")


async def leads(server: Server, seconds: float, rate: float, readers: int, seen: Seen) -> None:
    """``rate`` leads a second, whether the earlier ones were answered or not, up to 100 at once."""
    while len(seen.events) < readers and not seen.wrong:
        await asyncio.sleep(0.5)
    headers = {"authorization": f"Bearer {server.token}"}
    free, waiting = asyncio.Semaphore(AT_ONCE), set()
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False, headers=headers) as client:
        start = seen.now
        for number in range(int((seconds - start) * rate)):
            await asyncio.sleep(max(0.0, start + number / rate - seen.now))
            await free.acquire()
            task = asyncio.create_task(_post(client, number, free, seen))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        await asyncio.gather(*waiting)


async def _post(client: httpx.AsyncClient, number: int, free: asyncio.Semaphore, seen: Seen) -> None:
    lead = {
        "name": f"Lead {number}",
        "source": ("zillow", "website", "referral")[number % 3],
        "price_max_usd": 200_000 + 1_000 * (number % 700),
        "message": TEXTS[number % len(TEXTS)],
    }
    at = seen.now
    try:
        answer = await client.post("/api/v1/ml/score", json={"lead_id": f"soak_{number}", "lead_data": lead})
        if answer.status_code != 200:
            seen.wrong.append(f"post: {answer.status_code} {answer.text[:200]}")
        seen.last_lead = f"soak_{number}"
    except httpx.HTTPError as error:
        seen.wrong.append(f"post: {type(error).__name__}")
    finally:
        free.release()
    seen.posts.append((at, seen.now - at))


async def watch(server: Server, seconds: float, seen: Seen) -> None:
    """Memory every five seconds, Redis and the disk every minute."""
    minute = 0.0
    while seen.now < seconds:
        for name, size in processes(server.process_id):
            seen.memory[name].append((seen.now, size))
        if seen.now >= minute:
            seen.sizes.append(sizes(server.data_dir))
            minute += 60.0
        await asyncio.sleep(5)
    seen.used_s = processor_s(server.process_id)


def processes(process_id: int) -> Iterator[tuple[str, float]]:
    """The server and what it started: name and resident MB."""
    yield "server", resident_mb(str(process_id))
    for tasks in Path(f"/proc/{process_id}/task").glob("*/children"):
        with suppress(OSError):
            for child in tasks.read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes().strip(b"\0").split(b"\0")
                name = "Redis" if b"redis" in words[0] or b"valkey" in words[0] else words[-1].decode() or "starting"
                yield name, resident_mb(child)


def processor_s(process_id: int) -> float:
    """Processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sizes(data_dir: Path) -> str:
    """What Redis holds and what lies on the disk."""
    with Redis(unix_socket_path=str(data_dir / "redis" / "redis.sock")) as client:
        used = client.info("memory")["used_memory"] / 1e6
    files = {path: path.stat().st_size / 1e6 for path in data_dir.rglob("*") if path.is_file()}
    log = sum(size for path, size in files.items() if path.name.endswith("-wal"))
    redis = sum(size for path, size in files.items() if "redis" in path.parts)
    return f"Redis {used:.1f} MB, its files {redis:.1f}, database's log {log:.1f}, all files {sum(files.values()):.1f}"


async def soak(server: Server, seconds: float, sessions: int, rate: float) -> Seen:
    """Everything at once."""
    seen = Seen()
    people = (person(number, server.url, seconds, seen) for number in range(sessions))
    readers = [reader(number, server, seconds, seen) for number in range(0, sessions, READS_FEED)]
    posting = leads(server, seconds, rate, len(readers), seen)
    await asyncio.gather(posting, watch(server, seconds, seen), *people, *readers)
    return seen


def within(found: Sequence[tuple[float, float]], start: float, end: float) -> list[float]:
    """The values seen from second ``start`` to ``end``, ascending."""
    return sorted(value for at, value in found if start <= at < end)


def report(seen: Seen, seconds: float) -> bool:
    """Print what was seen; whether it held: nothing wrong, and memory within a tenth of the beginning's."""
    sixth = seconds / SIXTHS
    first, last = (sixth, 2 * sixth), (seconds - sixth, seconds)
    flat = True
    for name, found in seen.memory.items():
        minutes = [within(found, start, start + 60) for start in range(0, int(seconds), 60)]
        print(f"{name}, MB by minute:", " ".join(f"{fmean(values):.0f}" if values else "-" for values in minutes))
        before, after = within(found, *first), within(found, *last)
        if name in ("server", "background") and before and after:
            grown = fmean(after) / fmean(before)
            flat &= grown <= GROWTH
            print(f"  beginning {fmean(before):.0f} MB, end {fmean(after):.0f} MB: {grown:.3f} times")
    for name, told in (("page", seen.reruns), ("renewal", seen.renewals), ("post", seen.posts)):
        parts = [within(told, *part) for part in (first, last)]
        words = [f"{1e3 * _at(part, 0.5):.0f} / {1e3 * _at(part, 0.95):.0f} ms ({len(part):,})" for part in parts]
        print(f"{name}, median / 95 %: beginning {words[0]}, end {words[1]}")
    for number, line in enumerate(seen.sizes):
        if number % 5 == 0 or number == len(seen.sizes) - 1:
            print(f"minute {number}: {line}")
    print(f"the server used {seen.used_s:.0f} s of the processor in {seconds:.0f} s")
    told_of = sorted(set(seen.events.values()))
    print(f"{len(seen.reruns):,} pages, {len(seen.renewals):,} renewals, {len(seen.posts):,} leads, told of {told_of}")
    if told_of and told_of != [len(seen.posts)]:
        seen.wrong.append(f"readers were told of {told_of} of {len(seen.posts)} leads")
    print(f"wrong: {len(seen.wrong)}")
    for line in seen.wrong[:20]:
        print("WRONG", line)
    return flat and not seen.wrong


def _at(values: list[float], share: float) -> float:
    return values[int(share * (len(values) - 1))] if values else float("nan")


def main() -> None:
    """Print what a soak shows; status 1 when something went wrong or memory grew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--sample", type=int, default=500, help="leads of the sample workspace")
    arguments = parser.parse_args()
    os.environ["JORGE_RATE_LIMIT_SCORE_PER_MINUTE"] = "0"  # not what is measured
    seconds = 60 * arguments.minutes
    warm()  # a server without compiled kernels answers 503 until they are made
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        jorge(data, "sample", "--leads", str(arguments.sample))
        with serving(data) as server:
            seen = asyncio.run(soak(server, seconds, arguments.sessions, arguments.rate))
        said = (data / "server.log").read_text(errors="replace").splitlines()
    seen.wrong += [f"log: {line[:300]}" for line in said if line.startswith("{") and '"level":"INFO"' not in line]
    seen.wrong += [f"log: {line[:300]}" for line in said if "Traceback" in line or "Error" in line]
    sys.exit(not report(seen, seconds))


if __name__ == "__main__":
    main()
