"""``jorge train``: learn a model and register it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.training.sample_model import Candidate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--sample", action="store_true", required=True, help="learn from the sample generator")
    parser.add_argument("--leads", type=int, default=None, help="how many leads to draw (default 20000)")
    parser.add_argument("--seed", type=int, default=None, help="seed of the draw")
    parser.add_argument("--name", default="sample-1", help="name of the version")
    parser.add_argument("--into", type=Path, default=None, help="folder of versions (default: in the data folder)")
    parser.add_argument("--json", action="store_true", help="print the model card as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Train, judge, register; 0 when registered."""
    from core.registry import save_model
    from core.settings import load_settings
    from core.training.sample_model import train_sample_model
    from core.training.sample_set import TRAINING_LEADS, TRAINING_SEED

    candidate = train_sample_model(
        arguments.name,
        arguments.leads or TRAINING_LEADS,
        TRAINING_SEED if arguments.seed is None else arguments.seed,
        progress=_tell,
    )
    folder = (arguments.into or load_settings().jorge_data_dir / "models") / arguments.name
    save_model(folder, candidate.model, candidate.estimator, candidate.card, candidate.card_text)
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
