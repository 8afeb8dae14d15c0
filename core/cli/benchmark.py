"""``jorge benchmark``: the performance table."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.benchmark.pairs import Measured
from core.errors import InputError

if TYPE_CHECKING:
    from core.benchmark.load_table import Figure

MOST_CLIENTS, LONGEST_S = 1_000, 600


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--json", action="store_true", help="print a list of objects instead of a table")
    parser.add_argument("--file", type=int, metavar="ROWS", help="score files of so many leads, and nothing else")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a first look")
    load = parser.add_argument_group("under load", "a server of its own, on a folder that is thrown away")
    load.add_argument("--load", action="store_true", help="measure a server under load, and nothing else")
    load.add_argument("--concurrent-users", type=int, default=50, metavar="N", help="clients at once (default 50)")
    load.add_argument("--seconds", type=float, default=10.0, help="how long they ask (default 10)")
    load.add_argument("--alone", action="store_true", help="not also the server with scikit-learn and shap")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; 0 when done."""
    if arguments.load:
        return _load(arguments)
    # The file first, while this process is small: a child's peak memory starts at its parent's.
    leads = arguments.file or (10_000 if arguments.quick else 100_000)
    files = (_file_row(leads, messages) for messages in (False, True))
    rows: list[Measured] = []
    for row in chain(files, () if arguments.file else _kernel_rows(arguments.quick)):
        rows.append(row)
        _show(row, arguments.json)
    if arguments.json:
        print(json.dumps([row.to_json() for row in rows], indent=1))
    return 0


def _load(arguments: argparse.Namespace) -> int:
    from core.benchmark.load import Plan
    from core.benchmark.load_table import figures

    clients, seconds = arguments.concurrent_users, arguments.seconds
    if not 1 <= clients <= MOST_CLIENTS:
        raise InputError(f"--concurrent-users is {clients}; must be from 1 to {MOST_CLIENTS}")
    if not 0 < seconds <= LONGEST_S:
        raise InputError(f"--seconds is {seconds}; must be above 0 and at most {LONGEST_S}")
    quick = Plan(clients, seconds, requests=50, batches=3, settle_s=0.2, rounds=1)
    plan = quick if arguments.quick else Plan(clients, seconds)
    found = figures(plan, lambda figure: _show_figure(figure, arguments.json), against_oracle=not arguments.alone)
    if arguments.json:
        print(json.dumps([figure.to_json() for figure in found], indent=1))
    return 0


def _show_figure(figure: Figure, as_json: bool) -> None:
    """A line of the table as soon as it is known; on stderr when JSON goes to stdout."""
    ours = "not known" if figure.ours is None else f"{figure.ours:,.2f} {figure.unit}"
    theirs = "" if figure.theirs is None else f"{figure.theirs:,.2f} {figure.unit}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.1f}x"
    goal = "" if figure.goal is None else f"goal {figure.goal:g} {figure.unit}".strip()
    missed = ", missed" if figure.met is False else ""
    line = f"{figure.work:24} {ours:>16} {theirs:>16} {ratio:>8}  {goal}{missed}".rstrip()
    print(line, file=sys.stderr if as_json else sys.stdout, flush=True)


def _file_row(leads: int, messages: bool) -> Measured:
    from core.benchmark.files import score_file, write_export

    with tempfile.TemporaryDirectory() as room:
        export = Path(room) / "export.csv"
        write_export(export, leads, messages)
        cost = score_file(export, Path(room) / "scored.csv")
    used = f"{cost.cpu_seconds:.1f} CPU seconds, peak memory {cost.peak_mb:.0f} MB"
    against = f"nothing; {cost.rows} rows scored, {used}; {cost.parts}"
    work = f"csv_{cost.rows}" + ("_messages" if messages else "")
    return Measured(work, against, round(cost.seconds * 1e6), None, None, None)


def _kernel_rows(quick: bool) -> Iterator[Measured]:
    from core.benchmark.files import END
    from core.benchmark.kernels import kernel_rows
    from core.features import values_of
    from core.sample import generate
    from core.services.center import CommandCenter
    from core.settings import load_settings

    with CommandCenter(load_settings()) as center:
        version = center.registry.champion()
        model, estimator = center.registry.open(version), center.registry.estimator(version)
    features = np.stack([values_of(item.history, END) for item in generate(2000, 11, END)])
    return kernel_rows(model, estimator, features, quick)


def _show(row: Measured, as_json: bool) -> None:
    """A line of the table as soon as it is known; on stderr when JSON goes to stdout."""
    ratio = "" if row.ratio is None else f"{row.ratio:9.1f}x"
    theirs = "" if row.theirs_us is None else f"{row.theirs_us:14,.1f}"
    difference = "" if row.max_difference is None else f"{row.max_difference:8.1e}"
    line = f"{row.work:22} {row.ours_us:14,.1f} {theirs:>14} {ratio:>10} {difference:>8}  {row.against}"
    print(line, file=sys.stderr if as_json else sys.stdout, flush=True)
