"""Budget signals: what the lead would spend, how exactly it says so, and how it would pay."""

from __future__ import annotations

import re

from core.features.catalog import UNKNOWN
from core.features.evidence import Evidence
from core.features.signal import Signal
from core.features.text.fields import answer

_BUDGET_BEFORE = re.compile(
    r"\b(?:budget\w*|afford|spend\w*|up to|under|below|max\w*|between|approv\w+|qualif\w+|range|looking|pay\w*|"
    r"at most|"
    r"no more than|stay|limit)\b[^.!?\n]{0,30}$",
    re.IGNORECASE,
)
_APPROVED_BEFORE = re.compile(r"(?:approv|qualif)\w+\b[^.!?\n]{0,25}$", re.IGNORECASE)
_PAST_BEFORE = re.compile(r"\b(?:bought|paid|purchased|sold)\b[^.!?\n]{0,20}$", re.IGNORECASE)
_BUDGET_AFTER = re.compile(
    r"^\+? ?(?:max|tops|budget|or (?:less|under|below)|range|is (?:our|my) (?:max|limit))", re.IGNORECASE
)


def stated_range(evidence: Evidence) -> tuple[float, float] | None:
    """Return the lowest and highest price in dollars that the lead would pay; None when it named none.

    The newest message that speaks of a budget counts, else the lead's fields, else the newest price named. What the
    lead wants to spend stands before what it is approved for, and what it paid once after everything else.

    >>> from core.features.evidence import said
    >>> stated_range(said("My budget is 450-500k", "I saw one for $589,000"))
    (450000.0, 500000.0)
    >>> stated_range(said(price_max_usd=400_000))
    (400000.0, 400000.0)
    """
    prices = evidence.of("price")
    if not prices:
        return _of_fields(evidence)
    written = [signal for signal in prices if signal.message >= 0 or signal.field == "message"]
    budgets = [signal for signal in written if _speaks_of_budget(evidence, signal)]
    if budgets:
        return _widest(_rather(evidence, budgets, _APPROVED_BEFORE))
    return _of_fields(evidence) or (_widest(_rather(evidence, written, _PAST_BEFORE)) if written else None)


def _rather(evidence: Evidence, signals: list[Signal], words: re.Pattern[str]) -> list[Signal]:
    """The signals of the newest message that ``words`` do not lead up to, if there are such, else all of its own."""
    newest = [signal for signal in signals if signal.message == signals[-1].message]
    if len(newest) == 1:
        return newest
    text = evidence.text_of(newest[0])
    return [one for one in newest if not words.search(text[max(0, one.start - 60) : one.start])] or newest


def _widest(signals: list[Signal]) -> tuple[float, float]:
    """The range among the figures of a message where there is one, else the first figure."""
    bounds = [_bounds(signal) for signal in signals]
    return next((pair for pair in bounds if pair[0] < pair[1]), bounds[0])


def _bounds(signal: Signal) -> tuple[float, float]:
    if isinstance(signal.value, list):
        return float(signal.value[0]), float(signal.value[1])
    value = float(str(signal.value))
    return value, value


def _speaks_of_budget(evidence: Evidence, signal: Signal) -> bool:
    text = evidence.text_of(signal)
    before, after = text[max(0, signal.start - 60) : signal.start], text[signal.end : signal.end + 20]
    return _BUDGET_BEFORE.search(before) is not None or _BUDGET_AFTER.match(after) is not None


def _of_fields(evidence: Evidence) -> tuple[float, float] | None:
    named = [amount for amount in (evidence.lead.price_min_usd, evidence.lead.price_max_usd) if amount]
    if named:
        return float(min(named)), float(max(named))
    found = [signal for signal in evidence.of("price") if signal.field == "budget_range"]
    return _bounds(found[0]) if found else None


def price_range_mentioned(evidence: Evidence) -> float:
    """0 no price named, 1 one figure or bound, 2 a range.

    >>> from core.features.evidence import said
    >>> [price_range_mentioned(said(text)) for text in ("A house", "under 600k", "between 450 and 500")]
    [0.0, 1.0, 2.0]
    """
    stated = evidence.once(stated_range)
    if stated is None:
        return 0.0 if evidence.wrote or evidence.lead.budget_range else UNKNOWN
    return 2.0 if stated[0] < stated[1] else 1.0


def budget_midpoint_usd(evidence: Evidence) -> float:
    """Middle of the stated range, or the stated figure, in US dollars.

    >>> from core.features.evidence import said
    >>> budget_midpoint_usd(said(budget_range="500k-750k"))
    625000.0
    """
    stated = evidence.once(stated_range)
    return UNKNOWN if stated is None else (stated[0] + stated[1]) / 2


def budget_clarity(evidence: Evidence) -> float:
    """1 at one figure, less by the width of the range as a share of its middle, not below 0.

    >>> from core.features.evidence import said
    >>> [budget_clarity(said(budget_range=text)) for text in ("600k", "500k-750k", "100k-900k")]
    [1.0, 0.6, 0.0]
    """
    stated = evidence.once(stated_range)
    if stated is None:
        return UNKNOWN
    low, high = stated
    return max(0.0, 1 - (high - low) / ((low + high) / 2))


def financing_mentioned(evidence: Evidence) -> float:
    """1 when the lead spoke of a mortgage, a lender, a down payment or cash.

    >>> from core.features.evidence import said
    >>> financing_mentioned(said("My lender says yes")), financing_mentioned(said("Hello")), financing_mentioned(said())
    (1.0, 0.0, -1.0)
    """
    financing = answer(evidence.lead.financing)
    if financing:
        return 0.0 if financing in ("no", "false", "0") and not evidence.of("financing") else 1.0
    if any(signal.field == "pre_approval" and signal.value for signal in evidence.of("pre_approval")):
        return 1.0
    return evidence.mentioned("financing")
