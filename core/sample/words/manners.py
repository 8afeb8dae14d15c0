"""How people spell, greet and sign."""

from __future__ import annotations

from typing import Final

from core.sample.grammar import fragments

MISSPELT: Final = {
    "definitely": "definately",
    "tomorrow": "tommorow",
    "neighborhood": "neighborhod",
    "available": "availible",
    "interested": "intrested",
    "receive": "recieve",
    "really": "realy",
    "weekend": "weeknd",
    "probably": "probly",
    "schedule": "schedual",
    "bedrooms": "bedroms",
    "about": "abuot",
    "their": "thier",
    "because": "becuase",
    "looking": "lookng",
    "separate": "seperate",
    "property": "proprety",
    "would": "woud",
    "thanks": "thnaks",
    "house": "hosue",
    "with": "wiht",
    "appreciate": "apreciate",
    "budget": "buget",
    "mortgage": "morgage",
    "lender": "lendor",
    "moving": "movin",
}
ABBREVIATED: Final = {
    "you": "u",
    "your": "ur",
    "please": "pls",
    "thanks": "thx",
    "with": "w/",
    "without": "w/o",
    "because": "bc",
    "appointment": "appt",
    "tomorrow": "tmrw",
    "people": "ppl",
    "are": "r",
    "message": "msg",
    "probably": "prob",
    "about": "abt",
    "and": "&",
    "right now": "rn",
    "weekend": "wknd",
    "I don't know": "idk",
}
UNMARKED: Final = {
    "I'm": "im",
    "don't": "dont",
    "can't": "cant",
    "I've": "ive",
    "we're": "were",
    "we'd": "wed",
    "I'd": "id",
    "what's": "whats",
    "it's": "its",
    "didn't": "didnt",
    "haven't": "havent",
    "isn't": "isnt",
}
FORMAL_OPEN: Final = (
    "Dear {agent_first},",
    "Dear Mr. or Ms. {agent_last},",
    "Hello {agent_first},",
    "Good day {agent_first},",
)
FORMAL_CLOSE: Final = (
    "Kind regards,",
    "Best regards,",
    "Sincerely,",
    "Best,",
    "Respectfully,",
    "With thanks,",
    "Warm regards,",
)
SUBJECTS: Final = fragments("""
[Question about|Regarding|About] {street}
{area} [search|homes|update]
[Home search|House hunting|Your search|Next steps|Quick question|Checking in|Inquiry]
{address}
[Moving to|Homes in|Buying in] {area}
""")
DEVICES: Final = (
    "Sent from my iPhone",
    "Sent from my phone, please excuse typos",
    "Sent from Mail",
    "Get Outlook for Android",
)
