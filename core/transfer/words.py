"""Words that stand in cells for a stage, a side, or for nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from core.leads import OPEN_STAGES, Side, Stage

_NOTHING = """- -- --- – — . ? n/a na #n/a none null nil (none) (null) select select... (select) (blank) blank
undefined"""
NOTHING: Final = frozenset(_NOTHING.split()) | {"select one", "please select", "- select -", "--select--", "not set"}
LONGEST_NOTHING: Final = max(map(len, NOTHING))

_WHOLE: Final = {
    "customer": Stage.CLOSED,  # of a lifecycle; within other words anybody is called so
    **dict.fromkeys(("rejected", "terminated", "withdrawn", "cancelled", "canceled"), Stage.LOST),
}
BY_STATUS: Final = {"won": Stage.CLOSED, "lost": Stage.LOST, "abandoned": Stage.LOST}
_OPPORTUNITIES: Final = re.compile(r", (?=(?:open|won|lost|abandoned) )")
_ENDED_BEFORE: Final = "contract|deal|escrow|sale|pending"
_STAGES = (
    (
        Stage.LOST,
        r"lost|abandoned|trash|dead|junk|spam|fake|bogus|wrong number|bad (?:lead|number|timing)|"
        r"closed\W+not?|not (?:converted|qualified|interested)|no longer interested|unqualified|disqualified|"
        r"unsubscribed|archived|(?:do not|don['’]?t) (?:contact|call)|dnc|fell through|"
        rf"(?:{_ENDED_BEFORE})\W+(?:cancell?ed|terminated|withdrawn)|"
        r"(?:bought|sold|listed|signed|hired|chose|went|has|using|working)\b.{0,9}\b"
        r"(?:an)?other (?:agent|realtor|broker)",
    ),
    (Stage.CLOSED, rf"(?:{_ENDED_BEFORE}) closed|closed (?:{_ENDED_BEFORE})"),
    (
        Stage.CONTRACT,
        r"(?:under )?contract|pending|contingen(?:t|cy)|escrow|attorney review|clear to close|(?:pre-?)?closing|"
        r"sale agreed|offer accepted|accepted offer|contract ?sent",
    ),
    (Stage.CLOSED, r"closed|won|(?:past|existing|former) (?:client|customer)s?|became a customer|sold|converted"),
    (
        Stage.SHOWING,
        r"showings?|tours?|touring|viewings?|appointments?(?: \w+)?|met with (?:customer|client|buyer|seller)|"
        r"(?:submitting|making|made|writing) (?:an )?offers?|offers? (?:made|submitted|sent|rejected)",
    ),
    (
        Stage.QUALIFIED,
        r"qualified|active|active client|hot|hot prospect|warm|working|opportunity|connected|in progress|"
        r"open deal|engaged|mql|sql|nurtur\w+|contacted|spoke|listed|listing agreement",
    ),
)
_PATTERNS = tuple((stage, re.compile(rf"(?<!\w)(?:{words})(?![\w'’])")) for stage, words in _STAGES)
_DENIED = re.compile(
    r"\b(?:no|not|never|no longer|(?:won|don|didn|isn)['’]?t) (?:yet |been |an? |in |under )*\w+|"
    r"\b(?:showings?|tours?|viewings?|appointments?)\W+(?:cancell?ed|missed|no.?show)"
)
_ORDER = {stage: position for position, stage in enumerate(Stage)}


@lru_cache(maxsize=4096)
def stage_of(text: str) -> Stage:
    """The stage that a CRM's word stands for; ``generated`` when it says nothing, or only what is not so.

    >>> stage_of("Closed - Not Converted"), stage_of("Marketing Qualified Lead"), stage_of("Past Client")
    (<Stage.LOST: 'lost'>, <Stage.QUALIFIED: 'qualified'>, <Stage.CLOSED: 'closed'>)
    >>> stage_of("Open - Not Contacted"), stage_of("Met with customer")
    (<Stage.GENERATED: 'generated'>, <Stage.SHOWING: 'showing'>)
    """
    each = [_stage_of(one) for one in _OPPORTUNITIES.split(" ".join(text.lower().replace("_", " ").split()))]
    return furthest([stage for stage in each if stage is not Stage.LOST] or each)  # who is lost in all is lost


def _stage_of(words: str) -> Stage:
    status = words.partition(" ")[0]
    if found := _WHOLE.get(words) or BY_STATUS.get(status):
        return found
    said = _DENIED.sub(" ", words)
    (lost, gone), *others = _PATTERNS
    if status == "open":  # what else stands there names a pipeline
        others = [(stage, pattern) for stage, pattern in others if stage in OPEN_STAGES]
    elif gone.search(words):
        return lost
    return next((stage for stage, pattern in others if pattern.search(said)), Stage.GENERATED)


def furthest(stages: Iterable[Stage]) -> Stage:
    """One stage from several columns: what became of the lead, else the furthest it came.

    >>> furthest([Stage.SHOWING, Stage.GENERATED])
    <Stage.SHOWING: 'showing'>
    """
    return max(stages, key=_ORDER.__getitem__, default=Stage.GENERATED)


def side_in_tags(tags: Iterable[str]) -> Side:
    """The side that tags name; buyer when they name none.

    >>> side_in_tags(["Seller lead", "hot"]), side_in_tags(["listing alert"])
    (<Side.SELLER: 'seller'>, <Side.BUYER: 'buyer'>)
    """
    words = set(re.findall(r"buyer|seller", " ".join(tags).lower()))
    if words == {"buyer", "seller"}:
        return Side.BOTH
    return Side.SELLER if words == {"seller"} else Side.BUYER


def side_of(text: str) -> Side:
    """Buyer unless the text speaks of selling; renters are on the buyer's side.

    >>> side_of("Seller"), side_of("Buyer/Seller"), side_of("Renter")
    (<Side.SELLER: 'seller'>, <Side.BOTH: 'both'>, <Side.BUYER: 'buyer'>)
    """
    words = text.lower()
    sells = "sell" in words or "listing" in words or "landlord" in words
    buys = "buy" in words or "rent" in words or "tenant" in words
    if "both" in words or (sells and buys):
        return Side.BOTH
    return Side.SELLER if sells else Side.BUYER
