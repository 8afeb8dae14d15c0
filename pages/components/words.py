"""Times, shares and money as a person reads them, and other people's text made harmless."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core import words
from core.leads import utc_now
from core.words import counted, day_words

NOT_TOLD = "not told"
DATE_FIELD: Final = "MM/DD/YYYY"  # the American one of those that Streamlit has
BOTH_SIDES: Final = "Commission, both sides"  # the API's estimate; what a team expects is of the side that it has
FOR_CLAUDE: Final = (
    "Leads that the model was unsure of when it scored them: marked for a second opinion by the threshold of that "
    "moment, or by the one of their source."
)
HOURS: Final = tuple(f"{hour:02}" for hour in range(24))
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZERO_WIDTH = "\u200b"
# Between the marks of an image, of a link and of what either refers to; within what becomes a link of itself; and after
# what begins another way of writing one of these.
_JOINTS = re.compile(
    r"(?<=!)(?=\[)|(?<=\])(?=[(\[:])|(?<=<)(?=[a-z])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=[\w-])"
    r"|(?<=&)(?=#|[a-z]{1,32}\d{0,2};)|(?<=\\)(?=[:/.@_+-])",
    re.IGNORECASE,
)


def viewer_zone() -> ZoneInfo:
    """The zone of the browser that is looking; UTC while it has not said, or says one we do not know."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(moment: datetime) -> datetime:
    """``moment`` (aware) on the viewer's clock."""
    return moment.astimezone(viewer_zone())


def today() -> date:
    """The day on the viewer's clock: in the evening of the United States it is not yet that of UTC."""
    return local(utc_now()).date()


def when(moment: datetime | None) -> str:
    """Day and time on the viewer's clock, with the year unless it is this one."""
    if moment is None:
        return NOT_TOLD
    seen = local(moment)
    day = f"{seen:%b} {seen.day}" if seen.year == today().year else day_words(seen)
    return f"{day}, {seen:%H:%M}"


def clock(moment: datetime) -> str:
    """The time of day on the viewer's clock; ``when`` tells the day as well, where it is not today."""
    seen = local(moment)
    return f"{seen:%H:%M}" if seen.date() == today() else when(moment)


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in one unit.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 14, 30, tzinfo=UTC))
    '2 h ago'
    >>> ago(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 9, tzinfo=UTC))
    '8 days ago'
    """
    minutes = int(((now or utc_now()) - moment).total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 60 * 24:
        return f"{minutes // 60} h ago"
    return f"{counted(minutes // (60 * 24), 'day')} ago"


def percent(share: float | None, digits: int = 0) -> str:
    """A share in [0, 1] as a percentage.

    >>> percent(0.9583, 1), percent(None)
    ('95.8 %', 'not told')
    """
    return NOT_TOLD if share is None else f"{100 * share:.{digits}f} %"


def in_percent(share: float | None) -> float | None:
    """A share in [0, 1] as a number of hundredths, for a column that rounds it itself.

    >>> in_percent(0.25), in_percent(None)
    (25.0, None)
    """
    return None if share is None else 100.0 * share


def dollars(amount: Decimal | float | None) -> str:
    """Whole dollars, from a hundred on; less than that to the cent.

    >>> dollars(Decimal("0.16")), dollars(None)
    ('$0.16', 'not told')
    """
    return NOT_TOLD if amount is None else words.dollars(amount)


def in_markdown(text: str) -> str:
    r"""Our own words with money in them, for an element that reads ``$`` as the start of a formula.

    >>> in_markdown("$1 and $2")
    '\\$1 and \\$2'
    """
    return text.replace("$", r"\$")


def choice(text: str) -> str:
    r"""Another person's text as the label of a choice, which Streamlit reads as Markdown: no link, no image.

    >>> choice("![x](https://example.org/x.png)").replace("\u200b", "|")
    '!|[x]|(https:|//example.org/x.png)'
    >>> choice("![x][1] [1]: https://example.org/x.png").replace("\u200b", "|")
    '!|[x]|[1] [1]|: https:|//example.org/x.png'
    >>> choice("<mailto:ana@example.org> www.example.org").replace("\u200b", "|")
    '<|mailto:ana@|example.org> www|.example.org'
    """
    return _JOINTS.sub(_ZERO_WIDTH, text)
