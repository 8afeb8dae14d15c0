"""The load is what it says: distinct leads, answers that are checked, a client that reads HTTP right."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import pytest

from core.benchmark import oracle_server
from core.benchmark.load import Load, Plan, Seen, is_fresh, is_kept
from core.benchmark.load_client import connected, request_to
from core.benchmark.load_leads import FEWEST_BYTES, MOST_BYTES, Leads
from core.benchmark.load_server import Server
from core.benchmark.load_table import Figure, figures
from core.cli.main import main
from core.registry import champion_version, load_model, version_folder
from core.scoring import kernel
from core.services.access import Role
from core.services.center import CommandCenter
from core.services.scores.wire import BatchIn, ScoreIn
from core.settings import MODELS_DIR
from tests.api.served import served, unlimited
from tests.services.centers import models_dir, settings_in
from tests.training.leads import some_leads

__all__ = ["models_dir"]


@pytest.fixture(scope="module")
def leads() -> Leads:
    return Leads(60)


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, leads: Leads) -> Iterator[Load]:
    """A load on a server of this process, with the stump for a model."""
    folder = tmp_path_factory.mktemp("load")
    with CommandCenter(settings_in(folder), models_dir) as center, served(center, sockets=True) as url:
        yield Load(Server(int(url.rpartition(":")[2]), unlimited(center, Role.MANAGER), os.getpid()), leads)


def test_leads_are_distinct_requests_of_about_a_kilobyte_and_a_half(leads: Leads) -> None:
    bodies = [leads.one()[1] for _ in range(200)]
    asked = [ScoreIn.model_validate_json(body) for body in bodies]
    assert len({request.lead_id for request in asked}) == 200
    assert all(FEWEST_BYTES < len(body) < MOST_BYTES + 60 for body in bodies)
    assert any(touch.text for request in asked if request.lead_data for touch in request.lead_data.interaction_history)
    batch = BatchIn.model_validate_json(leads.batch(3))
    assert len({lead.lead_id for lead in batch.leads}) == 3


def test_every_measurement_gets_the_answers_that_it_asks_for(load: Load) -> None:
    async def measure() -> dict[str, Seen]:
        await load.warm(0.2)
        return {
            "one": await load.one_client(5),
            "again": await load.again(5),
            "batches": await load.batches(2),
            "health": await load.health(5),
            "listener": await load.to_a_listener(5),
            "crowd": await load.crowd(4, 0.5),
        }

    seen = asyncio.run(measure())
    assert {name: found.errors for name, found in seen.items()} == dict.fromkeys(seen, 0)
    crowd = seen.pop("crowd")
    assert {name: len(found.times_ms) for name, found in seen.items()} == {
        "one": 5,
        "again": 5,
        "batches": 2,
        "health": 5,
        "listener": 5,
    }
    assert len(crowd.times_ms) >= 4
    assert all(0 < found.percentile(50) <= found.percentile(95) for found in seen.values())


def test_rounds_are_taken_together() -> None:
    # 3 answers in 1 s with 6 ms of the server, then 1 in 1 s with 2 ms: 4 in 2 s, 8 / 4 = 2 ms each.
    seen = Seen()
    seen.add(Seen([1.0, 2.0, 3.0], 1, seconds=1.0, server_cpu_s=0.006, generator_cpu_s=0.1))
    seen.add(Seen([10.0], 0, seconds=1.0, server_cpu_s=0.002, generator_cpu_s=0.3))
    assert (seen.times_ms, seen.errors, seen.answers_per_s) == ([1.0, 2.0, 3.0, 10.0], 1, 2.0)
    assert seen.server_cpu_ms == pytest.approx(2.0)
    assert seen.generator_cpu_share == pytest.approx(0.2)
    seen.add(Seen([1.0], seconds=1.0, server_cpu_s=None))
    assert seen.server_cpu_ms is None


def test_refusals_are_errors_and_not_times(load: Load, leads: Leads) -> None:
    stranger = Load(Server(load._server.port, "no token", os.getpid()), leads)
    seen = asyncio.run(stranger.one_client(3))
    assert (seen.errors, seen.times_ms, seen.percentile(50)) == (3, [], float("inf"))


def test_an_answer_from_the_cache_does_not_pass_for_a_fresh_one() -> None:
    fresh = orjson.dumps({"explanation": {"contributions": [{}]}, "cache_hit": False})
    kept = orjson.dumps({"explanation": {"contributions": [{}]}, "cache_hit": True})
    assert (is_fresh(200, fresh), is_fresh(200, kept), is_fresh(500, fresh)) == (True, False, False)
    assert (is_kept(200, fresh), is_kept(200, kept)) == (False, True)
    assert not is_fresh(200, b'{"cache_hit":false}')


def test_an_answer_in_pieces_is_read_whole_and_a_closed_connection_is_an_error() -> None:
    answer = b"HTTP/1.1 201 Created\r\nA: b\r\nContent-Length: 4\r\n\r\nabcd"

    async def in_pieces(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2):
            await reader.readuntil(b"\r\n\r\n")
            for place in range(len(answer)):
                writer.write(answer[place : place + 1])
                await writer.drain()
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def talk() -> list[object]:
        server = await asyncio.start_server(in_pieces, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        connection = await connected(port)
        told: list[object] = [await connection.call(request_to("/", port, "t")) for _ in range(2)]
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await connection.call(request_to("/", port, "t"))
        server.close()
        return told

    assert asyncio.run(talk()) == [(201, b"abcd"), (201, b"abcd")]


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_the_server_with_the_oracle_gives_the_same_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path))
    for name in ("predict", "contributions"):  # put back when the test is over
        monkeypatch.setattr(kernel, name, getattr(kernel, name))
    features = some_leads(40).features
    ours, theirs = (
        load_model(version_folder(MODELS_DIR, tmp_path, champion_version(MODELS_DIR, tmp_path))) for _ in range(2)
    )
    before = ours.score_many(features)
    oracle_server.replace_kernel()
    after = theirs.score_many(features)
    assert kernel.predict is oracle_server.predict
    assert np.array_equal(before.raw_probability, after.raw_probability)
    assert np.abs(before.contributions - after.contributions).max() <= 1e-10


def test_a_real_server_is_started_measured_and_stopped_without_touching_what_the_user_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "users"))
    monkeypatch.setenv("JORGE_REDIS_URL", "redis://127.0.0.1:1")
    shown: list[Figure] = []
    plan = Plan(clients=3, seconds=0.5, requests=4, batches=1, warm_s=0.5, settle_s=0.1, rounds=2)
    assert figures(plan, shown.append, against_oracle=False) == shown
    found = {figure.work: figure.ours for figure in shown}
    assert {name: found[name] for name in found if name.endswith(("errors", "lost"))} == dict.fromkeys(
        (
            "one_client_errors",
            "3_clients_errors",
            "cache_hit_errors",
            "batch_100_errors",
            "post_to_socket_lost",
            "health_errors",
        ),
        0,
    )
    assert (found["3_clients_rate"] or 0) > 0
    assert not (tmp_path / "users").exists()


@pytest.mark.parametrize("words", [["--concurrent-users", "0"], ["--seconds", "0"], ["--seconds", "1e9"]])
def test_a_load_that_makes_no_sense_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "--load", *words]) == 2
    assert words[0] in capsys.readouterr().err
