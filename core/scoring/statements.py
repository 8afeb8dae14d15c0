"""What a feature's value says, in the words of an agent."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from core.features.catalog import CATALOG, UNKNOWN

_HOURS_A_DAY = 24.0
_FEW_HOURS = 10.0  # of fewer, half an hour more or less is worth telling


def _duration(hours: float) -> str:
    if hours < 1:
        minutes = max(1, round(hours * 60))
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    if hours < 1.5:
        return "an hour"
    if hours < _FEW_HOURS:
        return f"{f'{hours:.1f}'.removesuffix('.0')} hours"
    if hours < 2 * _HOURS_A_DAY:
        return f"{round(hours)} hours"
    return f"{round(hours / _HOURS_A_DAY)} days"


def _count(value: float, one: str, many: str) -> str:
    number = round(value)
    return f"{'No' if number == 0 else number} {one if number == 1 else many}"


def _percent(value: float) -> str:
    return f"{round(100 * value)} %"


def _graded(value: float, low: str, middle: str, high: str) -> str:
    return low if value < 1 / 3 else middle if value < 2 / 3 else high


def _level(*words: str) -> Callable[[float], str]:
    return lambda value: words[min(int(value), len(words) - 1)]


_STATEMENTS: Final[dict[str, Callable[[float], str]]] = {
    "response_time_hours": lambda v: f"Answers {'within' if v <= 24 else 'after'} {_duration(v)}",
    "response_rate": lambda v: f"Answered {_percent(v)} of our messages",
    "interaction_count": lambda v: f"{_count(v, 'touch', 'touches')} in 90 days",
    "interactions_last_7_days": lambda v: f"{_count(v, 'touch', 'touches')} in the last 7 days",
    "days_since_last_interaction": lambda v: (
        "Heard from today" if v < 1 else f"Last heard from {_duration(v * _HOURS_A_DAY)} ago"
    ),
    "price_range_mentioned": _level("Named no price", "Named a price", "Named a price range"),
    "budget_midpoint_usd": lambda v: f"Budget around ${v:,.0f}",
    "budget_clarity": lambda v: _graded(v, "Budget is vague", "Budget is a wide range", "Budget is clear"),
    "financing_mentioned": _level("Has not spoken of financing", "Spoke of financing"),
    "timeline_urgency": lambda v: _graded(v, "Is in no hurry", "Plans to move within months", "Wants to move soon"),
    "deadline_mentioned": _level("Named no binding date", "Named a date that binds"),
    "location_specificity": _level(
        "Named no location",
        "Named a city or region",
        "Named a neighbourhood or ZIP",
        "Named a street or listing",
    ),
    "areas_named": lambda v: f"{_count(v, 'area', 'areas')} named",
    "family_size_mentioned": _level("Did not speak of family size", "Spoke of family size"),
    "school_interest": _level("Did not ask about schools", "Asked about schools"),
    "pre_approval": _level("No pre-approval known", "Pre-approval under way", "Pre-approved or paying cash"),
    "job_stability_score": lambda v: _graded(v, "Few signs of steady work", "Some signs of steady work", "Steady work"),
    "previous_real_estate_experience": _level(
        "No earlier purchase or sale known", "Has bought or sold before", "Investor or owner of several"
    ),
    "market_knowledge": lambda v: _graded(
        v, "Uses few of the trade's terms", "Knows some of the trade's terms", "Knows the trade's terms"
    ),
    "message_length_avg": lambda v: f"Writes {v:.0f} characters a message",
    "questions_asked": lambda v: f"{_count(v, 'question', 'questions')} asked",
    "question_depth": lambda v: f"{_percent(v)} of the questions are on specifics",
    "property_views": lambda v: f"{_count(v, 'listing', 'listings')} viewed in 30 days",
    "showing_requests": lambda v: f"{_count(v, 'showing', 'showings')} asked for",
    "jorge_engagement_score": lambda v: f"Engagement with the bot: {_percent(v)}",
    "jorge_buying_signals": lambda v: _count(v, "buying signal in conversation", "buying signals in conversation"),
    "jorge_objection_handling": lambda v: _count(v, "objection resolved", "objections resolved"),
    "jorge_rapport_score": lambda v: f"Rapport in conversation: {_percent(v)}",
}


_NOT_KNOWN: Final = {item.name: f"{item.label}: not known" for item in CATALOG}


@lru_cache(maxsize=1_024)  # a lead's counts and levels are few numbers, and come again and again
def statement(feature: str, value: float) -> str:
    """Say what ``value`` of ``feature`` means; UNKNOWN is said to be unknown.

    >>> statement("response_time_hours", 2.0)
    'Answers within 2 hours'
    >>> statement("pre_approval", -1.0)
    'Pre-approval: not known'
    """
    return _NOT_KNOWN[feature] if value == UNKNOWN else _STATEMENTS[feature](value)
