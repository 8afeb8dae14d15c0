"""``jorge worker`` as real processes on a real Redis and a real database, killed while they work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.main import main
from core.realtime.connection import connect
from core.realtime.lead_queue import LEADS
from tests.cli.fleet import Fleet, reading, wait_for
from tests.realtime.waiting import until
from tests.services.made import told, untold

LEADS_POSTED = 1_000  # tests/measure/faults.py posts 10,000 and kills more


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    opened = Fleet(tmp_path)
    yield opened
    opened.close()


def test_two_workers_of_which_one_is_killed_score_every_lead_once_and_the_feed_tells_each_once(fleet: Fleet) -> None:
    leads = [told(f"lead-{number}") if number % 3 else untold(f"lead-{number}") for number in range(LEADS_POSTED)]
    with reading(fleet) as feed:
        fleet.start_worker()
        fleet.start_worker()
        fleet.add(leads)
        wait_for(fleet, LEADS_POSTED // 20, 120)  # early, so that some are left when it is killed
        fleet.kill_worker()
        assert fleet.scored() < LEADS_POSTED
        until(fleet.is_done, 120)
        until(lambda: len(feed) >= LEADS_POSTED, 60)
        said = fleet.stop_workers()
    ledger = fleet.ledger(leads, feed)
    assert (ledger.lost, ledger.twice, ledger.untold, ledger.told_twice) == (0, 0, 0, 0)
    assert fleet.scored() == len(feed) == LEADS_POSTED
    assert re.search(r"[\d,]+ leads? scored, 0 given up\.", said[0])


def test_a_worker_that_stands_still_until_its_work_was_taken_over_scores_none_of_it_again(fleet: Fleet) -> None:
    leads = [told(f"lead-{number}") for number in range(LEADS_POSTED)]
    with reading(fleet) as feed:
        fleet.start_worker()
        fleet.add(leads)
        wait_for(fleet, 1, 120)
        with fleet.paused():
            assert fleet.scored() < LEADS_POSTED
            fleet.start_worker()
            until(fleet.is_done, 120)  # also what the first holds: it is taken over after 5 s
        until(lambda: len(feed) >= LEADS_POSTED, 60)
        fleet.stop_workers()
    ledger = fleet.ledger(leads, feed)
    assert (ledger.lost, ledger.twice, ledger.untold, ledger.told_twice) == (0, 0, 0, 0)
    assert fleet.scored() == len(feed) == LEADS_POSTED


def test_simulated_leads_can_go_through_the_stream(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    assert main(["simulate", "--through", "stream", "--rate", "100", "--seconds", "0.05"]) == 0
    posted = int(capsys.readouterr().out.split(" leads posted")[0])
    assert posted in (5, 6)  # the sixth is due at the very end
    assert main(["worker", "--once", "--name", "one"]) == 0
    assert f"{posted} leads scored, 0 given up" in capsys.readouterr().err
    assert fleet.scored() == posted


def test_an_operator_sees_what_was_given_up_tries_it_again_and_drops_it(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))

    def worker(*words: str) -> str:
        assert main(["worker", *words]) == 0
        return capsys.readouterr().out

    client = connect(fleet.center.redis_url)
    client.xadd(LEADS, {"request": '{"lead_id": "no id"}', "key": "first"})
    client.xadd("jorge:leads:dead", {"request": '{"lead_id": "ana"}', "key": "second", "reason": "broken", "tries": 5})
    assert worker("status") == "1 wait, 0 in work, 1 given up.\n"
    assert re.fullmatch(r"\d+-0  \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  5 tries  broken\n", worker("dead"))
    assert worker("retry", "all") == "1 put back into the lead stream.\n"
    assert worker("--once") == ""
    assert [len(fleet.center.store.scores("ana")), worker("dead")] == [1, "Nothing was given up.\n"]
    client.xadd("jorge:leads:dead", {"request": "{", "key": "third", "reason": "broken", "tries": 5})
    assert worker("drop", worker("dead").partition(" ")[0]) == "1 dropped.\n"
    client.close()


@pytest.mark.parametrize(
    ("words", "told_why"),
    [(("retry",), "say which"), (("drop", "1-1"), "there is no dead letter '1-1'"), (("status", "1-1"), "takes no id")],
)
def test_what_cannot_be_done_is_one_line_and_status_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told_why: str,
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    assert main(["worker", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told_why in line
