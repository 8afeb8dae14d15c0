"""The REST API of the team's CRM."""

from core.crm.gohighlevel import GoHighLevel

__all__ = ["GoHighLevel"]
