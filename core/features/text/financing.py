"""How a purchase is paid for, and how far the lender is."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.marks import mark_of
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared

FINANCING = phrases(
    "financing",
    "mortgage mortgages lender lenders loan loans financing finance financed down downpayment cash fha va usda "
    "heloc refi "
    "refinance refinancing rate rates credit preapproved preapproval approved approval prequalified qualified bank",
    [
        (r"cash ?flow\w*|cash ?back|petty cash|(?:student|car|auto|personal|payday) loans?|cash register", None),
        (r"(?:no|without|don't need|not need|any) (?:any )?financing(?: needed| required)?", "none"),
        (r"(?:all[- ])?cash(?: (?:buyer|offer|purchase|deal))?s?", "cash"),
        (
            r"mortgages?|lenders?|home loans?|loans?|financ(?:e|ed|ing)|down ?payments?|\d{1,2} ?% down|fha|"
            r"usda loan|"
            r"va (?:loan|buyer|financing|mortgage|eligible|approved|benefits?)|(?:takes?|accepts?|allows?|use|"
            r"using) va|heloc|refi(?:nanc(?:e|ing))?|"
            r"interest rates?|"
            r"rate lock|lock(?:ed)? in (?:a|our|my|the) rate|credit score|pre[- ]?approv(?:ed|al)|"
            r"pre[- ]?qualif\w{3,7}|"
            r"\$?\d[\d,]{0,9}k? down|put(?:ting)? \S{1,12} down|credit union",
            "loan",
        ),
    ],
)
_APPROVAL = re.compile(
    r"\bpre[- ]?approv(?:ed|al)\b(?: letter| amount)?|\bpre[- ]?qual(?:ified|ification|ed)?\b(?: letter)?|"
    r"\bapproval letter\b|"
    r"\bapproved (?:(?:me|us|him|her) )?(?:for|up to|at|by|with|through|(?=\$? ?\d))\b|"
    r"\b(?:i'm|im|i am|we're|we are|(?:i|we) (?:was|were|got)|already|been) approved\b|\bmortgage (?:is )?approved\b|"
    r"\bloan (?:is |was )?approved\b"
)
APPROVAL = mark_of({"approved", "approval", "preapproved", "preapproval", "prequalified", "prequal", "pre",
                    "prequalification", "qualified", "cash"})  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?\n;]")
_NOT_YET = re.compile(
    r"\b(?:not|no|never|without|isn't|aren't|wasn't|haven't|hasn't|don't|didn't|isnt|arent|havent|dont|didnt|can't|"
    r"cant|"
    r"couldn't|yet to|need(?:s|ed|ing)? to|have to|has to|gotta|want to|wants to|like to|looking to|hoping to|"
    r"hope to|plan to|"
    r"planning to|trying to|should (?:i|we)|do (?:i|we)|how (?:do|can|to|does)|before (?:getting|i|we)|help (?:me|"
    r"us)|must|"
    r"required?|does|will i|denied|declined|once|when|if|until|after)\b[^,]{0,40}$"
)
_NOT_YET_AFTER = re.compile(
    r"\W{0,2}(?: ?\(?not yet|[:=]? ?(?:no|none|not)\b|(?: has| have)? (?:expired|fell through|was denied))"
)
_UNDER_WAY = re.compile(
    r"\b(?:working (?:on|toward|with)|process|getting|applying|applied|apply|started|starting|talking (?:to|with)|"
    r"meeting with|"
    r"waiting (?:on|for)|submitted|almost|nearly|will be|will have|about to|should be|should have|going to|"
    r"'ll (?:be|have)|"
    r"ill be|soon|scheduled|finishing|finalizing|expect(?:ing)?)\b[^,]{0,40}$"
)
_UNDER_WAY_AFTER = re.compile(
    r"\W{0,2} ?(?:is |are )?(?:still )?(?:in (?:progress|the works|process)|pending|underway|under way|application|"
    r"process|"
    r"appointment|started|soon|next week|this week|tomorrow|by (?:the|next|end))\b"
)
_NOUN_HELD = re.compile(
    r"\b(?:have|has|had|got|received|with|attached|my|our|the|his|her|a|an|updated|current|full|valid)\b[^,]{0,25}$"
)
_QUESTION_OPENS = re.compile(
    r"^\W{0,3}(?:do|does|should|can|could|is|are|must|will|what|how|when|who|would|which|where)\b"
)
_NOT_A_LOAN_BEFORE = re.compile(
    r"\b(?:complex|condos?|building|property|unit|it|this|that|project|development|plans?|permits?|addition|offer|sale|"
    r"board|hoa|application)(?:'s)? (?:is|was|are|were|been|has been|gets?|got)? ?(?:already |not )?$"
)
_NOT_A_LOAN_AFTER = re.compile(
    r"(?: by| for)? (?:the |an? |my |our |their |your )?(?:hoa|condo|co-?op|board|city|county|association|landlord|"
    r"apartment|rental|"
    r"lease|credit card|short sale)\b"
)
_CASH = phrases(
    "pre_approval",
    "cash",
    [
        (
            r"(?:not|isn't|no|don't have|can't pay|can't do|without) (?:a |an |all |in |paying |"
            r"any )?(?:all[- ])?cash(?: \w{1,10})?|"
            r"(?:lost|losing|lose|outbid|beat|beaten|competing|compete|against|another|other|they|sellers?|owners?|he|"
            r"she|"
            r"somebody|someone|accepted|wish|only|says|said|told|"
            r"listed) (?:\w{1,10} ){0,4}?(?:all[- ])?cash(?: \w{1,10})?|"
            r"(?:how much|what) (?:\w{1,10} ){0,2}?cash|or cash only",
            None,
        ),
        (
            r"(?:once|when|if|until|after) (?:we|i|our|my) (?:[\w']{1,10} ){0,3}?(?:sells?|sold|closes?|sale),? "
            r"(?:[\w']{1,10} ){0,6}?cash|"
            r"cash (?:\w{1,10} ){0,3}?(?:once|when|after|if) (?:we|i|our|my) (?:[\w']{1,10} ){0,4}?(?:sells?|closes?)",
            1.0,
        ),
        (r"cash ?flow\w*|cash ?back|cash (?:for keys|reserves?|to close|on cash|out)|petty cash|save cash", None),
        (
            r"(?:pay|paying|paid|buy|buying|purchase|purchasing|offer|offering|do|doing|"
            r"close) (?:\w{1,12} ){0,4}?cash|all[- ]cash|"
            r"cash (?:buyer|offer|purchase|deal)s?|(?:have|has|with) (?:the |all |full |enough |all the )?cash|"
            r"(?:it's|its|is|be|in|"
            r"with) (?:all )?cash|cash in (?:hand|the bank)|cash, no (?:mortgage|loan|financing|contingenc\w{1,5})|"
            r"cash",
            2.0,
        ),
    ],
    of_writer=True,
)


def financing(prepared: Prepared) -> list[Signal]:
    """Return how the lead would pay: kind ``financing``, value ``loan``, ``cash`` or ``none``.

    >>> [(found.text, found.value) for found in financing(Prepared("No financing needed, paying cash"))]
    [('No financing needed', 'none'), ('cash', 'cash')]
    """
    return FINANCING.find(prepared)


def pre_approval(prepared: Prepared) -> list[Signal]:
    """Return how far approval is: kind ``pre_approval``; 0 not yet, 1 under way, 2 approved or cash.

    >>> said = ("We are not pre-approved yet", "getting preapproved next week", "pre approved for 450k", "paying cash")
    >>> [found.value for text in said for found in pre_approval(Prepared(text))]
    [0.0, 1.0, 2.0, 2.0]
    """
    if not prepared.marks & APPROVAL:
        return []
    found = [
        prepared.signal("pre_approval", *match.span(), level)
        for match in _APPROVAL.finditer(prepared.low)
        if (level := _level(prepared, match)) is not None
    ]
    return found + _CASH.find(prepared)


def _level(prepared: Prepared, match: re.Match[str]) -> float | None:
    before, after = prepared.before(match.start(), 90), prepared.after(match.end(), 60)
    clause = _SENTENCE_END.split(before)[-1]
    rest = _SENTENCE_END.search(after)
    if _NOT_YET_AFTER.match(after):
        return 0.0
    if _NOT_A_LOAN_AFTER.match(after) or _NOT_A_LOAN_BEFORE.search(clause):
        return None
    under_way = _UNDER_WAY.search(clause) or _UNDER_WAY_AFTER.match(after)
    if _NOT_YET.search(clause):
        return 1.0 if under_way and "process" in under_way[0] else 0.0
    if rest and rest[0] == "?" and _QUESTION_OPENS.match(clause):
        return None
    if under_way:
        return 1.0
    if "qual" in match[0]:
        return 1.0
    if "approval" in match[0] and "letter" not in match[0]:
        return 2.0 if _NOUN_HELD.search(clause) or re.match(r"\W{0,3}(?:yes|in hand|for|of|done)", after) else None
    return 2.0
