"""``jorge models``: which there are, which answers, and going forward and back."""

from __future__ import annotations

import argparse
import json

from core.errors import NotFound
from core.registry import list_versions
from core.services.center import CommandCenter
from core.services.promotion import promote, roll_back
from core.settings import MODELS_DIR, load_settings

_SHOWN = ("roc_auc", "brier", "ece", "lift_at_10")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="{list,show,promote,rollback}")
    actions.add_parser("list", help="list every version (the default)")
    for name, told in (("show", "print a version's card as JSON"), ("promote", "let a version answer")):
        actions.add_parser(name, help=told).add_argument("version")
    actions.add_parser("rollback", help="let the version before the present one answer again")


def run(arguments: argparse.Namespace) -> int:
    """List, show, promote or roll back."""
    if arguments.action == "promote":
        with CommandCenter(load_settings()) as center:
            promote(center, arguments.version)
        print(f"{arguments.version} answers from now on; a running server takes it up within a few seconds.")
    elif arguments.action == "rollback":
        with CommandCenter(load_settings()) as center:
            print(f"{roll_back(center)} answers again.")
    elif arguments.action == "show":
        _show(arguments.version)
    else:
        _list()
    return 0


def _list() -> None:
    versions = list_versions(MODELS_DIR, load_settings().jorge_data_dir)
    if not versions:
        raise NotFound("no model is registered; train one with: jorge train --sample")
    for version in versions:
        quality = version.card.get("quality", {})
        figures = "  ".join(f"{name} {_figure(quality[name])}" for name in _SHOWN if name in quality)
        marks = " ".join(
            mark for mark, is_set in (("answers", version.champion), ("shipped", version.shipped)) if is_set
        )
        print(f"{version.version:<20} {marks:<16} {figures}".rstrip())


def _show(name: str) -> None:
    found = {version.version: version for version in list_versions(MODELS_DIR, load_settings().jorge_data_dir)}
    if name not in found:
        raise NotFound(f"no model version {name!r}; list them with: jorge models")
    version = found[name]
    print(
        json.dumps(
            {
                "version": version.version,
                "champion": version.champion,
                "shipped": version.shipped,
                "card": version.card,
            },
            indent=1,
        )
    )


def _figure(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
