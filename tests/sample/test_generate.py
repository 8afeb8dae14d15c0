"""What every drawn lead holds to: reproducible, dated, valid, nothing from the future."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest

from core.errors import InputError
from core.leads import Direction, InteractionKind, LeadHistory, Outcome, Stage
from core.leads.text import LINE_CHARACTERS
from core.sample import SampleLead, generate
from core.sample.journey import FIRST_DAY, LAST_DAY
from core.sample.writing import MOST_CHARACTERS

from .conftest import END

ORDER = [Stage.GENERATED, Stage.QUALIFIED, Stage.SHOWING, Stage.CONTRACT, Stage.CLOSED]


def decided_at(sample: SampleLead) -> datetime | None:
    """When the contract was signed or, without one, the lead was lost; None while that is open at the end."""
    decided = (told.occurred_at for told in sample.outcomes if told.stage in (Stage.CONTRACT, Stage.LOST))
    return next(decided, None)


def digest(samples: Iterable[SampleLead]) -> str:
    """A digest of everything in these leads."""
    found = hashlib.sha256()
    for sample in samples:
        found.update(sample.history.model_dump_json().encode())
        found.update(json.dumps([outcome.model_dump(mode="json") for outcome in sample.outcomes]).encode())
        found.update(sample.snapshot_at.isoformat().encode())
    return found.hexdigest()


def test_two_runs_give_the_same_leads_to_the_last_letter(drawn: list[SampleLead]) -> None:
    assert digest(generate(300, seed=7, end=END)) == digest(drawn[:300])


def test_a_run_in_another_process_with_another_hash_seed_gives_the_same_leads() -> None:
    program = (
        "from tests.sample.test_generate import digest, END; from core.sample import generate;"
        "print(digest(generate(40, seed=3, end=END)))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert digests == {digest(generate(40, seed=3, end=END)) + "\n"}


def test_a_smaller_draw_is_the_beginning_of_a_larger_one(drawn: list[SampleLead]) -> None:
    assert digest(generate(25, seed=7, end=END)) == digest(drawn[:25])


def test_another_seed_gives_other_leads_with_other_ids() -> None:
    first, second = (list(generate(50, seed=seed, end=END)) for seed in (1, 2))
    ids = {sample.history.lead.lead_id for sample in (*first, *second)}
    assert len(ids) == 100
    assert digest(first) != digest(second)


def test_every_lead_survives_validation_unchanged(drawn: list[SampleLead]) -> None:
    for sample in drawn[::8]:
        assert LeadHistory.model_validate(sample.history.model_dump()) == sample.history
        for outcome in sample.outcomes:
            assert Outcome.model_validate(outcome.model_dump()) == outcome


def test_nothing_is_dated_before_the_arrival_or_after_the_end(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        arrival = sample.history.lead.created_at
        assert arrival is not None
        assert END - timedelta(days=549) < arrival < END
        touches = [touch.occurred_at for touch in sample.history.interactions]
        stages = [outcome.occurred_at for outcome in sample.outcomes]
        assert touches[0] == stages[0] == arrival
        assert touches == sorted(touches)
        assert stages == sorted(stages)
        assert max(*touches, *stages, sample.snapshot_at) <= END


def test_outcomes_walk_the_funnel_and_end_at_the_leads_stage(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        stages = [outcome.stage for outcome in sample.outcomes]
        walked = [stage for stage in stages if stage is not Stage.LOST]
        assert walked == ORDER[: len(walked)]
        assert stages.count(Stage.LOST) == int(stages[-1] is Stage.LOST)
        assert {outcome.lead_id for outcome in sample.outcomes} == {sample.history.lead.lead_id}
        assert stages[-1] is sample.history.lead.stage
        assert sample.converted == (Stage.CONTRACT in stages)
        assert sample.closed == (stages[-1] is Stage.CLOSED)


def test_prices_stand_at_contract_and_closing_and_reasons_at_a_loss(drawn: list[SampleLead]) -> None:
    for outcome in (outcome for sample in drawn for outcome in sample.outcomes):
        assert (outcome.sale_price_usd is not None) == (outcome.stage in (Stage.CONTRACT, Stage.CLOSED))
        assert bool(outcome.reason) == (outcome.stage is Stage.LOST)


def test_nothing_is_decided_before_day_15_and_everything_by_day_150(mature: list[SampleLead]) -> None:
    for sample in mature:
        decided = decided_at(sample)
        assert decided is not None
        days = (decided - sample.outcomes[0].occurred_at).total_seconds() / 86_400
        assert FIRST_DAY - 0.01 <= days <= LAST_DAY + 0.01


def test_a_mature_lead_is_one_that_arrived_150_days_before_the_end(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        age = END - sample.outcomes[0].occurred_at
        assert sample.mature == (age > timedelta(days=LAST_DAY + 0.01))
        assert not sample.mature or decided_at(sample) is not None
        if sample.closing_mature and sample.converted:
            assert sample.outcomes[-1].stage in (Stage.CLOSED, Stage.LOST)


def test_the_scoring_moment_lies_before_the_outcome(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        assert sample.snapshot_at > sample.outcomes[0].occurred_at
        decided = decided_at(sample)
        assert decided is None or sample.snapshot_at < decided
        if sample.snapshot_at < END:
            assert sample.snapshot_at - sample.outcomes[0].occurred_at >= timedelta(days=2.99)


def test_a_later_end_tells_more_and_changes_nothing_that_was_known() -> None:
    # the arrivals move with the window, so one lead is drawn twice at a fixed arrival
    from core.sample.dice import Dice
    from core.sample.draw import draw_lead

    arrival = END - timedelta(days=60)
    for number in range(40):
        before, after = (
            draw_lead(f"a-{number}", number, arrival, end, Dice(1, number)) for end in (END, END + timedelta(days=90))
        )
        known = len(before.outcomes)
        assert after.outcomes[:known] == before.outcomes
        assert [touch for touch in after.history.interactions if touch.occurred_at <= END] == list(
            before.history.interactions
        )


def test_messages_stay_within_their_limits(drawn: list[SampleLead]) -> None:
    for touch in (touch for sample in drawn for touch in sample.history.interactions):
        assert touch.text is None or 0 < len(touch.text) < MOST_CHARACTERS + 800  # greeting, signature, quoted reply
        assert touch.subject is None or 0 < len(touch.subject) < LINE_CHARACTERS


def test_contact_data_is_fictional_and_nobody_shares_it(drawn: list[SampleLead]) -> None:
    emails = [lead.email for lead in (sample.history.lead for sample in drawn) if lead.email]
    phones = [lead.phone for lead in (sample.history.lead for sample in drawn) if lead.phone]
    assert len(set(emails)) == len(emails)
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"[a-z._]+\d+@example\.(com|net|org)", email) for email in emails)
    assert all(re.fullmatch(r"\+1[2-9]\d\d55501\d\d", phone) for phone in phones)


def test_some_leads_lack_a_name_an_email_or_a_phone_and_some_names_are_hard(drawn: list[SampleLead]) -> None:
    leads = [sample.history.lead for sample in drawn]
    for field, low, high in (("name", 0.02, 0.06), ("email", 0.1, 0.2), ("phone", 0.08, 0.18)):
        missing = sum(getattr(lead, field) is None for lead in leads) / len(leads)
        assert low < missing < high, field
    names = "".join(lead.name or "" for lead in leads)
    assert re.search("[\u0590-\u06ff]", names)  # Hebrew, Arabic or Persian letters
    assert re.search("[\U0001f300-\U0001faff]", names)  # an emoji
    assert sum(lead.insights.engagement_level is not None for lead in leads) > 0.6 * len(leads)


def test_what_is_hidden_is_written_nowhere(drawn: list[SampleLead]) -> None:
    for sample in drawn[:200]:
        assert not sample.history.lead.measured
        assert set(vars(sample)) == {"history", "outcomes", "snapshot_at", "mature", "closing_mature"}
        text = sample.history.model_dump_json()
        assert not any(word in text for word in ('"intent"', '"readiness"', '"urgency"', '"pull"', '"hidden"'))


def test_the_first_touch_is_the_leads_and_the_team_answers_it(drawn: list[SampleLead]) -> None:
    answered = 0
    for sample in drawn:
        first, *rest = sample.history.interactions
        assert first.direction is Direction.INBOUND
        answered += any(touch.direction is Direction.OUTBOUND for touch in rest)
    assert answered > 0.98 * len(drawn)


def test_a_lead_that_reached_showing_was_shown_a_home(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        visits = [touch for touch in sample.history.interactions if touch.kind is InteractionKind.SHOWING]
        reached = next((o.occurred_at for o in sample.outcomes if o.stage is Stage.SHOWING), None)
        if reached is None:
            assert not visits
        elif reached < END - timedelta(days=1):
            assert visits
            assert all(visit.listing_price_usd for visit in visits)


def test_showings_of_one_lead_are_never_at_the_same_moment(drawn: list[SampleLead]) -> None:
    for sample in drawn:
        visits = [t.occurred_at for t in sample.history.interactions if t.kind is InteractionKind.SHOWING]
        assert all(before < after for before, after in pairwise(visits))


@pytest.mark.parametrize(
    ("leads", "seed", "months", "end"),
    [(-1, 1, 18, END), (1, -1, 18, END), (1, 1, 0, END), (1, 1, 500, END), (1, 1, 18, END.replace(tzinfo=None))],
)
def test_arguments_out_of_range_are_refused(leads: int, seed: int, months: int, end: datetime) -> None:
    with pytest.raises(InputError, match="must"):
        generate(leads, seed, end, months)


def test_no_leads_is_a_draw_too() -> None:
    assert list(generate(0, seed=1, end=END)) == []


def test_a_window_of_one_month_and_any_hour_of_the_end_work() -> None:
    for hour, month in product((0, 5, 23), (1, 3, 12)):
        end = datetime(2026, month, 1, hour, 30, tzinfo=UTC)
        for sample in generate(20, seed=hour, end=end, months=1):
            assert end - timedelta(days=31) < sample.outcomes[0].occurred_at < end
