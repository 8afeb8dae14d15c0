"""``jorge fake-claude``: a stand-in for Claude on this machine, to try second opinions without a key."""

from __future__ import annotations

import argparse
from contextlib import suppress

from core.cli.serve import HOST, listening
from core.errors import InputError, SettingsError
from core.escalation.fake import MODES, Plan
from core.escalation.fake.running import server_of

PORT = 8520


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--port", type=int, default=PORT, help="default %(default)s; 0 for any that is free")
    parser.add_argument(
        "--mode",
        action="append",
        default=[],
        metavar="MODE",
        help=f"what to answer, in turn, when given more than once; the last holds on: {', '.join(MODES)}",
    )
    parser.add_argument("--retry-after", help="seconds that mode 429 tells to wait")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C; 0 on a clean stop."""
    if not 0 <= arguments.port <= 65_535:
        raise SettingsError(f"--port is {arguments.port}; must be from 0 to 65535")
    *modes, last = arguments.mode or ["success"]
    try:
        plan = Plan(modes=modes, default=last, retry_after=arguments.retry_after, kept=0)
    except ValueError as error:
        raise InputError(str(error)) from None
    with listening(HOST, arguments.port) as listener:
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        print(
            f"A stand-in for Claude is at {address} (Ctrl-C stops it). Its opinions are simulated. To use it:\n"
            f"  ANTHROPIC_BASE_URL={address} ANTHROPIC_API_KEY=simulated jorge serve",
            flush=True,
        )
        with suppress(KeyboardInterrupt):  # uvicorn stops in order, and then passes Ctrl-C on
            server_of(plan).run(sockets=[listener])
    return 0
