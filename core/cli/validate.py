"""``jorge validate``: does this installation work? Five checks, a line each."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Checks libraries, events, cache, model and the whole way of a lead, without touching your data."
    )
    parser.add_argument("--json", action="store_true", help="print a list of objects instead of lines")


def run(arguments: argparse.Namespace) -> int:
    """Make every check; 0 when all pass, else 1."""
    from core.validation import validate

    found = []
    for finding in validate(load_settings()):
        found.append(finding)
        if not arguments.json:
            sign = "ok    " if finding.passed else "FAILED"
            print(f"{sign} {finding.name:<16} {finding.took_ms:8,.0f} ms  {finding.told}", flush=True)
            if finding.advice:
                print(f"       what to do: {finding.advice}", flush=True)
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in found], indent=1))
    return 0 if all(finding.passed for finding in found) else 1
