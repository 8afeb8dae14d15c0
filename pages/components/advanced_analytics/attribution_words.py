"""What the models are called, and what their differences say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.analytics.attribution import Model
from core.services.analyses.attribution import Attribution, Channel, Kind
from core.services.analyses.missing_words import named
from core.store import LeadFilter
from core.words import counted
from pages.components.figure_table import Address
from pages.components.period_filters import MOST_LINKED, leads_address
from pages.components.words import choice

FEWEST_CREDITED: Final = 10
MODELS: Final[Mapping[Model, str]] = {
    Model.FIRST_TOUCH: "First touch",
    Model.LAST_TOUCH: "Last touch",
    Model.LINEAR: "Linear",
    Model.TIME_DECAY: "Time decay",
    Model.POSITION_BASED: "Position 40/20/40",
    Model.MARKOV_1: "Markov, order 1",
    Model.MARKOV_2: "Markov, order 2",
    Model.SHAPLEY: "Shapley",
}


def meaning(found: Attribution) -> list[str]:
    """What the credits say, in sentences with their figures."""
    channels = found.channels
    total = found.closings - found.unassigned
    if total < FEWEST_CREDITED:
        few = counted(total, "closing has", "closings have")
        return [f"{few} a touch before so far; which channel brings them is told from {FEWEST_CREDITED} on."]
    begins = max(channels, key=lambda one: one.closings[Model.FIRST_TOUCH])
    ends = max(channels, key=lambda one: one.closings[Model.LAST_TOUCH])
    said = [
        f"{begins.label} begins the most paths to a closing, {begins.closings[Model.FIRST_TOUCH]:,.0f} of {total:,}; "
        f"{ends.label} ends the most, {ends.closings[Model.LAST_TOUCH]:,.0f}."
    ]
    low, high, widest = max((_span(one) for one in channels), key=lambda span: span[1][1] - span[0][1])
    if high[1] - low[1] >= 1.0:
        said.append(
            f"The models differ most on {widest.label}: {low[1]:,.1f} closings by {MODELS[low[0]]}, {high[1]:,.1f} by "
            f"{MODELS[high[0]]}. Where they agree, it does not matter which one you trust."
        )
    sources = [one for one in channels if one.kind is Kind.SOURCE]
    if sources:
        most = max(sources, key=lambda one: one.closings[Model.MARKOV_1])
        said.append(
            f"Of the sources, {most.label} would be missed most: by the Markov chain of order 1 it has the credit of "
            f"{most.closings[Model.MARKOV_1]:,.1f} closings."
        )
    return said


def _span(one: Channel) -> tuple[tuple[Model, float], tuple[Model, float], Channel]:
    ordered = sorted(one.closings.items(), key=lambda pair: pair[1])
    return ordered[0], ordered[-1], one


def channel_address(wanted: LeadFilter, one: Channel) -> Address | None:
    """The address of the leads of a source, or of small ones together; None for a channel that is none."""
    if one.kind is Kind.CONTACT or not 0 < len(one.sources) <= MOST_LINKED:
        return None
    return {**leads_address(wanted), "source": [choice(named("source", name)) for name in one.sources]}
