"""The checks, one after the other; what fails does not keep the next from being tried."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from core.errors import JorgeError
from core.settings import Settings
from core.validation import analyzer, cache, event_models, flow, libraries
from core.validation.room import Room


@dataclass(frozen=True, slots=True)
class Check:
    """``look`` returns what it found, in a few words, or raises; ``advice`` says what to do then."""

    name: str
    look: Callable[[Room], str]
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How a check went; ``told`` is what was found, or what is wrong. ``advice`` is empty when it passed."""

    name: str
    passed: bool
    took_ms: float
    told: str
    advice: str = ""


CHECKS = (
    Check(
        "dependencies",
        libraries.look,
        "install what pyproject.toml asks for with: make setup; start the database or Redis that is named, or correct "
        "JORGE_DATABASE_URL or JORGE_REDIS_URL",
    ),
    Check("event models", event_models.look, "install the embedded Redis with: make setup"),
    Check("cache", cache.look, "start the Redis that JORGE_REDIS_URL names, or unset it to use the embedded one"),
    Check("lead analyzer", analyzer.look, "see which models there are with: jorge models"),
    Check(
        "end-to-end flow",
        flow.look,
        "mend what fails above first; when nothing does, start jorge serve, post a lead and read what it prints",
    ),
)


def validate(settings: Settings, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """Make each check, in turn. ``settings`` are the user's."""
    with tempfile.TemporaryDirectory(prefix="jorge-validate-") as folder, Room(settings, Path(folder)) as room:
        for check in checks:
            yield _made(check, room)


def _made(check: Check, room: Room) -> Finding:
    started = perf_counter()
    quiet = logging.getLogger()
    before = quiet.level
    quiet.setLevel(logging.CRITICAL)  # what goes wrong is told once, in the check's own line
    try:
        told, passed = check.look(room), True
    except JorgeError as error:
        told, passed = str(error), False
    except Exception as error:  # whatever it is, the other checks are made
        told, passed = f"{type(error).__name__}: {error}", False
    finally:
        quiet.setLevel(before)
    took_ms = 1000 * (perf_counter() - started)
    return Finding(check.name, passed, took_ms, " ".join(told.split()), "" if passed else check.advice)
