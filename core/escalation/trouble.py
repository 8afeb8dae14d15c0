"""What can go wrong on the way to Claude, told in plain sentences, and what to do about it."""

from __future__ import annotations

import email.utils
import time
from dataclasses import dataclass
from typing import Any, Final

LONGEST_WAIT_S: Final = 86_400.0
_ANTHROPIC_WORDS: Final = frozenset("abcdefghijklmnopqrstuvwxyz_")
_ADVICE: Final = {
    400: "Claude refuses the request",
    401: "Claude does not accept the key; check ANTHROPIC_API_KEY",
    402: "Claude's account cannot pay; add credit",
    403: "The key may not ask Claude; check ANTHROPIC_API_KEY",
    404: "Claude's address or model is not known there; check JORGE_CLAUDE_MODEL and ANTHROPIC_BASE_URL",
    413: "The question is too long for Claude",
    429: "Claude is asked more often than the key allows",
    503: "Claude is overloaded",
    529: "Claude is overloaded",
}
_PASSING: Final = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Trouble:
    """``again``: another try may help. ``unsure``: it broke off after the service may have begun to charge."""

    why: str
    again: bool = False
    retry_after_s: float | None = None
    unsure: bool = False


def trouble_of(error: Exception) -> Trouble:
    """What an exception of the SDK, or of reading what came back, means. Nothing of the answer's text is repeated."""
    import anthropic

    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error)
    if isinstance(error, (anthropic.APITimeoutError, TimeoutError)):
        return Trouble("Claude did not answer in time.", again=True, unsure=True)
    if isinstance(error, anthropic.APIConnectionError):
        return _of_connection(error)
    return Trouble("Claude's answer broke off or is no answer of the Messages API.", again=True, unsure=True)


def _of_status(error: Any) -> Trouble:
    status: int = error.status_code
    kind = error.type if isinstance(error.type, str) and _ANTHROPIC_WORDS.issuperset(error.type) else ""
    words = _ADVICE.get(status, "Claude's service failed" if status >= 500 else "Claude refuses the request")
    again = status in _PASSING or status >= 500
    told = ", ".join(filter(None, (str(status), kind[:40])))
    return Trouble(f"{words} ({told}).", again, retry_after_s(error.response.headers) if again else None)


def _of_connection(error: Any) -> Trouble:
    import httpx2

    if isinstance(error.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol)):
        return Trouble("Claude cannot be reached; check the network and ANTHROPIC_BASE_URL.", again=True)
    return Trouble("The connection to Claude broke off.", again=True, unsure=True)


def retry_after_s(headers: Any) -> float | None:
    """What ``retry-after`` says in seconds or as a date, from 0 to a day; None where it says nothing.

    >>> retry_after_s({"retry-after": "7"}), retry_after_s({"retry-after": "soon"}), retry_after_s({})
    (7.0, None, None)
    """
    told = headers.get("retry-after")
    if told is None:
        return None
    try:
        seconds = float(told)
    except ValueError:
        date = email.utils.parsedate_tz(told)
        seconds = float("nan") if date is None else email.utils.mktime_tz(date) - time.time()
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if seconds == seconds else None
