"""Words that stand in cells for a stage, a side, or for nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from core.leads import Side, Stage

_NOTHING = """- -- --- – — . ? n/a na #n/a none null nil (none) (null) select select... (select) (blank) blank
undefined"""
NOTHING: Final = frozenset(_NOTHING.split()) | {"select one", "please select", "- select -", "--select--", "not set"}
LONGEST_NOTHING: Final = max(map(len, NOTHING))

_STAGES = (
    (
        Stage.LOST,
        r"lost|abandoned|trash|dead|junk|not converted|unqualified|disqualified|not qualified|bad timing|"
        r"do not contact|dnc|archived|not interested|unsubscribed",
    ),
    (Stage.CONTRACT, r"(?:under )?contract|pending|escrow|offer accepted|contract ?sent"),
    (Stage.CLOSED, r"closed|won|customer|past client|sold|converted"),
    (Stage.SHOWING, r"showings?|tours?|touring|viewings?|appointments?(?: \w+)?|met with customer"),
    (
        Stage.QUALIFIED,
        r"qualified|active|active client|hot|hot prospect|warm|working|opportunity|connected|in progress|"
        r"open deal|engaged|mql|sql|nurtur\w+|contacted",
    ),
)
_PATTERNS = tuple((stage, re.compile(rf"(?<![\w])(?:{words})(?![\w])")) for stage, words in _STAGES)
_ORDER = {stage: position for position, stage in enumerate(Stage)}


@lru_cache(maxsize=4096)
def stage_of(text: str) -> Stage:
    """The stage that a CRM's word stands for; ``generated`` when it says nothing.

    >>> stage_of("Closed - Not Converted"), stage_of("Marketing Qualified Lead"), stage_of("Past Client")
    (<Stage.LOST: 'lost'>, <Stage.QUALIFIED: 'qualified'>, <Stage.CLOSED: 'closed'>)
    >>> stage_of("Open - Not Contacted")
    <Stage.GENERATED: 'generated'>
    """
    words = " ".join(text.lower().replace("_", " ").split()).replace("not contacted", "new")
    for stage, pattern in _PATTERNS:
        if pattern.search(words):
            return stage
    return Stage.GENERATED


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
