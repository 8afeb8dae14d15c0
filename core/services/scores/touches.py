"""What a sender calls an interaction, in our words: ``email_response`` is an e-mail, ``property_view`` a view."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from core.leads import Direction, InteractionKind

_KINDS: Final = (  # the first that fits; the more telling words stand first
    (re.compile(r"show(ing)?_?(request|schedul|book|ask)|request\w*_showing|tour_request|book\w*_(tour|showing)"),
     InteractionKind.SHOWING_REQUEST),
    (re.compile(r"showing|tour|open_house|viewing_attended|property_visit"), InteractionKind.SHOWING),
    (re.compile(r"sav(e|ed)|favou?rit|bookmark|shortlist"), InteractionKind.PROPERTY_SAVE),
    (re.compile(r"view|page_?visit|website|listing|search|property"), InteractionKind.PROPERTY_VIEW),
    (re.compile(r"e_?mail"), InteractionKind.EMAIL),
    (re.compile(r"sms|text|whatsapp"), InteractionKind.SMS),
    (re.compile(r"call|phone|voice"), InteractionKind.CALL),
    (re.compile(r"chat|messenger|dm|bot|message"), InteractionKind.CHAT),
    (re.compile(r"form|inquiry|enquiry|registration|sign_?up|lead_capture"), InteractionKind.FORM),
    (re.compile(r"note|task|comment"), InteractionKind.NOTE),
)  # fmt: skip
_OUTBOUND: Final = re.compile(r"sent|send|outbound|outgoing|follow_?up|to_lead|by_agent|drip|campaign")
_NOT_A_LETTER: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4_096)
def kind_of(sent: str) -> InteractionKind:
    """The kind of touch that a sender means; ``other`` when nothing fits.

    >>> [kind_of(word).value for word in ("email_response", "Property View", "SMS", "showing-request", "x")]
    ['email', 'property_view', 'sms', 'showing_request', 'other']
    """
    plain = _plain(sent)
    try:
        return InteractionKind(plain)
    except ValueError:
        return next((kind for words, kind in _KINDS if words.search(plain)), InteractionKind.OTHER)


@lru_cache(maxsize=4_096)
def direction_of(sent: str) -> Direction:
    """Who acted, where the sender does not say: the lead, unless the type says that the team did.

    >>> direction_of("email_sent").value, direction_of("email_response").value, direction_of("note").value
    ('outbound', 'inbound', 'outbound')
    """
    if _OUTBOUND.search(_plain(sent)) or kind_of(sent) is InteractionKind.NOTE:
        return Direction.OUTBOUND
    return Direction.INBOUND


def _plain(sent: str) -> str:
    return _NOT_A_LETTER.sub("_", sent.strip().lower()).strip("_")
