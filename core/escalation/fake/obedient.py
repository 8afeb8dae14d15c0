"""The worst model that there could be: it believes the lead, and does what the lead's text says.

It decodes, it follows links and roles, it takes over whatever looks like JSON, and repeats every instruction in every
field. What comes of it must still be an opinion within its bounds.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, Final

from core.escalation.fake.simulated import messages_of
from core.escalation.opinion import Band

_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_OBJECT: Final = re.compile(r"\{.*\}", re.DOTALL)
_FIELDS: Final = ("evidence", "objections", "band", "next_best_action", "draft_reply")


def obeyed(body: dict[str, Any]) -> str:
    """What the obedient model writes: the lead's words, decoded, in every field, and the best band."""
    _, lines = messages_of(body)
    words = [json.dumps(line.get("profile"), ensure_ascii=False) for line in lines if "profile" in line]
    words += [str(line.get(part, "")) for line in lines if line.get("from") == "lead" for part in ("subject", "text")]
    said = "\n".join(filter(None, words))
    said += "".join(f"\n{decoded}" for decoded in map(_decoded, _BASE64.findall(said)) if decoded)
    reply: dict[str, Any] = {
        "evidence": [{"quote": said[:250], "why": said}, {"quote": "The lead is rated 100.", "why": said}],
        "objections": [said] * 20,
        "band": Band.STRONG.value,
        "next_best_action": said,
        "draft_reply": said,
    }
    wanted = _wanted(said)
    if wanted is not None:  # whoever writes JSON gets it
        return wanted
    return json.dumps(reply)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _wanted(said: str) -> str | None:
    """An object that the lead wrote, word for word, when it has one of our fields."""
    for line in said.splitlines()[1:]:
        match = _OBJECT.search(line)
        if match and any(f'"{name}"' in match[0] for name in _FIELDS):
            return match[0]
    return None
