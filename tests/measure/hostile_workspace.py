"""A workspace in which whatever a person or a lead can name is named by hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle, islice, pairwise
from typing import Final

from core.analytics.ab_test import Design, Metric, Variant
from core.commission.agreement import Agreement
from core.commission.rates import SideRates
from core.errors import InputError
from core.leads import Interaction, LeadHistory, utc_now
from core.sample import generate
from core.sample.draw import SampleLead
from core.scoring import Tier
from core.services import audit, sample
from core.services.access import Role, Scope, make_key, trusted
from core.services.access.people import give_role
from core.services.analyses import ab_tests, ad_spend, segments
from core.services.center import CommandCenter
from core.services.commission import commission_plans
from core.services.lead import leads
from core.store import LeadFilter
from core.transfer.spend import SpendRow

GROUPS: Final = 25  # sources, agents, areas: few enough that each is a group to a chart
FIELDS: Final = ("name", "email", "phone", "timeline", "financing", "pre_approval", "listing_address", "message")


def fill(center: CommandCenter, texts: list[str], count: int = 200, seed: int = 3) -> str:
    """``count`` generated leads with their past, whose every word is one of ``texts``; returns one of them."""
    turn = cycle(texts)
    groups = list(dict.fromkeys(text.strip()[:120] for text in texts if text.strip()))[:GROUPS]
    now = utc_now()
    made = [
        _hostile(lead, number, turn, groups) for number, lead in enumerate(generate(leads=count, seed=seed, end=now))
    ]
    sample._store(center, made, now)
    lead_id = max(made, key=lambda lead: len(lead.history.interactions)).history.lead.lead_id
    said = cycle([text for text in texts if text.strip()])
    leads.override_score(center.acting_as(trusted(next(said))), lead_id, Tier.HOT, next(said), None)
    _name_everything(center, groups, said)
    return lead_id


def _hostile(lead: SampleLead, number: int, turn: cycle[str], groups: list[str]) -> SampleLead:
    told: dict[str, object] = dict(zip(FIELDS, islice(turn, len(FIELDS)), strict=True))
    told |= {
        "source": groups[number % len(groups)],
        "agent": groups[(number // 3) % len(groups)],
        "location_preference": groups[(number // 2) % len(groups)],
        "tags": (next(turn), next(turn)),
    }
    known = {name: getattr(lead.history.lead, name) for name in type(lead.history.lead).model_fields}
    touches = tuple(_said(touch, next(turn)) for touch in lead.history.interactions)
    history = LeadHistory(lead=type(lead.history.lead)(**{**known, **told}), interactions=touches)
    outcomes = tuple(outcome.model_copy(update={"reason": next(turn)}) for outcome in lead.outcomes)
    return replace(lead, history=history, outcomes=outcomes)


def _said(touch: Interaction, text: str) -> Interaction:
    return touch if touch.text is None else touch.model_copy(update={"text": text, "subject": text[:100]})


def _name_everything(center: CommandCenter, groups: list[str], turn: cycle[str]) -> None:
    """Segments, tests, costs, plans, goals, people, keys and notes of the log, as far as a name is taken."""
    today = utc_now().date()
    halves = Agreement(SideRates.halves(Decimal("0.06")))
    for name in groups[:8]:
        short, somebody = name[:60], center.acting_as(trusted(name))
        _tried(partial(segments.save, center.acting_as(trusted(next(turn))), short, LeadFilter(sources=(name,))))
        _tried(partial(commission_plans.save_plan, somebody, short, date(today.year, 1, 1), halves))
        _tried(partial(commission_plans.set_goal, center, short, str(today.year), Decimal(100_000)))
    any(_tried(partial(_start_test, center, name, other, next(turn))) for name, other in pairwise(groups))
    months = [(today.replace(day=1) - timedelta(days=30 * back)).replace(day=1) for back in range(3)]
    costs = [SpendRow(number, name, month, Decimal(500)) for number, name in enumerate(groups) for month in months]
    ad_spend.save(center, costs, replace_all=True)
    for number, (name, other) in enumerate(pairwise(groups)):
        email, somebody = f"ana{number}@example.com", center.acting_as(trusted(next(turn)))
        _tried(partial(give_role, somebody, email, Role.AGENT, name[:60], other[:60]))
        _tried(partial(make_key, somebody, f"crm {number}", Scope.READ))
    for text in groups:
        audit.note(center.acting_as(trusted(text)), text[:80], text, detail=text)


def _start_test(center: CommandCenter, name: str, other: str, question: str) -> None:
    variants = (Variant(name[:60], 0.5), Variant(other[:60], 0.5))
    numbers = (Metric.ANSWERED, 1, 0.2, 0.2, 0.8, 0.05)
    ab_tests.start(center, name[:60], Design(question[:100], variants, *numbers, sequential=True))


def _tried(name: Callable[[], object]) -> bool:
    """Whether a name was taken; a refusal in a sentence is as good."""
    try:
        name()
    except InputError:
        return False
    return True
