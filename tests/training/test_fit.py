"""Fitting: what it learns, what it refuses, what it never mixes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from core.errors import ModelRefused
from core.features.catalog import FAMILIES, INDEX, UNKNOWN
from core.scoring.calibration import Calibration
from core.training.card import describe
from core.training.dataset import temporal_split
from core.training.fit import FITTERS, ForestPlan, calibrate, fit, isotonic, model_of, platt_by_information
from core.training.information import WINDOWS, as_sources_tell, seen_through
from core.training.oracle import Agreement, agreement, refuse_unless_exact
from core.training.quality import roc_auc
from tests.training.leads import some_leads

SMALL = ForestPlan(trees=60, depth=5)


def test_the_later_leads_are_held_out_and_no_moment_is_on_both_sides() -> None:
    earlier, later = temporal_split(some_leads(), holdout_share=0.3)
    assert earlier.scored_at.max() < later.scored_at.min()
    assert len(earlier) + len(later) == 1500
    assert len(later) == pytest.approx(450, abs=10)


def test_leads_of_a_single_day_cannot_be_split() -> None:
    leads = some_leads(50)
    leads.scored_at[:] = leads.scored_at[0]
    with pytest.raises(ValueError, match="more than one day"):
        temporal_split(leads)


def test_a_model_finds_the_order_that_is_there_and_serves_what_the_estimator_says() -> None:
    earlier, later = temporal_split(some_leads())
    fitted = fit(earlier, SMALL)
    model = model_of(fitted, SMALL, "try", later)
    assert roc_auc(model.holdout.probability, later.converted) > 0.75
    found = agreement(model, fitted.estimator, later.features)
    assert (found.leads, found.prediction) == (200, 0.0)
    refuse_unless_exact(found)


def test_protected_features_are_left_out_unless_asked_for() -> None:
    assert not {"family_size_mentioned", "school_interest"} & set(SMALL.feature_names)
    assert len(ForestPlan(use_protected=True).feature_names) == 28


def test_too_few_outcomes_are_said_in_numbers() -> None:
    leads = some_leads(200)
    leads.converted[:] = False
    leads.converted[:12] = True
    with pytest.raises(ValueError, match="12 of 200 leads converted; at least 30"):
        fit(leads, SMALL)


def test_the_timeline_head_is_silent_where_no_time_was_named() -> None:
    earlier, later = temporal_split(some_leads())
    features = later.features[:2].copy()
    features[0, INDEX["timeline_urgency"]] = UNKNOWN
    scores = model_of(fit(earlier, SMALL), SMALL, "try", later).score_many(features)
    assert scores[0].timeline_probability is None
    assert 0 < (scores[1].timeline_probability or 0) < 1


def test_no_later_step_is_likelier_than_an_earlier_one() -> None:
    earlier, later = temporal_split(some_leads(6000))
    scores = model_of(fit(earlier, SMALL), SMALL, "try", later).score_many(later.features)
    assert scores.closing_probability is not None
    assert scores.timeline_probability is not None
    assert (scores.closing_probability <= scores.probability).all()
    assert (scores.timeline_probability <= scores.closing_probability).all()
    assert scores.closing_probability.mean() == pytest.approx(later.closed.mean(), abs=0.02)


def test_an_open_contract_tells_nothing_of_whether_contracts_close() -> None:
    # 85 of 100 contracts close; of half of them the end is not known yet.
    earlier, later = temporal_split(some_leads(6000))
    unknown = earlier.converted & (np.random.default_rng(1).random(len(earlier)) < 0.5)
    open_yet = replace(earlier, closed=np.where(unknown, np.nan, earlier.closed))
    scores = model_of(fit(open_yet, SMALL), SMALL, "try", later).score_many(later.features)
    assert scores.closing_probability is not None
    assert (scores.closing_probability / scores.probability).mean() == pytest.approx(0.85, abs=0.03)


def test_a_card_is_written_also_while_no_later_contract_has_closed() -> None:
    earlier, later = temporal_split(some_leads(6000))
    later = replace(later, closed=np.where(later.converted, np.nan, 0.0))
    fitted = fit(earlier, SMALL)
    card = describe(
        model_of(fitted, SMALL, "try", later), fitted, SMALL, earlier, later, Agreement(0, 0.0, 0.0, 0.0), "a test"
    )
    head = card["heads"]["closing"]
    assert (head["leads"], head["happened"], head["roc_auc"]) == (int((~later.converted).sum()), 0, None)


def test_calibration_recovers_a_known_distortion() -> None:
    generator = np.random.default_rng(2)
    true = generator.random(20_000)
    happened = generator.random(20_000) < true
    squeezed = 1 / (1 + np.exp(-0.5 * np.log(true / (1 - true))))  # the sigmoid's slope must come out as 2
    fitted = platt_by_information(squeezed, np.zeros((20_000, len(FAMILIES))), happened)
    assert fitted.slope == pytest.approx(2, abs=0.1)
    assert fitted.intercept == pytest.approx(0, abs=0.05)


def test_what_raises_the_raw_probability_never_lowers_the_calibrated_one_however_little_is_known() -> None:
    # Of half the leads a tenth is known and what the forest says of them is noise: their slope would come out below 0.
    generator = np.random.default_rng(0)
    share = np.where(generator.random(1_500) < 0.5, 0.0, 0.9)
    true = 1 / (1 + np.exp(1 - 1.2 * generator.normal(size=1_500)))
    raw = np.where(share == 0, true, np.clip(0.3 + 0.05 * generator.normal(size=1_500), 0.01, 0.99))
    happened = generator.random(1_500) < np.where(share == 0, true, 0.3)
    unknown = np.repeat(share[:, None], len(FAMILIES), axis=1)
    fitted = platt_by_information(raw, unknown, happened)
    steps = np.linspace(0.05, 0.95, 10)
    for known in (0.0, 0.5, 0.9, 1.0):
        said = fitted(steps, np.full((10, len(FAMILIES)), known))
        assert (np.diff(said) >= 0).all()
    assert fitted.slope == pytest.approx(1, abs=0.15)  # where all is known the forest was right
    little = share > 0
    assert fitted(raw[little], unknown[little]).mean() == pytest.approx(happened[little].mean(), abs=0.01)


def test_leads_of_whom_nothing_is_known_keep_their_base_rate() -> None:
    # Half the leads are known and squeezed as above; of the other half one in five converts and the forest says so.
    generator = np.random.default_rng(3)
    true = np.concatenate([generator.random(10_000), np.full(10_000, 0.2)])
    happened = generator.random(20_000) < true
    unknown = np.repeat([0.0, 1.0], 10_000)[:, None] * np.ones(len(FAMILIES))
    raw = np.where(unknown[:, 0] == 1, 0.2, 1 / (1 + np.exp(-0.5 * np.log(true / (1 - true)))))
    chosen, losses = calibrate(raw, unknown, happened, seed=0)
    assert min(losses, key=lambda name: losses[name]) == "platt"
    assert chosen(np.array([0.2]), np.ones((1, len(FAMILIES))))[0] == pytest.approx(happened[10_000:].mean(), abs=0.005)


def test_calibrating_takes_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    # A dozen numbers a lead are too little to share out: threads would only wait for one another.
    threads: set[int] = set()

    def told(raw: np.ndarray, unknown: np.ndarray, happened: np.ndarray) -> Calibration:
        threads.update(pool["num_threads"] for pool in threadpool_info())
        return isotonic(raw, unknown, happened)

    monkeypatch.setitem(FITTERS, "isotonic", told)
    generator = np.random.default_rng(5)
    calibrate(generator.random(200), np.zeros((200, len(FAMILIES))), generator.random(200) < 0.5, seed=0)
    assert threads == {1}


def test_a_window_hides_every_family_that_its_source_does_not_tell() -> None:
    matrix = some_leads(40).features
    contact_list = next(window for window in WINDOWS if window.name == "contact list")
    assert (seen_through(matrix, contact_list.features) == UNKNOWN).all()
    assert (seen_through(matrix, WINDOWS[0].features) == matrix).all()


def test_hiding_information_repeats_from_its_seed_and_leaves_the_source_alone() -> None:
    leads = some_leads(400)
    before = leads.features.copy()
    shown = as_sources_tell(leads, seed=4)
    assert (shown == as_sources_tell(leads, seed=4)).all()
    assert (leads.features == before).all()
    assert ((shown == before) | (shown == UNKNOWN)).all()
    assert (shown == UNKNOWN).mean() > 0.2


def test_a_window_gets_its_share_of_converted_and_of_other_leads() -> None:
    # 11 % of the leads are seen as a contact list and 10 % on arrival, when nothing is known of these leads: 21 %.
    leads = some_leads(1000)
    bare = (as_sources_tell(leads, seed=4) == UNKNOWN).all(axis=1)
    assert bare[leads.converted].mean() == pytest.approx(0.21, abs=0.01)
    assert bare[~leads.converted].mean() == pytest.approx(0.21, abs=0.01)


@pytest.mark.parametrize(
    "found", [Agreement(200, 1e-17, 0, 0), Agreement(200, 0, 1e-9, 0), Agreement(200, 0, 0, 1e-11)]
)
def test_a_model_that_differs_from_its_judges_is_refused(found: Agreement) -> None:
    with pytest.raises(ModelRefused, match="not promoted"):
        refuse_unless_exact(found)
