"""Which scores Claude is asked about, and what that would cost, checked by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from pydantic import SecretStr

from core.errors import InputError
from core.leads import Outcome, Stage, utc_now
from core.scoring import Holdout, Tier, TierEdges
from core.scoring.interval import probability_interval
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.escalations import policy, review, trade
from core.services.escalations.policy import Policy, Terms
from core.services.escalations.report import report, verdict
from core.store.opinions import Candidate, Judged, Standing, Status
from tests.services.centers import settings_in
from tests.services.escalations.conftest import desk, settled, unsure, until

HOLDOUT = Holdout(np.repeat([0.1, 0.4], 200), np.concatenate([np.arange(200) < 20, np.arange(200) < 80]))


def given(chosen: Policy = Policy.BY_VALUE, price: str | None = "0.001", holdout: Holdout | None = HOLDOUT) -> Terms:
    return Terms(
        policy=chosen,
        threshold=0.85,
        by_source={"zillow": 0.55},
        edges=TierEdges(hot=0.45, warm=0.2),
        holdout=holdout,
        price_usd=None if price is None else Decimal(price),
    )


def candidate(probability: float, commission: str | None = "30000", recommended: bool = True) -> Candidate:
    money = None if commission is None else Decimal(commission)
    return Candidate(
        1, "a", None, None, Tier.WARM, probability, max(probability, 1 - probability), recommended, money, None, True
    )


@pytest.mark.parametrize(("key", "told"), [(None, False), ("", False), ("  ", False), ("a key", True)])
def test_a_blank_key_is_none(tmp_path: Path, key: str | None, told: bool) -> None:
    settings = settings_in(tmp_path, anthropic_api_key=None if key is None else SecretStr(key))
    assert review.is_set_up(CommandCenter(settings, tmp_path)) is told


def test_an_interval_is_wilsons_round_what_the_nearest_leads_did() -> None:
    """Of the 200 at 0.4, 80 converted. With z = 1.96 and n = 200: centre (0.4 + 0.0096) / 1.0192 = 0.4019,
    half sqrt(0.4 x 0.6 / 200 + 0.0096 / 400) x 1.96 / 1.0192 = 0.0673."""
    found = probability_interval(HOLDOUT, np.array([0.4, 0.1]))
    assert found is not None
    low, high = found
    assert (low[0], high[0]) == pytest.approx((0.3346, 0.4692), abs=2e-4)
    assert (low[1], high[1]) == pytest.approx((0.0656, 0.1494), abs=2e-4)


def test_equal_probabilities_are_known_by_all_that_share_them_in_whatever_order() -> None:
    """A monotone curve says 0.1 or 0.3; of the 300 at 0.3 the first hundred of the file converted. With 1/3 of n = 200:
    centre (0.3333 + 0.0096) / 1.0192 = 0.3365, half sqrt(0.2222 / 200 + 0.0096 / 400) x 1.96 / 1.0192 = 0.0648."""
    said, converted = np.repeat([0.1, 0.3], 300), np.isin(np.arange(600), np.arange(300, 400))
    found = probability_interval(Holdout(said, converted), np.array([0.3]))
    assert found is not None
    assert (found[0][0], found[1][0]) == pytest.approx((0.2717, 0.4013), abs=2e-4)


def test_by_value_asks_only_where_an_edge_lies_in_the_interval_and_the_money_exceeds_the_price() -> None:
    crossing, far = candidate(0.4), candidate(0.1)  # hot begins at 0.45, warm at 0.2
    poor, unknown = candidate(0.4, "0.005"), candidate(0.4, None)  # 0.13 x half a cent is less than the price
    found = policy.decide(given(), [crossing, far, poor, unknown])
    assert found == ["worth_asking", None, None, None]


def test_by_value_falls_back_to_the_plain_rule_where_nothing_can_be_measured() -> None:
    few = Holdout(HOLDOUT.probability[:29], HOLDOUT.converted[:29])
    for terms in (given(holdout=few), given(holdout=None), given(price=None)):
        assert policy.decide(terms, [candidate(0.1), candidate(0.4, recommended=False)]) == ["low_confidence", None]


def test_the_plain_rule_counts_a_source_by_its_own_threshold() -> None:
    rows = [Standing(0.4, 0.6, None, source, None) for source in ("zillow", "website", None)]
    assert policy.asked(given(Policy.PLAIN), rows).tolist() == [False, True, True]


def test_what_a_policy_would_ask_about_is_counted_from_stored_scores() -> None:
    """3 of 4 open leads in 30 days are 0.1 a day; a month has 30.4 days: 3.04 questions at $0.001."""
    open_leads = [Standing(p, max(p, 1 - p), None, None, None) for p in (0.4, 0.5, 0.3, 0.05)]
    decided = [Standing(0.4, 0.6, None, None, True), Standing(0.95, 0.95, None, None, True)]
    found = trade.effect(given(Policy.PLAIN), open_leads, [*decided, Standing(0.4, 0.6, None, None, False)])
    assert (found.leads, found.asked, found.a_day) == (4, 3, Decimal("0.1"))
    assert found.monthly_usd == Decimal("0.00304")
    assert (found.signed, found.signed_asked) == (2, 1)


def test_a_policy_of_another_name_is_refused(center: CommandCenter) -> None:
    with pytest.raises(InputError, match="plain, by_value"):
        policy.set_policy(center, "everything")
    policy.set_policy(center, Policy.BY_VALUE)
    assert policy.policy(center) is Policy.BY_VALUE


def test_who_was_nearer_is_told_from_thirty_disagreements_on() -> None:
    up = Judged(model=0.2, low=0.5, high=0.7, converted=True, simulated=False)
    down = Judged(model=0.6, low=0.1, high=0.3, converted=True, simulated=False)
    same = Judged(model=0.6, low=0.5, high=0.7, converted=False, simulated=False)
    few = verdict([up] * 29 + [same] * 50)
    assert (few.judged, few.disagreed, few.claude, few.share) == (79, 29, 29, None)
    enough = verdict([up] * 40 + [down] * 10)
    assert (enough.disagreed, enough.claude, enough.share) == (50, 40, 0.8)
    assert (enough.higher, enough.lower) == ((40, 40), (10, 10))
    assert enough.difference is None  # ten on one side
    assert verdict([up] * 30 + [down] * 30).difference == pytest.approx((0.0, -0.1135, 0.1135), abs=1e-3)


def test_opinions_of_the_stand_in_are_left_out_once_claude_itself_was_asked() -> None:
    simulated = Judged(model=0.2, low=0.5, high=0.7, converted=True, simulated=True)
    real = Judged(model=0.2, low=0.5, high=0.7, converted=False, simulated=False)
    only = verdict([simulated] * 3)
    assert (only.simulated, only.judged, only.claude) == (True, 3, 3)
    mixed = verdict([simulated] * 3 + [real])
    assert (mixed.simulated, mixed.judged, mixed.claude) == (False, 1, 0)


def test_the_report_adds_up_and_leaves_simulated_money_out(asking: CommandCenter) -> None:
    unsure(asking, "ana", "bo")
    with desk(asking):
        until(lambda: settled(asking.store, 2))
    found = report(asking)
    answered = sum(counts[Status.ANSWERED] for counts in found.by_reason.values())
    assert (found.total, answered, found.simulated) == (2, 2, 2)
    assert found.spent_usd == 0
    assert found.commission_usd == 2 * Decimal("37500.00")
    assert sum(sum(counts.values()) for _, counts in found.by_day) == 2
    assert found.verdict.judged == 0
    asking.store.add_outcome(Outcome(lead_id="ana", stage=Stage.LOST, occurred_at=utc_now()))
    assert report(asking).verdict.judged == 1


def test_a_person_asks_at_once_agrees_or_sets_a_tier(asking: CommandCenter) -> None:
    unsure(asking, "ana", "bo")
    with desk(asking, at_once=0):
        until(lambda: asking.store.opinions.count(Status.WAITING) == 2)
    first, second = asking.store.opinions.for_review()
    maria = asking.acting_as(trusted("maria"))
    assert review.agree(maria, first.opinion_id)
    assert review.set_tier(maria, second.opinion_id, Tier.COLD)
    override = asking.store.override(second.lead_id)
    assert override is not None
    assert (override.tier, override.actor) == (Tier.COLD, "maria")
    with desk(asking):
        review.ask_now(asking, "ana")
        until(lambda: review.second_reading(asking, "ana").opinion is not None)
    with pytest.raises(InputError, match="more than 50"):
        review.ask_backlog(asking)
