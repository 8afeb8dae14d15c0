"""What the product is about: leads, the dated touches with them, and what became of them."""

from core.leads.clock import utc_now
from core.leads.interaction import Direction, Interaction, InteractionKind
from core.leads.lead import Insights, Lead, LeadHistory, Side
from core.leads.money import Money, usd
from core.leads.outcome import DECIDED_STAGES, OPEN_STAGES, Outcome, Stage
from core.leads.price_bands import BAND_EDGES_USD, BANDS, band_words
from core.leads.waiting import Waiting

__all__ = [
    "BANDS",
    "BAND_EDGES_USD",
    "DECIDED_STAGES",
    "OPEN_STAGES",
    "Direction",
    "Insights",
    "Interaction",
    "InteractionKind",
    "Lead",
    "LeadHistory",
    "Money",
    "Outcome",
    "Side",
    "Stage",
    "Waiting",
    "band_words",
    "usd",
    "utc_now",
]
