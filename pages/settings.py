"""The team's own settings: commission rate, tiers, sample data, the CRM, people, access to the API, who did what."""

from pages.components import frame
from pages.components.problem import told
from pages.components.settings.audit_log import audit_log
from pages.components.settings.crm_card import crm
from pages.components.settings.keys import keys
from pages.components.settings.people import people
from pages.components.settings.personal_data import personal_card
from pages.components.settings.workspace_settings import commission_rate, sample_workspace, tier_edges

center = frame.center()
frame.title("Settings", "Kept for the whole workspace. A change counts from the next score on.")

for card in (commission_rate, tier_edges, sample_workspace, crm, personal_card, keys):
    with told("This card"):
        card(center)
for part in (people, audit_log):
    with told("This part"):
        part(center)
