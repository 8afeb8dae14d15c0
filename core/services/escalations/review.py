"""What a person does with an escalation: reads it, asks at once, agrees with the model, or sets a tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import InputError
from core.escalation import Reason
from core.leads import utc_now
from core.scoring import Tier
from core.services import audit
from core.services.access import Right, for_right, own_lead
from core.services.escalations import backlog
from core.services.escalations.desk_state import DeskState, State
from core.store import Override
from core.store.opinions import Status, StoredOpinion

if TYPE_CHECKING:
    from core.services.center import CommandCenter

AGREED, REASON = "agrees with the model", "Decided on review, in place of a second opinion"
BACKLOG_FROM = 50


@dataclass(frozen=True, slots=True)
class SecondReading:
    """A lead's escalations, newest first: ``latest`` whatever became of it, ``opinion`` the newest that was answered.

    ``desk`` says how asking goes beside this process, None where no server runs.
    """

    latest: StoredOpinion | None
    opinion: StoredOpinion | None
    desk: State | None
    is_set_up: bool


def second_reading(center: CommandCenter, lead_id: str) -> SecondReading:
    """What the lead's own screen shows. Raises StoreUnavailable."""
    own_lead(center, lead_id)
    rows = center.store.opinions.of_lead(lead_id)
    answered = [row for row in rows if row.status is Status.ANSWERED or row.answer is not None]
    return SecondReading(
        latest=rows[0] if rows else None,
        opinion=answered[0] if answered else None,
        desk=desk_state(center),
        is_set_up=is_set_up(center),
    )


def for_review(center: CommandCenter, most: int, skip: int = 0, *, by_commission: bool = False) -> list[StoredOpinion]:
    """What waits or got no opinion, of the leads that the actor sees: newest first, or the largest commission first."""
    return center.store.opinions.for_review(most, skip, center.actor.seen_by, by_commission=by_commission)


def to_review(center: CommandCenter) -> int:
    """How many ``for_review`` has in all. Raises StoreUnavailable."""
    return center.store.opinions.to_review(center.actor.seen_by)


def count(center: CommandCenter, status: Status) -> int:
    """How many escalations of the leads that the actor sees are in ``status``. Raises StoreUnavailable."""
    return center.store.opinions.count(status, center.actor.seen_by)


def is_set_up(center: CommandCenter) -> bool:
    """Whether there is a key with which Claude can be asked."""
    key = center.settings.anthropic_api_key
    return key is not None and bool(key.get_secret_value().strip())


def desk_state(center: CommandCenter) -> State | None:
    """How asking goes beside this process; None where no server runs."""
    return None if center.background is None else center.background.desk


def ask_now(center: CommandCenter, lead_id: str) -> int:
    """Put a lead before all others; the opinion arrives on the feed. Raises NotFound for one without a score."""
    own_lead(center, lead_id)
    opinion_id = center.store.opinions.request(lead_id, center.actor.name)
    center.performance.escalated(Reason.REQUESTED.value)
    center.wake_feed()
    return opinion_id


def agree(center: CommandCenter, opinion_id: int) -> bool:
    """A person agrees with the model's tier; False when somebody was faster. Raises NotFound."""
    own_lead(center, center.store.opinions.one(opinion_id).lead_id)
    return center.store.opinions.decide(opinion_id, AGREED, center.actor.name)


def set_tier(center: CommandCenter, opinion_id: int, tier: Tier) -> bool:
    """A person sets the tier, as an override that stands before the model's; False when somebody was faster.

    Raises NotFound for an escalation that is not there.
    """
    row = center.store.opinions.one(opinion_id)
    own_lead(center, row.lead_id)
    by = center.actor.name
    override = Override(row.lead_id, tier, REASON, by, utc_now())
    done = center.store.opinions.decide(opinion_id, f"set to {tier.value}", by, override)
    if done:
        audit.note(center, "tier set by hand", audit.mark([row.lead_id]), tier=tier.value)
    return done


@for_right(Right.ALL_LEADS)
def ask_backlog(center: CommandCenter) -> None:
    """Hand in all that waits as one batch at half the price; the answers take up to a day.

    Raises InputError while Claude is not set up, or fewer than 50 wait.
    """
    waiting = center.store.opinions.count(Status.WAITING)
    if not is_set_up(center):
        raise InputError("no key for Claude is set; set ANTHROPIC_API_KEY and start again")
    if waiting <= BACKLOG_FROM:
        raise InputError(f"{waiting} wait; a batch is made of more than {BACKLOG_FROM}, fewer are asked one by one")
    center.set_setting(backlog.WANTED, True)


def stopped(state: State | None) -> bool:
    """Whether nothing is being asked at the moment."""
    return state is None or state.now is not DeskState.ASKING
