"""``jorge train``: learn a model from a file, or the shipped one from the sample generator, and register it."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import InputError
from core.training.table.choice import CHOICES

if TYPE_CHECKING:
    from core.training.sample_model import Candidate
    from core.training.table.report import Report

NO_USABLE_SIGNAL = 3
SAMPLE_NAME = "sample-1"
FEWEST_LEADS = 1_000  # of fewer, too few convert to learn from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, nargs="?", metavar="IN.csv", help="an export with the outcome of each lead")
    parser.add_argument("--outcome", metavar="COLUMN", help="the column that tells what became of the lead")
    parser.add_argument("--positive", metavar="VALUE", help="the value that means success, where it is not plain")
    parser.add_argument("--date", metavar="COLUMN", help="when each lead came: then the later ones judge the model")
    parser.add_argument("--columns", default="auto", metavar="auto|COL,COL", help="the columns to use (default: auto)")
    parser.add_argument(
        "--family",
        choices=CHOICES,
        default="auto",
        help="trees that vote or trees that add up; auto takes the one that does better on rows it has not seen",
    )
    parser.add_argument("--name", metavar="N", help="name of the version")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    sample = parser.add_argument_group("the shipped model")
    sample.add_argument("--sample", action="store_true", help="learn from the sample generator instead of a file")
    sample.add_argument("--leads", type=int, default=None, help="how many leads to draw (default 20000)")
    sample.add_argument("--seed", type=int, default=None, help="seed of the draw")
    sample.add_argument("--into", type=Path, default=None, help="folder of versions (default: in the data folder)")


def run(arguments: argparse.Namespace) -> int:
    """Train, judge, register: 0 when done, 3 without a usable signal."""
    if arguments.sample:
        if arguments.file is not None:
            raise InputError("give a file or --sample, not both")
        return _sample(arguments)
    if arguments.file is None or not arguments.outcome:
        raise InputError("give a file and its outcome column: jorge train IN.csv --outcome COLUMN (or --sample)")
    return _file(arguments)


def _file(arguments: argparse.Namespace) -> int:
    from core.services.center import CommandCenter
    from core.services.model.training import Order, train_file
    from core.settings import load_settings
    from core.training.table.read import Request
    from core.training.table.report import report_text

    request = Request(
        arguments.file,
        arguments.outcome,
        arguments.positive,
        arguments.date,
        _columns(arguments.columns),
        family=arguments.family,
    )
    told = _tell_step if sys.stderr.isatty() else _silent
    with CommandCenter(load_settings()) as center:
        report = train_file(center.registry, Order(request, arguments.name), told)
    told("", 0)
    if arguments.json:
        print(json.dumps(report.to_json(), indent=1))
    else:
        print(report_text(report))
        if report.version:
            print(f"Registered as {report.version}. {_next_step(report.version, report)}")
    return 0 if report.signal == "usable" else NO_USABLE_SIGNAL


def _columns(wanted: str) -> tuple[str, ...]:
    """The columns named; empty for auto. A name with a comma stands in quotation marks."""
    if wanted.strip().lower() == "auto":
        return ()
    names = tuple(name.strip() for name in next(csv.reader([wanted], skipinitialspace=True), []) if name.strip())
    if not names:
        raise InputError("--columns names no column; give auto, or names separated by commas")
    return names


def _next_step(version: str, report: Report) -> str:
    if report.files_only:
        return (
            f"It rests on your file's own columns alone; use it on files: jorge score IN.csv --model {version}\n"
            f'To let it score every file: jorge models promote {version} --reason "..."; '
            "leads that come by themselves then all get the same chance"
        )
    if report.promotable:
        return f"Let it answer with: jorge models promote {version}"
    return "It is a report only; the present model stays."


def _silent(step: str, count: int) -> None:
    """For programs that read the output."""


def _tell_step(step: str, count: int) -> None:
    print(f"\r{step}{f': {count:,}' if count else ''}".ljust(70), end="" if step else "\r", file=sys.stderr, flush=True)


def _sample(arguments: argparse.Namespace) -> int:
    from core.registry import save_model
    from core.services.center import CommandCenter
    from core.services.model.training import new_version
    from core.settings import load_settings
    from core.training.sample_model import train_sample_model
    from core.training.sample_set import TRAINING_LEADS, TRAINING_SEED

    if arguments.leads is not None and arguments.leads < FEWEST_LEADS:
        raise InputError(f"--leads is {arguments.leads}; must be {FEWEST_LEADS:,} or more")
    if arguments.into is not None and arguments.into.exists() and not arguments.into.is_dir():
        raise InputError(f"--into is {arguments.into}, which is a file; give a folder")
    name = arguments.name or SAMPLE_NAME
    with CommandCenter(load_settings()) as center:
        folder = (
            arguments.into / name if arguments.into else center.registry.new_folder(new_version(center.registry, name))
        )
        candidate = train_sample_model(
            name,
            arguments.leads or TRAINING_LEADS,
            TRAINING_SEED if arguments.seed is None else arguments.seed,
            progress=_tell,
        )
        save_model(
            folder, candidate.model, candidate.estimator, candidate.card, candidate.card_text, candidate.reference
        )
        if not arguments.into:
            center.registry.register(name)
    _report(candidate, folder, arguments.json)
    return 0


def _tell(done: int, total: int) -> None:
    print(f"\r{done:,} of {total:,} leads drawn", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _report(candidate: Candidate, folder: Path, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"version": candidate.model.version} | candidate.card, indent=1))
    else:
        print(candidate.card_text)
        print(f"Registered in {folder}. Let it answer with: jorge models promote {candidate.model.version}")
