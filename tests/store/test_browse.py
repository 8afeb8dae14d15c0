"""The list of leads, compared with filtering and sorting in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import InputError, LeadError
from core.leads import Outcome, Stage, utc_now
from core.scoring import Tier
from core.scoring.scored import ScoredLead
from core.store import LeadFilter, LeadRow, LeadSort, Override, Store, browse, open_store
from core.store.figures.stage_ways import read_first_tiers
from core.store.profile import area_of, folded
from tests.store.conftest import BOTH
from tests.store.made import at, history, scored, touch

NAMES = [
    "Ana Lima",
    "ANA",
    "Élodie Straße",
    "%_",
    "'; DROP TABLE leads; --",
    '"\\',
    "🏠 محمد علي",
    "_a%b",
    None,
    "ana b",
]
SOURCES = ["zillow", "web'site", "%", None]
AREAS = ["Downtown Austin", "DOWNTOWN austin, TX", "Zilker", "东城; 西城", None]


def made(number: int) -> ScoredLead:
    """One of 120 leads that differ in everything a list can filter or sort by, with many ties."""
    probability = (number * 37 % 20) / 20
    created_at = None if number % 7 == 0 else at(number * 13 % 50)
    touches = [touch(number * 29 % 40)] if number % 3 else []
    person = history(
        f"Lead-{number * 41 % 120:03}",
        *touches,
        name=NAMES[number % len(NAMES)],
        email=f"person{number}@example.com" if number % 2 else None,
        phone=f"+1 (512) 555-{number:04}" if number % 5 else None,
        source=SOURCES[number % len(SOURCES)],
        agent=f"Agent {number % 3}",
        stage=list(Stage)[number % 6],
        location_preference=AREAS[number % len(AREAS)],
        created_at=created_at,
    )
    tier = Tier.HOT if probability > 0.8 else Tier.WARM if probability > 0.5 else Tier.COLD
    commission = None if number % 4 == 0 else Decimal(number % 9) * 1000
    return scored(person, probability, tier, number * 17 % 30, commission=commission, escalated=number % 3 == 0)


LEADS = [made(number) for number in range(120)]
UNSCORED = [history(f"zz-{number}", name=f"New {number}") for number in range(5)]
OVERRIDES = {
    "Lead-000": (Tier.HOT, None),
    "Lead-041": (Tier.COLD, timedelta(days=1)),
    "Lead-003": (Tier.HOT, timedelta(hours=-1)),
}


@pytest.fixture(scope="module", params=[*BOTH, "sqlite with many leads"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with all of the leads above; once more so that SQLite takes the way it takes where many are found."""
    folder: Path = tmp_path_factory.mktemp("browse")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    few = browse.FEW
    browse.FEW = 5 if "many" in request.param else few  # type: ignore[misc]
    store = open_store(server.new_database() if server else f"sqlite:///{folder / 'jorge.db'}")
    store.save_scored(LEADS)
    store.save_histories(UNSCORED)
    for lead_id, (tier, lifetime) in OVERRIDES.items():
        made_at = utc_now() - timedelta(hours=2)
        expires_at = None if lifetime is None else utc_now() + lifetime
        store.add_override(Override(lead_id, tier, "knows them", "Bo", made_at, expires_at))
    yield store
    store.close()
    browse.FEW = few  # type: ignore[misc]


def in_plain_python() -> list[dict[str, Any]]:
    """What a list may show of each lead, without the store."""
    rows: list[dict[str, Any]] = []
    for one in LEADS:
        lead = one.history.lead
        moments = [*(touch.occurred_at for touch in one.history.interactions), lead.created_at]
        tier, lifetime = OVERRIDES.get(lead.lead_id, (one.score.tier, None))
        rows.append(
            {
                "lead": lead,
                "lead_id": lead.lead_id,
                "probability": one.score.probability,
                "confidence": one.score.confidence,
                "tier": one.score.tier if lifetime is not None and lifetime < timedelta() else tier,
                "escalated": one.escalation_recommended,
                "commission_usd": one.commission.commission_usd,
                "created_at": lead.created_at,
                "last_activity_at": max((moment for moment in moments if moment), default=None),
                "scored_at": one.scored_at,
                "name_key": folded(lead.name) if lead.name else None,
            }
        )
    for bare in UNSCORED:
        nothing = dict.fromkeys(rows[0])
        rows.append(
            {**nothing, "lead": bare.lead, "lead_id": bare.lead.lead_id, "name_key": folded(bare.lead.name or "")}
        )
    return rows


