"""When a finding about the model turns: told on the feed and noted, once for each turn, whoever looks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.leads import utc_now
from core.monitoring.findings import Verdict
from core.services import audit
from core.services.access import WATCH
from core.services.model.live_quality import live_quality
from core.services.model.model_events import tell

if TYPE_CHECKING:
    from core.services.center import CommandCenter

VERDICTS: Final = "model_verdicts"
EVERY: Final = timedelta(hours=1)
SAID: Final = (Verdict.STEADY, Verdict.CHANGED)


def look_for_changes(center: CommandCenter) -> list[str]:
    """Compare the findings with those of the last look; tell of each that turned; returns their subjects.

    That too few leads are there is no turn: what was known last stays known; what cannot be known any more does not.
    Raises what ``live_quality`` raises.
    """
    found = live_quality(center, fresh_s=0.0)
    kept = center.setting(VERDICTS)
    before = kept if isinstance(kept, dict) and kept.get("version") == found.version else {}
    unknown = {one.subject.value for one in found.findings if one.verdict is Verdict.UNKNOWN}
    before = {subject: verdict for subject, verdict in before.items() if subject not in unknown}
    now = {one.subject.value: one.verdict.value for one in found.findings if one.verdict in SAID}
    turned = [
        one for one in found.findings
        if one.verdict in SAID and one.verdict.value != before.get(one.subject.value, Verdict.STEADY.value)
    ]  # fmt: skip
    verdicts = {"version": found.version, **before, **now}
    if verdicts != kept:
        center.set_setting(VERDICTS, verdicts)
    watch = center.acting_as(WATCH)
    for one in turned:
        audit.note(watch, f"{one.subject.value}: {one.verdict.value}", found.version, told=one.told)
        tell(center, found.version, f"{one.subject.value}: {one.verdict.value}")
    return [one.subject.value for one in turned]


def turned_away(center: CommandCenter) -> list[str]:
    """The subjects that stood as changed at the last hourly look, of the model that answers."""
    kept, model = center.setting(VERDICTS), center.model_or_none
    if not isinstance(kept, dict) or model is None or kept.get("version") != model.version:
        return []
    return [subject for subject, verdict in kept.items() if verdict == Verdict.CHANGED.value]


def look_when_due(center: CommandCenter) -> list[str]:
    """``look_for_changes`` once an hour, on one of several servers."""
    return look_for_changes(center) if center.store.turns.take("model findings", EVERY, utc_now()) else []
