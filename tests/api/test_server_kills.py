"""A server killed while leads are posted to it: a small part of ``python -m tests.measure.server_kills``."""

from __future__ import annotations

from pathlib import Path

from tests.measure.server_kills import measure


def test_what_a_killed_server_acknowledged_is_stored_as_it_was_told_and_the_feed_has_it_once(tmp_path: Path) -> None:
    ledger = measure(tmp_path, leads=120, kills=3)
    assert ledger.is_kept, ledger
    assert (len(ledger.acknowledged), ledger.kills) == (120, 3)
    assert any(times > 1 for times in ledger.posted.values()), "a kill met a lead on its way"
