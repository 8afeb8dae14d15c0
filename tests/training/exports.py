"""Exports with an outcome that follows two of their columns, and what may be wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

ROWS = 600


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=";" if encoding != "utf-8" else ",")
        writer.writerow(header)
        writer.writerows(rows)
    return path


def drawn(rows: int = ROWS, seed: int = 3) -> tuple[list[float], list[str], list[bool]]:
    """A number and a word for each row, and an outcome that both drive."""
    generator = np.random.default_rng(seed)
    strength = generator.normal(size=rows).round(3)
    group = generator.choice(list("abcd"), rows)
    won = strength + 1.5 * (group == "a") + generator.normal(size=rows) > 1.2
    return strength.tolist(), group.tolist(), won.tolist()


def plain_export(path: Path, rows: int = ROWS, seed: int = 3) -> Path:
    """Strength, Group, Won."""
    strength, group, won = drawn(rows, seed)
    lines = zip(strength, group, ("yes" if flag else "no" for flag in won), strict=True)
    return write(path, ["Strength", "Group", "Won"], lines)


def known_export(path: Path, rows: int = ROWS, seed: int = 3) -> Path:
    """Budget, which live leads tell too, in place of Strength: $500,000 and $100,000 more for each point."""
    strength, group, won = drawn(rows, seed)
    budget = (round(500_000 + 100_000 * point) for point in strength)
    lines = zip(budget, group, ("yes" if flag else "no" for flag in won), strict=True)
    return write(path, ["Budget", "Group", "Won"], lines)


def shuffled_export(path: Path, seed: int) -> Path:
    """The same with outcomes that belong to other rows."""
    strength, group, won = drawn(400, seed)
    mixed = np.random.default_rng(seed).permutation(won)
    lines = zip(strength, group, ("yes" if flag else "no" for flag in mixed), strict=True)
    return write(path, ["Strength", "Group", "Won"], lines)
