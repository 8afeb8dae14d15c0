"""What a CRM told: the events as they came, what is known by them, and the leads that follow."""

from core.store.crm.inbox import CrmEvent, EventState, TypeCount
from core.store.crm.table import CrmTable, Due

__all__ = ["CrmEvent", "CrmTable", "Due", "EventState", "TypeCount"]
