"""Screens run in this process on a real store in a folder of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from core.services.access import Actor, sign_in
from core.services.center import CommandCenter, use
from core.services.sample import load_sample
from core.settings import MODELS_DIR, Settings

PAGES = Path(__file__).parents[2] / "pages"
NAMES = (
    "live_scores",
    "leads",
    "lead",
    "score_csv",
    "escalations",
    "threshold",
    "commission_pipeline",
    "predictive_insights",
    "advanced_analytics",
    "reports",
    "model_status",
    "train",
    "settings",
)
Open = Callable[..., AppTest]
LookAs = Callable[[Actor], None]


def press(app: AppTest, opens: str, inside: str) -> AppTest:
    """Press a button inside a dialog: AppTest runs the whole page, so the button that opens it is pressed with it."""
    app.button(key=opens).click()
    app.button(key=inside).click()
    return app.run()


def center_in(folder: Path, database_url: str | None = None, models_dir: Path = MODELS_DIR) -> CommandCenter:
    """A center of its own, without a feed: nothing listens in these tests."""
    settings = Settings(jorge_data_dir=folder, jorge_database_url=database_url, jorge_redis_url=None)
    return CommandCenter(settings, models_dir)


@pytest.fixture(scope="session", autouse=True)
def installed() -> Iterator[None]:
    """What is installed, read once: Streamlit would look through all of it for every app, longer than a page takes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[CommandCenter]:
    """A workspace without a lead."""
    with center_in(tmp_path) as center:
        yield center


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    """A workspace with 240 sample leads; tests only read it."""
    with center_in(tmp_path_factory.mktemp("sampled")) as center:
        load_sample(center, leads=240, seed=11)
        yield center


@pytest.fixture
def own(tmp_path: Path) -> Iterator[CommandCenter]:
    """A workspace with 60 sample leads that a test may change."""
    with center_in(tmp_path) as center:
        load_sample(center, leads=60, seed=3)
        yield center


@pytest.fixture
def look_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Who looks at the pages from now on, as if a sign-in had said so; without it an admin does."""
    return lambda actor: monkeypatch.setattr(sign_in, "here", lambda _center, _address: actor)


@pytest.fixture
def open_page() -> Iterator[Open]:
    """Open a page as its address does in a browser: the app's own script, then the page, with a query."""

    def open_it(center: CommandCenter, name: str = "live_scores", **query: str | list[str]) -> AppTest:
        use(center)
        app = AppTest.from_file(str(PAGES / "_app.py"), default_timeout=30)
        app.context = {"timezone": "America/Chicago"}
        if name != "live_scores":
            app.switch_page(str(PAGES / f"{name}.py"))
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    yield open_it
    use(None)
