"""Which model answers: changed only with cause, told on the live feed, noted in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import ModelUnavailable
from core.services import audit
from core.services.access import Right, for_right
from core.services.model.comparison import Comparison, compare, open_version, refuse_a_worse_one, refuse_for_files_alone
from core.services.model.model_events import tell
from core.services.model.shadow import stop_shadow, watch_promotion
from core.services.model.trials import over

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@for_right(Right.MODELS)
def promote(center: CommandCenter, version: str, reason: str | None = None) -> None:
    """Let ``version`` answer when it is no worse than the present champion, or when a person says why all the same.

    Raises ModelRefused for one that is worse beyond the interval, that nothing is known of, or that only files can use,
    without a ``reason``; also what ``ModelRegistry.promote`` raises. Nothing is changed then.
    """
    before = _champion(center)
    given = (reason or "").strip()
    if not given:
        refuse_for_files_alone(
            open_version(center, version),
            f"Use it on files: jorge score IN.csv --model {version}; or promote it with a reason, "
            "which goes into the audit log",
        )
    found = None if before in (None, version) else _compared(center, str(before), version)
    if found is not None and not given:
        refuse_a_worse_one(found)
    center.registry.promote(version)
    center.look_for_promotion()
    details: dict[str, Any] = {"before": before} | ({"reason": given} if given else {})
    if found is not None:
        details |= {"compared_on": found.on} | {one.name: [one.low, one.high] for one in found.differences[:2]}
    audit.note(center, "model promoted", version, **details)
    over(center, version, f"{version} answers all leads")
    if before not in (None, version):
        watch_promotion(center, str(before), version)
    tell(center, version, "promoted")


@for_right(Right.MODELS)
def roll_back(center: CommandCenter, reason: str | None = None, only_from: str | None = None) -> str:
    """Let the version before the present one answer again; returns which. Raises what the registry raises."""
    before = _champion(center)
    version = center.registry.roll_back(only_from)
    center.look_for_promotion()
    audit.note(center, "model rolled back", version, before=before, **({"reason": reason} if reason else {}))
    over(center, version, f"{version} answers all leads")
    stop_shadow(center)
    tell(center, version, "rolled_back")
    return version


@for_right(Right.MODELS)
def retire(center: CommandCenter, version: str) -> None:
    """Never let ``version`` answer again. Raises what ``ModelRegistry.retire`` raises."""
    center.registry.retire(version)
    stop_shadow(center, version)
    audit.note(center, "model retired", version)
    over(center, version, f"{version} is retired", only=version)


def _champion(center: CommandCenter) -> str | None:
    try:
        return center.registry.champion()
    except ModelUnavailable:
        return None


def _compared(center: CommandCenter, champion: str, version: str) -> Comparison | None:
    """None when the champion itself cannot be opened: any model that works is better."""
    center.registry.folder(version)
    if center.model_or_none is None:
        return None
    return compare(center, champion, version)
