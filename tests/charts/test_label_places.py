"""Names on a map: none covers another, whatever the places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from core.charts.label_places import LETTER_PX as WIDE
from core.charts.label_places import _inside, _meet, _ways, label_places

CIRCLES = some.lists(
    some.tuples(some.integers(0, 200), some.integers(0, 300), some.integers(10, 56), some.text("abc", min_size=1)),
    max_size=12,
)


@given(CIRCLES)
def test_no_name_covers_another_or_a_circle_that_is_not_its_own(circles: list[tuple[int, int, int, str]]) -> None:
    places = label_places(
        [(x, y) for x, y, _, _ in circles], [size for *_, size, _ in circles], [c[3] for c in circles]
    )
    boxes = [
        dict(_ways(x, y, size / 2, WIDE * len(name))).get(place)
        for (x, y, size, name), place in zip(circles, places, strict=True)
    ]
    for n, box in enumerate(boxes):
        others = [other for other in boxes[:n] if other is not None]
        others += [_inside(x, y, size / 2) for m, (x, y, size, _) in enumerate(circles) if m != n]
        assert box is None or not any(_meet(box, other) for other in others)


def test_a_name_alone_stands_above_its_circle() -> None:
    assert label_places([(3, 4)], [20], ["Zilker"]) == ["top center"]
    assert label_places([], [], []) == []
