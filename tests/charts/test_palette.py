"""The charts wear the colours of the theme, and the colours can be told apart."""

import tomllib
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any

import pytest

from core.charts import palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())
THEME = CONFIG["theme"]
MODES = [THEME["light"], THEME["dark"]]


def channels(color: str) -> list[float]:
    return [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def linear(color: str) -> list[float]:
    """sRGB to linear light, IEC 61966-2-1."""
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels(color)]


def contrast(one: str, other: str) -> float:
    """WCAG 2: (lighter + 0.05) / (darker + 0.05) of the relative luminances."""
    lights = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(linear, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(light: list[float]) -> list[float]:
    """Linear light to CIE L*a*b* (D65)."""
    red, green, blue = light
    axes = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (axis ** (1 / 3) if axis > 0.008856 else 7.787 * axis + 16 / 116 for axis in axes)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


# Machado, Oliveira and Fernandes (2009), severity 1, on linear light
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.01182, 0.04294, 0.968881),
)
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)


def seen_by(color: str, matrix: tuple[tuple[float, ...], ...]) -> list[float]:
    light = linear(color)
    return lab([sum(part * value for part, value in zip(row, light, strict=True)) for row in matrix])


def test_the_charts_and_the_theme_hold_the_same_colours() -> None:
    assert THEME["chartCategoricalColors"] == list(palette.CATEGORICAL)
    for mode in MODES:
        assert (mode["redColor"], mode["orangeColor"], mode["blueColor"]) == (
            palette.HOT,
            palette.WARM,
            palette.COLD,
        )
        assert (mode["greenColor"], mode["violetColor"]) == (palette.RAISES, palette.LOWERS)
        assert mode["grayColor"] == palette.NEUTRAL


def test_the_scales_of_the_theme_have_the_ten_steps_that_streamlit_takes() -> None:
    assert len(THEME["chartSequentialColors"]) == len(THEME["chartDivergingColors"]) == 10


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
@pytest.mark.parametrize("color", palette.CATEGORICAL)
def test_a_mark_stands_out_from_its_background(color: str, mode: dict[str, str]) -> None:
    assert contrast(color, mode["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
@pytest.mark.parametrize("name", ["red", "orange", "yellow", "blue", "green", "violet", "gray"])
def test_the_text_of_a_badge_can_be_read(name: str, mode: dict[str, str]) -> None:
    assert contrast(mode[f"{name}TextColor"], mode[f"{name}BackgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
def test_text_links_and_buttons_can_be_read(mode: dict[str, str]) -> None:
    for surface in (mode["backgroundColor"], mode["secondaryBackgroundColor"]):
        assert contrast(mode["textColor"], surface) >= 7
        assert contrast(mode["linkColor"], surface) >= 4.5
    assert contrast("#FFFFFF", mode["primaryColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
def test_the_number_of_the_threshold_can_be_read(mode: dict[str, Any]) -> None:
    sidebar = mode["sidebar"]  # a slider writes its number in the accent colour
    assert contrast(sidebar.get("primaryColor", mode["primaryColor"]), sidebar["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
def test_captions_can_be_read(mode: dict[str, Any]) -> None:
    sidebar = mode["sidebar"]["backgroundColor"]
    for surface in (mode["backgroundColor"], mode["secondaryBackgroundColor"], sidebar):
        parts = [[int(color[start : start + 2], 16) for start in (1, 3, 5)] for color in (mode["textColor"], surface)]
        seen = [round(0.6 * word + 0.4 * below) for word, below in zip(*parts, strict=True)]  # as Streamlit draws them
        assert contrast("#" + "".join(f"{part:02X}" for part in seen), surface) >= 4.5


@pytest.mark.parametrize("matrix", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
def test_the_tiers_can_be_told_apart_without_red_and_green(matrix: tuple[tuple[float, ...], ...]) -> None:
    for one, other in combinations(palette.TIER_COLORS.values(), 2):
        assert dist(seen_by(one, matrix), seen_by(other, matrix)) > 12  # 2.3 is just noticeable


@pytest.mark.parametrize("mode", MODES, ids=["light", "dark"])
def test_words_are_read_on_every_shade_of_a_field(mode: dict[str, str]) -> None:
    page = [int(mode["backgroundColor"][start : start + 2], 16) for start in (1, 3, 5)]
    for _, shade in palette.shades(palette.PRIMARY):
        *color, share = (float(part) for part in shade.removeprefix("rgba(").removesuffix(")").split(","))
        seen = [round(share * part + (1 - share) * below) for part, below in zip(color, page, strict=True)]
        assert contrast(mode["textColor"], "#" + "".join(f"{part:02X}" for part in seen)) >= 4.5


def test_words_on_a_field_have_the_colours_of_the_theme() -> None:
    for name, (words, page) in palette.PAGES.items():
        assert (words, page) == (THEME[name]["textColor"], THEME[name]["backgroundColor"])
        assert palette.words_on_shades(name)["color"] == words
