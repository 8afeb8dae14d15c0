"""Tells the CRM what we know of a lead: score, tier and reasons in custom fields, when they moved enough.

A thread of the process beside the server, so that no score waits for it. What is to be told follows from the record;
nothing is lost by a restart, and what was told is not told again. One server at a time has the turn to write, so that
the service's limit holds over all of them.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from core.errors import CrmUnavailable, InputError, JorgeError, NotFound
from core.escalation.circuit import Circuit
from core.leads import utc_now
from core.services.access import Right, for_right
from core.services.audit import set_and_note
from core.services.running.repeated import Repeated

if TYPE_CHECKING:
    from core.crm import GoHighLevel
    from core.services.center import CommandCenter
    from core.store.crm.writing import ToWrite, WriteCounts

WRITING, STATE = "crm_write_on", "crm_write_state"
WINDOW_S: Final = 10.0
LOOK_S: Final = 1.0
AT_ONCE: Final = 20
LONGEST_PAUSE_S, FIRST_PAUSE_S = 3_600.0, 4.0
REFUSED_AGAIN: Final = timedelta(days=1)
_log = logging.getLogger(__name__)


def can_write(center: CommandCenter) -> bool:
    """Whether token and at least one field are set."""
    return center.settings.jorge_ghl_api_token is not None and bool(fields_of(center))


def is_on(center: CommandCenter) -> bool:
    """Whether scores are written back: only when somebody switched it on."""
    return can_write(center) and center.setting(WRITING) is True


@for_right(Right.SETTINGS)
def set_on(center: CommandCenter, on: bool) -> None:
    """Begin or stop writing back. Raises InputError without token and field, StoreUnavailable."""
    if on and not can_write(center):
        raise InputError("set JORGE_GHL_API_TOKEN and at least one field, such as JORGE_GHL_SCORE_FIELD, first")
    set_and_note(center, WRITING, on)


def fields_of(center: CommandCenter) -> dict[str, str]:
    """The ids of the CRM's fields by what they take: ``score``, ``tier``, ``reasons``."""
    settings = center.settings
    told = {
        "score": settings.jorge_ghl_score_field,
        "tier": settings.jorge_ghl_tier_field,
        "reasons": settings.jorge_ghl_reasons_field,
    }
    return {name: field.strip() for name, field in told.items() if field.strip()}


def counts(center: CommandCenter) -> WriteCounts:
    """How many contacts the CRM was told of, and how many wait. Raises StoreUnavailable."""
    return center.store.crm.writing.counts(_moved(center))


def problem(center: CommandCenter) -> tuple[str, datetime] | None:
    """Why nothing is written at the moment, and until when; None while it works."""
    kept = center.setting(STATE)
    if not isinstance(kept, dict) or not kept.get("problem"):
        return None
    until = datetime.fromisoformat(kept["until"])
    return (str(kept["problem"]), until) if until > utc_now() - timedelta(minutes=10) else None


def _moved(center: CommandCenter) -> float:
    return center.settings.jorge_ghl_write_points / 100


class CrmWriter(Repeated):
    """Writes back for ``center`` from ``start`` to ``close``. Any number of servers may run one."""

    what = "Writing to the CRM"
    closing_s = 12.0  # a request that is under way

    def __init__(
        self,
        center: CommandCenter,
        circuit: Circuit | None = None,
        *,
        look_s: float = LOOK_S,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        super().__init__(look_s)
        self._center, self._first_pause_s = center, first_pause_s
        self._circuit = circuit or Circuit()
        self._crm: GoHighLevel | None = None
        self._turn_until = self._next_at = 0.0
        self._told: Any = None

    def close(self) -> None:
        """Stop after the request that is under way."""
        super().close()
        if self._crm is not None:
            self._crm.close()

    def _turn(self) -> None:
        if is_on(self._center) and self._has_turn():
            self._write()

    def _failed(self, problem: str) -> None:
        self._say(problem)

    def _has_turn(self) -> bool:
        """One of all servers writes for ten seconds at a time."""
        if monotonic() < self._turn_until:
            return True
        began = monotonic()
        if not self._center.store.turns.take("crm_write", timedelta(seconds=WINDOW_S), utc_now()):
            return False
        self._turn_until = began + WINDOW_S - 0.5
        return True

    def _write(self) -> None:
        writing = self._center.store.crm.writing
        if self._circuit.state.state == "open" and (self._circuit.wait_s() or 0) > 0:
            return
        self._circuit.given_up()
        left = writing.claim(_moved(self._center), utc_now(), AT_ONCE)
        while left and not self._closing.is_set() and monotonic() < self._turn_until:
            if not self._tell(left.pop(0)):
                break
        for told in left:
            writing.put_back(told)

    def _tell(self, told: ToWrite) -> bool:
        """Tell the CRM of one contact; False when the others should wait."""
        writing = self._center.store.crm.writing
        self._closing.wait(max(0.0, self._next_at - monotonic()))
        if self._circuit.wait_s() is not None:
            writing.put_back(told)
            return False
        try:
            self._send(told)
        except CrmUnavailable as error:
            self._circuit.failed(error.retry_after_s)
            writing.failed(told, str(error), utc_now() + self._pause(told.tries, error.retry_after_s))
            self._say(str(error))
            return self._circuit.state.state == "closed"
        except (InputError, NotFound) as error:
            self._circuit.worked()
            writing.failed(told, str(error), utc_now() + REFUSED_AGAIN)
            return True
        self._circuit.worked()
        writing.written(told, utc_now())
        self._say(None)
        return True

    def _send(self, told: ToWrite) -> None:
        values = self._values(told)
        try:
            self._open().set_fields(told.contact_id, values)
        finally:  # counted from the end, so that a slow request does not push the next ones together
            self._next_at = monotonic() + WINDOW_S / self._center.settings.jorge_ghl_most_requests

    def _values(self, told: ToWrite) -> dict[str, str | float]:
        score = self._center.store.latest_score(told.lead_id)
        values: dict[str, str | float] = {
            "score": round(100 * told.probability, 1),
            "tier": told.tier,
            "reasons": "\n".join(score.reasons[:3]),
        }
        return {field: values[name] for name, field in fields_of(self._center).items()}

    def _pause(self, tries: int, wanted_s: float | None) -> timedelta:
        """Twice as long each time, more or less by half, so that many do not come back at once."""
        pause_s = min(self._first_pause_s * 2 ** min(tries - 1, 12), LONGEST_PAUSE_S) * random.uniform(0.5, 1.5)  # noqa: S311
        return timedelta(seconds=max(pause_s, wanted_s or 0.0))

    def _open(self) -> GoHighLevel:
        if self._crm is None:
            from core.crm import GoHighLevel

            token = self._center.settings.jorge_ghl_api_token
            self._crm = GoHighLevel(self._center.settings.jorge_ghl_api_url, token.get_secret_value() if token else "")
        return self._crm

    def _say(self, problem: str | None) -> None:
        """For the settings page, which is another process: only what changed."""
        state = self._circuit.state
        told = (problem, state.state)
        if told == self._told:
            return
        until = state.open_until or utc_now()
        try:
            self._center.set_setting(STATE, {"problem": problem, "circuit": state.state, "until": until.isoformat()})
            self._told = told
        except JorgeError as error:
            _log.warning("%s", error)