ROWS = in_plain_python()


def passes(row: dict[str, Any], wanted: LeadFilter) -> bool:
    """Whether ``wanted`` lets a row through; written apart from the SQL, condition by condition."""
    lead, probability = row["lead"], row["probability"]
    fields = [folded(text) for text in (lead.name, lead.email, lead.phone, lead.lead_id) if text]
    fields.append("".join(letter for letter in lead.phone or "" if letter.isdigit()))
    checks: list[Callable[[], bool]] = [
        lambda: all(any(word in field for field in fields) for word in folded(wanted.text).split()),
        lambda: not wanted.tiers or row["tier"] in wanted.tiers,
        lambda: not wanted.sources or lead.source in wanted.sources,
        lambda: not wanted.agents or lead.agent in wanted.agents,
        lambda: not wanted.stages or lead.stage in wanted.stages,
        lambda: not wanted.areas or area_of(lead.location_preference) in wanted.areas,
        lambda: wanted.score_min is None or (probability is not None and shown(probability) >= wanted.score_min),
        lambda: wanted.score_max is None or (probability is not None and shown(probability) <= wanted.score_max),
        lambda: within(lead.created_at, wanted.created_from, wanted.created_to),
        lambda: within(row["scored_at"], wanted.scored_from, wanted.scored_to),
        lambda: not wanted.escalated_only or bool(row["escalated"]),
    ]
    return all(check() for check in checks)


def shown(probability: float) -> float:
    """A score as people read it: 0.55 is 55, though 100 times the float is a hair more."""
    return round(100 * probability, 9)


def within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    if start is None and end is None:
        return True
    return moment is not None and (start is None or moment >= start) and (end is None or moment < end)


def ordered(rows: list[dict[str, Any]], sort: LeadSort) -> list[str]:
    """The ids in the order of ``sort``; None is the lowest of all."""

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        value = row[sort.column]
        return (value is not None, 0 if value is None else value, row["lead_id"])

    return [row["lead_id"] for row in sorted(rows, key=key, reverse=sort.descending)]


