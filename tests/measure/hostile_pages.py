"""Every page and view over a workspace of hostile text: ``python -m tests.measure.hostile_pages [--texts N]``.

What must hold: no page fails, and no text that the browser reads as markdown or that Plotly reads as HTML still holds a
live image or link of the attacker. Whether a browser runs or fetches anything is seen by tests/browser.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter, use
from core.settings import Settings
from tests.measure.hostile import HOST, hostile
from tests.measure.hostile_workspace import fill
from tests.pages.conftest import NAMES, PAGES

AT_ONCE = 100  # of the texts, in one workspace
VIEWS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "leads": ("view", ("What drives the scores",)),
    "commission_pipeline": ("part", ("What moved", "Agents and caps", "Goals", "Plans")),
    "predictive_insights": ("show", ("Past forecasts", "Trends", "Opportunities")),
    "advanced_analytics": (
        "show",
        ("Cohorts", "Funnel", "Attribution", "A/B tests", "Segments", "Areas", "Best hour"),
    ),
    "reports": ("reports", ("Every week",)),
    "model_status": ("show", ("Does it still hold", "Versions", "What drives the scores")),
}
# Fields that are shown as they stand: st.text, st.code, tables on a canvas, what is typed, and our own components.
AS_IT_STANDS: Final = {
    *("text.body", "code_block.code_text", "text_input.default", "text_input.value", "text_area.default"),
    *("text_area.value", "arrow_data_frame.columns", "dataframe.alt", "html.body", "component_instance.json_args"),
    *("bidi_component.json", "bidi_component.html_content", "bidi_component.js_content", "bidi_component.css_content"),
    *("exception.stack_trace", "page_link.page", "page_link.query_string", "link_button.url"),
}
LIVE: Final = re.compile(rf"(?<!\\)!\[[^\]]*\][(\[]|(?<!\\)\]\((?:https?:)?//{re.escape(HOST)}")
LIVE_IN_A_FIGURE: Final = re.compile(r"<(?:a|img|script|svg|iframe|style|b|br)[ />]", re.IGNORECASE)
OURS_IN_A_FIGURE: Final = re.compile(r"</?(?:b|br|i|sub|sup)/?>|<extra></extra>")


def addresses(lead_id: str) -> list[tuple[str, dict[str, str]]]:
    """Every page, and every further view of it."""
    found: list[tuple[str, dict[str, str]]] = [(name, {"id": lead_id} if name == "lead" else {}) for name in NAMES]
    return found + [(name, {key: view}) for name, (key, views) in VIEWS.items() for view in views]


def look(center: CommandCenter, lead_id: str) -> list[str]:
    """Open all; what is wrong with any."""
    use(center)
    wrong = []
    try:
        for name, query in addresses(lead_id):
            where = " ".join((name, *query.values()))
            wrong += [f"{where}: {said}" for said in problems(_opened(name, query))]
    finally:
        use(None)
    return wrong


def _opened(name: str, query: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(PAGES / "_app.py"), default_timeout=120)
    app.context = {"timezone": "America/Chicago"}
    if name != "live_scores":
        app.switch_page(str(PAGES / f"{name}.py"))
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def problems(app: AppTest) -> Iterator[str]:
    for failed in app.exception:
        yield f"failed with {failed.message[:200]} {' '.join(failed.stack_trace)[-300:]}"
    for error in app.error:
        yield f"says {error.value[:200]}"
    for element in _elements(app._tree):
        for where, text in _texts(getattr(element, "proto", None), type(element).__name__):
            yield from _told(where, text)


def _told(where: str, text: str) -> Iterator[str]:
    if where == "plotly_chart.spec":
        if found := LIVE_IN_A_FIGURE.search(OURS_IN_A_FIGURE.sub("", text)):
            yield f"{where} holds {text[max(0, found.start() - 40) : found.end() + 60]!r}"
    elif where not in AS_IT_STANDS and not where.endswith(".id") and (found := LIVE.search(text)):  # ids are not shown
        yield f"{where} holds {text[max(0, found.start() - 40) : found.end() + 60]!r}"


def _elements(block: Any) -> Iterator[Any]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from _elements(child)


def _texts(proto: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every string in a message, with the two last names on the way to it."""
    if proto is None or not hasattr(proto, "ListFields"):
        return
    for field, value in proto.ListFields():
        name = f"{proto.DESCRIPTOR.name}.{field.name}"
        several = value if field.is_repeated else [value]
        if field.type == field.TYPE_STRING:
            yield from ((_snake(name), text) for text in several)
        elif field.type == field.TYPE_MESSAGE and field.message_type.GetOptions().map_entry is False:
            for one in several:
                yield from _texts(one, name)


def _snake(name: str) -> str:
    of, _, field = name.partition(".")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", of).lower() + "." + field


def in_workspace(texts: list[str], count: int, seed: int) -> list[str]:
    """What is wrong with any page over a new workspace of ``texts``."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(jorge_data_dir=Path(folder), jorge_database_url=None, jorge_redis_url=None)
        with CommandCenter(settings) as center:
            return look(center, fill(center, texts, count, seed))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=1_000)
    parser.add_argument("--leads", type=int, default=200)
    arguments = parser.parse_args()
    texts, wrong = hostile(arguments.texts), []
    for start in range(0, len(texts), AT_ONCE):
        found = in_workspace(texts[start : start + AT_ONCE], arguments.leads, start)
        print(
            f"texts {start + 1} to {start + AT_ONCE}: {len(addresses(''))} pages and views, wrong {len(found)}",
            flush=True,
        )
        wrong += found
    for line in wrong[:40]:
        print("WRONG", line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
