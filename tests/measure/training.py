"""Training on an export against scikit-learn: ``python -m tests.measure.training bank FILE|sets|null|time``.

``bank``: the UCI Bank Marketing file, without ``duration``: shuffled, first 70 % to last 30 %, and a rolling window of
20,000 rows. ``sets``: data that scikit-learn brings or makes. ``null``: outcomes shuffled 200 times. ``time``: 40,000
rows of 20 columns. The opponent is HistGradientBoostingClassifier on the same rows and columns, categories as such.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.errors import FileError
from core.training.quality import brier_score, expected_calibration_error, roc_auc
from core.training.table.learn import Learned, learn
from core.training.table.read import Request

WINDOW, STEP = 20_000, 5_000
WHEN, OUTCOME = "row date", "outcome"


def opponent(frame: pd.DataFrame, learned: Learned) -> np.ndarray[Any, Any]:
    """What gradient boosting says of the judged rows, learned from the same rows and columns."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    columns = frame[list(learned.report.columns_used)].copy()
    for name in columns:
        if not pd.api.types.is_numeric_dtype(columns[name]):
            columns[name] = columns[name].astype("category")
    happened = (frame[OUTCOME] == "yes").to_numpy()
    model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0)
    model.fit(columns.iloc[learned.learned - 2], happened[learned.learned - 2])
    said: np.ndarray[Any, Any] = model.predict_proba(columns.iloc[learned.judged - 2])[:, 1]
    return said


def run(frame: pd.DataFrame, date: str | None = None, holdout_share: float = 0.3) -> Learned:
    """Write the frame as a file and learn from it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        used = tuple(str(name) for name in frame if name not in (OUTCOME, WHEN))
        return learn(Request(path, OUTCOME, None, date, used, holdout_share), "try", "a measurement")


def line(name: str, happened: Any, ours: Any, raw: tuple[float, float] | None, theirs: Any, cpu_s: float) -> None:
    """One line of the table."""
    before = "" if raw is None else f"{raw[0]:.4f} / {raw[1]:.4f}"
    print(
        f"| {name} | {len(happened):,} | {roc_auc(ours, happened):.3f} | {roc_auc(theirs, happened):.3f} "
        f"| {brier_score(ours, happened):.4f} / {expected_calibration_error(ours, happened):.4f} | {before} "
        f"| {brier_score(theirs, happened):.4f} / {expected_calibration_error(theirs, happened):.4f} | {cpu_s:.0f} |",
        flush=True,
    )


def compare(name: str, frame: pd.DataFrame, date: str | None = None) -> None:
    """Learn once, and print the line."""
    started = time.process_time()
    learned = run(frame, date)
    took = time.process_time() - started
    held, raw = learned.model.holdout, learned.report.raw
    line(name, held.converted, held.probability, (raw.brier, raw.ece), opponent(frame, learned), took)


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with dates in the order of its rows, as the source says that they stand."""
    moments = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(len(frame)), unit="min")
    return frame.assign(**{WHEN: moments.strftime("%Y-%m-%d %H:%M")})


def bank(path: str) -> None:
    """The three tests on the bank's calls."""
    frame = pd.read_csv(path, sep=";").drop(columns="duration").rename(columns={"y": OUTCOME})
    compare("bank, shuffled", frame)
    compare("bank, last 30 %", dated(frame), WHEN)
    said: list[tuple[Any, Any, Any]] = []
    started = time.process_time()
    for start in range(0, len(frame) - WINDOW, STEP):
        part = dated(frame.iloc[start : start + WINDOW + STEP].reset_index(drop=True))
        learned = run(part, WHEN, 1 - WINDOW / len(part))
        held = learned.model.holdout
        said.append((held.converted, held.probability, opponent(part, learned)))
    happened, ours, theirs = (np.concatenate(parts) for parts in zip(*said, strict=True))
    line(f"bank, rolling {WINDOW:,}", happened, ours, None, theirs, time.process_time() - started)


def sets() -> None:
    """Data that comes with scikit-learn, and generated ones."""
    from sklearn.datasets import load_breast_cancer, make_classification

    cancer = load_breast_cancer(as_frame=True)
    compare("breast cancer", cancer.data.assign(**{OUTCOME: np.where(cancer.target == 0, "yes", "no")}))
    for seed, rows, rate in ((1, 8_000, 0.1), (2, 20_000, 0.3)):
        values, target = make_classification(
            rows, 20, n_informative=8, n_redundant=4, weights=[1 - rate], class_sep=0.7, flip_y=0.05, random_state=seed
        )
        made = pd.DataFrame(values.round(4), columns=[f"x{number}" for number in range(20)])
        for name in ("x0", "x3", "x7"):
            made[name] = pd.qcut(made[name], 6, labels=list("abcdef")).astype(str)
        made = made.assign(**{OUTCOME: np.where(target == 1, "yes", "no")})
        compare(f"generated, {rows:,} rows", made)
        compare(f"generated, {rows:,} rows, by date", dated(made), WHEN)


def null(times: int = 200, rows: int = 500) -> None:
    """How often shuffled outcomes are called a usable signal."""
    found = {"usable": 0, "weak": 0, "none": 0, "refused": 0}
    for seed in range(times):
        generator = np.random.default_rng(seed)
        frame = pd.DataFrame(
            {
                **{f"number {place}": generator.normal(size=rows).round(3) for place in range(4)},
                "source": generator.choice(list("abcdefgh"), rows),
                "area": generator.choice([f"area {place}" for place in range(40)], rows),
                OUTCOME: np.where(generator.permutation(rows) < rows // 5, "yes", "no"),
            }
        )
        try:
            found[run(frame).report.signal] += 1
        except FileError:
            found["refused"] += 1
    print(f"{times} shuffles of {rows} rows: {found}")


def timing(rows: int = 40_000) -> None:
    """40,000 rows of 20 columns, of which 6 hold words."""
    generator = np.random.default_rng(0)
    values = generator.normal(size=(rows, 14))
    chance = 1 / (1 + np.exp(2 - values[:, 0] - 0.7 * values[:, 1] * values[:, 2]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", newline="") as file:
            write = csv.writer(file)
            write.writerow([*(f"n{place}" for place in range(14)), *(f"w{place}" for place in range(6)), OUTCOME])
            write.writerows(_lines(values, generator, chance))
        begun, started = time.perf_counter(), time.process_time()
        report = learn(Request(path, OUTCOME), "try", "a measurement").report
        took, cpu = time.perf_counter() - begun, time.process_time() - started
        print(f"{rows:,} rows of 20 columns: {took:.1f} s, CPU {cpu:.1f} s")
        print(f"ROC AUC {report.measured.roc_auc:.3f}, {report.forest}")


def _lines(values: Any, generator: Any, chance: Any) -> Iterator[list[object]]:
    for row, odds in zip(values.round(4).tolist(), chance, strict=True):
        words = [f"w{generator.integers(0, 5 * (place + 1))}" for place in range(6)]
        yield [*row, *words, "yes" if generator.random() < odds else "no"]


def main() -> None:
    """Print the table that was asked for."""
    warnings.simplefilter("ignore")
    head = "| data | judged by | ROC AUC | theirs | Brier / ECE | raw forest | theirs | CPU s |"
    if sys.argv[1] in ("bank", "sets"):
        print(head + "\n|---|---|---|---|---|---|---|---|")
    if sys.argv[1] == "bank":
        bank(sys.argv[2])
    else:
        {"sets": sets, "null": null, "time": timing}[sys.argv[1]]()


if __name__ == "__main__":
    main()
