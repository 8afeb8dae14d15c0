"""Which model answers: changed only with cause, told on the live feed, noted in the audit log."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core import registry
from core.errors import ModelRefused, ModelUnavailable, StoreUnavailable
from core.leads import utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.comparison import Comparison, compare
from core.services.shadow import stop_shadow, watch_promotion

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@for_right(Right.MODELS)
def promote(center: CommandCenter, version: str, actor: str = audit.DASHBOARD, reason: str | None = None) -> None:
    """Let ``version`` answer when it is no worse than the present champion, or when a person says why all the same.

    Raises ModelRefused for one that is worse beyond the interval, or that nothing is known of, without a ``reason``;
    also what ``core.registry.promote`` raises. Nothing is changed then.
    """
    before = _champion(center)
    found = None if before in (None, version) else _compared(center, str(before), version)
    given = (reason or "").strip()
    if found is not None and not given:
        _refuse_a_worse_one(found)
    registry.promote(center.models_dir, center.data_dir, version)
    center.look_for_promotion()
    details: dict[str, Any] = {"before": before} | ({"reason": given} if given else {})
    if found is not None:
        details |= {"compared_on": found.on} | {one.name: [one.low, one.high] for one in found.differences[:2]}
    audit.note(center, "model promoted", version, actor, **details)
    if before not in (None, version):
        watch_promotion(center, str(before), version)
    tell(center, version, "promoted")


@for_right(Right.MODELS)
def roll_back(
    center: CommandCenter, actor: str = audit.DASHBOARD, reason: str | None = None, only_from: str | None = None
) -> str:
    """Let the version before the present one answer again; returns which. Raises what the registry raises."""
    before = _champion(center)
    version = registry.roll_back(center.models_dir, center.data_dir, only_from)
    center.look_for_promotion()
    audit.note(center, "model rolled back", version, actor, before=before, **({"reason": reason} if reason else {}))
    stop_shadow(center)
    tell(center, version, "rolled_back")
    return version


@for_right(Right.MODELS)
def retire(center: CommandCenter, version: str, actor: str = audit.DASHBOARD) -> None:
    """Never let ``version`` answer again. Raises what ``core.registry.retire`` raises."""
    registry.retire(center.models_dir, center.data_dir, version)
    stop_shadow(center, version)
    audit.note(center, "model retired", version, actor)


def _champion(center: CommandCenter) -> str | None:
    try:
        return registry.champion_version(center.models_dir, center.data_dir)
    except ModelUnavailable:
        return None


def _compared(center: CommandCenter, champion: str, version: str) -> Comparison | None:
    """None when the champion itself cannot be opened: any model that works is better."""
    registry.version_folder(center.models_dir, center.data_dir, version)
    if center.model_or_none is None:
        return None
    return compare(center, champion, version)


def _refuse_a_worse_one(found: Comparison) -> None:
    if not found.differences:
        raise ModelRefused(
            f"{found.second!r} cannot be compared with {found.first!r}: there is {found.on}. "
            "Promote it with a reason, which goes into the audit log"
        )
    if found.worse:
        told = "; ".join(f"{one.name} {one.second:.4f} against {one.first:.4f}" for one in found.worse)
        raise ModelRefused(
            f"{found.second!r} is worse than {found.first!r} on {found.leads:,} leads ({found.on}): {told}. "
            "Promote it with a reason, which goes into the audit log"
        )


def tell(center: CommandCenter, version: str, change: str) -> None:
    """Put a ``model_status`` event on the feed: ``change`` says what happened to the model."""
    from core.store.events import wire_time

    event = {
        "event_type": "model_status",
        "timestamp": wire_time(utc_now()),
        "model_version": version,
        "change": change,
    }
    with suppress(StoreUnavailable):  # the model answers all the same; nobody could be told
        center.store.add_event(event)
        center.wake_feed()
