"""``jorge worker``: scores what waits in the lead stream; also shows what was given up, and tries it again."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from core.cli.shown import shown
from core.cli.stopping import stopped_by_signals
from core.errors import FeedUnavailable, InputError
from core.services.center import CommandCenter
from core.settings import load_settings
from core.words import counted

if TYPE_CHECKING:
    from core.realtime.dead_letters import DeadLetters

ALL = "all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("run", "status", "dead", "retry", "drop"),
        default="run",
        help="run (default): score; status: what waits; dead: list what was given up; retry, drop: by id, or all",
    )
    parser.add_argument("ids", nargs="*", metavar="ID", help="dead letters to retry or drop, or: all")
    parser.add_argument("--name", help="how this worker is called, unlike every other (default: host and process)")
    parser.add_argument("--once", action="store_true", help="end when nothing waits any more")


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C, and finish the batch in hand; 0."""
    if arguments.ids and arguments.action not in ("retry", "drop"):
        raise InputError(f"{arguments.action} takes no id; ids belong to retry and drop")
    with CommandCenter(load_settings()) as center:
        if arguments.action == "run":
            return _work(center, arguments.name or f"{socket.gethostname()}-{os.getpid()}", once=arguments.once)
        if arguments.action == "status":
            return _status(center)
        return _dead_letters(center, arguments.action, arguments.ids)


def _work(center: CommandCenter, name: str, *, once: bool) -> int:
    from core.realtime.lead_queue import LEADS, LeadQueue
    from core.services.worker import Worker

    queue = LeadQueue(center.redis_url, name)
    worker = Worker(center, queue, _say)
    _say(f"Worker {name} scores what comes through {LEADS} (Ctrl-C stops it).")
    try:
        with stopped_by_signals() as stop:
            worker.run(stop, once=once)
    finally:
        _say(f"{counted(worker.scored, 'lead')} scored, {worker.given_up:,} given up.")
        with suppress(FeedUnavailable):
            queue.leave()
        queue.close()
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _status(center: CommandCenter) -> int:
    from core.services.worker import queue_status

    now = queue_status(center)
    print(f"{now.waiting:,} wait, {now.in_work:,} in work, {now.dead:,} given up.")
    return 0


def _dead_letters(center: CommandCenter, action: str, ids: list[str]) -> int:
    from core.realtime.dead_letters import DeadLetters

    letters = DeadLetters(center.redis_url)
    try:
        if action == "dead":
            return _show(letters)
        if not ids:
            raise InputError(f"say which: jorge worker {action} ID ..., or jorge worker {action} {ALL}")
        wanted = [letter.id for letter in letters.all()] if ids == [ALL] else ids
        moved = letters.retry(wanted) if action == "retry" else letters.drop(wanted)
        print(f"{moved:,} {'put back into the lead stream' if action == 'retry' else 'dropped'}.")
        return 0
    finally:
        letters.close()


def _show(letters: DeadLetters) -> int:
    found = letters.all()
    for letter in found:
        when = letter.given_up_at.strftime("%Y-%m-%d %H:%M:%SZ")
        print(f"{letter.id}  {when}  {letter.tries} tries  {shown(letter.reason)}")
    if not found:
        print("Nothing was given up.")
    return 0
