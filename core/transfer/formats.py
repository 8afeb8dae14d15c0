"""The exports that are recognised by their header, and what their columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEFT_OUT: Final = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One program's export: it is recognised when one of ``telltale`` is all there.

    ``fields`` say what its own columns hold, by plain name; an empty target means: leave it out, whatever its
    name means elsewhere.
    """

    name: str
    label: str
    telltale: tuple[frozenset[str], ...]
    fields: dict[str, str]


def _tells(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names.split()) for names in sets)


def _all(target: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), target)


_PORTAL_ADDRESS = "leadpropertyaddress leadpropertycity leadpropertystate leadpropertyzip"

FORMATS: Final = (
    Format(
        "lead_metadata",
        "Lead Metadata (portal)",
        _tells("leadname leademail", "leademail leadmessage", "leadphone leadmessage", "leadname leadphone"),
        _all("listing_address", _PORTAL_ADDRESS)
        | {"leadprimaryzip": "location_preference", "leadmessage": "message", "leadmls": LEFT_OUT},
    ),
    Format(
        "gohighlevel_opportunities",
        "GoHighLevel opportunities",
        _tells("opportunityname stage", "opportunityname pipeline", "opportunityname status"),
        {"opportunityname": LEFT_OUT, "contactname": "name", "pipeline": LEFT_OUT, "leadvalue": LEFT_OUT},
    ),
    Format(
        "gohighlevel_contacts",
        "GoHighLevel contacts",
        _tells("contactid lastactivity", "contactid firstname lastname created", "contactid opportunities"),
        _all(LEFT_OUT, "businessname country city state postalcode"),
    ),
    Format(
        "follow_up_boss",
        "Follow Up Boss people",
        _tells("email1type", "phone1type", "dateadded iscontacted", "dateadded lastassigned"),
        _all("listing_address", "propertyaddress propertycity propertystate propertypostalcode")
        | _all(LEFT_OUT, "dealstage propertyarea"),
    ),
    Format(
        "hubspot",
        "HubSpot contacts",
        _tells(
            "recordid lifecyclestage", "recordid contactowner", "recordid createdate", "contactowner lifecyclestage"
        ),
        _all(LEFT_OUT, "city stateregion postalcode address"),
    ),
    Format(
        "salesforce",
        "Salesforce leads",
        _tells(
            "leadid leadsource",
            "ownerid leadsource",
            "owneralias leadsource",
            "leadid ownerid",
            "leadstatus leadsource",
        ),
        {"ownerid": "agent", "description": "note"} | _all(LEFT_OUT, "city state postalcode"),
    ),
    Format(
        "gohighlevel_import",
        "GoHighLevel import template",
        _tells("firstname lastname createddate additionalphone", "firstname lastname tags additionalphone"),
        {"additionalphone": "phone"},
    ),
)
GENERIC: Final = "generic"
LABELS: Final = {form.name: form.label for form in FORMATS} | {GENERIC: "A list with columns we know by name"}
