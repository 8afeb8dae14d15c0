"""Works through the CRM's events: each becomes part of a lead, and each lead that changed is scored."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from core.errors import InputError, LeadError, ModelRefused, Unavailable
from core.leads import utc_now
from core.services.crm import rules
from core.services.crm.refusals import Refusals
from core.store.crm import CrmEvent, Due, EventState
from core.transfer.gohighlevel import Event, Kind, parse_event

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead
    from core.services.center import CommandCenter

VIA: Final = "crm"
LOOK_S: Final = 1.0
AT_ONCE: Final = 100
HISTORIES_AT_ONCE: Final = 10  # a long one is some megabytes
FORGET_EVERY_S: Final = 3_600.0
_EXAMPLE: Final = 60
_log = logging.getLogger(__name__)


def work(center: CommandCenter) -> int:
    """Take in what waits and score what changed; returns how many events and scores that were.

    Whatever is interrupted is done anew by the next call, here or in another server, and counts once.
    Raises Unavailable, ModelRefused: nothing is lost then, it waits.
    """
    done = take_in(center) + score_changed(center)
    rules.read_anew(center)
    return done


def take_in(center: CommandCenter) -> int:
    """Turn events that wait into leads, interactions and outcomes. Raises StoreUnavailable."""
    waiting = center.store.crm.waiting(AT_ONCE)
    if not waiting:
        return 0
    for one in waiting:
        try:
            _apply(center, one)
        except (InputError, ValueError) as error:
            _fail(center, one, str(error) if isinstance(error, InputError) else type(error).__name__)
        except Unavailable:
            raise
        except Exception as error:  # one event must not stop the others; the text may hold a lead's words
            _fail(center, one, f"failed on our side with {type(error).__name__}")
    center.wake_feed()
    return len(waiting)


def score_changed(center: CommandCenter) -> int:
    """Score the leads that changed. Raises StoreUnavailable, ModelUnavailable, ModelRefused."""
    from core.services.scores.batches import score_batch

    due = center.store.crm.due(AT_ONCE)
    if not due:
        return 0
    scored: list[tuple[Due, ScoredLead]] = []
    for start in range(0, len(due), HISTORIES_AT_ONCE):
        some = due[start : start + HISTORIES_AT_ONCE]
        histories = center.store.histories(one.lead_id for one in some)
        found = [one for one in some if one.lead_id in histories]
        scores = score_batch(center, [histories[one.lead_id] for one in found], via=VIA)
        scored += [(one, replace(score, of_record=True)) for one, score in zip(found, scores, strict=True)]
    fresh = center.store.crm.save_scored(scored)
    center.performance.scored(fresh)
    center.wake_feed()
    return len(due)


def _apply(center: CommandCenter, one: CrmEvent) -> None:
    if one.payload is None:
        raise InputError("the event has no payload any more; send it again")
    event = parse_event({**one.payload, "type": one.event_type}, one.webhook_id, one.sent_at)
    center.store.crm.apply(one.event_no, event, lambda: rules.reading(rules.rules_of(center)), _names(event))


def _names(event: Event) -> list[tuple[str, str, str | None, str | None]]:
    """The ids in an event that a person may want to say something about."""
    if event.kind is Kind.OPPORTUNITY:
        stage = event.told.get("pipelineStageId")
        return [(rules.STAGE, stage[:100], event.told.get("stageName"), None)] if stage else []
    if event.kind is not Kind.CONTACT:
        return []
    found: list[tuple[str, str, str | None, str | None]] = [
        (rules.FIELD, name.removeprefix("custom:"), None, str(value)[:_EXAMPLE])
        for name, value in event.told.items()
        if name.startswith("custom:")
    ]
    if agent := event.told.get("agent"):
        found.append((rules.USER, agent[:100], None, None))
    return found


def _fail(center: CommandCenter, one: CrmEvent, reason: str) -> None:
    center.store.crm.finish(one.event_no, EventState.FAILED, reason[:300])


class CrmWork:
    """The thread of one server, from ``start`` to ``close``. Any number of servers may run one."""

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S) -> None:
        self._center, self._look_s = center, look_s
        self.refusals = Refusals(center)
        self._wake = threading.Event()
        self._closing = False
        self._forget_at = monotonic() + 60.0
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name="crm", daemon=True)

    def start(self) -> CrmWork:
        """Begin; returns itself."""
        if not self._thread.is_alive():
            self._thread.start()
        return self

    def wake(self) -> None:
        """Something came: work now, not at the next look."""
        self._wake.set()

    def close(self) -> None:
        """Stop after what is under way."""
        self._closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        self.refusals.flush()

    def _run(self) -> None:
        while not self._closing:
            self._wake.wait(self._look_s)
            self._wake.clear()
            try:
                while not self._closing and work(self._center):
                    pass
                self._forget()
                self._problem = None
            except (Unavailable, ModelRefused, LeadError) as error:
                self._trouble(str(error))
            except Exception as error:  # the thread must outlive any fault; the text may hold a lead's words
                self._trouble(f"failed on our side with {type(error).__name__}")

    def _forget(self) -> None:
        if monotonic() >= self._forget_at:
            self._forget_at = monotonic() + FORGET_EVERY_S
            self._center.store.crm.forget(utc_now())

    def _trouble(self, problem: str) -> None:
        if problem != self._problem:  # once, not every second that it lasts
            _log.warning("The CRM's events wait: %s", problem)
        self._problem = problem
        if not self._closing:
            self._wake.wait(self._look_s)
