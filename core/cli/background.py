"""``jorge background``: asks Claude and works for the model; a server starts it, and it ends with its server."""

from __future__ import annotations

import argparse
import os
import sys

from core.api.logs import logging_to_stderr
from core.cli.stopping import stopped_by_signals
from core.services.center import CommandCenter
from core.settings import load_settings

NICER = 5  # whoever waits for an answer comes first


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes: nothing."""
    parser.epilog = "It ends when its standard input does (Ctrl-D), or with Ctrl-C."


def run(_arguments: argparse.Namespace) -> int:
    """Work until standard input ends; 0."""
    from core.services.background.process import work

    settings = load_settings()
    if hasattr(os, "nice"):
        os.nice(NICER)
    with (
        stopped_by_signals() as stop,
        logging_to_stderr(settings.jorge_log_level),
        CommandCenter(settings) as center,
        open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as server,  # a buffer's lock would hold up the end
    ):
        work(center, server, sys.stdout.buffer, stop)
    return 0
