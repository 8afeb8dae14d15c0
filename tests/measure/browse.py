"""How long a page of a list of leads takes, and what saving costs: ``python -m tests.measure.browse [leads] [url]``.

Prints medians in milliseconds of a page of 50 with its total, over 100,000 leads unless told otherwise.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from statistics import median
from time import perf_counter

from core.leads import Stage
from core.scoring import Tier
from core.scoring.scored import ScoredLead
from core.store import Facets, GroupCommit, LeadFilter, LeadSort, Store, open_store
from core.store.browse import facets
from tests.store.made import NOON, history, scored, touch

FIRST = ("Ana", "Bo", "Chen", "Dana", "Eli", "Fatima", "Grace", "Hugo", "Ines", "Jamal", "Kim", "Lena", "Mia", "Noor")
LAST = ("Alvarez", "Brown", "Castro", "Diaz", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jones", "Kaya", "Lima")
SOURCES = ("zillow", "website", "referral", "facebook", "open house", "google", "realtor.com", "past client")
AREAS = [
    f"{side} {place}" for side in ("North", "South", "East", "West") for place in ("Austin", "Hill", "Lake", "Oak")
]
AGENTS = [f"Agent {number}" for number in range(40)]


def made_leads(count: int) -> Iterator[ScoredLead]:
    """Leads from a seed, a tenth hot and a quarter warm, each with one message."""
    dice = random.Random(5)
    for number in range(count):
        probability = dice.random() ** 3
        tier = Tier.HOT if probability > 0.73 else Tier.WARM if probability > 0.27 else Tier.COLD
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)} {number}"
        person = history(
            f"lead_{number:06}",
            touch(-dice.random() * 500_000, f"Hello, I am {name} and would like to see the house on Oak Street."),
            name=name,
            email=f"{name.replace(' ', '.').lower()}@example.com",
            phone=f"(512) 555-{number % 10_000:04}",
            source=dice.choice(SOURCES),
            agent=dice.choice(AGENTS),
            stage=dice.choice(list(Stage)),
            created_at=NOON - timedelta(minutes=dice.randrange(500_000)),
            location_preference=dice.choice(AREAS) if number % 2_000 else "Zilker",
        )
        commission = Decimal(dice.randrange(600_000, 6_000_000)).scaleb(-2)
        yield scored(
            person, probability, tier, -dice.randrange(40_000), commission=commission, escalated=number % 4 == 0
        )


VIEWS: dict[str, tuple[LeadFilter, LeadSort, int]] = {
    "all, highest score": (LeadFilter(), LeadSort.SCORE, 1),
    "all, newest": (LeadFilter(), LeadSort.NEWEST, 1),
    "all, surest": (LeadFilter(), LeadSort.CONFIDENCE, 1),
    "all, highest commission": (LeadFilter(), LeadSort.COMMISSION, 1),
    "all, by name": (LeadFilter(), LeadSort.NAME, 1),
    "all, by name, page 1,000": (LeadFilter(), LeadSort.NAME, 1_000),
    "all, highest score, last page": (LeadFilter(), LeadSort.SCORE, 2_000),
    "hot, highest score": (LeadFilter(tiers=(Tier.HOT,)), LeadSort.SCORE, 1),
    "hot and warm, last active": (LeadFilter(tiers=(Tier.HOT, Tier.WARM)), LeadSort.LAST_ACTIVITY, 1),
    "cold, highest score": (LeadFilter(tiers=(Tier.COLD,)), LeadSort.SCORE, 1),
    "one source, newest": (LeadFilter(sources=("zillow",)), LeadSort.NEWEST, 1),
    "one agent, hot": (LeadFilter(agents=("Agent 7",), tiers=(Tier.HOT,)), LeadSort.SCORE, 1),
    "rare area, newest": (LeadFilter(areas=("Zilker",)), LeadSort.NEWEST, 1),
    "two stages, by commission": (LeadFilter(stages=(Stage.QUALIFIED, Stage.SHOWING)), LeadSort.COMMISSION, 1),
    "score 40 to 60": (LeadFilter(score_min=40, score_max=60), LeadSort.SCORE, 1),
    "made in a month": (LeadFilter(created_from=NOON - timedelta(days=30)), LeadSort.SCORE, 1),
    "escalated": (LeadFilter(escalated_only=True), LeadSort.SCORE, 1),
    "name, common": (LeadFilter(text="lima"), LeadSort.SCORE, 1),
    "name, one lead": (LeadFilter(text="Lima 77777"), LeadSort.SCORE, 1),
    "phone": (LeadFilter(text="(512) 555-0042"), LeadSort.SCORE, 1),
    "nothing found": (LeadFilter(text="nobody at all"), LeadSort.NAME, 1),
    "source, hot, text": (LeadFilter(sources=("zillow",), tiers=(Tier.HOT,), text="an"), LeadSort.COMMISSION, 1),
}


def timed(work: Callable[[], object], times: int = 15) -> float:
    """The median time of ``work`` in milliseconds."""
    took = []
    for _ in range(times):
        begun = perf_counter()
        work()
        took.append(1000 * (perf_counter() - begun))
    return median(took)


def fill(store: Store, count: int) -> None:
    """Save the leads in batches of 1,000 and say how long it took."""
    begun, batch = perf_counter(), []
    for lead in made_leads(count):
        batch.append(lead)
        if len(batch) == 1_000:
            store.save_scored(batch)
            batch = []
    store.save_scored(batch)
    print(f"{count} leads made and saved in {perf_counter() - begun:.1f} s")


def facets_afresh(store: Store) -> Facets:
    """The facets as they are read after a change."""
    with store.database.read() as connection:
        return facets(connection)


def measure(store: Store) -> None:
    """Print a line a view, and what other reads and one save cost."""
    for name, (wanted, sort, page) in VIEWS.items():
        total = store.browse(wanted, sort, page).total
        print(f"{name:32} {total:7} leads {timed(lambda w=wanted, s=sort, p=page: store.browse(w, s, p)):7.1f} ms")  # type: ignore[misc]
    midnight = NOON - timedelta(days=1)
    reads: dict[str, Callable[[], object]] = {
        "facets, after a change": lambda: facets_afresh(store),
        "day_counts": lambda: store.day_counts(midnight),
        "recent_scores(100)": lambda: store.recent_scores(100),
        "confidences": store.confidences,
        "contributions": store.contributions,
        "tier_outcomes": store.tier_outcomes,
        "history": lambda: store.history("lead_000123"),
        "version": store.version,
    }
    for name, work in reads.items():
        print(f"{name:32} {'':13} {timed(work):7.2f} ms")
    more = made_leads(400)
    print(f"{'save_scored, one lead again':46} {timed(lambda: store.save_scored([next(more)]), 200):7.2f} ms")
    group = GroupCommit(store)
    print(f"{'GroupCommit, one lead again':46} {timed(lambda: group.submit(next(more)), 200):7.2f} ms")
    group.close()


def main() -> None:
    """Fill a store that is thrown away, or the one at the given address, and measure it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{folder}/measured.db")
        fill(store, count)
        measure(store)
        store.close()


if __name__ == "__main__":
    main()
