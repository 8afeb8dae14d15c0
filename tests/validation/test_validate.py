"""The five checks pass on a sound installation, and each names what is broken in an unsound one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from redis import Redis

from core.cli.main import main
from core.errors import FeedUnavailable, ModelRefused, StoreUnavailable
from core.realtime import EmbeddedRedis, Relay
from core.services.center import CommandCenter
from core.validation import CHECKS, Check, analyzer, cache, event_models, flow, libraries, validate
from core.validation.room import Room
from tests.realtime.conftest import client, server, shared_server, url
from tests.services.centers import models_dir, settings_in

__all__ = ["client", "models_dir", "server", "shared_server", "url"]
NO_REDIS = "unix:///nowhere/redis.sock"


@pytest.fixture
def room(tmp_path: Path, models_dir: Path) -> Iterator[Room]:
    """A room whose user has set nothing, and whose model is the stump."""
    with Room(settings_in(tmp_path / "users"), tmp_path / "room", models_dir) as made:
        yield made


def of_the_user(room: Room, **values: object) -> None:
    room.settings = settings_in(room.settings.jorge_data_dir, **values)


@pytest.mark.parametrize("look", [check.look for check in CHECKS], ids=lambda look: look.__module__)
def test_every_check_passes_and_leaves_the_users_folder_alone(look: Callable[[Room], str], room: Room) -> None:
    assert look(room)
    assert not room.settings.jorge_data_dir.exists()


def test_the_command_prints_a_line_each_and_ends_with_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "users"))
    for name in ("JORGE_DATABASE_URL", "JORGE_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main(["validate"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = ["dependencies", "event models", "cache", "lead analyzer", "end-to-end flow"]
    assert [line[:23].split(maxsplit=1) for line in lines] == [["ok", name.ljust(16)] for name in names]
    assert all(" ms  " in line for line in lines)
    assert not (tmp_path / "users").exists()


def test_a_check_that_fails_says_what_to_do_and_the_others_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "users"))
    monkeypatch.setenv("JORGE_REDIS_URL", NO_REDIS)
    assert main(["validate", "--json"]) == 1
    found = {finding["name"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert {name: finding["passed"] for name, finding in found.items()} == {
        "dependencies": False,
        "event models": True,
        "cache": False,
        "lead analyzer": True,
        "end-to-end flow": True,
    }
    assert "JORGE_REDIS_URL" in found["cache"]["advice"]
    assert found["lead analyzer"]["advice"] == ""


def test_what_is_no_error_of_ours_fails_the_check_as_well(tmp_path: Path) -> None:
    def breaks(_: Room) -> str:
        raise ZeroDivisionError("by\nzero")

    checks = (Check("broken", breaks, "mend it"), Check("sound", lambda _: "fine", ""))
    found = list(validate(settings_in(tmp_path), checks))
    assert [(finding.passed, finding.told, finding.advice) for finding in found] == [
        (False, "ZeroDivisionError: by zero", "mend it"),
        (True, "fine", ""),
    ]


def test_a_library_that_is_missing_or_too_old_is_named() -> None:
    told = libraries.problems([Requirement("numpy<1"), Requirement("no-such-thing"), Requirement("pydantic>=2")])
    assert len(told) == 2
    assert told[0].startswith("numpy is ")
    assert told[0].endswith("(<1 is required)")
    assert told[1].startswith("no-such-thing is not installed")


def test_a_database_and_a_redis_that_are_set_are_asked(room: Room, url: str, tmp_path: Path) -> None:
    database = tmp_path / "theirs.db"
    of_the_user(room, jorge_database_url=f"sqlite:///{database}", jorge_redis_url=url)
    assert libraries.look(room).endswith("the database answers, Redis answers")
    of_the_user(room, jorge_redis_url=NO_REDIS)
    with pytest.raises(FeedUnavailable):
        libraries.look(room)
    of_the_user(room, jorge_database_url="postgresql://127.0.0.1:1/none")
    with pytest.raises(StoreUnavailable):
        libraries.look(room)


def test_nothing_stays_in_the_users_redis_and_nobody_there_hears_anything(
    room: Room, url: str, client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_the_user(room, jorge_redis_url=url)
    listener = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    listener.psubscribe("*")
    listener.get_message(timeout=1)
    for look in (event_models.look, cache.look, analyzer.look, flow.look):
        look(room)
    assert listener.get_message(timeout=0.2) is None
    assert client.keys() == []
    listener.close()


@pytest.mark.parametrize("look", [event_models.look, cache.look])
def test_a_redis_that_dies_is_an_outage(
    look: Callable[[Room], str], room: Room, server: EmbeddedRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CommandCenter, "redis_url", property(lambda _: server.url))
    server.close()
    with pytest.raises(FeedUnavailable):
        look(room)


def test_a_cache_that_forgets_too_late_is_found_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.realtime.cache.lifetime_s", lambda _: 5_000)  # the promise is 600 s
    with pytest.raises(cache.CacheWrong, match="instead of 600"):
        cache.look(room)


def test_contributions_that_do_not_add_up_are_found_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.scoring import kernel

    right = kernel.contributions
    monkeypatch.setattr(kernel, "contributions", lambda forest, rows: right(forest, rows) + 1e-6)
    with pytest.raises(analyzer.AnalysisWrong, match="contributions miss"):
        analyzer.look(room)


def test_a_model_whose_files_were_changed_is_refused(tmp_path: Path, models_dir: Path) -> None:
    changed = tmp_path / "models"
    shutil.copytree(models_dir, changed)
    served = next(changed.glob("*/served.json"))
    served.write_text(served.read_text() + " ")
    with Room(settings_in(tmp_path / "users"), tmp_path / "room", changed) as room, pytest.raises(ModelRefused):
        analyzer.look(room)


def test_a_feed_that_tells_nothing_is_found_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Relay, "run_once", lambda _: 0)
    monkeypatch.setattr(flow, "WITHIN_S", 0.3)
    with pytest.raises(flow.FlowBroken, match=r"did not tell of it within 0\.3 s"):
        flow.look(room)
