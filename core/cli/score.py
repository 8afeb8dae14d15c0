"""``jorge score``: a CSV or Parquet file in, the same with scores out."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path
from time import perf_counter

from core.errors import InputError
from core.services.center import CommandCenter
from core.services.lead_files.files import Progress, ScoreOrder, ScoreResult, mapping_as, score_file
from core.services.workspace import HIGHEST_THRESHOLD, LOWEST_THRESHOLD
from core.settings import load_settings
from core.transfer import check_out, sniff
from core.transfer.formats import LABELS
from core.transfer.parquet import as_csv_file, is_parquet
from core.words import counted

MOST_PROCESSES = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, metavar="IN.csv")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.csv")
    parser.add_argument("--format", choices=["auto", *LABELS], default="auto", help="whose export it is")
    parser.add_argument("--threshold", type=float, help="confidence from which the model's answer stands")
    parser.add_argument("--model", metavar="VERSION", help="score with this version instead of the one that answers")
    parser.add_argument("--processes", type=int, metavar="N", help="that score the rows; by default as the file needs")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that scores the rows (tcp://host:8786)"
    )
    parser.add_argument("--save", action="store_true", help="store the leads and scores as well")


def run(arguments: argparse.Namespace) -> int:
    """Score the file; 0 when done, also when some rows were rejected."""
    at = arguments.threshold
    if at is not None and not LOWEST_THRESHOLD <= at <= HIGHEST_THRESHOLD:
        raise InputError(f"--threshold is {at}; must be from {LOWEST_THRESHOLD} to {HIGHEST_THRESHOLD}")
    if arguments.processes is not None and not 1 <= arguments.processes <= MOST_PROCESSES:
        raise InputError(f"--processes is {arguments.processes}; must be from 1 to {MOST_PROCESSES}")
    if arguments.scheduler and arguments.processes:
        raise InputError("--processes is of this machine, --scheduler of a cluster; give one of them")
    if not is_parquet(arguments.file):
        return _score(arguments, arguments.file)
    check_out(arguments.file, arguments.out)
    with as_csv_file(arguments.file) as path:
        return _score(arguments, path)


def _score(arguments: argparse.Namespace, path: Path) -> int:
    dialect = sniff(path)
    started = perf_counter()
    with CommandCenter(load_settings()) as center:
        model = None
        if arguments.model:
            model = center.registry.open(arguments.model)
            if arguments.save and model.own_columns:
                raise InputError(
                    f"{arguments.model} rests on columns of the file's own, which are not stored; leave out --save"
                )
        order = ScoreOrder(
            path=path,
            out_path=arguments.out,
            mapping=mapping_as(dialect, arguments.format),
            dialect=dialect,
            save=arguments.save,
            threshold=arguments.threshold,
            model=model,
            processes=arguments.processes,
            scheduler=arguments.scheduler,
        )
        gc.freeze()
        gc.set_threshold(100_000)  # a batch of rows is thousands of objects that stay until it is written
        result = score_file(center, order, _tell if sys.stderr.isatty() else None)
    _report(result, perf_counter() - started)
    if model is not None and model.own_columns:
        there = sum(column.name in dialect.columns for column in model.own_columns)
        own = counted(len(model.own_columns), "column")
        print(f"The model has {own} of its own beside them; the file has {there} of these.")
    return 0


def _tell(progress: Progress) -> None:
    total = f" of about {progress.rows_total:,}" if progress.rows_total else ""
    print(f"\r{progress.phase}: {progress.rows_done:,}{total} rows   ", end="", file=sys.stderr, flush=True)


def _report(result: ScoreResult, seconds: float) -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
    tiers = ", ".join(f"{count:,} {tier}" for tier, count in result.tiers.items())
    print(f"{counted(result.scored, 'lead')} scored in {seconds:.1f} s with {result.model_version}: {tiers}.")
    print(f"{counted(result.to_claude, 'is', 'are')} below the threshold. Written: {result.out_path}")
    if result.closings:
        print(f"{counted(result.closings, 'closing')} recorded with the day that the file tells.")
    if result.rejected_path is not None:
        unused = f"{counted(result.rejected, 'row')} rejected, {result.duplicates:,} repeated"
        print(f"{unused}: {result.rejected_path}")
    parts = ", ".join(f"{name} {spent:.1f}" for name, spent in result.seconds.items() if spent >= 0.05)
    if parts:
        used = "one process" if result.processes == 1 else f"{result.processes + 1} processes"
        print(f"CPU seconds in {used}: {parts}.", file=sys.stderr)
    print(f"{result.filled.known_mean:.1f} of 28 features known a lead. {result.filled.sentence}")
