"""``jorge migrate``: shows the revision of the tables, or moves them to another, forward or back."""

from __future__ import annotations

import argparse

from core.cli.serve import only_server_of
from core.cli.workspace import workspace
from core.errors import InputError
from core.services.backups.revisions import Standing, move_to, standing
from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--to", metavar="REVISION", help="move the tables there; a server goes to the newest itself")
    parser.add_argument("--discard", action="store_true", help="going back: yes, what newer revisions added may go")


def run(arguments: argparse.Namespace) -> int:
    """Show, or move and show."""
    settings = load_settings()
    with workspace(settings) as center:
        if arguments.to is None:
            _show(standing(center))
            return 0
        now = standing(center)
        if now.revision is not None and arguments.to < now.revision and not arguments.discard:
            raise InputError(
                f"going back from {now.revision} to {arguments.to} drops what came between, with its rows; take a "
                "backup (jorge backup DIR), then add --discard"
            )
        with only_server_of(settings.jorge_data_dir):
            _show(move_to(center, arguments.to))
    return 0


def _show(now: Standing) -> None:
    for revision, told in now.known.items():
        print(f"{'*' if revision == now.revision else ' '} {revision}  {told}")
    if now.revision is None:
        print("There are no tables yet.")
    elif now.revision not in now.known:
        print(f"* {now.revision}  (of a newer program)")
