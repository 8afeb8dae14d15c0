"""``jorge backup``: the whole workspace as one file; its path on stdout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.cli.workspace import workspace
from core.services.backups.take import take_backup
from core.words import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder for the file; better on another disk")
    parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N backups there afterwards")


def run(arguments: argparse.Namespace) -> int:
    """Take it."""
    with workspace() as center:
        taken = take_backup(center, arguments.folder, arguments.keep)
    dropped = f"; {taken.dropped:,} older dropped" if taken.dropped else ""
    print(taken.path)
    told = f"{counted(taken.leads, 'lead')}, {taken.size / 1e6:,.1f} MB, tables of revision {taken.revision}{dropped}."
    print(f"{told} It holds personal data, and no secret of this server.", file=sys.stderr)
    return 0
