"""Where the names of circles on a map stand, so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final

LETTER_PX: Final = 6.0
LINE_PX: Final = 13.0
Box = tuple[float, float, float, float]


def label_places(centers: Sequence[tuple[float, float]], sizes: Sequence[float], names: Sequence[str]) -> list[str]:
    """Plotly's text position of each name, the largest circle's first; empty where each would meet a name or a circle.

    ``centers`` (to the right, up) and ``sizes`` (across) are in pixels.

    Of two circles one above the other by 20 pixels the upper one's name stands above, the lower one's below.

    >>> label_places([(0, 0), (0, 20), (500, 0)], [20, 30, 20], ["Austin", "Zilker", "Mueller"])
    ['bottom center', 'top center', 'top center']
    >>> label_places([(0, 0), (0, 1)], [20, 20], ["Austin", "Austin, upper"])
    ['top center', 'bottom center']
    """
    found, taken = [""] * len(names), list[Box]()
    circles = [_inside(x, y, size / 2) for (x, y), size in zip(centers, sizes, strict=True)]
    for n in sorted(range(len(names)), key=lambda n: -sizes[n]):
        for position, box in _ways(*centers[n], sizes[n] / 2, LETTER_PX * len(names[n])):
            others = (*taken, *circles[:n], *circles[n + 1 :])
            if not any(_meet(box, other) for other in others):
                found[n] = position
                taken.append(box)
                break
    return found


def _ways(x: float, y: float, radius: float, width: float) -> Sequence[tuple[str, Box]]:
    middle, half = (x - width / 2, x + width / 2), LINE_PX / 2
    return (
        ("top center", (*middle, y + radius, y + radius + LINE_PX)),
        ("bottom center", (*middle, y - radius - LINE_PX, y - radius)),
        ("middle right", (x + radius, x + radius + width, y - half, y + half)),
        ("middle left", (x - radius - width, x - radius, y - half, y + half)),
    )


def _inside(x: float, y: float, radius: float) -> Box:
    """The square in a circle: what touches the rim alone can still be read."""
    half = radius * sqrt(0.5)
    return x - half, x + half, y - half, y + half


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
