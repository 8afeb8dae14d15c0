"""What holds for all screens: they open, full, empty or with something down, and say what they must."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import ModelUnavailable
from core.leads import utc_now
from core.scoring.kernel import image, native
from core.services.center import CommandCenter
from core.services.running.kernels import Kernels
from core.services.running.slot import Slot
from core.services.sample import clear_sample
from pages.components.period_filters import EMPTY
from tests.pages.conftest import NAMES, PAGES, Open, center_in

SOURCES = sorted(path for path in PAGES.rglob("*") if path.suffix in (".py", ".js", ".css"))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_an_empty_workspace_opens(name: str, empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, name)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_a_full_workspace_opens(name: str, sampled: CommandCenter, open_page: Open) -> None:
    query = {"id": sampled.store.recent_scores(1)[0].lead_id} if name == "lead" else {}
    app = open_page(sampled, name, **query)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_that_the_leads_are_a_sample(name: str, sampled: CommandCenter, open_page: Open) -> None:
    assert any("Sample data" in note.value for note in open_page(sampled, name).info)


def test_no_page_says_so_once_the_sample_is_cleared(own: CommandCenter, open_page: Open) -> None:
    clear_sample(own)
    assert not open_page(own, "leads").info


@pytest.fixture
def no_database(tmp_path: Path) -> Iterator[CommandCenter]:
    """The database's folder is a file, so that it cannot be opened."""
    (tmp_path / "blocked").write_text("in the way")
    with center_in(tmp_path, f"sqlite:///{tmp_path / 'blocked' / 'jorge.db'}") as center:
        yield center


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_that_the_database_is_down_and_since_when(
    name: str, no_database: CommandCenter, open_page: Open
) -> None:
    app = open_page(no_database, name)
    assert not app.exception
    titles = [warning.proto.title for warning in app.warning]
    assert any(re.search(r"^The database is down since \w{3} \d+, \d\d:\d\d$", title) for title in titles)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_without_a_model_still_shows_what_is_stored(
    name: str, sampled: CommandCenter, tmp_path: Path, open_page: Open
) -> None:
    url = sampled.settings.database_url
    with center_in(tmp_path, url, models_dir=tmp_path / "none") as center:
        app = open_page(center, name)
        assert not app.exception
        assert any(warning.proto.title.startswith("The model is down") for warning in app.warning)
        if name == "leads":
            assert len(app.dataframe[0].value) > 0


def test_an_admin_reads_why_the_model_does_not_answer(empty: CommandCenter, tmp_path: Path, open_page: Open) -> None:
    with center_in(tmp_path, empty.settings.database_url, models_dir=tmp_path / "none") as center:
        notice = next(one for one in open_page(center).warning if one.proto.title.startswith("The model is down"))
        with pytest.raises(ModelUnavailable) as why:
            _ = center.model
    assert str(why.value).casefold().rstrip(".") in notice.value.casefold()


@pytest.mark.skipif(not image.SUPPORTED, reason="images are for Linux on x86-64")
def test_a_model_whose_kernels_are_being_made_is_not_called_down(
    empty: CommandCenter, tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "image_path", lambda: tmp_path / "none" / "kernels.image")
    monkeypatch.setattr(native, "_loaded", {})
    kernels = Kernels((sys.executable, "-c", "import time; time.sleep(60)"))
    (tmp_path / "none").mkdir()
    monkeypatch.setattr(empty._adapters, "model", Slot(kernels.check))
    app = open_page(empty)
    kernels.close()
    assert not app.exception
    notice = next(one for one in app.info if one.proto.title == "The model is getting ready")
    assert "Stored leads and scores can be read until then" in notice.value
    assert not any("model" in one.proto.title.casefold() for one in app.warning)


def test_a_page_says_that_the_live_feed_is_down_and_what_still_works(sampled: CommandCenter, open_page: Open) -> None:
    notice = next(one for one in open_page(sampled).warning if "live feed" in one.proto.title)
    assert "Scoring, leads and files work" in notice.value
    assert sampled.down_since["redis"] <= utc_now()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_screen_writes_markup(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for way in ("unsafe_allow_html", "st.html", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"):
        assert way not in source


def test_no_part_of_a_page_has_a_key_of_the_filters_above_it() -> None:
    taken = {
        path.name: keys & EMPTY.keys()
        for path in SOURCES
        if path.suffix == ".py" and path.name != "period_filters.py"
        if (keys := set(re.findall(r'\bkey="(\w+)"', path.read_text(encoding="utf-8")))) & EMPTY.keys()
    }
    assert not taken


@pytest.mark.parametrize("name", [*NAMES, "_app"])
def test_a_page_reads_like_a_description_of_its_screen(name: str) -> None:
    assert len((PAGES / f"{name}.py").read_text().splitlines()) < 80
