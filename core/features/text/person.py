"""Work, experience with real estate, and the trade's own terms."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.features.signal import Signal
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared
from core.features.text.vocabulary import words_of

STEADY, EMPLOYED, UNSTEADY, OUT_OF_WORK = 0.9, 0.7, 0.4, 0.1
_IS_ONE = re.compile(
    r"\b(?:i'm|im|i am|he is|he's|she is|she's|husband is|wife is|partner is|work(?:s|ing)? as|as) an? "
    r"(?:\w{1,14} ){0,2}$|\bindependent $"
)
_OTHERS = words_of("""
    who they owner owners seller sellers neighbor neighbors neighbour neighbours builder builders landlord landlords
    friend friends parent parents brother brothers sister sisters investor investors somebody someone
""")
_BETWEEN = words_of("just recently originally already")
_TO_INVESTORS = re.compile(r"\b(?:to|by|against) (?:an? |some |other |the )?(?:cash )?investors?$")
_INVESTORS_ACT = re.compile(
    r"(?:(?<=investo)r|(?<=investor)s) (?:bought|offered|keeps?|outbid|owns?|owned|beat|got|snatch\w*|grab\w*|flipped|"
    r"are|from|group)\b"
)


def _irregular(match: re.Match[str]) -> float | None:
    """The work of who writes; who only has a contractor is none."""
    if match[0] != "contractor" or _IS_ONE.search(match.string[max(0, match.start() - 50) : match.start()]):
        return UNSTEADY
    return None


def _unless_others(value: float) -> Callable[[re.Match[str]], float | None]:
    """``value`` unless the words around speak of somebody else: "the seller bought it", "an investor outbid us"."""

    def told(match: re.Match[str]) -> float | None:
        low, start, end = match.string, *match.span()
        before = low[max(0, start - 40) : start].split()
        if before and before[-1] in _BETWEEN:
            before.pop()
        if before and before[-1] in _OTHERS:
            return None
        if "investor" not in match[0]:
            return value
        acts = _TO_INVESTORS.search(low[max(0, start - 20) : end]) or _INVESTORS_ACT.match(low, end - 1)
        return None if acts else value

    return told


EMPLOYMENT = phrases(
    "employment",
    "job jobs work works working worked employed employer employment salary salaried tenured tenure w-2 w2 laid "
    "unemployed "
    "freelance freelancer freelancing contractor 1099 retired retiring retirement pension military army navy "
    "marines teacher nurse "
    "engineer doctor physician self-employed self part-time part full-time full permanent company promotion "
    "promoted hired "
    "career government federal professor firefighter police officer attorney lawyer accountant pharmacist gig "
    "seasonal "
    "layoff fired pcs income",
    [
        (
            r"(?:work|works|working) (?:for (?:me|us|you|him|her|them)|with (?:me|you|us|an agent|a realtor|"
            r"someone|another)|on|out|"
            r"well|great|fine|best|better|around|perfectly|hours)|good job|great job|nice job|in-law work|"
            r"work (?:done|needed)|no w-?2s?|(?:military|army|navy|marines?) (?:bases?|posts?|housing)|"
            r"full[- ]time (?:maintenance|tenants?|renters?|agents?|realtors?|residents?|residences?|living|homes?|use|"
            r"student|staff|property manager)|"
            r"(?:doesn't|won't|would|will|could|might|should|can|does|that|this|it|times?) works?|needs? (?:some |"
            r"a lot of )?work|"
            r"(?:not|never) (?:laid off|unemployed)",
            None,
        ),
        (
            r"laid off|unemployed|lost (?:my|his|her|our) job|between jobs|out of work|(?:was|got|been) fired|"
            r"no job|no income|"
            r"(?:looking|searching) for (?:a |new )?(?:job|work)|not (?:currently )?(?:working|employed)",
            OUT_OF_WORK,
        ),
        (
            r"self[- ]employed|freelanc(?:e|er|ing)|part[- ]time|contract (?:work|job|position|basis)|"
            r"contractor|"
            r"1099|gig work|seasonal (?:work|job)|temp(?:orary)? job|commission[- ]only",
            _irregular,
        ),
        (
            r"full[- ]time|permanent (?:job|position|role|employee)|salaried|w-?2|tenured?|pension|retired|"
            r"active duty|military|pcs|"
            r"(?:government|federal|state|city|county) (?:job|employee|worker)|(?:same|current) (?:job|company|"
            r"employer)|"
            r"(?:stable|steady|secure) (?:job|income|work|employment)|(?:been )?(?:with|"
            r"at) \w{1,20} for (?:\d{1,2}|ten|five|six|"
            r"seven|eight|nine|over \w{1,6}|almost \w{1,6}) years|promot(?:ed|ion)|"
            r"(?:we )?both work(?: full[- ]time)?|"
            r"(?:two|dual|double) incomes?|\d{1,2}\+? years (?:at|with) (?:my|the same|our)",
            STEADY,
        ),
        (
            r"(?:i|we|husband|wife|he|she|partner) (?:currently )?works? (?:at|for|as|in|from|downtown|remotely)|"
            r"(?:i'm|im|i am|we're|wife is|husband is|she is|he is|as) an? (?:\w{1,14} ){0,2}?(?:teacher|nurse|"
            r"engineer|doctor|"
            r"physician|professor|firefighter|police officer|attorney|lawyer|accountant|pharmacist|developer|"
            r"manager|electrician)|"
            r"(?:my|our|his|her|new|the) (?:new )?(?:job|work|employer|career)|(?:relocat|"
            r"mov)ing (?:(?:from|to) (?:\w{1,12} ){1,3}){0,2}for (?:\w{1,8} )?(?:work|job)|"
            r"(?:start|starting|started|accepted|took|got|have|transfer) (?:a |an |my )?(?:new |good )?(?:job|"
            r"position)|job (?:offer|"
            r"transfer|relocation|starts?)|employed|hired|working (?:at|for|as|from home|remotely)|"
            r"work (?:remotely|from home)",
            EMPLOYED,
        ),
    ],
    of_writer=True,
)
EXPERIENCE = phrases(
    "experience",
    "investor investors invest investing investment investments rental rentals landlord flip flipper flipping "
    "flips 1031 portfolio "
    "bought sold own owned owner owners homeowner homeowners selling sell purchased first first-time firsttime "
    "second third fourth fifth last previous existing present current currently previously airbnb airbnbs brrrr "
    "investor's never list listing i've we've new vacation old",
    [
        (
            r"(?:not|isn't|no) (?:an? )?(?:investors?|flippers?|investment)|investor owned|house (?:was|is) flipped|"
            r"(?:our|my|the|his|her|current|your|with a?|a) landlords?",
            None,
        ),
        (
            r"not (?:my|our) first (?:home|house|rodeo|purchase|time)",
            _unless_others(1.0),
        ),
        (
            r"(?:(?:our|my|the|his|her) )?(?:very )?first[- ](?:time )?(?:home ?|house ?)?(?:buyers?|purchase|"
            r"time buying|home|house)|"
            r"first[- ]time|never (?:bought|owned|purchased)|(?:new|brand new) to (?:this|buying|the process)|"
            r"firsttime \w{1,8}",
            0.0,
        ),
        (
            r"(?:real estate )?investors?|invest(?:ing)? in (?:real estate|rentals?|propert\w{1,4})|"
            r"investment propert(?:y|ies)|"
            r"rental propert(?:y|ies)|landlords?|1031(?: exchange)?|(?:my|our) portfolio|portfolio of|flip(?:s|per|"
            r"pers|ping)?|brrrr|"
            r"(?:own|bought|sold|owned|purchased|have) (?:\w{1,10} ){0,2}?(?:several|multiple|many|two|three|four|"
            r"five|six|"
            r"\d{1,2}) (?:\w{1,12} ){0,2}?(?:homes|houses|propert(?:ies)|rentals|condos|doors|units)|(?:third|"
            r"fourth|fifth) "
            r"(?:home|house|purchase)|airbnbs?",
            _unless_others(2.0),
        ),
        (
            r"(?:need|want|have|trying|looking|going|planning) to sell (?:the|a|her|his) (?:\w{1,12} ){0,2}?(?:home|"
            r"house|condo|townhouse|property)|"
            r"(?:sold|sell|selling|list|listing) (?:my|our) (?:\w{1,12} ){0,2}?(?:home|house|condo|townhouse|place|"
            r"property)|"
            r"(?:bought|purchased|owned) (?:\w{1,12} ){0,4}?(?:home|house|condo|townhouse|place|property|before)|"
            r"(?:have|we've|i've) (?:bought|sold|owned)|(?:my|our) (?:current|last|previous|old|existing|"
            r"present) (?:home|house|condo|"
            r"townhouse|place)|(?:we|i) (?:currently |already )?own(?:ed)?(?: (?:a|our|my|"
            r"the) (?:\w{1,12} ){0,2}?(?:home|house|condo|"
            r"townhouse|place|property))?|home ?owners?|(?:second|vacation) home|previously (?:owned|bought)",
            _unless_others(1.0),
        ),
    ],
    of_writer=True,
)
_TERMS = (
    r"escrow|earnest money|contingenc(?:y|ies)|contingent|appraisals?|apprais(?:e|ed)|inspections?|closing costs?|"
    r"comps|"
    r"comparables?|comparable sales|days on (?:the )?market|dom|mls|hoa|list price|asking price|cap rate|noi|roi|arv|"
    r"title (?:insurance|company|search)|seller (?:concessions?|credits?|financing)|concessions?|buyer'?s agent|"
    r"listing agent|"
    r"dual agency|pmi|ltv|dti|debt[- ]to[- ]income|loan[- ]to[- ]value|adjustable[- ]rate|fixed[- ]rate|arm loan|"
    r"rate buydown|buydown|"
    r"discount points|amortization|easements?|setbacks?|zoning|zoned|reo|short sale|foreclosures?|off[- ]market|"
    r"pocket listings?|escalation clause|due diligence|option period|disclosures?|survey|1031(?: exchange)?|"
    r"cash flow|"
    r"homestead exemption|property tax(?:es)?|equity|walk[- ]through|counter[- ]?offer(?:ed)?|under contract|"
    r"price per "
    r"(?:square foot|sq ?ft|sqft)|ppsf|rent[- ]back|leaseback|bridge loan|home warranty|deed|liens?|underwriting|"
    r"assessed value|special assessments?|square footage|turn[- ]?key|conventional loan|jumbo(?: loan)?|fha|va loan"
)
TERM = phrases(
    "term",
    "escrow earnest contingency contingencies contingent appraisal appraisals appraise appraised inspection "
    "inspections closing "
    "comps comparable comparables days dom mls hoa list asking cap noi roi arv title seller concession concessions "
    "buyer's buyers "
    "listing dual pmi ltv dti debt loan adjustable fixed arm buydown rate discount amortization easement easements "
    "setback "
    "setbacks zoning zoned reo short foreclosure foreclosures off pocket escalation due option disclosure "
    "disclosures survey 1031 "
    "cash homestead property equity walk walkthrough counter counteroffer under price ppsf rent leaseback bridge "
    "warranty deed lien "
    "liens underwriting assessed assessment assessments square turnkey turn conventional jumbo fha va",
    [(r"price survey|short sale price drop|equity (?:firm|partner)", None), (_TERMS, lambda match: match[0])],
)


def employment(prepared: Prepared) -> list[Signal]:
    """Return words on work, kind ``employment``: 0.9 steady, 0.7 employed, 0.4 irregular, 0.1 out of work.

    >>> text = "I work at Dell full-time. That works for me."
    >>> [(found.text, found.value) for found in employment(Prepared(text))]
    [('I work at', 0.7), ('full-time', 0.9)]
    """
    return EMPLOYMENT.find(prepared)


def experience(prepared: Prepared) -> list[Signal]:
    """Return words on homes bought or sold before, kind ``experience``: 0 none, 1 some, 2 investor or several.

    >>> said = ("We are first-time buyers", "we sold our house", "I own three rental properties")
    >>> [found.value for text in said for found in experience(Prepared(text))]
    [0.0, 1.0, 2.0]
    """
    return EXPERIENCE.find(prepared)


def terms(prepared: Prepared) -> list[Signal]:
    """Return the trade's terms, kind ``term``.

    >>> [found.text for found in terms(Prepared("Is the appraisal contingency waived? What is the HOA?"))]
    ['appraisal', 'contingency', 'HOA']
    """
    return TERM.find(prepared)
