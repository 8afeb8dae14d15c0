from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import ModelUnavailable, NotFound, StoreUnavailable
from core.features.catalog import INDEX
from core.leads import LeadHistory
from core.scoring import Tier
from core.scoring.model import ScoringModel
from core.scoring.scored import ScoredLead
from core.services import workspace
from core.services.center import CommandCenter
from core.services.scores import batches, scoring
from core.services.scores.batches import score_batch
from core.services.scores.reading.reader import FEWEST, Reader
from core.services.scores.terms import finished
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told, untold


def test_a_score_is_what_the_tree_says_and_its_shapley_values_are_those_of_hand_arithmetic(
    center: CommandCenter,
) -> None:
    # v() = .35; budget known: .6; pre-approval alone: .5 * .1 + .5 * .8 = .45; both: .8
    # budget: ((.6 - .35) + (.8 - .45)) / 2 = .30; pre-approval: ((.45 - .35) + (.8 - .6)) / 2 = .15
    score = scoring.score_lead(center, told()).score
    assert score.raw_probability == pytest.approx(0.8)
    assert score.contributions[INDEX["budget_midpoint_usd"]] == pytest.approx(0.30)
    assert score.contributions[INDEX["pre_approval"]] == pytest.approx(0.15)
    assert score.tier is Tier.HOT
    assert score.closing_probability == pytest.approx(0.64)  # 0.8 that it signs, times 0.8 that it closes then
    assert score.timeline_probability is None


def test_a_scored_lead_has_a_commission_reasons_and_is_in_the_store(center: CommandCenter) -> None:
    scored = scoring.score_lead(center, told(), via="api")
    # midpoint of 500,000 and 750,000 times 6 %
    assert scored.commission.sale_price_usd == Decimal("625000.00")
    assert scored.commission.commission_usd == Decimal("37500.00")
    assert scored.reasons[0].endswith("raises the chance by 30 points")
    stored = center.store.latest_score("ana")
    assert stored.via == "api"
    assert stored.score.probability == scored.score.probability
    assert stored.reasons == scored.reasons


def test_a_lead_below_the_threshold_goes_to_claude_and_one_above_does_not(center: CommandCenter) -> None:
    assert scoring.score_lead(center, told()).escalation_recommended  # 0.8 is below 0.85
    workspace.set_threshold(center, 0.8)
    assert not scoring.score_lead(center, told()).escalation_recommended


