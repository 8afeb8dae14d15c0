"""``jorge sample``: generated leads to look around with."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from core.services import sample
from core.services.center import CommandCenter
from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--leads", type=int, default=sample.LEADS, help=f"how many (default {sample.LEADS:,})")
    parser.add_argument("--seed", type=int, default=sample.SEED, help="the same seed gives the same leads")
    parser.add_argument("--clear", action="store_true", help="delete the sample workspace instead")


def run(arguments: argparse.Namespace) -> int:
    """Load or clear the sample."""
    with CommandCenter(load_settings()) as center:
        if arguments.clear:
            sample.clear_sample(center)
            print("The sample workspace is cleared.")
            return 0
        started = perf_counter()
        loaded = sample.load_sample(center, arguments.leads, arguments.seed, _progress())
        print(f"{loaded:,} sample leads loaded in {perf_counter() - started:.1f} s.")
    return 0


def _progress() -> sample.Progress | None:
    if not sys.stderr.isatty():
        return None
    return lambda share: print(f"\r{share:4.0%}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)
