"""Limits on calls and bodies, as a client meets them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.realtime import start_embedded
from core.services.access import Role, Scope, api_token, make_key
from core.services.center import CommandCenter
from tests.api.conftest import ML, bearer
from tests.realtime.conftest import patient, shared_server, url
from tests.realtime.waiting import away_from_the_turn_of_a_minute
from tests.services.centers import settings_in

__all__ = ["patient", "shared_server", "url"]
pytestmark = pytest.mark.usefixtures("patient")


def server(stack: ExitStack, folder: Path, models_dir: Path, **limits: object) -> tuple[CommandCenter, TestClient]:
    settings = settings_in(folder, **limits)
    center = stack.enter_context(CommandCenter(settings, models_dir))
    return center, TestClient(build_api(lambda: center, settings), base_url="http://localhost")


def statuses(client: TestClient, headers: dict[str, str], calls: int) -> list[int]:
    return [client.post(f"{ML}/score", json={"lead_id": "a"}, headers=headers).status_code for _ in range(calls)]


def test_two_servers_share_the_count_of_a_caller_and_go_on_alone_when_redis_is_gone(
    tmp_path: Path, models_dir: Path
) -> None:
    redis = start_embedded(tmp_path / "redis")
    assert redis is not None
    with ExitStack() as stack:
        both = [
            server(stack, tmp_path / "data", models_dir, jorge_redis_url=redis.url, jorge_rate_limit_score_per_minute=4)
            for _ in range(2)
        ]
        headers = bearer(both[0][0])
        assert [statuses(client, headers, 2) for _, client in both] == [[200, 200], [200, 200]]
        assert [statuses(client, headers, 1) for _, client in both] == [[429], [429]]
        redis.close()
        away_from_the_turn_of_a_minute()
        assert [statuses(client, headers, 5) for _, client in both] == [[200] * 4 + [429]] * 2


def test_too_many_calls_are_told_when_to_come_back_in_the_shape_of_every_error(
    tmp_path: Path, models_dir: Path, url: str
) -> None:
    with ExitStack() as stack:
        center, client = server(stack, tmp_path, models_dir, jorge_redis_url=url, jorge_rate_limit_score_per_minute=1)
        assert statuses(client, bearer(center), 1) == [200]
        answer = client.post(f"{ML}/score", content=b"{", headers=bearer(center))  # before the body is looked at
    assert answer.status_code == 429
    seconds = int(answer.headers["retry-after"])
    assert 1 <= seconds <= 60
    assert answer.json() == {
        "success": False,
        "error": {
            "code": "too_many_requests",
            "message": f"calls of this kind are limited to 1 a minute; wait {seconds} s",
            "details": [],
        },
        "request_id": answer.headers["x-request-id"],
    }


def test_scoring_batches_and_reading_have_limits_of_their_own(tmp_path: Path, models_dir: Path, url: str) -> None:
    limits = {f"jorge_rate_limit_{kind}_per_minute": n for kind, n in (("score", 1), ("batch", 2), ("read", 3))}
    with ExitStack() as stack:
        center, client = server(stack, tmp_path, models_dir, jorge_redis_url=url, **limits)
        headers = bearer(center)
        batch = [
            client.post(f"{ML}/batch-score", json={"leads": [{"lead_id": "a"}]}, headers=headers).status_code
            for _ in range(3)
        ]
        assert statuses(client, headers, 2) == [200, 429]
        assert batch == [200, 200, 429]
        assert [client.get(f"{ML}/score/a", headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]
        assert client.get(f"{ML}/health").status_code == 200


def test_a_caller_who_is_refused_does_not_use_up_anybodys_calls(tmp_path: Path, models_dir: Path, url: str) -> None:
    with ExitStack() as stack:
        center, client = server(stack, tmp_path, models_dir, jorge_redis_url=url, jorge_rate_limit_score_per_minute=2)
        reading = {"X-API-Key": make_key(center, "reader", Scope.READ)}
        assert statuses(client, reading, 3) == [403] * 3
        assert statuses(client, {"Authorization": "Bearer abc"}, 3) == [401] * 3
        for name in ("crm", "bot"):
            key = {"X-API-Key": make_key(center, name, Scope.SCORE)}
            assert statuses(client, key, 3) == [200, 200, 429]
        assert statuses(client, bearer(center), 3) == [200, 200, 429]


def test_the_default_is_a_hundred_a_minute_and_zero_is_no_limit(tmp_path: Path, models_dir: Path) -> None:
    from core.settings import Settings

    assert Settings.model_fields["jorge_rate_limit_score_per_minute"].default == 100
    with ExitStack() as stack:
        center, client = server(stack, tmp_path, models_dir, jorge_rate_limit_score_per_minute=0)
        assert statuses(client, bearer(center), 130) == [200] * 130


def test_what_the_operators_own_commands_post_is_not_counted(tmp_path: Path, models_dir: Path) -> None:
    with ExitStack() as stack:
        center, client = server(stack, tmp_path, models_dir, jorge_rate_limit_score_per_minute=2)
        token = api_token(center, "simulate", Role.AGENT, 1, counted=False)
        assert statuses(client, {"Authorization": f"Bearer {token}"}, 5) == [200] * 5


BOUNDS = [("/score", 1_000_000), ("/batch-score", 10_000_000), ("/outcomes", 1_000_000)]


@pytest.mark.parametrize(("path", "most"), BOUNDS)
def test_a_body_over_the_bound_is_refused_before_it_is_parsed(quick: TestClient, path: str, most: int) -> None:
    headers = {"content-type": "application/json"}
    for size, status in ((most, 422), (most + 1, 413)):  # no JSON: at the bound it was parsed, above it was not
        assert quick.post(ML + path, content=b"x" * size, headers=headers).status_code == status
    answer = quick.post(ML + path, content=b"x" * (most + 1))
    assert answer.json()["error"]["message"] == f"The body is larger than {most:,} bytes; send less at a time."
    assert answer.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize(("path", "most"), BOUNDS)
def test_a_stream_is_cut_off_where_it_passes_the_bound(quick: TestClient, path: str, most: int) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 5 * most:
            sent += 100_000
            yield b" " * 100_000

    answer = quick.post(ML + path, content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_a_length_that_is_no_number_or_a_lie_does_not_let_a_large_body_in(quick: TestClient) -> None:
    for length in ("-1", "1", "0x10", "1e3", "９", "9" * 5_000):
        headers = {"content-type": "application/json", "content-length": length.encode("utf-8", "replace")}
        answer = quick.post(f"{ML}/score", content=b"x" * 1_000_001, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 413, length


def test_a_stranger_learns_nothing_about_bounds(center: CommandCenter) -> None:
    answer = TestClient(build_api(lambda: center)).post(f"{ML}/score", content=b"x" * 1_000_001)
    assert answer.status_code == 401
