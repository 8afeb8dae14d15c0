"""Where the sample's leads come from and who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.leads import InteractionKind
from core.sample.dice import Weighted


@dataclass(frozen=True, slots=True)
class Source:
    """A source of leads.

    ``share`` is its part of the arrivals; ``quality`` says how many of those it sends are serious (0: as many as
    on average); ``form`` is how much its forms ask (0 nothing, 1 everything); ``listing`` how often the first
    message is about one listing; ``bot`` whether the team's bot is the first to answer.
    """

    name: str
    share: float
    quality: float
    kind: InteractionKind
    form: float
    listing: float
    bot: bool = True


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent; ``answers_in_h`` is the median of working hours until the first answer."""

    name: str
    share: float
    answers_in_h: float


SOURCES: Final = (
    Source("Zillow", 0.23, -0.20, InteractionKind.FORM, 0.25, 0.85),
    Source("Realtor.com", 0.13, -0.10, InteractionKind.FORM, 0.35, 0.80),
    Source("Website", 0.17, 0.10, InteractionKind.FORM, 0.80, 0.35),
    Source("Referral", 0.09, 0.75, InteractionKind.EMAIL, 0.10, 0.10, bot=False),
    Source("Open House", 0.09, 0.15, InteractionKind.FORM, 0.30, 0.90),
    Source("Facebook Ads", 0.12, -0.60, InteractionKind.CHAT, 0.45, 0.40),
    Source("Google Ads", 0.09, -0.15, InteractionKind.FORM, 0.50, 0.30),
    Source("Past Client", 0.04, 1.00, InteractionKind.SMS, 0.05, 0.05, bot=False),
    Source("Sign Call", 0.04, 0.15, InteractionKind.SMS, 0.0, 0.95),
)
AGENTS: Final = (
    Agent("Maya Torres", 0.16, 0.25),
    Agent("Daniel Okafor", 0.15, 0.5),
    Agent("Priya Raman", 0.13, 0.8),
    Agent("Grace Lin", 0.13, 1.2),
    Agent("Luke Brandt", 0.13, 2.0),
    Agent("Sofia Alvarez", 0.11, 3.5),
    Agent("Ben Whitaker", 0.10, 6.0),
    Agent("Tom Kowalski", 0.09, 11.0),
)
SOURCE_BY_NAME: Final = {source.name: source for source in SOURCES}
AGENT_BY_NAME: Final = {agent.name: agent for agent in AGENTS}
SOURCE_TABLE: Final = Weighted([(source.name, source.share) for source in SOURCES])
AGENT_TABLE: Final = Weighted([(agent.name, agent.share) for agent in AGENTS])
