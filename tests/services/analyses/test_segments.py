"""Saved segments of a sample workspace against the list of leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import InputError, NotFound
from core.leads import OPEN_STAGES, Side, Stage, utc_now
from core.scoring import Tier
from core.scoring.selective import wilson
from core.services.access import trusted
from core.services.analyses import clusters, segments
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.lead.lead_groups import lead_groups
from core.services.sample import load_sample
from core.settings import Settings
from core.store import ArrivalClock, LeadFilter, LeadGroup
from tests.services.acting import MANAGER

NOW = utc_now().replace(microsecond=123_456)
EVERYTHING = LeadFilter(
    text="ana", tiers=(Tier.HOT, Tier.WARM), sources=("Zillow", None), agents=("Ana",), stages=(Stage.SHOWING,),
    areas=("Zilker",),
    score_min=10.0, score_max=90.0, created_from=NOW, created_to=NOW, scored_from=NOW, staged_to=NOW,
    escalated_only=True, sides=(Side.SELLER,), furthest=(Stage.CONTRACT,), group=LeadGroup("test", 1, 0),
    bands=(0, None), arrival=ArrivalClock("America/Chicago", (9,), (0, 6)),
)  # fmt: skip


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    with CommandCenter(Settings(jorge_data_dir=tmp_path_factory.mktemp("segments"))) as center:
        load_sample(center, leads=250, seed=5)
        yield center


@pytest.mark.parametrize("wanted", [LeadFilter(), EVERYTHING, LeadFilter(score_min=0.0)])
def test_a_filter_comes_back_from_its_rule(wanted: LeadFilter) -> None:
    import orjson

    rule = orjson.loads(orjson.dumps(segments.rule_of(wanted, "2026-12")))
    assert rule["closing"] == "2026-12"
    assert segments.filter_of(rule) == wanted


def test_a_segment_counts_what_the_list_of_leads_shows(center: CommandCenter) -> None:
    today = utc_now().date()
    source = next(iter(center.store.facets().sources))
    kinds = {
        "Of a source": (LeadFilter(sources=(source,)), None),
        "Hot": (LeadFilter(tiers=(Tier.HOT,)), None),
        "Next month": (LeadFilter(), pipeline.months(center, today)[1].key),
    }
    for name, (wanted, closing) in kinds.items():
        segments.save(center.acting_as(trusted("Ana")), f" {name} ", wanted, closing)
    found = {one.name: one for one in segments.segments(center, today)}
    assert set(found) == set(kinds)
    now = utc_now()
    for name in ("Of a source", "Hot"):
        one = found[name]
        rows = center.store.browse(one.wanted, page_size=1_000).rows
        signed = sum(row.stage in (Stage.CONTRACT, Stage.CLOSED) for row in rows)
        decided = signed + sum(row.stage is Stage.LOST for row in rows)
        assert (one.sums.leads, one.sums.decided, one.sums.signed) == (len(rows), decided, signed)
        assert one.sums.open == sum(row.stage in OPEN_STAGES for row in rows)
        assert one.share_ends == wilson(signed, decided)
        ages = [now - row.created_at for row in rows if row.created_at]
        assert one.sums.lately == sum(age <= timedelta(days=30) for age in ages)
        assert one.sums.before == sum(timedelta(days=30) < age <= timedelta(days=60) for age in ages)
        assert one.sums.expected_usd == pipeline.pipeline(center, one.wanted, today).total.expected_usd
    month = pipeline.pipeline(center, LeadFilter(), today).by_month.get(kinds["Next month"][1] or "")
    assert found["Next month"].sums.leads == (0 if month is None else month.leads)


def test_a_segment_is_renamed_changed_and_deleted(center: CommandCenter) -> None:
    segments.save(center, "Mine", LeadFilter())
    segments.save(center, "Ours", LeadFilter(sides=(Side.BUYER,)), instead_of="Mine")
    assert "Mine" not in segments.names(center)
    one = next(one for one in segments.segments(center, utc_now().date()) if one.name == "Ours")
    assert one.wanted == LeadFilter(sides=(Side.BUYER,))
    segments.remove(center, "Ours")
    with pytest.raises(NotFound, match="no segment 'Ours'"):
        segments.remove(center, "Ours")
    with pytest.raises(InputError, match="needs a name"):
        segments.save(center, " ", LeadFilter())
    assert center.store.audit.find()[0].action == "segment deleted"


def test_clusters_are_found_once_and_kept_with_model_and_date(center: CommandCenter) -> None:
    today = utc_now().date()
    assert clusters.clustering(center, LeadFilter(), today) is None
    job = clusters.ClusterJob.start(center.acting_as(MANAGER))
    assert job.wait(60)
    assert job.error is None
    kept = clusters.clustering(center, LeadFilter(), today)
    assert kept is not None
    assert kept.model_version == center.model.version
    assert kept.leads == sum(one.leads for one in kept.clusters) == 250
    groups = lead_groups(center)
    for one in kept.clusters:
        assert one.sums is not None
        assert one.sums.leads == one.leads
        assert center.store.browse(LeadFilter(group=groups[f"Cluster: {one.name}"])).total == one.leads
    source = next(iter(center.store.facets().sources))
    narrowed = clusters.clustering(center, LeadFilter(sources=(source,)), today)
    assert narrowed is not None
    assert sum(one.sums.leads for one in narrowed.clusters if one.sums) == center.store.facets().sources[source]
    assert narrowed.made_at == kept.made_at
    noted = center.store.audit.find()[0]
    assert (noted.action, noted.actor, kept.made_by) == ("clusters found", "max@team.example", "max@team.example")


def test_too_few_leads_are_told(tmp_path: Path) -> None:
    with CommandCenter(Settings(jorge_data_dir=tmp_path)) as center:
        job = clusters.ClusterJob.start(center)
        job.wait(30)
        assert job.error == "0 scored leads; at least 60 are needed for clusters"
