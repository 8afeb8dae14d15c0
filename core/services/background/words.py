"""What the process tells its server, a JSON object a line: how asking goes, and what was put into the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

import orjson

from core.services.escalations.desk_state import DeskState, State


@dataclass(frozen=True, slots=True)
class Told:
    """One line: the state of the desk, and escalations by reason since the line before."""

    desk: State
    escalated: Mapping[str, int] = field(default_factory=dict)


def line_of(told: Told) -> bytes:
    """The line, with its end.

    >>> line_of(Told(State(DeskState.ASKING), {"worth_asking": 2}))
    b'{"desk":{"now":"asking","why":"","until":null,"problem":null},"escalated":{"worth_asking":2}}\\n'
    """
    return orjson.dumps({"desk": asdict(told.desk), "escalated": told.escalated}) + b"\n"


def told_by(line: bytes) -> Told:
    """The other way round. Raises ValueError for anything else.

    >>> told_by(line_of(Told(State(DeskState.OFF, "No key for Claude is set.")))).desk.why
    'No key for Claude is set.'
    """
    try:
        read = orjson.loads(line)
        desk = dict(read["desk"])
        until = desk["until"]
        return Told(
            State(
                DeskState(desk["now"]),
                str(desk["why"]),
                None if until is None else datetime.fromisoformat(until),
                None if desk["problem"] is None else str(desk["problem"]),
            ),
            {str(reason): int(n) for reason, n in read["escalated"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a line of the background process: {error}") from error
