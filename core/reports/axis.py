"""Round numbers for the axis of a chart."""

from __future__ import annotations

import math


def ticks(lowest: float, highest: float, most: int = 5) -> list[float]:
    """Evenly spaced round numbers from at or below ``lowest`` to at or above ``highest``, about ``most`` of them.

    >>> ticks(0, 23), ticks(0, 0), ticks(-40, 130)
    ([0.0, 5.0, 10.0, 15.0, 20.0, 25.0], [0.0, 1.0], [-50.0, 0.0, 50.0, 100.0, 150.0])
    """
    span = highest - lowest
    if span < 1e-6:
        return [0.0, 1.0]
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor * 1.0001)
    first, last = math.floor(lowest / step + 1e-9), math.ceil(highest / step - 1e-9)
    return [place * step for place in range(first, last + 1)]


def short(value: float, money: bool) -> str:
    """A number for an axis.

    >>> short(1_250_000, True), short(-3000, True), short(12, False), short(999_800, True)
    ('$1.25M', '-$3k', '12', '$1M')
    """
    sign, size = ("-" if value < 0 else ""), abs(value)
    told = f"{size:g}"
    for edge, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= 0.9995 * edge:  # which three digits round up to the next unit
            told = f"{size / edge:.3g}{letter}"
            break
    return f"{sign}{'$' if money else ''}{told}"
