from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import InputError
from core.leads import utc_now
from core.services import sample, workspace
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.services.made import told

END = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_sample_is_real_rows_in_the_store_with_scores_and_outcomes(center: CommandCenter) -> None:
    shares: list[float] = []
    assert sample.load_sample(center, leads=60, seed=3, progress=shares.append, end=END) == 60
    assert shares[-1] == 1.0
    assert workspace.is_sample(center)
    page = center.store.browse(page_size=100)
    assert page.total == 60
    assert all(row.scored_at == END for row in page.rows)
    assert all(center.store.outcomes(row.lead_id) for row in page.rows[:5])


def test_scores_from_before_the_decision_can_be_set_against_what_happened(center: CommandCenter) -> None:
    sample.load_sample(center, leads=60, seed=3, end=END)
    decided = sum(tier.converted + tier.lost for tier in center.store.tier_outcomes())
    assert decided > 20


def test_the_same_seed_gives_the_same_leads_and_another_does_not(tmp_path: Path, models_dir: Path) -> None:
    from tests.services.centers import settings_in

    def names(seed: int, folder: str) -> list[str | None]:
        with CommandCenter(settings_in(tmp_path / folder), models_dir) as own:
            sample.load_sample(own, leads=20, seed=seed, end=END)
            return [row.name for row in own.store.browse().rows]

    assert names(1, "a") == names(1, "b") != names(2, "c")


def test_the_sample_never_goes_among_real_leads(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    with pytest.raises(InputError, match="already"):
        sample.load_sample(center, leads=10)
    assert not workspace.is_sample(center)
    with pytest.raises(InputError, match="kept"):
        sample.clear_sample(center)
    assert center.store.browse().total == 1


def test_clearing_takes_the_leads_and_the_flag_away(center: CommandCenter) -> None:
    sample.load_sample(center, leads=10, end=END)
    sample.clear_sample(center)
    assert center.store.browse().total == 0
    assert not workspace.is_sample(center)


def test_a_load_that_fails_half_way_leaves_nothing_behind(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "BATCH", 10)

    def stops(share: float) -> None:
        if share >= 0.5:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        sample.load_sample(center, leads=40, progress=stops, end=END)
    assert center.store.browse().total == 0
    assert not workspace.is_sample(center)


def test_a_sample_is_cleared_only_when_it_is_all_there(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sample, "BATCH", 10)
    seen: list[float | None] = []

    def clears(share: float) -> None:
        seen.append(sample.loading(center))
        for attempt in (sample.clear_sample, lambda center: sample.load_sample(center, leads=10)):
            with pytest.raises(InputError, match=r"still being loaded|already"):
                attempt(center)

    assert sample.load_sample(center, leads=40, progress=clears, end=END) == 40
    assert seen == [0.0, 0.25, 0.5, 0.75]  # told before each batch
    assert (center.store.browse().total, workspace.is_sample(center), sample.loading(center)) == (40, True, None)
    sample.clear_sample(center)
    assert (center.store.browse().total, workspace.is_sample(center)) == (0, False)


def test_a_load_whose_flag_was_taken_down_stops_and_leaves_nothing(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample, "BATCH", 10)

    def cleared(_: float) -> None:
        center.store.clear()
        center.store.set_workspace(workspace.IS_SAMPLE, False)

    with pytest.raises(InputError, match="cleared while it was loaded"):
        sample.load_sample(center, leads=40, progress=cleared, end=END)
    assert center.store.browse().total == 0
    assert not workspace.is_sample(center)


def test_a_load_that_was_killed_can_be_cleared_after_a_minute(center: CommandCenter) -> None:
    sample.load_sample(center, leads=10, end=END)
    told = (utc_now() - timedelta(seconds=61)).isoformat()
    center.set_setting(sample.LOADING, {"share": 0.5, "at": told})
    sample.clear_sample(center)
    assert center.store.browse().total == 0


@pytest.mark.parametrize("leads", [0, -1, sample.MOST_LEADS + 1])
def test_a_senseless_number_of_leads_is_refused(center: CommandCenter, leads: int) -> None:
    with pytest.raises(InputError):
        sample.load_sample(center, leads=leads)
