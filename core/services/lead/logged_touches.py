"""Touches that a person logs on a lead's screen: what the team did that no program told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.errors import InputError, ModelRefused, ModelUnavailable
from core.leads import Direction, Interaction, InteractionKind, utc_now
from core.leads.clock import EARLIEST
from core.leads.text import LINE_CHARACTERS, storable
from core.services import audit
from core.services.access import own_lead

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_NOTE: Final = LINE_CHARACTERS


class Way(StrEnum):
    """How the team was in touch."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "e-mail"
    MEETING = "meeting"


class Went(StrEnum):
    """What came of a call. It is told to who reads on; figures count the call whatever came of it, as a CRM's."""

    TALKED = "talked"
    LEFT_MESSAGE = "left a message"
    NO_ANSWER = "no answer"


# A meeting is not yet a showing, which is an outcome, and counts among the features as one.
_KINDS: Final = {
    Way.CALL: InteractionKind.CALL,
    Way.TEXT: InteractionKind.SMS,
    Way.EMAIL: InteractionKind.EMAIL,
    Way.MEETING: InteractionKind.OTHER,
}
_WAYS: Final = {kind: way for way, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a change of the touches came to; ``done`` is False when there was nothing to change.

    ``before`` and ``after`` are scores of 0 to 100, None where there is none: ``after`` while no model answers.
    """

    done: bool
    before: float | None = None
    after: float | None = None


def log_touch(
    center: CommandCenter, lead_id: str, way: Way, at: datetime, went: Went | None = None, note: str = ""
) -> Rescored:
    """Keep that the team was in touch with a lead at an aware moment, and score the lead anew.

    Raises NotFound, StoreUnavailable, and InputError for a moment before 2000 or still to come, or a note too long.
    """
    own_lead(center, lead_id)
    touch = _touch(way, at, went, note)
    if not center.store.logged.add(lead_id, touch):
        return Rescored(done=False)
    return _scored_anew(center, lead_id, "touch logged", touch)


def take_back_touch(center: CommandCenter, lead_id: str, touch: Interaction) -> Rescored:
    """Forget a touch that was logged by mistake, and score the lead anew. Raises NotFound, StoreUnavailable."""
    own_lead(center, lead_id)
    if not center.store.logged.take_back(lead_id, touch):
        return Rescored(done=False)
    return _scored_anew(center, lead_id, "touch taken back", touch)


def way_of(touch: Interaction) -> Way:
    """How the team was in touch, of a touch that was logged."""
    return _WAYS[touch.kind]


def _touch(way: Way, at: datetime, went: Went | None, note: str) -> Interaction:
    """The note is the team's: no signal is read from what is outbound."""
    if not EARLIEST <= at <= utc_now():
        raise InputError(f"the moment is {at:%Y-%m-%d %H:%M}; must be between 2000-01-01 and now")
    if went is not None and way is not Way.CALL:
        raise InputError(f"{went} was told of a {way}; only of a call is told how it went")
    if len(note) > MOST_NOTE:
        raise InputError(f"the note has {len(note):,} characters; must have at most {MOST_NOTE}")
    try:
        text = storable(note).strip()
    except ValueError as error:
        raise InputError(f"the note {error}") from error
    subject = way.capitalize() if way is Way.MEETING else went and went.capitalize()
    return Interaction(
        occurred_at=at, kind=_KINDS[way], direction=Direction.OUTBOUND, subject=subject, text=text or None
    )


def _scored_anew(center: CommandCenter, lead_id: str, action: str, touch: Interaction) -> Rescored:
    """As after any other touch: the score, and with it the feed, moves at once."""
    from core.services.scores.scoring import score_stored

    known = center.store.scores(lead_id, most=1)
    before = known[0].score.ml_score if known else None
    try:
        after = score_stored(center, lead_id).score.ml_score
    except (ModelUnavailable, ModelRefused):  # the touch is kept all the same
        after = None
    audit.note(center, action, audit.mark([lead_id]), way=way_of(touch).value)
    return Rescored(True, before, after)
