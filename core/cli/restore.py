"""``jorge restore``: puts a backup in the place of the workspace."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli.serve import only_server_of
from core.cli.workspace import workspace
from core.services.backups.restore import restore
from core.services.backups.take import made_on
from core.settings import load_settings
from core.words import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, metavar="FILE", help="what jorge backup wrote")


def run(arguments: argparse.Namespace) -> int:
    """Check it, put it back, and say where the old data are."""
    settings = load_settings()
    with only_server_of(settings.jorge_data_dir), workspace(settings) as center:
        done = restore(center, arguments.file)
    rows = done.manifest.record.rows
    print(f"The workspace stands as on {made_on(done.manifest.made_at)}: {counted(rows.get('leads', 0), 'lead')}.")
    if done.aside is not None:
        print(f"What stood there before is in {done.aside}; delete it when all is well.")
    return 0
