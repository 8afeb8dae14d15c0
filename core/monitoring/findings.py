"""Three ways in which a model ages, told apart, because each asks for something else.

The mix of leads changed: what is said may still be right; look at it. The base rate changed: the order holds, the
level does not; calibrate anew. The order broke: what made leads convert is another thing now; train anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from core.monitoring.drift import FEWEST as FEWEST_LEADS
from core.monitoring.drift import Drift
from core.monitoring.live import FEWEST, FEWEST_OF_A_KIND, Live, auc_error
from core.words import counted

SURE: Final = 2.576  # standard errors: 1 % of looks at a model that is as it was
NOTICEABLE_RATE: Final = 0.02
NOTICEABLE_AUC: Final = 0.03


class Subject(StrEnum):
    """What a finding is about."""

    MIX = "mix of leads"
    BASE_RATE = "base rate"
    ORDER = "order"


class Verdict(StrEnum):
    """What a finding says."""

    STEADY = "steady"
    CHANGED = "changed"
    TOO_FEW = "too few to tell"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of the three, with a sentence on what it rests on."""

    subject: Subject
    verdict: Verdict
    told: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The order of the model on its held-out leads: its ROC AUC and how many of either kind it rests on."""

    roc_auc: float
    converted: int
    others: int


def findings(drift: Drift | None, live: Live | None, held_out: Measured | None) -> tuple[Finding, Finding, Finding]:
    """Mix, base rate and order. ``drift`` is None without a reference, ``live`` without outcomes."""
    return _mix(drift), _base_rate(live), _order(live, held_out)


def _mix(drift: Drift | None) -> Finding:
    if drift is None:
        return Finding(Subject.MIX, Verdict.UNKNOWN, "This version was registered without leads to compare with.")
    if drift.too_few:
        told = f"{counted(drift.now, 'new lead')} so far; {FEWEST_LEADS} are needed."
        return Finding(Subject.MIX, Verdict.TOO_FEW, told)
    changed = len(drift.changed)
    told = f"{changed} of {len(drift.shifts)} distributions changed, by {counted(drift.now, 'new lead')}."
    return Finding(Subject.MIX, Verdict.CHANGED if changed else Verdict.STEADY, told)


def _base_rate(live: Live | None) -> Finding:
    if live is None or live.too_few:
        return Finding(Subject.BASE_RATE, Verdict.TOO_FEW, _missing(live))
    happened = live.converted / live.leads
    told = f"Said {live.said:.1%} on average; {live.converted:,} of {live.leads:,} signed, {happened:.1%}."
    verdict = Verdict.CHANGED if _apart(live.too_many, happened - live.said) else Verdict.STEADY
    if verdict is Verdict.CHANGED and happened > live.said and not _more_whatever_comes(live):
        verdict = Verdict.UNKNOWN
        others = counted(live.still_open, "other of that time is", "others of that time are")
        told += f" {others} still open; whether more sign shows once the lost among them are marked."
    return Finding(Subject.BASE_RATE, verdict, told.replace("%", " %"))


def _more_whatever_comes(live: Live) -> bool:
    """Whether more converted than was said even if none of the open ones does.

    Who seldom says that a lead is lost has hardly any but signed ones among the decided.
    """
    share = live.converted / (live.leads + live.still_open)
    return _apart(live.more_at_least, share - live.said_of_all)


def _apart(errors: float, share: float) -> bool:
    return abs(errors) > SURE and abs(share) >= NOTICEABLE_RATE


def _order(live: Live | None, held_out: Measured | None) -> Finding:
    if live is None or live.too_few or live.roc_auc is None or live.roc_auc_error is None:
        return Finding(Subject.ORDER, Verdict.TOO_FEW, _missing(live))
    if held_out is None:
        return Finding(Subject.ORDER, Verdict.UNKNOWN, "This version came without held-out leads of both outcomes.")
    fell = held_out.roc_auc - live.roc_auc
    error = np.hypot(live.roc_auc_error, auc_error(held_out.roc_auc, held_out.converted, held_out.others))
    now = f"Tells leads apart: {live.roc_auc:.3f} on {counted(live.leads, 'decided lead')}"
    told = f"{now}; {held_out.roc_auc:.3f} when it was measured."
    changed = fell > SURE * error and fell >= NOTICEABLE_AUC
    return Finding(Subject.ORDER, Verdict.CHANGED if changed else Verdict.STEADY, told)


def _missing(live: Live | None) -> str:
    leads, converted = (0, 0) if live is None else (live.leads, live.converted)
    return (
        f"{counted(leads, 'decided lead')} so far, {converted:,} signed; {FEWEST} are needed, "
        f"{FEWEST_OF_A_KIND} of either outcome."
    )
