"""Names of columns, as programs and people write them, and what each stands for."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from core.features.catalog import CATALOG, NAMES


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TARGETS = (
    ("lead_id", "ID in your CRM"),
    ("name", "Name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "E-mail (a phone number in it is found too)"),
    ("phone", "Phone (an e-mail in it is found too)"),
    ("source", "Source"),
    ("agent", "Agent"),
    ("side", "Buyer or seller"),
    ("stage", "Stage (shown, not scored)"),
    ("closed_at", "Closed on (counts where the stage says closed)"),
    ("customer_since", "Customer since (a day here says that it closed)"),
    ("sale_price_usd", "Sale price, where it closed"),
    ("created_at", "Date added"),
    ("last_activity_at", "Last activity of the lead"),
    ("budget_range", "Budget, as the lead put it"),
    ("price_min_usd", "Lowest price"),
    ("price_max_usd", "Highest price"),
    ("location_preference", "Where the lead is looking"),
    ("timeline", "Time frame"),
    ("financing", "Financing"),
    ("pre_approval", "Pre-approval"),
    ("listing_price_usd", "Price of the listing asked about"),
    ("listing_address", "Address of the listing asked about"),
    ("message", "What the lead wrote"),
    ("note", "What your team wrote (not counted as the lead's words)"),
    ("tags", "Tags"),
    ("touches", "Calls, texts and contacts so far"),
    ("page_views", "Listings or pages viewed so far"),
)
MEASURED: Final = "measured."


class Target(NamedTuple):
    """What a column can be read as, and how a mapping screen names it."""

    name: str
    label: str


TARGETS: Final = tuple(Target(name, label) for name, label in _TARGETS) + tuple(
    Target(MEASURED + feature.name, f"{feature.label} (counted by your CRM)") for feature in CATALOG
)
TARGET_NAMES: Final = frozenset(target.name for target in TARGETS)
SEVERAL_COLUMNS: Final = frozenset(
    {
        "email",
        "phone",
        "stage",
        "closed_at",
        "location_preference",
        "listing_address",
        "message",
        "note",
        "tags",
        "touches",
        "page_views",
    }
)  # these gather all their columns; of the others the first filled one counts

_ALIASES = {
    "lead_id": "id leadid contactid recordid personid crmid externalid leadnumber",
    "name": "name fullname leadname contactname clientname customername prospectname personname lead",
    "first_name": "firstname fname givenname forename first",
    "last_name": "lastname lname surname familyname last",
    "email": "email emailaddress mail leademail primaryemail contactemail emails emailphone phoneemail contactinfo "
    "email1 email2 email3 email4 email5 email6 workemail homeemail additionalemail",
    "phone": "phone phonenumber mobile mobilephone mobilenumber cell cellphone cellnumber leadphone telephone tel "
    "primaryphone homephone workphone phone1 phone2 phone3 phone4 phone5 phone6 additionalphone phones contactphone",
    "source": "source leadsource originalsource subsource websitesource leadorigin referralsource",
    "agent": "agent agentassigned buyeragent leadowner assignedto assigned owner contactowner assignedagent "
    "leadassignedagent owneralias salesrep realtor assignedagentname",
    "side": "leadtype side clienttype buyerorseller buyerseller",
    "stage": "stage status leadstatus leadstage statusname pipelinestatus lifecyclestage pipelinestage opportunities",
    "closed_at": "closedate closeddate closedon closingdate dateclosed solddate soldon datesold dealclosedate "
    "recentdealclosedate",
    "customer_since": "becameacustomerdate",
    "sale_price_usd": "saleprice salesprice soldprice closingprice closedprice dealprice recentdealamount",
    "created_at": "created createdat createdon createddate createdate datecreated registerdate registered "
    "dateadded registrationdate leaddate dateregistered inquirydate dateofinquiry",
    "last_activity_at": "lastactivity lastactivityat lastactivitydate lastlogin lastvisitdate lastactive lastseen "
    "lastvisit lastinteraction",
    "budget_range": "budget budgetrange pricerange price priceranges budgetusd statedbudget",
    "price_min_usd": "pricemin minprice minpricepreference minimumprice budgetmin minbudget lowestprice pricefrom",
    "price_max_usd": "pricemax maxprice maxpricepreference maximumprice budgetmax maxbudget highestprice priceto "
    "leadmaxprice",
    "location_preference": "locationpreference lookingin areasearchedmost favoritecity preferredarea preferredcity "
    "areaofinterest areasofinterest desiredlocation desiredarea preferredlocation neighborhood neighborhoods "
    "searcharea leadprimaryzip locationpreferences",
    "timeline": "timeline timeframe timeframetype buyingtimeframe leadtimeframe movingtimeframe movetimeline "
    "purchasetimeframe buyingtimeline",
    "financing": "financing leadfinancing financingtype financingstatus paymentmethod",
    "pre_approval": "preapproval preapproved preapprovalstatus ispreapproved mortgagepreapproved prequalified",
    "listing_price_usd": "averageprice listprice avglistingprice listingprice propertyprice",
    "listing_address": "listingaddress propertyaddress leadpropertyaddress propertyofinterest",
    "message": "message leadmessage comments comment inquiry inquirymessage leadcomments customermessage",
    "note": "notes note background description agentnotes leadnotes",
    "tags": "tags tag labels",
    "touches": "numberoftimescontacted calls texts timescontacted numberofcalls numberoftexts",
    "page_views": "numberofpageviews pageviews listingviews propertiesviewed listingsviewed",
    "measured.jorge_engagement_score": "engagementlevel",
    "measured.jorge_buying_signals": "buyingsignalscount buyingsignals",
    "measured.jorge_objection_handling": "objectionsresolved",
    "measured.jorge_rapport_score": "rapportbuildingscore",
}
WHERE_FROM: Final = _set("city zip zipcode postalcode area location region state")

ENDS: Final = frozenset({"stage", "closed_at", "customer_since", "sale_price_usd"})  # targets that tell an outcome
OUTCOME_COLUMNS: Final = _set(
    "daystoclose totalrevenue numberofassociateddeals dealstage lostreasonid lostreasonname leadvalue converted "
    "isconverted converteddate convertedon convertedopportunityid outcome won iswon lost closed isclosed "
    "commission gci likelihoodtoclose"
).union(*(_ALIASES[target].split() for target in ENDS))
"""Plain names of columns that tell what became of a lead: never scored, suspect when a model learns."""

_LEFT_OUT = _set(
    "state city country company businessname pipeline followers birthday leadvalue engagementscore lastcontacted "
    "lastassigned iscontacted updatedon updatedat website title salutation gender language contactpriority "
    "hubspotscore likelihoodtoclose numberofsessions numberofformsubmissions numberofcontacts rating industry "
    "campaignsource campaignname campaignterm campaignmedium campaigncontent street address rent date type"
)  # known, and not what a slip of the keyboard would make of them

_BY_NAME: Final = {alias: target for target, aliases in _ALIASES.items() for alias in aliases.split()}


def plain(column: str) -> str:
    r"""Return ``column`` without case, marks, punctuation and the number of a repeated name.

    >>> plain("\ufeffE-Mail 1 - Type"), plain("Email (2)"), plain("Pre-Approved?")
    ('email1type', 'email', 'preapproved')
    """
    head, _, tail = column.rpartition(" (")
    if head and tail.endswith(")") and tail[:-1].isdigit():
        column = head
    return "".join(character for character in column.lower() if character.isalnum())


# A column "Pre-approval" holds words (Yes, Not yet), not the feature's level.
_FEATURES: Final = {plain(name): MEASURED + name for name in NAMES if name != "pre_approval"}


@lru_cache(maxsize=4096)
def target_of(column: str) -> str | None:
    """What a column of this name holds, in any format; None when the name does not say.

    >>> target_of("Mobile_Phone"), target_of("Emial"), target_of("property_views"), target_of("State")
    ('phone', 'email', 'measured.property_views', None)
    """
    name = plain(column[:300])
    found = _FEATURES.get(name) or _BY_NAME.get(name)
    if found or name in _LEFT_OUT or name in WHERE_FROM or name in OUTCOME_COLUMNS or not 5 <= len(name) <= 30:
        return found
    near = {target for alias, target in _BY_NAME.items() if len(alias) >= 5 and one_slip(name, alias)}
    return near.pop() if len(near) == 1 else None


def one_slip(written: str, meant: str) -> bool:
    """Whether one letter is missing, doubled, swapped with its neighbour or (in 7 or more) wrong.

    >>> one_slip("frist", "first"), one_slip("phon", "phone"), one_slip("state", "stage")
    (True, True, False)
    """
    longer, shorter = (written, meant) if len(written) >= len(meant) else (meant, written)
    if len(longer) - len(shorter) > 1 or written == meant:
        return False
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if len(longer) > len(shorter):
        return longer[at + 1 :] == shorter[at:]
    if longer[at + 1 :] == shorter[at + 1 :]:
        return len(meant) >= 7 and meant[at].isalpha() and written[at].isalpha()
    swapped = shorter[at + 1 : at + 2] + shorter[at : at + 1] + shorter[at + 2 :]
    return longer[at:] == swapped
