"""Which channels the closings came by, by eight models; kept until the data change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from core.services.access import Right, for_right
from core.services.analyses.stage_ways import gci_cents, ways_of
from core.services.commission.commission_plans import plans
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.attribution import Model
    from core.analytics.stage_ways import Places, StageWays
    from core.analytics.touch_paths import Touches
    from core.services.center import CommandCenter
    from core.store.figures.touchpoints import Contacts

SOURCE_NOT_TOLD: Final = "Source not told"
TOGETHER: Final = "Other channels"
CONTACTS: Final = (  # in the order of core.store.figures.touchpoints.CONTACT_CHANNELS
    "Wrote an e-mail", "Sent a text", "Called", "Wrote in the chat", "Sent a form", "Looked at listings",
    "Asked to see a home", "Other contact",
)  # fmt: skip
LOOKBACKS: Final = {30: "30 days", 60: "60 days", 90: "90 days", 180: "180 days", 365: "A year", 0: "No limit"}
LOOKBACK_DAYS: Final = 180
HALF_LIFE_DAYS: Final = 14


class Kind(StrEnum):
    """Whether a channel is where leads came from, or what they did afterwards, or several of either."""

    SOURCE = "source"
    CONTACT = "contact"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel with its credits by model. ``label`` is unique in a table, ``sources`` the lead sources in it.

    ``leads`` came in from these sources, decided or not; ``touched`` are the decided leads with a touch of it.
    """

    label: str
    kind: Kind
    sources: tuple[str | None, ...]
    leads: int
    touched: int
    closings: Mapping[Model, float]
    gci_usd: Mapping[Model, float]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What became of the credit of all closings.

    ``unassigned`` closings have no touch within the lookback (or no date). ``still_open`` leads are left out.
    ``together`` are the channels under "Other channels".
    """

    channels: tuple[Channel, ...] = ()
    closings: int = 0
    lost: int = 0
    unassigned: int = 0
    still_open: int = 0
    touches: float = 0.0
    together: tuple[str, ...] = field(default=())


@for_right(Right.MONEY)
def attribution(center: CommandCenter, wanted: LeadFilter, lookback_days: int = LOOKBACK_DAYS,
                half_life_days: int = HALF_LIFE_DAYS) -> Attribution:  # fmt: skip
    """The credits of the closings of a filter's leads; a lookback of 0 days has no limit. Raises StoreUnavailable."""
    key = ("attribution", wanted, lookback_days, half_life_days, plans(center).first.side_rates)
    return center.analysed(key, lambda: _attribution(center, ways_of(center, wanted), lookback_days, half_life_days))


def _attribution(center: CommandCenter, ways: StageWays, lookback_days: int, half_life_days: int) -> Attribution:
    from core.analytics.attribution import attribute
    from core.analytics.stage_ways import LAST
    from core.analytics.touch_paths import largest_channels, paths_to, regrouped

    won = ways.furthest == LAST
    gci = np.nan_to_num(gci_cents(center, ways)) / 100.0
    touches = _touches(center, ways, won | ways.lost)
    kinds = len(ways.segments["source"].names) + len(CONTACTS)
    groups = largest_channels(touches, kinds)
    end = np.where(won, ways.at[LAST - 1], ways.lost_at)
    paths = paths_to(end, won, regrouped(touches, groups, kinds), len(groups), lookback_days or None)
    told = attribute(paths, gci, float(half_life_days))
    touched = paths.touched()
    arrived = np.bincount(ways.segments["source"].code, minlength=kinds)
    sources = ways.segments["source"].names
    labels = _labels(sources)
    channels = tuple(
        Channel(
            label=TOGETHER if len(group) > 1 else labels[group[0]],
            kind=_kind(group, len(sources)),
            sources=tuple(sources[one] for one in group if one < len(sources)),
            leads=int(sum(arrived[one] for one in group)),
            touched=int(touched[place]),
            closings={model: float(credit.conversions[place]) for model, credit in told.items()},
            gci_usd={model: float(credit.gci_usd[place]) for model, credit in told.items()},
        )
        for place, group in enumerate(groups)
    )
    with_touch = int(won.sum()) - paths.unassigned
    return Attribution(
        channels=channels,
        closings=int(won.sum()),
        lost=int(ways.lost.sum()),
        unassigned=paths.unassigned,
        still_open=int((~won & ~ways.lost).sum()),
        touches=float(paths.won[paths.lead].sum()) / with_touch if with_touch else 0.0,
        together=tuple(labels[one] for group in groups if len(group) > 1 for one in group),
    )


def _touches(center: CommandCenter, ways: StageWays, decided: Places) -> Touches:
    """The arrivals of the decided leads by their sources, and what these leads did after it."""
    from core.analytics.touch_paths import ARRIVAL_DAYS, Touches
    from core.store.figures.touchpoints import read_contacts

    told: Contacts = center.analysed("contacts", lambda: read_contacts(center.store.database))
    lead = _places(told.lead_ids, ways.lead_ids)[told.lead]
    arrived, sources = ways.at[0], ways.segments["source"]
    later = (lead >= 0) & decided[lead] & (told.day > arrived[lead] + ARRIVAL_DAYS)
    came = np.flatnonzero(decided & ~np.isnan(arrived))
    return Touches(
        np.concatenate((came, lead[later])),
        np.concatenate((sources.code[came], told.channel[later] + len(sources.names))),
        np.concatenate((arrived[came], told.day[later])),
    )


def _places(all_ids: Sequence[str], ids: Sequence[str]) -> Places:
    """Where each of all leads stands among ``ids``; -1 where it does not."""
    if all_ids == ids:
        return np.arange(len(ids), dtype=np.int64)
    number = {lead_id: place for place, lead_id in enumerate(ids)}
    return np.fromiter((number.get(lead_id, -1) for lead_id in all_ids), np.int64, len(all_ids))


def _labels(sources: Sequence[str | None]) -> list[str]:
    """The channels' names: those of the sources and of what leads did; a source named as another channel says so.

    >>> _labels(["Called", None])[:4]
    ['Called (source)', 'Source not told', 'Wrote an e-mail', 'Sent a text']
    """
    taken = {*CONTACTS, SOURCE_NOT_TOLD, TOGETHER}
    names = [SOURCE_NOT_TOLD if name is None else f"{name} (source)" if name in taken else name for name in sources]
    return [*names, *CONTACTS]


def _kind(group: Sequence[int], sources: int) -> Kind:
    if len(group) > 1:
        return Kind.TOGETHER
    return Kind.SOURCE if group[0] < sources else Kind.CONTACT
