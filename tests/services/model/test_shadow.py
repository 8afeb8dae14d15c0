from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import registry
from core.errors import InputError
from core.monitoring.sequential import Duel
from core.registry import save_model
from core.services import audit
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.model.model_work import ModelWork
from core.services.model.promotion import promote
from core.services.model.shadow import (
    CHALLENGER,
    Shadow,
    Standing,
    challenge,
    judge_waiting,
    set_takes_back,
    shadow,
    standing,
    stop_shadow,
    take_back_if_worse,
    watch_promotion,
)
from tests.services.centers import settings_in
from tests.services.lived import live_through
from tests.services.stump import backwards, estimator, many_held_out, register


@pytest.fixture
def center(tmp_path: Path) -> Iterator[CommandCenter]:
    """The stump answers; beside it stand its twin, and a version that has everything the wrong way round."""
    models = tmp_path / "models"
    register(models)
    register(models, "twin", default=False, grown=estimator())
    save_model(models / "wrong", backwards("wrong"), estimator(), {"rows": 4}, "# Wrong", many_held_out())
    with CommandCenter(settings_in(tmp_path / "data"), models) as opened:
        yield opened


def judge_all(center: CommandCenter) -> int:
    judged = 0
    while step := judge_waiting(center):
        judged += step
    return judged


def test_a_challenger_judges_what_is_scored_from_then_on_and_nobody_is_shown_it(center: CommandCenter) -> None:
    live_through(center, 5, prefix="before")
    challenge(center.acting_as(trusted("ana")), "wrong")
    live_through(center, 20)
    events = len(center.store.outbox_after())
    assert judge_all(center) == 20
    assert judge_all(center) == 0
    assert len(center.store.outbox_after()) == events
    assert center.store.latest_score("lead_0").score.model_version == "stump-1"
    (entry,) = audit.find(center)
    assert (entry.actor, entry.action, entry.subject) == ("ana", "challenger named", "wrong")


def test_the_champion_and_retired_versions_are_no_challengers(center: CommandCenter) -> None:
    with pytest.raises(InputError, match="answers itself"):
        challenge(center, "stump-1")
    registry.retire(center.models_dir, center.data_dir, "wrong")
    with pytest.raises(InputError, match="is retired"):
        challenge(center, "wrong")


def test_a_bad_challenger_loses_and_a_twin_draws(center: CommandCenter) -> None:
    challenge(center, "wrong")
    live_through(center, 300)
    judge_all(center)
    found = standing(center)
    assert found is not None
    assert (found.judged, found.duel.outcomes) == (300, 300)
    assert found.duel.first_wins
    challenge(center, "twin")
    live_through(center, 300, seed=5, prefix="later")
    judge_all(center)
    found = standing(center)
    assert found is not None
    assert found.duel.difference == 0.0
    assert not found.duel.first_wins
    assert not found.duel.second_wins
    stop_shadow(center)
    assert shadow(center) is None


def test_a_promotion_is_watched_by_its_predecessor(center: CommandCenter) -> None:
    promote(center, "twin")
    watching = shadow(center)
    assert watching is not None
    assert (watching.version, watching.role, watching.champion) == ("stump-1", "predecessor", "twin")


def wrong_answers(center: CommandCenter, leads: int) -> None:
    """The wrong version was promoted past every check, and leads convert as the stump would have said."""
    registry.keep_lists(center.data_dir, registry.Lists(), registry.Lists(("wrong",)))
    center.look_for_promotion()
    watch_promotion(center, "stump-1", "wrong")
    live_through(center, leads, truth=lambda said: 0.9 - said)  # wrong says 0.8 of those who convert at 0.1


def test_a_promotion_is_taken_back_when_its_predecessor_is_better_with_confidence(center: CommandCenter) -> None:
    wrong_answers(center, 99)
    judge_all(center)
    assert take_back_if_worse(center) is None  # a hundred ends are needed before anything is said
    live_through(center, 100, truth=lambda said: 0.9 - said, seed=7, prefix="more")
    judge_all(center)
    assert take_back_if_worse(center) == "stump-1"
    assert center.model.version == "stump-1"
    entry = audit.find(center)[0]
    assert (entry.actor, entry.action, entry.subject) == ("automatic watch", "model rolled back", "stump-1")
    assert entry.details["reason"].startswith("on 199 outcomes its Brier score is ")
    assert take_back_if_worse(center) is None
    assert shadow(center) is None


def test_a_team_may_want_no_machine_to_take_anything_back(center: CommandCenter) -> None:
    wrong_answers(center, 300)
    judge_all(center)
    set_takes_back(center, False)
    assert take_back_if_worse(center) is None
    assert center.model.version == "wrong"


def test_a_server_judges_by_itself(center: CommandCenter) -> None:
    challenge(center, "wrong")
    live_through(center, 30)
    work = ModelWork(center, look_s=0.05).start()
    try:
        for _ in range(100):
            if center.store.shadow.shadowed("wrong") == 30:
                break
            work._closing.wait(0.05)
        assert center.store.shadow.shadowed("wrong") == 30
    finally:
        work.close()


def test_leads_that_only_one_of_them_judged_stop_the_verdict(center: CommandCenter) -> None:
    wrong_answers(center, 200)
    judge_all(center)
    found = standing(center)
    assert found is not None
    assert (found.missed, found.mismatch, found.second_wins) == (0, False, True)
    # 40 more ended before the shadow came to judge them: 40 of 240 where 1 of 100 may wait, so no verdict.
    live_through(center, 40, truth=lambda said: 0.9 - said, seed=9, prefix="unseen")
    found = standing(center)
    assert found is not None
    assert (found.missed, found.mismatch, found.second_wins) == (40, True, False)
    assert take_back_if_worse(center) is None
    judge_all(center)
    assert take_back_if_worse(center) == "stump-1"


def test_one_or_two_that_wait_their_turn_stop_nothing() -> None:
    # 2 of 102 at one in a hundred: chance of 2 or more is 1 - 0.99^102 - 102 x 0.01 x 0.99^101 = 27 %.
    told = Shadow("b", CHALLENGER, "a", 0, "2026-01-01T00:00:00Z")
    assert not Standing(told, 100, Duel(100, 0.1, 0.05, 0.15), missed=2).mismatch
    assert Standing(told, 100, Duel(100, 0.1, 0.05, 0.15), missed=20).mismatch
    assert not Standing(told, 0, Duel(0, 0.0), missed=0).mismatch
