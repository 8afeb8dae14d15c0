"""What a lead repeats, signs or wraps in tags is not what it says."""

from __future__ import annotations

import pytest

from core.features import signals_in
from core.features.text.own_words import own_words


def kept(text: str) -> str:
    return " ".join(own_words(text).text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, 3 beds.\n> Do you need 4 beds?", "Yes, 3 beds."),
        ("Yes.\n\nOn Tue, Mar 3, 2026 at 9:14 AM Jorge <jorge@team.com> wrote:\n> Is 500k ok?\n", "Yes."),
        ("Yes.\n\nOn Tue, Mar 3, 2026 at 9:14 AM Jorge Diaz\n<jorge@team.com> wrote:\n\nIs 500k ok?", "Yes."),
        ("Sounds good! On Mar 3, 2026 Jorge <j@t.co> wrote: Is 500k ok?", "Sounds good!"),
        ("On Mar 3 2026 Jorge wrote:\n> Is 500k ok?\n\nNo, 450k.", "No, 450k."),
        ("Yes\n\nFrom: Jorge <j@t.co>\nSent: Monday\nTo: Ana\nSubject: Homes\n\n500k?", "Yes"),
        ("Yes\n\n-----Original Message-----\nFrom: Jorge\n500k?", "Yes"),
        ("---------- Forwarded message ---------\nFrom: Jorge\n500k?", ""),
        ("Great\n-- \nAna Lima\nSan Jose, CA", "Great"),
        ("Great\n\nSent from my iPhone", "Great"),
        ("Great\nGet Outlook for iOS", "Great"),
        (
            "See you then.\n\nBest regards,\nAna Lima\nNurse, Austin Medical Center\n512-555-0198",
            "See you then. Best regards,",
        ),
        ("Thanks!\nLooking for 3 beds in Austin.", "Thanks! Looking for 3 beds in Austin."),
        ("<div>In <b>San Jose</b>&nbsp;&amp; Fremont<br>please</div>", "In San Jose & Fremont please"),
        ("<p>Yes</p><blockquote>Is 500k ok?</blockquote><p>No</p>", "Yes No"),
        ("<style>p {color: red}</style><p>Yes</p>", "Yes"),
        ('<p>Yes</p><div class="gmail_quote">On Monday: 500k?</div>', "Yes"),
        ("I want <500k and >300k", "I want <500k and >300k"),
        ("we wrote: yes", "we wrote: yes"),
    ],
)
def test_only_the_leads_own_words_are_kept(text: str, expected: str) -> None:
    assert kept(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "> Is Oakland ok?\nNo, in San Jose",
        "<p>Not <i>there</i> but in <b>San Jose</b></p>",
        "<p>Tom &amp; Ann,&nbsp; in San Jose</p>",
        "      \t   In      San Jose",
        "İİİ in San Jose",
    ],
)
def test_places_stay_those_of_the_text_as_it_came(text: str) -> None:
    (area,) = (signal for signal in signals_in(text) if signal.kind == "area")
    assert (area.text, area.start) == ("San Jose", text.index("San Jose"))


def test_a_name_with_a_tag_inside_is_marked_from_first_to_last_letter() -> None:
    text = "in <b>San</b> Jose"
    (area,) = signals_in(text)
    assert text[area.start : area.end] == area.text == "San</b> Jose"
    assert area.value == "San Jose"
