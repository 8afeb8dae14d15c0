"""The process behind the leads: rates, sources, agents, seasons, and what must not matter."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from datetime import timedelta
from statistics import median

from core.features import signals_in
from core.leads import Direction, Side, Stage
from core.sample import SampleLead
from core.sample.dice import Dice
from core.sample.hidden import Hidden, draw_hidden
from core.sample.journey import NOT_REACHED, draw_journey
from core.sample.market import AGENTS, SOURCE_BY_NAME, SOURCES
from core.sample.person import FAMILY_SHARE, SCHOOL_SHARE, draw_person
from core.sample.seasons import MONTH_WEIGHTS

from .conftest import END

CONTRACT_RATE = 0.158  # what the constants in core.sample.hidden are tuned to


def _rate(samples: list[SampleLead]) -> float:
    return sum(sample.converted for sample in samples) / len(samples)


def _within(share: float, expected: float, count: int, deviations: float = 4.0) -> bool:
    return abs(share - expected) <= deviations * math.sqrt(expected * (1 - expected) / count)


def test_about_one_lead_in_six_signs_a_contract(mature: list[SampleLead]) -> None:
    assert _within(_rate(mature), CONTRACT_RATE, len(mature))


def test_seven_of_eight_contracts_close(mature: list[SampleLead]) -> None:
    signed = [sample for sample in mature if sample.closing_mature and sample.converted]
    assert _within(sum(sample.closed for sample in signed) / len(signed), 0.875, len(signed))


def test_contracts_come_20_to_90_days_after_arrival_and_closings_30_to_45_later(mature: list[SampleLead]) -> None:
    to_contract, to_closing = [], []
    for sample in mature:
        at = {outcome.stage: outcome.occurred_at for outcome in sample.outcomes}
        if Stage.CONTRACT in at:
            to_contract.append((at[Stage.CONTRACT] - at[Stage.GENERATED]) / timedelta(days=1))
        if Stage.CLOSED in at:
            to_closing.append((at[Stage.CLOSED] - at[Stage.CONTRACT]) / timedelta(days=1))
    assert 30 < median(to_contract) < 60
    assert sum(20 <= days <= 90 for days in to_contract) > 0.8 * len(to_contract)
    assert all(30 <= days <= 45.001 for days in to_closing)


def test_good_sources_convert_more_than_poor_ones(mature: list[SampleLead]) -> None:
    by_source: dict[str, list[SampleLead]] = defaultdict(list)
    for sample in mature:
        by_source[sample.history.lead.source or ""].append(sample)
    assert set(by_source) == {source.name for source in SOURCES}
    good = [sample for name, leads in by_source.items() if SOURCE_BY_NAME[name].quality > 0.5 for sample in leads]
    poor = [sample for name, leads in by_source.items() if SOURCE_BY_NAME[name].quality < -0.5 for sample in leads]
    assert _rate(good) > 2 * _rate(poor)
    shares = {name: len(leads) / len(mature) for name, leads in by_source.items()}
    assert all(_within(shares[source.name], source.share, len(mature)) for source in SOURCES)


def _contracts(answer_h: float, pull: float) -> int:
    """Of 3,000 leads alike but for their luck, how many sign when first answered after so many hours."""
    hidden = Hidden(pull, pull, pull, 0.0, 0.0, 0.0, 0.0, 0.0)
    journeys = (draw_journey(hidden, 3.0, False, answer_h, END, Dice(5, number)) for number in range(3_000))
    return sum(journey.contract != NOT_REACHED for journey in journeys)


def test_a_quicker_answer_raises_the_chance_a_bit() -> None:
    quick, slow = _contracts(0.25, 0.6), _contracts(12.0, 0.6)
    assert slow < quick < 3 * slow


def test_a_stronger_pull_raises_the_chance_a_lot() -> None:
    assert _contracts(2.0, 0.9) > 4 * _contracts(2.0, 0.0)


def test_quick_agents_do_answer_sooner(drawn: list[SampleLead]) -> None:
    waits: dict[str, list[float]] = defaultdict(list)
    for sample in drawn:
        lead, touches = sample.history.lead, sample.history.interactions
        named = next((t for t in touches if t.text and f"{lead.agent}" in t.text and "Jorge" not in t.text[:40]), None)
        if named and lead.agent:
            waits[lead.agent].append((named.occurred_at - touches[0].occurred_at) / timedelta(hours=1))
    ordered = [agent.name for agent in sorted(AGENTS, key=lambda agent: agent.answers_in_h)]
    assert median(waits[ordered[0]]) < median(waits[ordered[-2]]) < 24


def test_spring_brings_more_leads_than_winter_and_summer_more_closings(mature: list[SampleLead]) -> None:
    whole_years = [sample for sample in mature if sample.outcomes[0].occurred_at.year in (2024, 2025)]
    arrivals = Counter(sample.outcomes[0].occurred_at.month for sample in whole_years)
    assert sum(arrivals[month] for month in (4, 5, 6)) > 1.3 * sum(arrivals[month] for month in (11, 12, 1))
    assert MONTH_WEIGHTS.index(max(MONTH_WEIGHTS)) in (3, 4)
    closings = Counter(
        o.occurred_at.month for sample in whole_years for o in sample.outcomes if o.stage is Stage.CLOSED
    )
    assert sum(closings[month] for month in (6, 7, 8)) > 1.3 * sum(closings[month] for month in (1, 2, 3))


def test_the_night_is_quiet(drawn: list[SampleLead]) -> None:
    hours = Counter((sample.outcomes[0].occurred_at - timedelta(hours=6)).hour for sample in drawn)
    assert sum(hours[hour] for hour in range(1, 6)) < 0.05 * len(drawn)
    ours = [t for sample in drawn[:300] for t in sample.history.interactions if t.direction is Direction.OUTBOUND]
    by_agents = [t for t in ours if not (t.text or "").count("Jorge")]
    night = sum((t.occurred_at - timedelta(hours=6)).hour in range(1, 6) for t in by_agents)
    assert night < 0.02 * len(by_agents)


def test_most_leads_buy_some_sell_and_all_stages_are_there(drawn: list[SampleLead]) -> None:
    sides = Counter(sample.history.lead.side for sample in drawn)
    assert sides[Side.BUYER] > 0.7 * len(drawn)
    assert min(sides[Side.SELLER], sides[Side.BOTH]) > 0.04 * len(drawn)
    assert set(Counter(sample.history.lead.stage for sample in drawn)) == set(Stage)


def _told(sample: SampleLead, kind: str) -> bool:
    text = sample.history.interactions[0].text or ""
    return any(signal.kind == kind for signal in signals_in(text))


def test_what_is_told_of_the_household_says_nothing_about_the_outcome(mature: list[SampleLead]) -> None:
    for kind in ("family", "school"):
        table = Counter((_told(sample, kind), sample.converted) for sample in mature)
        total = len(mature)
        chi_square = 0.0
        for told in (False, True):
            for converted in (False, True):
                row = table[told, False] + table[told, True]
                column = table[False, converted] + table[True, converted]
                expected = row * column / total
                chi_square += (table[told, converted] - expected) ** 2 / expected
        assert chi_square < 10.83, kind  # the 99.9 % point for one degree of freedom


def test_the_household_is_drawn_for_everybody_alike() -> None:
    for pull in (-1.5, 1.5):
        hidden = Hidden(pull, pull, pull, 0.0, 0.0, 0.0, 0.0, 0.0)
        people = [
            draw_person(number, SOURCES[number % 9], AGENTS[0], hidden, END, Dice(1, number)) for number in range(3_000)
        ]
        assert _within(sum(person.family for person in people) / 3_000, FAMILY_SHARE, 3_000)
        assert _within(sum(person.school for person in people) / 3_000, SCHOOL_SHARE, 3_000)


def test_the_household_is_told_in_the_first_message_only(drawn: list[SampleLead]) -> None:
    for sample in drawn[:250]:
        for touch in sample.history.interactions[1:]:
            if touch.direction is Direction.INBOUND and touch.text:
                kinds = {signal.kind for signal in signals_in(touch.text)}
                assert not kinds & {"family", "school"}, touch.text


def test_intent_shows_in_what_people_do_but_not_beyond_doubt() -> None:
    intents = [draw_hidden(SOURCES[number % 9], Dice(8, number)).intent for number in range(4_000)]
    middle = sum(intents) / len(intents)
    assert -0.5 < middle < 0.3
    assert sum(intent > 1.0 for intent in intents) > 0.1 * len(intents)


def test_messages_are_as_varied_as_peoples(drawn: list[SampleLead]) -> None:
    for direction, least in ((Direction.INBOUND, 0.95), (Direction.OUTBOUND, 0.9)):
        texts = [
            re.sub(r"\d+", "", touch.text)
            for sample in drawn
            for touch in sample.history.interactions
            if touch.text and touch.direction is direction
        ]
        assert len(texts) > 10_000
        assert len(set(texts)) > least * len(texts)


def test_people_write_in_different_manners(drawn: list[SampleLead]) -> None:
    texts = [
        touch.text
        for sample in drawn
        for touch in sample.history.interactions
        if touch.text and touch.direction is Direction.INBOUND
    ]
    shares = {
        "all lower case": sum(text == text.lower() for text in texts),
        "quoting our message": sum("wrote:\n> " in text for text in texts),
        "signed formally": sum("regards," in text or "Sincerely," in text for text in texts),
        "abbreviated": sum(bool(re.search(r"\b(u|thx|pls|tmrw)\b", text)) for text in texts),
        "in some Spanish": sum(bool(re.search("gracias|hola|por favor", text, re.IGNORECASE)) for text in texts),
    }
    assert all(count > 0.004 * len(texts) for count in shares.values()), shares
    assert max(shares.values()) < 0.5 * len(texts)
