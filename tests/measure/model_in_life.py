"""``python -m tests.measure.model_in_life``: false alarms of drift, base rate, order and watch on generated leads.

Leads of another draw than the shipped model's, cut into windows that nothing distinguishes: every alarm is false. Then
the same windows with something changed, to show that the silence is not deafness.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from core import registry
from core.features.catalog import INDEX, UNKNOWN
from core.monitoring.drift import drift
from core.monitoring.findings import Measured, Verdict, findings
from core.monitoring.live import live
from core.monitoring.sequential import FEWEST, duel, half_width
from core.settings import MODELS_DIR
from core.training.quality import roc_auc
from core.training.sample_set import TRAINING_SEED, sample_training_set
from tests.monitoring.ends_in_time import SOONER, Ends, day_of_verdict, decided_alone

LEADS, SEED = 15_000, TRAINING_SEED + 2
NO_FOLDER = Path("no-data-folder")
Features = NDArray[np.float32]


@dataclass(frozen=True)
class World:
    features: Features
    said: NDArray[np.float64]
    converted: NDArray[np.bool_]


def main(leads: int = LEADS) -> None:
    model = registry.open_champion(MODELS_DIR, NO_FOLDER)
    reference = registry.load_reference(registry.version_folder(MODELS_DIR, NO_FOLDER, model.version))
    assert reference is not None
    drawn = sample_training_set(leads, SEED)
    draw = np.random.default_rng(0)
    mixed = draw.permutation(len(drawn))
    features, converted = drawn.features[mixed], drawn.converted[mixed]

    def said(rows: Features) -> NDArray[np.float64]:
        return model.score_many(rows, explain=False).probability

    def drifted(size: int, change: Callable[[Features], Features]) -> str:
        windows = [change(features[begin : begin + size].copy()) for begin in range(0, leads - size + 1, size)]
        alarms = sum(bool(drift(reference, rows, said(rows)).changed) for rows in windows)
        return f"{alarms} of {len(windows)}"

    for size in (200, 350, 1000):
        for name, change in (("nothing changed", _same), ("budgets up by half", _dearer), ("half unheard", _silent)):
            print(f"drift, {size} leads, {name}: {drifted(size, change)}")
    held_out = Measured(
        roc_auc(model.holdout.probability, model.holdout.converted),
        int(model.holdout.converted.sum()),
        int((~model.holdout.converted).sum()),
    )
    everyone = World(features, said(features), converted)
    for size in (500, 1000):
        for name, turn in (("as it was", _as_it_was), ("a third fewer convert", _fewer), ("order lost", _lost)):
            print(f"outcomes, {size} leads, {name}: {_aged(everyone, size, turn, held_out, draw)}")
    print(f"watch, equals, looked at after each of 100 to 2,000 outcomes: {_watched(everyone, draw)}")
    for name, world, judge, wait_days in (
        ("the right one answers, losses told sooner", SOONER[0], duel, 60),
        ("the same, decided leads alone", SOONER[0], decided_alone, 0),
        ("the right one answers, contracts told sooner", SOONER[1], duel, 60),
        ("the same, decided leads alone", SOONER[1], decided_alone, 0),
        ("four times the odds answer", Ends(29, 65, answering=4.0), duel, 60),
        ("the same, every lead from its first day on", Ends(29, 65, answering=4.0), duel, 0),
    ):
        days = [day_of_verdict(draw, world, judge, wait_days) for _ in range(40)]
        told = sorted(day for day in days if day is not None)
        print(f"watch, {name}: taken back in {len(told)} of 40, on day {median(told) if told else '-'}")


def _same(rows: Features) -> Features:
    return rows


def _dearer(rows: Features) -> Features:
    budget = rows[:, INDEX["budget_midpoint_usd"]]
    rows[:, INDEX["budget_midpoint_usd"]] = np.where(budget == UNKNOWN, budget, 1.5 * budget)
    return rows


def _silent(rows: Features) -> Features:
    rows[::2, INDEX["response_rate"]] = UNKNOWN
    return rows


def _as_it_was(_said: NDArray[np.float64], converted: NDArray[np.bool_], _: np.random.Generator) -> NDArray[np.bool_]:
    return converted


def _fewer(_said: NDArray[np.float64], converted: NDArray[np.bool_], draw: np.random.Generator) -> NDArray[np.bool_]:
    return converted & (draw.uniform(size=len(converted)) > 1 / 3)


def _lost(_said: NDArray[np.float64], converted: NDArray[np.bool_], draw: np.random.Generator) -> NDArray[np.bool_]:
    """Of every second lead the outcome is another lead's: as many convert, half of them for no reason."""
    mixed = converted.copy()
    mixed[::2] = draw.permutation(mixed[::2])
    return mixed


def _aged(
    world: World, size: int, change: Callable[..., NDArray[np.bool_]], held_out: Measured, draw: np.random.Generator
) -> str:
    base = order = looks = 0
    for begin in range(0, len(world.said) - size + 1, size):
        rows = slice(begin, begin + size)
        found = live(world.said[rows], change(world.said[rows], world.converted[rows], draw))
        _, rate, ranks = findings(None, found, held_out)
        base += rate.verdict is Verdict.CHANGED
        order += ranks.verdict is Verdict.CHANGED
        looks += 1
    return f"base rate {base}, order {order} of {looks}"


def _watched(world: World, draw: np.random.Generator, runs: int = 400, most: int = 2_000) -> str:
    """The model against itself with as much noise either way on the logit: neither is better."""
    places = np.arange(1, most + 1)
    alarms = 0
    for _ in range(runs):
        picked = draw.integers(0, len(world.said), most)
        logit = np.log(world.said[picked] / (1 - world.said[picked]))
        first, second = (1 / (1 + np.exp(-(logit + draw.normal(0, 0.5, most)))) for _ in range(2))
        gained = (first - world.converted[picked]) ** 2 - (second - world.converted[picked]) ** 2
        mean = gained.cumsum() / places
        variance = np.maximum((gained**2).cumsum() / places - mean**2, 1e-12) * places / np.maximum(places - 1, 1)
        late = places[FEWEST - 1 :]
        wide = [half_width(float(v), int(n)) for v, n in zip(variance[FEWEST - 1 :], late, strict=True)]
        alarms += bool((np.abs(mean[FEWEST - 1 :]) > np.array(wide)).any())
    return f"{alarms} of {runs} runs ever tell them apart"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS)
