"""The generator: leads with an honest past.

A hidden intent, readiness, urgency and fit (``core.sample.hidden``) drive both what a person writes and does and
how far it comes in the funnel; habits that have nothing to do with the outcome blur what is seen. No feature is
ever set: everything comes from messages and events. Lead ``number`` depends on the seed, its number, the end and the
months alone, so the first 2,000 of 20,000 leads are the same as 2,000 leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from core.errors import InputError
from core.leads import LeadHistory, Outcome, Side, Stage
from core.sample.browsing import browse, visit
from core.sample.conversation import Conversation, first_answer_on
from core.sample.dice import Dice
from core.sample.enquiry import draw_form, fill_in
from core.sample.facts import Facts
from core.sample.hidden import draw_hidden
from core.sample.journey import CLOSING_DAYS, FIRST_DAY, LAST_DAY, NOT_REACHED, Journey, draw_journey
from core.sample.market import AGENT_BY_NAME, AGENT_TABLE, SOURCE_BY_NAME, SOURCE_TABLE
from core.sample.person import Person, draw_person
from core.sample.script import Script, money
from core.sample.seasons import Arrivals
from core.sample.writing import Writer

LATE_SHARE: Final = 0.4
MOST_MONTHS: Final = 120


@dataclass(frozen=True)
class SampleLead:
    """A lead and what became of it, as known at the end of the draw.

    ``history``      the lead, with ``lead.stage`` as of the end, and its interactions up to the end
    ``outcomes``     its stage changes up to the end, oldest first, beginning with ``generated``; what came later
                     is left out (censored), not foretold
    ``snapshot_at``  a moment at which the lead was open and could have been scored: use
                     ``extract(history, as_of=snapshot_at)``. It is drawn without looking at the outcome: six in
                     ten leads 3 to 14 days after arrival (nothing is decided before day 15), four in ten up to 90
                     days later; a lead that was decided before its late moment gets an early one instead. Fields and
                     insights date from the first two days. Never later than the end.
    ``mature``       arrived so long before the end that its outcome is known whatever it is. **Train on these
                     only**: among younger leads those that are decided are the quick ones.
    ``closing_mature``  the same for closed against fallen through
    """

    history: LeadHistory
    outcomes: tuple[Outcome, ...]
    snapshot_at: datetime
    mature: bool
    closing_mature: bool

    @property
    def converted(self) -> bool:
        """Whether it reached contract up to the end (also when the contract fell through later)."""
        return any(outcome.stage is Stage.CONTRACT for outcome in self.outcomes)

    @property
    def closed(self) -> bool:
        """Whether the sale closed up to the end."""
        return self.outcomes[-1].stage is Stage.CLOSED


def generate(leads: int, seed: int, end: datetime, months: int = 18) -> Iterator[SampleLead]:
    """Draw ``leads`` leads that arrived in the ``months`` (1 to 120) before ``end``, an aware time, not in the future.

    The same arguments give the same leads, on every machine. Raises InputError for arguments out of range.

    >>> first, second = generate(2, seed=7, end=datetime(2026, 6, 1, tzinfo=UTC))
    >>> first.history.lead.lead_id, first.outcomes[0].stage.value
    ('sample-7-00000', 'generated')
    """
    if leads < 0 or seed < 0 or not 1 <= months <= MOST_MONTHS or end.tzinfo is None:
        raise InputError(
            f"leads is {leads}, seed {seed}, months {months}, end {end}; leads and seed must be 0 or more, "
            f"months 1 to {MOST_MONTHS}, end must have a time zone"
        )
    arrivals = Arrivals(end.astimezone(UTC), months)
    return (_draw(seed, number, arrivals, end.astimezone(UTC)) for number in range(leads))


def _draw(seed: int, number: int, arrivals: Arrivals, end: datetime) -> SampleLead:
    dice = Dice(seed, number)
    return draw_lead(f"sample-{seed}-{number:05d}", number, arrivals.draw(dice), end, dice)


def draw_lead(lead_id: str, number: int, arrival: datetime, end: datetime, dice: Dice) -> SampleLead:
    """The lead that arrived at ``arrival``, as known at ``end``."""
    source = SOURCE_BY_NAME[dice.weighted(SOURCE_TABLE)]
    agent = AGENT_BY_NAME[dice.weighted(AGENT_TABLE)]
    hidden = draw_hidden(source, dice)
    person = draw_person(number, source, agent, hidden, arrival, dice)
    script = Script(person, arrival, end, dice)
    answered_on = first_answer_on(script, dice)
    journey = draw_journey(hidden, person.wish.months, person.side is Side.SELLER, answered_on * 24.0, arrival, dice)
    snapshot = _snapshot(journey, dice)
    outcomes = _outcomes(lead_id, person, journey, script, dice)
    form = draw_form(person, dice)
    facts = Facts(person, arrival, dice)
    writer = Writer(person, facts, dice)
    conversation = Conversation(script, journey, writer, facts)
    insights = conversation.play(answered_on)
    browse(script, journey)
    visit(script, journey, writer)
    lead = fill_in(lead_id, person, form, arrival, outcomes[-1].stage, insights, message=None)
    return SampleLead(
        history=LeadHistory.model_construct(lead=lead, interactions=script.interactions()),
        outcomes=outcomes,
        snapshot_at=min(script.at(snapshot), end),
        mature=script.last_day > LAST_DAY + 0.01,
        closing_mature=script.last_day > LAST_DAY + CLOSING_DAYS[1] + 0.01,
    )


def _snapshot(journey: Journey, dice: Dice) -> float:
    early = dice.between(3.0, FIRST_DAY - 1.0)
    late = FIRST_DAY - 1.0 + min(dice.exponential(25.0), 76.0)
    return late if dice.chance(LATE_SHARE) and late < journey.decided - 0.1 else early


def _outcomes(lead_id: str, person: Person, journey: Journey, script: Script, dice: Dice) -> tuple[Outcome, ...]:
    price = _sale_price(person, dice)
    steps = (
        (0.0, Stage.GENERATED, None),
        (journey.qualified, Stage.QUALIFIED, None),
        (journey.showing, Stage.SHOWING, None),
        (journey.contract, Stage.CONTRACT, price),
        (journey.closed, Stage.CLOSED, price),
        (journey.lost, Stage.LOST, None),
    )
    return tuple(
        Outcome.model_construct(
            lead_id=lead_id,
            stage=stage,
            occurred_at=script.at(day),
            sale_price_usd=sale_price,
            reason=journey.reason if stage is Stage.LOST else None,
        )
        for day, stage, sale_price in steps
        if day != NOT_REACHED and day <= script.last_day
    )


def _sale_price(person: Person, dice: Dice) -> Decimal:
    """Near what the lead had in mind, in steps of 500 dollars."""
    return money(round(person.means.price * dice.between(0.94, 1.04) / 500) * 500)
