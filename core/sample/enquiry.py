"""The fields of a lead: what the form, the portal or the agent's own entry holds from the first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.leads import Insights, Lead, Side, Stage
from core.sample.dice import Dice, logistic
from core.sample.figures import form_price, form_range, form_timeline
from core.sample.person import Person
from core.sample.script import money

_LOAN = {"cash": "Cash", "approved": "Mortgage", "under_way": "Mortgage", "not_yet": "Not sure"}
_APPROVAL = {"cash": "Cash", "approved": "Pre-approved", "under_way": "In progress", "not_yet": "Not yet"}


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in at the arrival; never touched again."""

    budget_range: str | None = None
    price_min_usd: Decimal | None = None
    price_max_usd: Decimal | None = None
    location_preference: str | None = None
    timeline: str | None = None
    financing: str | None = None
    pre_approval: str | None = None
    listing_price_usd: Decimal | None = None
    listing_address: str | None = None
    tags: tuple[str, ...] = ()


def draw_form(person: Person, dice: Dice) -> Form:
    """What this person fills in: each field as often as the source asks for it and the person cares to answer."""
    means, wish, selling = person.means, person.wish, person.side is Side.SELLER
    filled = [dice.chance(_share(person)) for _ in range(5)]
    budget = filled[0] and means.form != "vague" and not selling
    as_numbers = budget and dice.chance(0.35)
    listing = person.source.listing > 0.5 and not selling and dice.chance(person.source.listing)
    return Form(
        budget_range=_budget(person) if budget and not as_numbers else None,
        price_min_usd=money(means.low) if as_numbers and means.form == "range" else None,
        price_max_usd=money(means.high) if as_numbers else None,
        location_preference=_place(person) if filled[1] else None,
        timeline=form_timeline(wish.months) if filled[2] else None,
        financing=_LOAN[means.approval] if filled[3] and not selling else None,
        pre_approval=_APPROVAL[means.approval] if filled[4] and not selling else None,
        listing_price_usd=money(max(wish.listing_usd, 1)) if listing else None,
        listing_address=f"{wish.listing}, {wish.areas[0].town}, TX {dice.pick(wish.areas[0].zips)}"
        if listing
        else None,
        tags=_tags(person, dice),
    )


def _share(person: Person) -> float:
    asked, hidden = person.source.form, person.hidden
    return asked * logistic(0.7 + 0.6 * hidden.intent + hidden.openness)


def _budget(person: Person) -> str:
    means = person.means
    return f"Under {form_price(means.high)}" if means.form == "bound" else form_range(means.low, means.high)


def _place(person: Person) -> str:
    wish = person.wish
    if wish.exactness == 0:
        return "Austin, TX"
    return ", ".join(area.name for area in wish.areas)


def _tags(person: Person, dice: Dice) -> tuple[str, ...]:
    tags = [person.side.value] if dice.chance(0.4) else []
    if dice.chance(0.15):
        tags.append(person.source.name.lower().replace(" ", "-"))
    return tuple(tags)


def fill_in(lead_id: str, person: Person, form: Form, arrival: datetime, stage: Stage, insights: Insights,
            message: str | None) -> Lead:  # fmt: skip
    """The lead as the team's CRM holds it."""
    return Lead.model_construct(
        lead_id=lead_id,
        name=person.contact.name,
        email=person.contact.email,
        phone=person.contact.phone,
        source=person.source.name,
        agent=person.agent.name,
        side=person.side,
        stage=stage,
        created_at=arrival,
        budget_range=form.budget_range,
        price_min_usd=form.price_min_usd,
        price_max_usd=form.price_max_usd,
        location_preference=form.location_preference,
        timeline=form.timeline,
        financing=form.financing,
        pre_approval=form.pre_approval,
        listing_price_usd=form.listing_price_usd,
        listing_address=form.listing_address,
        message=message,
        tags=form.tags,
        insights=insights,
        measured={},
    )
