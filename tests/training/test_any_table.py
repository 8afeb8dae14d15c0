"""Whatever a file holds, there is a report or one clear sentence."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import FileError
from core.training.table.learn import learn
from core.training.table.read import Request
from core.training.table.report import report_text
from tests.training.exports import write

NAMES = (
    "Email",
    "Price",
    "Created",
    "Score",
    "Stage",
    "City",
    "Notes",
    "Message",
    "Agent",
    "Zip",
    "x",
    "x",
    "",
    "Last Activity",
)
KINDS = ("number", "word", "date", "mixed", "empty", "constant", "wild", "long", "leak")
WILD = (
    "=1+1",
    "\u202eabc",
    "NaN",
    "inf",
    "1e999",
    "-0",
    "🏠",
    "'--",
    "Select",
    "31/12/2025",
    "12:30",
    "a,b",
    '"',
)


def cells(kind: str, rows: int, won: NDArray[np.bool_], generator: np.random.Generator) -> list[str]:
    """A column of ``kind``."""
    numbers = generator.normal(size=rows)
    texts: dict[str, list[str]] = {
        "number": [f"{value:.3f}" for value in numbers],
        "word": generator.choice(["red", "Blue", "", "-"], rows).tolist(),
        "date": [f"2025-{1 + n % 12:02}-{1 + n % 27:02}" for n in range(rows)],
        "mixed": [str(value) if value > 0 else "no number" for value in numbers],
        "empty": [""] * rows,
        "constant": ["same"] * rows,
        "wild": generator.choice(WILD, rows).tolist(),
        "long": [f"{n} " + "word " * 50 for n in range(rows)],
        "leak": ["signed" if flag else "" for flag in won],
    }
    return texts[kind]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=8), st.integers(30, 120), st.integers(0, 9_999))
def test_any_table_ends_in_a_report_or_one_sentence(kinds: list[str], rows: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    won = generator.random(rows) < generator.choice([0.05, 0.3, 0.5])
    names = [*(str(name) for name in generator.choice(NAMES, len(kinds))), "Won"]
    columns = [*(cells(kind, rows, won, generator) for kind in kinds), ["yes" if flag else "no" for flag in won]]
    date = names[0] if kinds[0] == "date" and names.count(names[0]) == 1 and names[0] else None
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.csv", names, zip(*columns, strict=True))
        said = outcome(Request(path, "Won", date=date))
    assert said.endswith(".")
    assert "\n" not in said


def outcome(request: Request) -> str:
    """The refusal, or the first sentence of the report; both are of one line."""
    try:
        report = learn(request, "try", "a test").report
    except FileError as error:
        return str(error)
    assert 0 <= report.measured.roc_auc_low <= report.measured.roc_auc_high <= 1
    return report_text(report).splitlines()[0]
