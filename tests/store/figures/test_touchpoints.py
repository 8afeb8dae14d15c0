"""What leads did themselves, as the database reads it, on both databases."""

from __future__ import annotations

import numpy as np

from core.leads import Direction, InteractionKind, Stage
from core.store import Store
from core.store.figures.touchpoints import CONTACT_CHANNELS, read_contacts
from tests.store.made import history, scored, touch


def test_only_what_the_lead_did_is_a_contact(store: Store) -> None:
    ours = touch(5, "ours", direction=Direction.OUTBOUND)
    note = touch(6, "a note", kind=InteractionKind.NOTE)
    look = touch(1_440, None, kind=InteractionKind.PROPERTY_SAVE)
    call = touch(720, None, kind=InteractionKind.CALL)
    leads = [
        history("b", ours, note, look, call, stage=Stage.LOST),
        history("a"),
        history("c", look, stage=Stage.CLOSED),
    ]
    store.save_scored([scored(one) for one in (*leads, history("d", look, call, stage=Stage.SHOWING))])
    found = read_contacts(store.database)
    assert found.lead_ids == ("a", "b", "c", "d")  # of a lead that is still open no contact is read
    kinds = [(int(lead), CONTACT_CHANNELS[at][0].value) for lead, at in zip(found.lead, found.channel, strict=True)]
    assert sorted(kinds) == [(1, "call"), (1, "property_view"), (2, "property_view")]
    np.testing.assert_allclose(np.sort(found.day) - found.day.min(), [0.0, 0.5, 0.5])


def test_every_kind_but_a_note_is_of_one_channel() -> None:
    kinds = [kind for channel in CONTACT_CHANNELS for kind in channel]
    assert sorted(kinds) == sorted(kind for kind in InteractionKind if kind is not InteractionKind.NOTE)


def test_an_empty_record_has_no_contacts(store: Store) -> None:
    found = read_contacts(store.database)
    assert (found.lead_ids, len(found.lead)) == ((), 0)
