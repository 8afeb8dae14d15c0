"""Coverage-guided fuzzing of what reads strangers' bytes: ``python -m tests.measure.guided [--runs N] [--target T]``.

Atheris (libFuzzer) changes bytes so that they reach new lines of ``core``. What must hold: a result, or a refusal.
It is among the locked tools for the tests where it has wheels: Linux on x86-64.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

MOST_BYTES: Final = 4_096
SLOW_S: Final = 10
MOST_MEMORY_BYTES: Final = 2_000_000_000
NOW: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
MODULES: Final = (
    *("core.services.scores.wire", "core.features", "core.transfer.reading", "core.transfer.spend"),
    *("core.transfer.lead_mail", "core.transfer.gohighlevel", "core.training.table.look"),
)
_REACHED: Final = re.compile(r"cov: (\d+ ft: \d+)")
Target = Callable[[bytes], object]


def _kept(data: bytes) -> Path:
    path = Path(tempfile.gettempdir()) / f"guided-{os.getpid()}.csv"
    path.write_bytes(data)
    return path


def body(data: bytes) -> object:
    """A body of /score, as far as its features."""
    from pydantic import ValidationError

    from core.features import extract
    from core.services.scores.wire import ScoreIn

    try:
        return extract(ScoreIn.model_validate_json(data).to_history(), NOW)
    except ValidationError:
        return None


def message(data: bytes) -> object:
    """A message's text, as far as its features."""
    from core.features import extract
    from core.leads import Interaction, InteractionKind, Lead, LeadHistory

    text = data.decode("utf-8", "replace").replace("\x00", "")
    touch = Interaction(occurred_at=NOW, kind=next(iter(InteractionKind)), text=text or "x")
    return extract(LeadHistory(lead=Lead(lead_id="a"), interactions=(touch,)), NOW)


def file(data: bytes) -> object:
    """A list of leads, row by row."""
    from core.transfer.reading import read_leads

    return list(islice(read_leads(_kept(data), as_of=NOW), 1_000))


def table(data: bytes) -> object:
    """Any table to train on."""
    from core.training.table.look import look_at

    return look_at(_kept(data))


def spend(data: bytes) -> object:
    """What advertising cost."""
    from core.transfer.spend import read_spend

    return read_spend(_kept(data))


def mail(data: bytes) -> object:
    """A portal's mail as it came."""
    from core.transfer.lead_mail import lead_of_mail, mail_of

    return lead_of_mail(mail_of(data), NOW)


def event(data: bytes) -> object:
    """An event of the CRM."""
    import orjson

    from core.transfer.gohighlevel import parse_event
    from core.transfer.gohighlevel.event import KNOWN_TYPES

    try:
        payload = orjson.loads(data)
    except ValueError:
        return None
    if not isinstance(payload, dict) or str(payload.get("type")) not in KNOWN_TYPES:  # as intake has it
        return None
    return parse_event(payload, "w", NOW)


TARGETS: Final[dict[str, Target]] = {one.__name__: one for one in (body, message, file, table, spend, mail, event)}


def seeds(name: str) -> Iterator[bytes]:
    """What the changes begin with."""
    from tests.measure.changed import Maker
    from tests.measure.files import file_of
    from tests.measure.hostile import hostile

    if name in ("file", "table", "spend"):
        yield from (file_of(number)[:MOST_BYTES] for number in range(200))
        yield b"month,channel,cost\n2026-01,zillow,500\n"
    elif name == "message":
        yield from (text.encode("utf-8", "replace") for text in hostile(200))
    else:
        part = {"body": "/score", "mail": "/leads/email", "event": "/webhooks"}[name]
        made = (Maker(1).call(number) for number in range(2_000))
        yield from (call.body[:MOST_BYTES] for call in made if part in call.path)


def fuzz(name: str, runs: int, corpus: Path) -> None:
    """Run one target in this process, which ends with it."""
    import resource  # not on every system where the tests are read

    atheris: Any = import_module("atheris")

    with atheris.instrument_imports(include=["core"]):
        for module in MODULES:
            import_module(module)
    from core.errors import JorgeError

    def one(data: bytes) -> None:
        with suppress(JorgeError):
            TARGETS[name](data)

    # libFuzzer's own limit reads a peak that Linux hands on from the process that started this one.
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    options = [f"-runs={runs}", f"-max_len={MOST_BYTES}", f"-timeout={SLOW_S}", "-rss_limit_mb=0", "-seed=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus.parent}/", str(corpus)], one)
    atheris.Fuzz()


def run(name: str, runs: int) -> bool:
    """Run one target in a process of its own and print how it ended; whether it held."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        count = 0
        for count, seed in enumerate(seeds(name), 1):
            (corpus / str(count)).write_bytes(seed)
        command = [sys.executable, "-m", "tests.measure.guided", "--runs", str(runs), "--child", name, str(corpus)]
        done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        said = done.stderr.decode(errors="replace")
        first, last = (found[at] if (found := _REACHED.findall(said)) else "?" for at in (0, -1))
        print(f"{name}: {runs:,} runs from {count} seeds, reached {first} at first, {last} at last", flush=True)
        if done.returncode:
            print("WRONG", said[-3_000:])
            for kept in Path(folder).glob("*-*"):
                print("WRONG", name, kept.read_bytes()[:500])
    return not done.returncode


def main() -> None:
    """Run all targets, or one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--target", choices=TARGETS, action="append")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        fuzz(arguments.child[0], arguments.runs, Path(arguments.child[1]))
    held = [run(name, arguments.runs) for name in arguments.target or TARGETS]
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