def test_a_stored_lead_is_scored_again_with_all_that_is_stored(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    scored = scoring.score_stored(center, "ana")
    assert scored.score.raw_probability == pytest.approx(0.8)
    assert len(center.store.scores("ana")) == 2
    with pytest.raises(NotFound):
        scoring.score_stored(center, "nobody")


def test_a_batch_scores_each_lead_as_it_would_be_scored_alone(center: CommandCenter) -> None:
    leads = [told("a"), untold("b"), told("c", pre_approval=None)]
    batch = score_batch(center, leads, via="csv")
    alone = [scoring.compute(center, lead, via="csv") for lead in leads]
    assert [one.score.probability for one in batch] == [one.score.probability for one in alone]
    assert [one.commission for one in batch] == [one.commission for one in alone]
    assert [round(one.score.raw_probability, 9) for one in batch] == [0.8, 0.1, 0.4]
    assert score_batch(center, [], via="csv") == []


def test_cents_of_a_price_are_kept_alone_and_in_a_batch_that_two_processes_read(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    priced = {"price_min_usd": None, "price_max_usd": Decimal("625000.10")}  # as a float32 it is 625,000.125
    leads = [LeadHistory(lead=told(f"p{n}").lead.model_copy(update=priced)) for n in range(2 * FEWEST)]
    reader = Reader(restart_s=0.0)
    monkeypatch.setattr(CommandCenter, "reader", reader)
    batch: list[ScoredLead] = []

    def read_by_two() -> bool:
        batch[:] = score_batch(center, leads, via="api")
        return reader.rows_read > 0

    until(read_by_two)
    reader.close()
    alone = scoring.score_lead(center, leads[0])
    estimates = {(one.commission.sale_price_usd, one.commission.commission_usd) for one in (*batch, alone)}
    assert estimates == {(Decimal("625000.10"), Decimal("37500.01"))}  # 37,500.006
    stored = center.store.latest_score("p0")
    assert (stored.sale_price_usd, stored.commission_usd) == (Decimal("625000.10"), Decimal("37500.01"))


def test_without_a_model_scoring_says_so_and_stored_leads_can_still_be_read(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path), models_dir) as center:
        scoring.score_lead(center, told())
    with CommandCenter(settings_in(tmp_path), tmp_path / "no models") as center:
        with pytest.raises(ModelUnavailable):
            scoring.score_lead(center, told(), force_refresh=True)
        assert center.store.latest_score("ana").score.raw_probability == pytest.approx(0.8)


def test_without_the_database_nothing_is_acknowledged_and_the_database_is_named(
    tmp_path: Path, models_dir: Path
) -> None:
    (tmp_path / "a file").write_text("")
    settings = settings_in(tmp_path, jorge_database_url=f"sqlite:///{tmp_path}/a file/jorge.db")
    with CommandCenter(settings, models_dir) as center:
        with pytest.raises(StoreUnavailable):
            scoring.score_lead(center, told())
        assert scoring.compute(center, told(), via="api").score.raw_probability == pytest.approx(0.8)


def test_leads_are_scored_in_one_pass_and_each_gets_its_own_error(
    center: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[int] = []
    score_many, score = ScoringModel.score_many, ScoringModel.score

    def counted(self: ScoringModel, matrix: NDArray[np.float32], *rest: Any) -> Any:
        passes.append(len(matrix))
        return score_many(self, matrix, *rest)

    def alone(self: ScoringModel, *rest: Any) -> Any:
        passes.append(1)
        return score(self, *rest)

    def breaks(history: LeadHistory, *rest: Any, **more: Any) -> ScoredLead:
        if history.lead.lead_id == "bad":
            raise ArithmeticError
        return finished(history, *rest, **more)

    def unknown() -> scoring.Asked:
        raise NotFound("there is no such lead")

    def asking(*names: str) -> list[Callable[[], scoring.Asked]]:
        return [lambda name=name: scoring.Asked(center, told(name)) for name in names]  # type: ignore[misc]

    monkeypatch.setattr(ScoringModel, "score_many", counted)
    monkeypatch.setattr(ScoringModel, "score", alone)
    monkeypatch.setattr(batches, "finished", breaks)
    begun = scoring.begin_all([*asking("a", "b"), unknown])
    assert passes == [2]  # who was refused is not in it
    begun += scoring.begin_all(asking("c", "bad", "d"))
    assert passes == [2, 3, 1, 1, 1]
    kinds = [scoring.Pending, scoring.Pending, NotFound, scoring.Pending, ArithmeticError, scoring.Pending]
    assert [type(one) for one in begun] == kinds
    stored = [one.wait().scored.history.lead.lead_id for one in begun if isinstance(one, scoring.Pending)]
    assert stored == ["a", "b", "c", "d"]
    assert [center.store.latest_score(name).score.raw_probability for name in stored] == pytest.approx([0.8] * 4)


def test_a_server_that_stops_scores_what_waits_and_refuses_what_comes_later(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as opened:
        pending = [opened.score_soon(partial(scoring.Asked, opened, told(f"lead-{n}"))) for n in range(5)]
        scorer = opened._adapters.scorer.get()
        scorer.close()
        assert [one.result(0).wait().cache_hit for one in pending] == [False] * 5
        with pytest.raises(StoreUnavailable, match="being stopped"):
            opened.score_soon(lambda: scoring.Asked(opened, told()))
        assert opened.store.lead_count() == 5
