"""What GoHighLevel's webhooks tell, and what it means for a lead: pure, in any order of the events."""

from core.transfer.gohighlevel.event import KNOWN_TYPES, Event, Kind, parse_event
from core.transfer.gohighlevel.known import Known, merged, shares
from core.transfer.gohighlevel.project import Projection, Rules, project
from core.transfer.gohighlevel.stages import NO_STAGE, guessed_stage

__all__ = [
    "KNOWN_TYPES",
    "NO_STAGE",
    "Event",
    "Kind",
    "Known",
    "Projection",
    "Rules",
    "guessed_stage",
    "merged",
    "parse_event",
    "project",
    "shares",
]
