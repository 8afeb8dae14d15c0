"""What is chosen, and what stands along an axis, can be read in light and dark: by colours that a browser drew."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Server, Watched
from tests.charts.test_palette import contrast

pytestmark = pytest.mark.browser
Scheme = Literal["light", "dark"]
# In one call, so that all are of one moment: two frames after what was done last, once no colour fades any more.
DRAWN = """async (one, names) => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const fading = one.getAnimations().filter((each) => each instanceof CSSTransition);
  await Promise.allSettled(fading.map((each) => each.finished));
  const style = getComputedStyle(one);
  return names.map((name) => style[name]);
}"""


def rgba(color: str) -> list[float]:
    """Red, green and blue, 0 to 255, and how much of it is seen."""
    *parts, share = [float(part) for part in re.findall(r"[\d.]+", color)] + [1.0] * (color.count(",") == 2)
    return [*parts, share]


def over(color: list[float], below: list[float]) -> list[float]:
    """What is seen of a colour above another one."""
    return [color[3] * own + (1 - color[3]) * other for own, other in zip(color[:3], below[:3], strict=True)]


def apart(one: list[float], other: list[float]) -> float:
    return contrast(*("#" + "".join(f"{round(part):02X}" for part in color[:3]) for color in (one, other)))


def seen(part: Locator, page_color: list[float]) -> float:
    """The contrast of the words of ``part`` with its own field over the page."""
    words, field = map(rgba, part.evaluate(DRAWN, ["color", "backgroundColor"]))
    return apart(words, over(field, page_color))


def opened(screen: Watched, path: str, scheme: Scheme) -> tuple[Page, list[float]]:
    screen.page.emulate_media(color_scheme=scheme)
    page = screen.open(path)
    page_color = rgba(*page.get_by_test_id("stApp").evaluate(DRAWN, ["backgroundColor"]))
    assert (page_color[0] < 128) == (scheme == "dark")
    return page, page_color


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chosen_view_and_a_chosen_filter_can_be_read(screen: Watched, scheme: Scheme) -> None:
    page, page_color = opened(screen, "/leads?tier=Cold", scheme)
    for chosen in (
        page.get_by_role("radio", name="List", checked=True),
        page.get_by_role("button", name="Cold", exact=True, pressed=True),
    ):
        page.mouse.move(0, 0)
        assert seen(chosen, page_color) >= 4.5
        chosen.hover()
        assert seen(chosen, page_color) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/commission_pipeline?part=What+moved", "/lead?id=contrast"])
def test_the_words_along_an_axis_and_beside_a_bar_can_be_read(
    screen: Watched, server: Server, path: str, scheme: Scheme
) -> None:
    server.post_lead("contrast", budget_range="500k-750k", timeline="3-6 months", source="zillow")
    page, page_color = opened(screen, path, scheme)
    for place in (".xtick text", ".ytick text", ".bartext-outside"):
        words = page.locator(place).first
        words.wait_for()
        color, share = words.evaluate(DRAWN, ["fill", "fillOpacity"])
        assert apart(over([*rgba(color)[:3], float(share)], page_color), page_color) >= 4.5