def some(values: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.one_of(st.just(()), st.lists(st.sampled_from(values), min_size=1, max_size=3).map(tuple))


moments = st.one_of(st.none(), st.integers(-1, 51).map(at))
scores = st.one_of(st.none(), st.integers(0, 20).map(lambda n: n * 5.0))
texts = st.one_of(
    st.just(""),
    st.sampled_from(
        ["ana", "ANA lima", "%", "_", "'", "--", '"', "\\", "straSSE", "🏠", "محمد", "person1", "example", "Lead-0"]
    ),
    st.text(max_size=3).filter(lambda text: "\x00" not in text and text.isascii() and not text.isdigit()),
)
filters = st.builds(
    LeadFilter,
    text=texts,
    tiers=some(list(Tier)),
    sources=some(["zillow", "web'site", "%", "nowhere", None]),
    agents=some(["Agent 0", "Agent 1", None]),
    stages=some(list(Stage)),
    areas=some(["Downtown Austin", "Zilker", "东城", None]),
    score_min=scores,
    score_max=scores,
    created_from=moments,
    created_to=moments,
    scored_from=moments,
    scored_to=moments,
    escalated_only=st.booleans(),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=filters, sort=st.sampled_from(LeadSort), page=st.integers(1, 4), page_size=st.integers(1, 60))
@example(wanted=LeadFilter(), sort=LeadSort.NAME, page=1, page_size=60)
@example(wanted=LeadFilter(tiers=(Tier.HOT,)), sort=LeadSort.SCORE, page=1, page_size=60)
def test_a_page_holds_what_filtering_and_sorting_in_python_gives(
    full: Store, wanted: LeadFilter, sort: LeadSort, page: int, page_size: int
) -> None:
    expected = ordered([row for row in ROWS if passes(row, wanted)], sort)
    found = full.browse(wanted, sort, page, page_size)
    assert found.total == len(expected)
    assert [row.lead_id for row in found.rows] == expected[(page - 1) * page_size : page * page_size]


@pytest.mark.parametrize("sort", LeadSort)
def test_pages_put_together_are_the_whole_list_and_the_reverse_order_is_its_reverse(
    full: Store, sort: LeadSort
) -> None:
    def listed(order: LeadSort) -> list[str]:
        pages = [full.browse(None, order, page, 11).rows for page in range(1, 13)]
        return [row.lead_id for rows in pages for row in rows]

    forwards = listed(sort)
    assert len(set(forwards)) == len(forwards) == 125
    assert forwards == listed(sort.reversed)[::-1]


def rows_by_id(store: Store) -> dict[str, LeadRow]:
    return {row.lead_id: row for row in store.browse(page_size=1000).rows}


def test_a_row_shows_what_is_known_and_an_unscored_lead_shows_no_score(full: Store) -> None:
    rows = rows_by_id(full)
    one = LEADS[1]
    row = rows[one.history.lead.lead_id]
    assert (row.name, row.email, row.phone) == ("ANA", "person1@example.com", "+1 (512) 555-0001")
    assert (row.source, row.agent, row.stage, row.area) == ("web'site", "Agent 1", Stage.QUALIFIED, "Downtown Austin")
    assert (row.ml_score, row.confidence) == (100 * one.score.probability, one.score.confidence)
    assert row.last_activity_at == at(29)
    new = rows["zz-0"]
    assert (new.tier, new.ml_score, new.scored_at, new.commission_usd) == (None, None, None, None)
    assert new.stage == Stage.GENERATED


def test_a_row_shows_an_override_only_while_it_is_in_force(full: Store) -> None:
    rows = rows_by_id(full)
    assert rows["Lead-000"].shown_tier == rows["Lead-000"].override_tier == Tier.HOT
    assert rows["Lead-041"].override_tier == Tier.COLD
    assert rows["Lead-003"].override_tier is None
    assert rows["Lead-003"].shown_tier == rows["Lead-003"].tier


@pytest.mark.parametrize(
    "typed",
    [
        "5125550042",
        "(512) 555-0042",
        "555 0042",
        "512.555.0042",
        "5550042",
        "001 512 555 0042",
        "512\u2013555\u20130042",
    ],
)
def test_a_phone_number_is_found_however_it_is_punctuated(full: Store, typed: str) -> None:
    found = full.browse(LeadFilter(text=typed))
    assert [row.phone for row in found.rows] == ["+1 (512) 555-0042"]


@pytest.mark.parametrize(
    "text", ["%", "_", "'", '"', "--", "\\", "%_'\";--", "' OR 1=1 --", "🏠", "علي", "((", "[a]", "*"]
)
def test_no_character_of_a_search_has_a_meaning_of_its_own(full: Store, text: str) -> None:
    expected = {row["lead_id"] for row in ROWS if passes(row, LeadFilter(text=text))}
    assert {row.lead_id for row in full.browse(LeadFilter(text=text), page_size=1000).rows} == expected
    assert len(expected) < 60


def test_facets_count_the_leads_of_each_value_most_frequent_first(full: Store) -> None:
    facets = full.facets()
    for counts, values in (
        (facets.sources, [one.history.lead.source for one in LEADS]),
        (facets.agents, [one.history.lead.agent for one in LEADS]),
        (facets.areas, [area_of(one.history.lead.location_preference) for one in LEADS]),
    ):
        assert counts == {value: values.count(value) for value in values if value is not None}
        assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_facets_follow_a_change(store: Store) -> None:
    store.save_histories([history("a", source="zillow")])
    assert store.facets().sources == {"zillow": 1}
    store.save_histories([history("b", source="zillow"), history("a", source="web")])
    assert store.facets().sources == {"web": 1, "zillow": 1}


def test_a_lead_told_again_is_found_by_its_new_name_only(store: Store) -> None:
    store.save_scored([scored("a", 0.9, Tier.HOT, name="Ana")])
    store.save_histories([history("a", name="Eva", location_preference="Zilker")])
    assert store.browse(LeadFilter(text="ana")).total == 0
    row = store.browse(LeadFilter(text="eva", areas=("Zilker",))).rows[0]
    assert (row.tier, row.probability) == (Tier.HOT, 0.9)


def test_a_page_after_the_last_is_empty_but_knows_the_total(full: Store) -> None:
    page = full.browse(page=999)
    assert (page.rows, page.total) == ([], 125)


@pytest.mark.parametrize(("page", "page_size"), [(0, 50), (-1, 50), (1, 0), (1, 1001), (10**12, 50)])
def test_an_impossible_page_is_refused(full: Store, page: int, page_size: int) -> None:
    with pytest.raises(InputError, match="must be from 1 to"):
        full.browse(page=page, page_size=page_size)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": "x" * 201}, "search has 201 characters"),
        ({"text": "a\x00b"}, "NUL"),
        ({"text": "\ud800"}, "surrogate"),
        ({"sources": ("\x00",)}, "NUL"),
        ({"agents": ("a",) * 501}, "agents holds 501 choices"),
        ({"score_min": float("nan")}, "score_min is nan"),
        ({"score_max": 101}, "score_max is 101"),
        ({"bands": (0, 5)}, "bands holds 5; must be from 0 to 4"),
    ],
)
def test_a_filter_that_no_database_could_take_is_refused_in_words(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(LeadError, match=says):
        LeadFilter(**wrong)


def test_many_search_words_are_searched_for(full: Store) -> None:
    assert full.browse(LeadFilter(text="a " * 99)).total == full.browse(LeadFilter(text="a")).total


def test_only_the_named_leads_and_only_first_tiers(store: Store) -> None:
    store.save_scored([scored("a", 0.9, Tier.HOT), scored("b", 0.2, Tier.WARM), scored("c", 0.01, Tier.COLD)])
    store.save_histories([history("d")])
    store.save_scored([scored("a", 0.01, Tier.COLD, minutes=90)])

    def ids(wanted: LeadFilter) -> str:
        return "".join(sorted(row.lead_id for row in store.browse(wanted).rows))

    assert ids(LeadFilter(tiers=(Tier.COLD,))) == "ac"
    assert [ids(LeadFilter(first_tiers=(tier,))) for tier in (*Tier, None)] == ["a", "b", "c", "d"]
    assert ids(LeadFilter(first_tiers=(None, Tier.HOT))) == "ad"
    assert ids(LeadFilter(ids=("a", "d", "gone", 'it\'s "quoted"'))) == "ad"
    assert ids(LeadFilter(ids=("a", "d"), first_tiers=(None,))) == "d"
    assert ids(LeadFilter(ids=())) == ""
    closed = Outcome(lead_id="b", stage=Stage.CLOSED, occurred_at=at(-60 * 24 * 90))
    store.add_outcome(closed)  # three months before its first score, as a file of the past tells it
    store.add_outcome(closed.model_copy(update={"lead_id": "c", "occurred_at": at(5)}))
    assert [ids(LeadFilter(first_tiers=(tier,))) for tier in (*Tier, None)] == ["a", "", "c", "bd"]
    assert read_first_tiers(store.database) == {"a": "hot", "c": "cold"}
    assert store.browse(LeadFilter(ids=tuple(f"x{number}" for number in range(50_000)))).total == 0
