"""``jorge models``: which there are, which answers, how they compare, and going forward and back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from core.cli.workspace import workspace
from core.errors import InputError, NotFound
from core.services.center import CommandCenter
from core.services.model import trials
from core.services.model.comparison import Comparison, compare
from core.services.model.promotion import promote, retire, roll_back
from core.services.model.retraining import RECALIBRATE, RETRAIN, learn
from core.services.model.shadow import challenge

if TYPE_CHECKING:
    from core.monitoring.compare import Difference
    from core.registry import ModelVersion

_SHOWN = ("roc_auc", "brier", "ece", "lift_at_10")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(
        dest="action", metavar="{list,show,compare,promote,rollback,challenge,trial,retire,retrain,recalibrate}"
    )
    actions.add_parser("list", help="list every version (the default)")
    for name, told in (
        ("show", "print a version's card as JSON"),
        ("challenge", "let a version judge beside the one that answers, unseen"),
        ("retire", "never let a version answer again; its files stay"),
    ):
        actions.add_parser(name, help=told).add_argument("version")
    actions.add_parser("retrain", help="train anew on the outcomes in the store; a challenger at first")
    actions.add_parser("recalibrate", help="set the level right on the outcomes in the store; a challenger at first")
    trying = actions.add_parser(
        "trial", help="let a version answer a share of the leads; without one how the trial goes"
    )
    trying.add_argument("version", nargs="?")
    trying.add_argument("--share", type=float, default=20.0, help="per cent of the leads, 5 to 50; 20 by default")
    trying.add_argument("--stop", action="store_true", help="end the trial that runs")
    trying.add_argument("--reason", help="why it ends, or why a version that seems worse may answer; kept in the log")
    promoting = actions.add_parser("promote", help="let a version answer")
    promoting.add_argument("version")
    promoting.add_argument("--reason", help="why, when it is worse than the one that answers; kept in the audit log")
    rolling = actions.add_parser("rollback", help="let the version before the present one answer again")
    rolling.add_argument("--reason", help="why; kept in the audit log")
    comparing = actions.add_parser("compare", help="two versions on the same leads")
    comparing.add_argument("first")
    comparing.add_argument("second")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; without an action list the versions."""
    if arguments.action == "show":
        _show(arguments.version)
    elif arguments.action in _CHANGES:
        with workspace() as center:
            print(_CHANGES[arguments.action](center, arguments))
    else:
        _list()
    return 0


def _promote(center: CommandCenter, arguments: argparse.Namespace) -> str:
    promote(center, arguments.version, arguments.reason)
    return f"{arguments.version} answers from now on; a running server takes it up within a few seconds."


def _roll_back(center: CommandCenter, arguments: argparse.Namespace) -> str:
    return f"{roll_back(center, arguments.reason)} answers again."


def _retire(center: CommandCenter, arguments: argparse.Namespace) -> str:
    retire(center, arguments.version)
    return f"{arguments.version} is retired: it never answers again, and its files stay."


def _challenge(center: CommandCenter, arguments: argparse.Namespace) -> str:
    begun = challenge(center, arguments.version)
    return f"{begun.version} judges every score from now on beside {begun.champion}; a running server does the work."


def _trial(center: CommandCenter, arguments: argparse.Namespace) -> str:
    if arguments.stop:
        trials.end(center, arguments.reason or "")
        return "The trial has ended; the champion answers all leads."
    if arguments.version is not None:
        least, most = 100 * trials.LEAST_SHARE, 100 * trials.MOST_SHARE
        if not least <= arguments.share <= most:
            raise InputError(f"--share is {arguments.share:g}; must be from {least:g} to {most:g} per cent")
        begun = trials.start(center, arguments.version, arguments.share / 100, reason=arguments.reason)
        return (
            f"{begun.challenger} answers {100 * begun.share:g} % of the leads from now on, {begun.champion} the others."
        )
    trial = center.store.trials.running()
    return "No trial runs." if trial is None else _fares(trials.standing(center, trial))


def _fares(found: trials.Standing) -> str:
    trial, fares = found.trial, found.duel
    lines = [f"{trial.challenger} answers {100 * trial.share:g} % of the leads, {trial.champion} the others."]
    lines += [
        f"{variant.name:<30.30} {one.assigned:>7,} leads  {one.successes:,} of {one.ripe:,} {trial.design.metric.value}"
        for variant, one in zip(trial.design.variants, found.reading.variants, strict=True)
    ]
    low, high = fares.low, fares.high
    sure = f"95 % at every look and however {fares.open} open leads end"
    ends = "100 are needed" if low is None or high is None else f"{sure}: {low:+.4f} to {high:+.4f}"
    lines.append(
        f"Brier score of {trial.champion} less {trial.challenger}: {fares.difference:+.4f} on "
        f"{fares.outcomes:,} outcomes ({ends})"
    )
    if found.mismatch:
        lines.append("No verdict: the arms are not shared out as planned, or a judge is missing.")
    return "\n".join(lines)


def _learn(center: CommandCenter, arguments: argparse.Namespace) -> str:
    learned = learn(center, arguments.action, lambda step: print(step, file=sys.stderr))
    told = f"{learned.version} is registered and judges every score from now on, unseen."
    return f"{told}\n{_compared(learned.comparison)}"


def _compare(center: CommandCenter, arguments: argparse.Namespace) -> str:
    return _compared(compare(center, arguments.first, arguments.second))


def _compared(found: Comparison) -> str:
    if not found.differences:
        return f"There is {found.on}: {found.first} and {found.second} cannot be compared."
    lines = [f"On {found.leads:,} leads ({found.on}), {found.converted:,} signed:"]
    lines.append(f"{'':<14} {found.first:>30.30} {found.second:>30.30}  difference, 95 %")
    lines += [
        f"{one.name:<14} {one.first:>30.4f} {one.second:>30.4f}  {one.second - one.first:+.4f}, "
        f"{one.low:+.4f} to {one.high:+.4f}{_verdict(one)}"
        for one in found.differences
    ]
    return "\n".join(lines)


def _verdict(one: Difference) -> str:
    return "  better" if one.second_is_better else "  worse" if one.second_is_worse else ""


_CHANGES: Final[dict[str, Callable[[CommandCenter, argparse.Namespace], str]]] = {
    "promote": _promote,
    "rollback": _roll_back,
    "retire": _retire,
    "challenge": _challenge,
    "trial": _trial,
    "compare": _compare,
    RETRAIN: _learn,
    RECALIBRATE: _learn,
}


def _list() -> None:
    versions = _versions()
    if not versions:
        raise NotFound("no model is registered; train one with: jorge train --sample")
    for version in versions:
        quality = version.card.get("quality", {})
        figures = "  ".join(f"{name} {_figure(quality[name])}" for name in _SHOWN if name in quality)
        told = (("answers", version.champion), ("shipped", version.shipped), ("retired", version.retired))
        marks = " ".join(mark for mark, is_set in told if is_set)
        print(f"{version.version:<30} {marks:<16} {figures}".rstrip())


def _versions() -> list[ModelVersion]:
    with workspace() as center:
        return center.registry.versions()


def _show(name: str) -> None:
    found = {version.version: version for version in _versions()}
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
