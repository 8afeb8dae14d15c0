"""Text from outside is data: it comes back as it came, is found, and changes no statement."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import LeadError
from core.leads import Outcome, Stage
from core.scoring import Tier
from core.store import LeadFilter, Override, Store
from tests.store.made import at, history, impossible, scored, touch

HOSTILE = [
    "%_'\";--",
    "Robert'); DROP TABLE leads;--",
    "🏠👩‍👩‍👧‍👦 e\u0301",
    "مرحبا \u202eevil\u202c",
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\\\\ \\x00 \\u0000",
    "{{7*7}} ${jndi:ldap://x} %(name)s :name ?1",
    "\u2028\u2029\ufeff\x7f\x1b[31m",
    "x" * 300,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_it_came_from_everywhere_it_can_be_kept(store: Store, text: str) -> None:
    fields = dict.fromkeys(
        ("name", "email", "phone", "source", "agent", "timeline", "location_preference", "message"), text
    )
    told = history("a", touch(0, text, subject=text), tags=(text,), **fields)
    store.save_scored([scored(told, reasons=(text, text), via=text)])
    store.add_outcome(Outcome(lead_id="a", stage=Stage.LOST, occurred_at=at(1), reason=text), actor=text)
    store.add_override(Override("a", Tier.HOT, text, text, at(0)))
    store.set_workspace(text, {text: text})
    known = store.history("a")
    assert known.interactions == told.interactions
    assert known.lead == told.lead.model_copy(update={"stage": Stage.LOST})
    assert store.latest_score("a").reasons == (text, text)
    assert store.outcomes("a")[0].reason == told.lead.name
    assert (override := store.override("a", at(0))) is not None
    assert override.reason == text
    assert store.workspace(text) == {text: text}
    assert store.outbox_after()[0].payload["lead_name"] == told.lead.name
    assert list(store.facets().sources) == [told.lead.source]
    assert store.browse(LeadFilter(sources=(text.strip(),))).total == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=60),
)
def test_a_lead_is_found_by_any_word_of_any_name(store: Store, text: str) -> None:
    told = history("a", name=text)
    store.save_histories([told])
    if not told.lead.name:
        return
    assert store.history("a").lead.name == told.lead.name
    for word in (told.lead.name, *told.lead.name.split()):
        assert store.browse(LeadFilter(text=word)).total == 1


def test_half_a_character_that_slipped_past_the_rim_is_refused_and_nothing_is_stored(store: Store) -> None:
    half = scored("b", reasons=("half \ud83d",))
    with pytest.raises(LeadError, match="cannot be stored as JSON"):
        store.save_scored([scored("a"), half])
    lead = history("c").lead.model_copy(update={"name": "half \ud83d"})
    with pytest.raises(LeadError, match="cannot store these values"):
        store.save_histories([history("a"), history("c").model_copy(update={"lead": lead})])
    assert store.browse().total == 0


def test_a_refusal_repeats_nothing_of_the_lead(store: Store) -> None:
    with pytest.raises(LeadError) as refused:
        store.save_scored([scored("a", name="Ana Lima", email="ana@example.com"), impossible("secret-lead")])
    for personal in ("Ana", "ana@", "secret-lead"):
        assert personal not in str(refused.value)
